#include "store/geopackage_blob.h"

#include <fmt/core.h>

#include <bit>
#include <cstring>

#include "yipan/store.h"

namespace yipan::store {
namespace {

constexpr size_t kFixedSize = 8;
constexpr size_t kEnvelopeSize = 32;
constexpr unsigned char kLittleEndian = 0x01;
constexpr unsigned char kEnvelopeXy = 0x01 << 1;
constexpr unsigned char kEmpty = 0x10;
constexpr unsigned char kExtended = 0x20;

Error blob_error(std::string_view zh, std::string_view en, uint64_t offset) {
  return Error("store.geometry.blob")
      .zh(fmt::format("不是 GeoPackage 几何数据：{}", zh))
      .en(fmt::format("this is not a GeoPackage geometry: {}", en))
      .byte_offset(offset)
      .remedy("请检查该列是否为几何列，文件是否由支持 GeoPackage 1.3 的软件写成",
              "check that the column holds geometry and that the file's writer knows "
              "GeoPackage 1.3");
}

double read_double(const char* at, bool little_endian) {
  uint64_t bits = 0;
  std::memcpy(&bits, at, 8);
  if (!little_endian) bits = __builtin_bswap64(bits);
  return std::bit_cast<double>(bits);
}

}  // namespace

Result<GeoPackageHeader> read_geopackage_header(std::string_view blob) {
  if (blob.size() < kFixedSize) return fail(blob_error("太短", "it is too short", blob.size()));
  if (blob[0] != 'G' || blob[1] != 'P') {
    return fail(blob_error("开头不是 GP", "it does not begin with GP", 0));
  }
  if (blob[2] != 0) return fail(blob_error("版本未知", "its version is unknown", 2));
  const auto flags = static_cast<unsigned char>(blob[3]);
  if ((flags & kExtended) != 0) {
    return fail(blob_error("使用了扩展几何类型", "it has an extension's geometry type", 3));
  }
  const bool little = (flags & kLittleEndian) != 0;
  uint32_t srid = 0;
  std::memcpy(&srid, blob.data() + 4, 4);
  GeoPackageHeader header;
  header.srid = static_cast<int32_t>(little ? srid : __builtin_bswap32(srid));
  header.is_empty = (flags & kEmpty) != 0;
  // 0 none, 1 xy, 2 xyz, 3 xym, 4 xyzm.
  constexpr size_t kSizes[8] = {0, 32, 48, 48, 64, 0, 0, 0};
  const unsigned code = (flags >> 1) & 7U;
  if (code > 4) return fail(blob_error("外包框标志未知", "its envelope code is unknown", 3));
  header.size = kFixedSize + kSizes[code];
  if (blob.size() < header.size) {
    return fail(blob_error("外包框不完整", "its envelope is cut off", blob.size()));
  }
  header.has_envelope = code != 0 && !header.is_empty;
  if (header.has_envelope) {
    const char* at = blob.data() + kFixedSize;
    header.envelope = {read_double(at, little), read_double(at + 8, little),
                       read_double(at + 16, little), read_double(at + 24, little)};
  }
  return header;
}

Result<WkbInfo> append_geopackage(std::string_view wkb, int srid, std::string* out) {
  const size_t start = out->size();
  // The envelope is known only after the walk: leave room for it, and take it back if empty.
  out->append(kFixedSize + kEnvelopeSize, '\0');
  auto info = append_iso_wkb(wkb, out);
  if (!info) {
    out->resize(start);
    return info;
  }
  if (info->is_empty) out->erase(start + kFixedSize, kEnvelopeSize);
  char* at = out->data() + start;
  at[0] = 'G';
  at[1] = 'P';
  at[2] = 0;
  at[3] = static_cast<char>(kLittleEndian | (info->is_empty ? kEmpty : kEnvelopeXy));
  const auto srid_bits = static_cast<uint32_t>(srid);
  std::memcpy(at + 4, &srid_bits, 4);
  if (!info->is_empty) {
    const double box[4] = {info->envelope.min_x, info->envelope.max_x, info->envelope.min_y,
                           info->envelope.max_y};
    std::memcpy(at + kFixedSize, box, sizeof box);
  }
  return info;
}

Result<std::string> wkb_to_geopackage(std::string_view wkb, int srid) {
  std::string blob;
  blob.reserve(wkb.size() + kFixedSize + kEnvelopeSize);
  YIPAN_TRY(append_geopackage(wkb, srid, &blob));
  return blob;
}

Result<std::string_view> geopackage_to_wkb(std::string_view blob) {
  YIPAN_ASSIGN(const GeoPackageHeader header, read_geopackage_header(blob));
  const std::string_view wkb = blob.substr(header.size);
  if (wkb.size() < 5) {
    return fail(blob_error("没有几何内容", "there is no geometry in it", header.size));
  }
  return wkb;
}

}  // namespace yipan::store
