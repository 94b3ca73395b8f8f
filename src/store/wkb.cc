#include "store/wkb.h"

#include <fmt/core.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace yipan::store {
namespace {

enum : uint32_t {
  kPoint = 1,
  kLineString = 2,
  kPolygon = 3,
  kMultiPoint = 4,
  kMultiLineString = 5,
  kMultiPolygon = 6,
  kCollection = 7,
  kCircularString = 8,
  kCompoundCurve = 9,
  kCurvePolygon = 10,
  kMultiCurve = 11,
  kMultiSurface = 12
};
constexpr uint32_t kTypeMax = 12;
constexpr uint32_t kExtendedZ = 0x80000000U;
constexpr uint32_t kExtendedM = 0x40000000U;
constexpr uint32_t kExtendedSrid = 0x20000000U;

constexpr std::array<std::string_view, kTypeMax + 1> kNames = {
    "GEOMETRY",        "POINT",        "LINESTRING",         "POLYGON",        "MULTIPOINT",
    "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION", "CIRCULARSTRING", "COMPOUNDCURVE",
    "CURVEPOLYGON",    "MULTICURVE",   "MULTISURFACE"};

constexpr uint32_t bit(uint32_t type) { return 1U << type; }

// What a collection of each type may hold (ISO/IEC 13249-3, 4.1).
constexpr uint32_t parts_allowed(uint32_t type) {
  constexpr uint32_t kCurves = bit(kLineString) | bit(kCircularString) | bit(kCompoundCurve);
  switch (type) {
    case kMultiPoint:
      return bit(kPoint);
    case kMultiLineString:
      return bit(kLineString);
    case kMultiPolygon:
      return bit(kPolygon);
    case kCollection:
      return ~1U;
    case kCompoundCurve:
      return bit(kLineString) | bit(kCircularString);
    case kCurvePolygon:
    case kMultiCurve:
      return kCurves;
    case kMultiSurface:
      return bit(kPolygon) | bit(kCurvePolygon);
    default:
      return 0;
  }
}

// Walks the bytes once. What is wrong is kept in `zh_`, `en_` and the offset; every function says
// false from then on.
class Walker {
 public:
  Walker(std::string_view bytes, std::string* out) : bytes_(bytes), out_(out) {}

  Result<WkbInfo> run() {
    if (geometry(~1U, 0) && at_ != bytes_.size()) {
      wrong("几何数据之后还有多余的字节", "bytes are left over after the geometry");
    }
    if (en_.empty()) return info_;
    return fail(Error("store.geometry.invalid")
                    .zh(fmt::format("几何数据（WKB）有误：{}", zh_))
                    .en(fmt::format("the geometry (WKB) is wrong: {}", en_))
                    .byte_offset(wrong_at_)
                    .remedy("请检查图形的来源；可在 QGIS 中用“修复几何图形”处理后再导入",
                            "check where the shape comes from; QGIS's \"Fix geometries\" helps"));
  }

 private:
  bool wrong(std::string zh, std::string en) {
    if (en_.empty()) {
      zh_ = std::move(zh);
      en_ = std::move(en);
      wrong_at_ = at_;
    }
    return false;
  }
  bool cut_off() { return wrong("数据不完整", "it is cut off"); }
  size_t left() const { return bytes_.size() - at_; }

  bool read_u32(uint32_t* value) {
    if (left() < 4) return cut_off();
    std::memcpy(value, bytes_.data() + at_, 4);
    if (big_endian_) *value = __builtin_bswap32(*value);
    at_ += 4;
    return true;
  }
  void put_u32(uint32_t value) {
    if (out_ != nullptr) out_->append(reinterpret_cast<const char*>(&value), 4);
  }

  bool read_count(size_t size_each_min, uint32_t* count) {
    if (!read_u32(count)) return false;
    if (*count > left() / size_each_min) return cut_off();
    put_u32(*count);
    return true;
  }

  bool read_type(uint32_t* type, bool outermost) {
    uint32_t code = 0;
    if (!read_u32(&code)) return false;
    bool z = (code & kExtendedZ) != 0;
    bool m = (code & kExtendedM) != 0;
    const bool srid = (code & kExtendedSrid) != 0;
    code &= 0x1FFFFFFFU;
    const uint32_t dimension = code / 1000;
    if (dimension > 3) return wrong(fmt::format("未知类型 {}", code), unknown(code));
    z = z || dimension == 1 || dimension == 3;
    m = m || dimension >= 2;
    *type = code % 1000;
    if (*type < 1 || *type > kTypeMax)
      return wrong(fmt::format("未知类型 {}", code), unknown(code));
    if (outermost) {
      info_.type = *type;
      info_.has_z = z;
      info_.has_m = m;
    } else if (z != info_.has_z || m != info_.has_m) {
      return wrong("各部分的维数不同", "its parts differ in dimension");
    }
    put_u32(*type + (z ? 1000 : 0) + (m ? 2000 : 0));
    if (!srid) return true;
    uint32_t id = 0;
    if (!read_u32(&id)) return false;
    if (outermost) info_.srid = static_cast<int32_t>(id);
    return true;
  }
  static std::string unknown(uint32_t code) { return fmt::format("unknown type {}", code); }

