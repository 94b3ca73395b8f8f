#include "board/wkb.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>

#include "yipan/hash.h"

namespace yipan::board {
namespace {

enum : uint32_t {
  kPoint = 1,
  kLine,
  kPolygon,
  kMultiPoint,
  kMultiLine,
  kMultiPolygon,
  kCollection
};
constexpr int kDepthMax = 8;

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::string_view geometry(WkbShape* shape, int depth) {
    if (depth > kDepthMax) return "nested too deeply";
    uint32_t code = 0;
    if (bytes_.empty() || bytes_[0] != 1) return "not little-endian";
    bytes_.remove_prefix(1);
    if (!u32(&code)) return "cut short";
    shape->type = code % 1000;
    shape->dimension = code / 1000;
    if (shape->type < kPoint || shape->type > kCollection || shape->dimension > 3) {
      return "not an ISO WKB geometry type";
    }
    ordinates_ = shape->dimension == 0 ? 2 : shape->dimension == 3 ? 4 : 3;
    switch (shape->type) {
      case kPoint:
        return points(1);
      case kLine:
        return line();
      case kPolygon:
        return polygon();
      default:
        return members(*shape, depth);
    }
  }
  bool at_end() const { return bytes_.empty(); }

 private:
  bool u32(uint32_t* value) {
    if (bytes_.size() < 4) return false;
    std::memcpy(value, bytes_.data(), 4);
    bytes_.remove_prefix(4);
    return true;
  }
  std::string_view points(uint32_t count) {
    const uint64_t values = uint64_t{count} * ordinates_;
    if (bytes_.size() / 8 < values) return "cut short";
    for (uint64_t i = 0; i < values; ++i) {
      double x;
      std::memcpy(&x, bytes_.data() + 8 * i, 8);
      if (!std::isfinite(x)) return "a coordinate is not finite";
    }
    bytes_.remove_prefix(8 * values);
    return {};
  }
  std::string_view line() {
    uint32_t count = 0;
    if (!u32(&count)) return "cut short";
    if (count == 1) return "a line of one point";
    return points(count);
  }
  std::string_view polygon() {
    uint32_t rings = 0;
    if (!u32(&rings)) return "cut short";
    for (uint32_t r = 0; r < rings; ++r) {
      uint32_t count = 0;
      if (!u32(&count)) return "cut short";
      if (count < 4) return "a ring of fewer than four points";
      const std::string_view start = bytes_;
      if (const auto wrong = points(count); !wrong.empty()) return wrong;
      const size_t stride = 8 * ordinates_;
      if (std::memcmp(start.data(), start.data() + (count - 1) * stride, stride) != 0) {
        return "a ring is not closed";
      }
    }
    return {};
  }
  std::string_view members(const WkbShape& whole, int depth) {
    uint32_t count = 0;
    if (!u32(&count)) return "cut short";
    for (uint32_t i = 0; i < count; ++i) {
      WkbShape part;
      if (const auto wrong = geometry(&part, depth + 1); !wrong.empty()) return wrong;
      if (part.dimension != whole.dimension) return "parts of different dimension";
      if (whole.type != kCollection && part.type != whole.type - 3) return "a part of another type";
    }
    return {};
  }

  std::string_view bytes_;
  uint32_t ordinates_ = 2;
};

}  // namespace

std::string_view check_wkb(std::string_view wkb, WkbShape* shape) {
  Reader reader(wkb);
  if (const auto wrong = reader.geometry(shape, 0); !wrong.empty()) return wrong;
  return reader.at_end() ? std::string_view() : "bytes after its end";
}

std::string_view wkb_type_name(uint32_t type) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "",           "point",           "linestring",   "polygon",
      "multipoint", "multilinestring", "multipolygon", "geometrycollection"};
  return type < kNames.size() ? kNames[type] : std::string_view();
}

std::string wkb_text(std::string_view wkb) {
  WkbShape shape;
  if (!check_wkb(wkb, &shape).empty()) {
    return "GEOMETRY sha256:" + sha256(wkb).hex().substr(0, 16);
  }
  if (shape.type == kPoint && shape.dimension == 0) {
    double x, y;
    std::memcpy(&x, wkb.data() + 5, 8);
    std::memcpy(&y, wkb.data() + 13, 8);
    return fmt::format("POINT ({} {})", x, y);
  }
  std::string name(wkb_type_name(shape.type));
  for (char& c : name) c = static_cast<char>(c - 'a' + 'A');
  return name + " sha256:" + sha256(wkb).hex().substr(0, 16);
}

}  // namespace yipan::board
