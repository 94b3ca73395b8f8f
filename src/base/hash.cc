#include "yipan/hash.h"

#include <algorithm>
#include <cstring>

#include "base/sha256_blocks.h"
#include "yipan/text.h"

namespace yipan {
namespace {

constexpr std::array<uint32_t, 8> kInitialState = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr size_t kBlock = 64;
constexpr size_t kPadding = 9;      // 0x80 and the length in bits, at least
constexpr size_t kShortMax = 1024;  // gathered on the stack and hashed in one go

void put_big_endian(uint64_t value, size_t width, uint8_t* out) {
  for (size_t i = 0; i < width; ++i) out[i] = static_cast<uint8_t>(value >> (8 * (width - 1 - i)));
}

Hash256 digest_of(const std::array<uint32_t, 8>& state) {
  Hash256 out;
  for (size_t i = 0; i < 8; ++i) put_big_endian(state[i], 4, out.bytes.data() + 4 * i);
  return out;
}

// FIPS 180-4, 5.1.1: pads the last `used` bytes of a message of `length` bytes. Returns blocks.
size_t pad(uint8_t* tail, size_t used, uint64_t length) {
  const size_t blocks = (used + kPadding + kBlock - 1) / kBlock;
  tail[used] = 0x80;
  std::memset(tail + used + 1, 0, blocks * kBlock - used - 1 - 8);
  put_big_endian(length * 8, 8, tail + blocks * kBlock - 8);
  return blocks;
}

uint8_t* append(std::string_view data, uint8_t* out) {
  if (!data.empty()) std::memcpy(out, data.data(), data.size());
  return out + data.size();
}

const uint8_t* bytes_of(std::string_view data) {
  return reinterpret_cast<const uint8_t*>(data.data());
}

}  // namespace

std::string Hash256::hex() const { return yipan::hex(view()); }

std::optional<Hash256> Hash256::from_hex(std::string_view text) {
  if (text.size() != 64) return std::nullopt;
  const std::optional<std::string> raw = unhex(text);
  if (!raw) return std::nullopt;
  return from_bytes(*raw);
}

std::optional<Hash256> Hash256::from_bytes(std::string_view raw) {
  Hash256 out;
  if (raw.size() != out.bytes.size()) return std::nullopt;
  std::memcpy(out.bytes.data(), raw.data(), raw.size());
  return out;
}

Hash256 sha256(std::string_view data) {
  std::array<uint32_t, 8> state = kInitialState;
  const size_t whole = data.size() / kBlock;
  if (whole > 0) sha256_blocks(state.data(), bytes_of(data), whole);
  const std::string_view rest = data.substr(whole * kBlock);
  uint8_t tail[2 * kBlock];
  append(rest, tail);
  sha256_blocks(state.data(), tail, pad(tail, rest.size(), data.size()));
  return digest_of(state);
}

Hash256 sha256(std::string_view a, std::string_view b, std::string_view c) {
  const size_t length = a.size() + b.size() + c.size();
  if (length > kShortMax) {
    Sha256 hash;
    hash.update(a);
    hash.update(b);
    hash.update(c);
    return hash.finish();
  }
  uint8_t message[kShortMax + 2 * kBlock];
  append(c, append(b, append(a, message)));
  std::array<uint32_t, 8> state = kInitialState;
  sha256_blocks(state.data(), message, pad(message, length, length));
  return digest_of(state);
}

Sha256::Sha256() : state_(kInitialState) {}

void Sha256::update(std::string_view data) {
  const size_t held = length_ % kBlock;
  length_ += data.size();
  if (held > 0) {
    const size_t taken = std::min(data.size(), kBlock - held);
    append(data.substr(0, taken), block_.data() + held);
    data.remove_prefix(taken);
    if (held + taken < kBlock) return;
    sha256_blocks(state_.data(), block_.data(), 1);
  }
  const size_t whole = data.size() / kBlock;
  if (whole > 0) sha256_blocks(state_.data(), bytes_of(data), whole);
  append(data.substr(whole * kBlock), block_.data());
}

Hash256 Sha256::finish() {
  const size_t held = length_ % kBlock;
  uint8_t tail[2 * kBlock];
  std::memcpy(tail, block_.data(), held);
  sha256_blocks(state_.data(), tail, pad(tail, held, length_));
  const Hash256 out = digest_of(state_);
  state_ = kInitialState;
  length_ = 0;
  return out;
}

}  // namespace yipan