  bool geometry(uint32_t allowed, int depth) {
    if (depth > kWkbDepthMax) {
      return wrong(fmt::format("嵌套超过 {} 层", kWkbDepthMax),
                   fmt::format("it is nested deeper than {} levels", kWkbDepthMax));
    }
    if (left() < 5) return cut_off();
    const auto order = static_cast<unsigned char>(bytes_[at_]);
    if (order > 1) return wrong("字节序标志不是 0 或 1", "the byte order is neither 0 nor 1");
    const bool outer_order = big_endian_;
    big_endian_ = order == 0;
    ++at_;
    if (out_ != nullptr) out_->push_back(1);
    uint32_t type = 0;
    if (!read_type(&type, depth == 0)) return false;
    if ((bit(type) & allowed) == 0) {
      return wrong(fmt::format("此处不能有 {}", kNames[type]),
                   fmt::format("no {} may stand here", kNames[type]));
    }
    const bool good = body(type, depth);
    big_endian_ = outer_order;
    return good;
  }

  bool body(uint32_t type, int depth) {
    if (type == kPoint) return point();
    if (type == kLineString || type == kCircularString) return line(type, false);
    uint32_t count = 0;
    if (type == kPolygon) {
      if (!read_count(4, &count)) return false;
      for (uint32_t i = 0; i < count; ++i) {
        if (!line(type, true)) return false;
      }
      return true;
    }
    if (!read_count(9, &count)) return false;
    for (uint32_t i = 0; i < count; ++i) {
      if (!geometry(parts_allowed(type), depth + 1)) return false;
    }
    return true;
  }

  size_t dimensions() const { return 2 + (info_.has_z ? 1 : 0) + (info_.has_m ? 1 : 0); }

  // Reads one position into position_ and writes it.
  bool position() {
    const size_t n = dimensions();
    if (left() < n * 8) return cut_off();
    for (size_t i = 0; i < n; ++i) {
      uint64_t bits = 0;
      std::memcpy(&bits, bytes_.data() + at_ + i * 8, 8);
      if (big_endian_) bits = __builtin_bswap64(bits);
      position_[i] = std::bit_cast<double>(bits);
    }
    if (out_ != nullptr) out_->append(reinterpret_cast<const char*>(position_.data()), n * 8);
    at_ += n * 8;
    return true;
  }

  bool grow_envelope() {
    for (size_t i = 0; i < dimensions(); ++i) {
      if (!std::isfinite(position_[i])) {
        at_ -= dimensions() * 8;
        return wrong("坐标不是有限的数", "a coordinate is not a finite number");
      }
    }
    Envelope& e = info_.envelope;
    const double x = position_[0];
    const double y = position_[1];
    if (info_.is_empty) {
      e = {x, x, y, y};
      info_.is_empty = false;
    }
    e.min_x = x < e.min_x ? x : e.min_x;
    e.max_x = x > e.max_x ? x : e.max_x;
    e.min_y = y < e.min_y ? y : e.min_y;
    e.max_y = y > e.max_y ? y : e.max_y;
    return true;
  }

  bool point() {
    if (!position()) return false;
    bool all_nan = true;
    for (size_t i = 0; i < dimensions(); ++i) all_nan = all_nan && std::isnan(position_[i]);
    return all_nan || grow_envelope();
  }

  bool line(uint32_t type, bool ring) {
    const size_t start = at_;
    uint32_t count = 0;
    if (!read_count(dimensions() * 8, &count)) return false;
    std::array<double, 4> first{};
    for (uint32_t i = 0; i < count; ++i) {
      if (!position() || !grow_envelope()) return false;
      if (i == 0) first = position_;
    }
    if (count == 0) return true;
    if (ring && (count < 4 || first[0] != position_[0] || first[1] != position_[1])) {
      at_ = start;
      return wrong("环没有闭合，或少于四个点", "a ring is not closed or has under four points");
    }
    if (count < 2 || (type == kCircularString && count % 2 == 0)) {
      at_ = start;
      return wrong("线的点数不对", "a line has the wrong number of points");
    }
    return true;
  }

  std::string_view bytes_;
  std::string* out_;
  size_t at_ = 0;
  size_t wrong_at_ = 0;
  bool big_endian_ = false;
  WkbInfo info_;
  std::array<double, 4> position_{};
  std::string zh_;
  std::string en_;
};

static_assert(std::endian::native == std::endian::little, "the store writes little-endian WKB");

}  // namespace

Result<WkbInfo> inspect_wkb(std::string_view wkb) { return Walker(wkb, nullptr).run(); }

Result<WkbInfo> append_iso_wkb(std::string_view wkb, std::string* out) {
  const size_t size_before = out->size();
  auto info = Walker(wkb, out).run();
  if (!info) out->resize(size_before);
  return info;
}

bool is_iso_little_endian(std::string_view wkb) {
  return wkb.size() >= 5 && wkb[0] == 1 && (static_cast<unsigned char>(wkb[4]) & 0xE0U) == 0;
}

std::string_view wkb_type_name(uint32_t type) {
  return type >= 1 && type <= kTypeMax ? kNames[type] : std::string_view();
}

uint32_t wkb_type_of_name(std::string_view name) {
  if (name.empty()) return 0;
  for (uint32_t i = 0; i <= kTypeMax; ++i) {
    if (kNames[i] == name) return i;
  }
  if (name == "GEOMCOLLECTION") return kCollection;
  return std::numeric_limits<uint32_t>::max();
}

bool is_wkb_type_in(uint32_t type, uint32_t declared) { return declared == 0 || type == declared; }

}  // namespace yipan::store
