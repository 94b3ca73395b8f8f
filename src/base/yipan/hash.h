// SHA-256 (FIPS 180-4), with the processor's own instructions where it has them.
#ifndef YIPAN_HASH_H_
#define YIPAN_HASH_H_

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace yipan {

struct Hash256 {
  std::array<uint8_t, 32> bytes{};
  std::string hex() const;
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  static std::optional<Hash256> from_hex(std::string_view text);
  static std::optional<Hash256> from_bytes(std::string_view raw);  // exactly 32
  friend auto operator<=>(const Hash256&, const Hash256&) = default;
};

Hash256 sha256(std::string_view data);
// SHA-256 of the concatenation a || b || c, without building it.
Hash256 sha256(std::string_view a, std::string_view b, std::string_view c = {});

class Sha256 {
 public:
  Sha256();
  void update(std::string_view data);
  Hash256 finish();  // and starts anew

 private:
  std::array<uint32_t, 8> state_;
  std::array<uint8_t, 64> block_;
  uint64_t length_ = 0;
};

}  // namespace yipan

template <>
struct std::hash<yipan::Hash256> {
  size_t operator()(const yipan::Hash256& h) const noexcept {
    size_t out;
    __builtin_memcpy(&out, h.bytes.data(), sizeof out);
    return out;
  }
};

#endif  // YIPAN_HASH_H_
