// Small encodings that several formats of the ledger share.
#ifndef YIPAN_LEDGER_ENCODING_H_
#define YIPAN_LEDGER_ENCODING_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "yipan/hash.h"
#include "yipan/text.h"

namespace yipan::ledger {

static_assert(std::endian::native == std::endian::little);

inline void append_be16(uint16_t value, std::string* out) {
  out->push_back(static_cast<char>(value >> 8));
  out->push_back(static_cast<char>(value));
}
inline void append_be32(uint32_t value, std::string* out) {
  append_be16(static_cast<uint16_t>(value >> 16), out);
  append_be16(static_cast<uint16_t>(value), out);
}
inline void append_be64(uint64_t value, std::string* out) {
  append_be32(static_cast<uint32_t>(value >> 32), out);
  append_be32(static_cast<uint32_t>(value), out);
}
// Big-endian integers in `bytes`, which must reach far enough.
inline uint16_t read_be16(std::string_view bytes, size_t offset) {
  uint16_t value = 0;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return __builtin_bswap16(value);
}
inline uint32_t read_be32(std::string_view bytes, size_t offset) {
  uint32_t value = 0;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return __builtin_bswap32(value);
}
inline uint64_t read_be64(std::string_view bytes, size_t offset) {
  uint64_t value = 0;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return __builtin_bswap64(value);
}

// ASCII decimal without leading zeros ("0" alone is zero), at most 2^64-1.
inline std::optional<uint64_t> parse_decimal(std::string_view text) {
  if (text.empty() || text.size() > 20 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    if (__builtin_mul_overflow(value, uint64_t{10}, &value) ||
        __builtin_add_overflow(value, static_cast<uint64_t>(c - '0'), &value)) {
      return std::nullopt;
    }
  }
  return value;
}

// RFC 4648, section 4, and the only encoding of its bytes: unused bits must be zero.
inline std::optional<std::string> canonical_unbase64(std::string_view text) {
  std::optional<std::string> bytes = unbase64(text);
  if (!bytes || base64(*bytes) != text) return std::nullopt;
  return bytes;
}

inline std::optional<Hash256> hash_from_base64(std::string_view text) {
  const std::optional<std::string> bytes = canonical_unbase64(text);
  return bytes ? Hash256::from_bytes(*bytes) : std::nullopt;
}

// Lower-case hexadecimal only.
inline std::optional<Hash256> hash_from_lower_hex(std::string_view text) {
  for (const char c : text) {
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return std::nullopt;
  }
  return Hash256::from_hex(text);
}

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_ENCODING_H_
