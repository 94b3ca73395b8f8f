// SHA256_CTX and SHA256_Update are deprecated in favour of EVP, which allocates and costs several
// times the hash itself on messages of 65 bytes; they are the only door to the block function.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/sha256_blocks.h"

#include <openssl/sha.h>

#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

namespace yipan {

void sha256_blocks_openssl(uint32_t* state, const uint8_t* data, size_t count) {
  SHA256_CTX context;
  std::memset(&context, 0, sizeof context);  // no bytes held back: whole blocks go straight through
  std::memcpy(context.h, state, 8 * sizeof(uint32_t));
  context.md_len = SHA256_DIGEST_LENGTH;
  SHA256_Update(&context, data, count * SHA256_CBLOCK);
  std::memcpy(state, context.h, 8 * sizeof(uint32_t));
}

#if defined(__x86_64__)
namespace {

#define YIPAN_SHA_TARGET __attribute__((target("sha,sse4.1,ssse3")))

// FIPS 180-4, 4.2.2.
alignas(16) constexpr uint32_t kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// The state as the instructions want it: words a b e f and c d g h, high to low.
struct Halves {
  __m128i abef;
  __m128i cdgh;
};

// Four rounds with the message words `w`.
YIPAN_SHA_TARGET inline __attribute__((always_inline)) void rounds(Halves* s, __m128i w, int at) {
  const __m128i k = _mm_load_si128(reinterpret_cast<const __m128i*>(kRound + at));
  const __m128i wk = _mm_add_epi32(w, k);
  s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, wk);
  s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_shuffle_epi32(wk, 0x0e));
}

// W[t .. t+3] from the sixteen words before it, in `w` the oldest, `x`, `y`, `z` the newest.
YIPAN_SHA_TARGET inline __attribute__((always_inline)) __m128i next(__m128i w, __m128i x, __m128i y,
                                                                    __m128i z) {
  const __m128i partial = _mm_add_epi32(_mm_sha256msg1_epu32(w, x), _mm_alignr_epi8(z, y, 4));
  return _mm_sha256msg2_epu32(partial, z);
}

// Sixteen rounds, which also bring the schedule sixteen words on.
YIPAN_SHA_TARGET inline __attribute__((always_inline)) void sixteen(Halves* s, __m128i* w, int at) {
  rounds(s, w[0], at);
  w[0] = next(w[0], w[1], w[2], w[3]);
  rounds(s, w[1], at + 4);
  w[1] = next(w[1], w[2], w[3], w[0]);
  rounds(s, w[2], at + 8);
  w[2] = next(w[2], w[3], w[0], w[1]);
  rounds(s, w[3], at + 12);
  w[3] = next(w[3], w[0], w[1], w[2]);
}

YIPAN_SHA_TARGET void blocks_x86(uint32_t* state, const uint8_t* data, size_t count) {
  const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  auto* words = reinterpret_cast<__m128i*>(state);
  const __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128(words), 0xb1);
  const __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128(words + 1), 0x1b);
  Halves s = {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0)};
  for (; count > 0; --count, data += 64) {
    const Halves before = s;
    const auto* in = reinterpret_cast<const __m128i*>(data);
    __m128i w[4] = {_mm_shuffle_epi8(_mm_loadu_si128(in), swap),
                    _mm_shuffle_epi8(_mm_loadu_si128(in + 1), swap),
                    _mm_shuffle_epi8(_mm_loadu_si128(in + 2), swap),
                    _mm_shuffle_epi8(_mm_loadu_si128(in + 3), swap)};
    sixteen(&s, w, 0);
    sixteen(&s, w, 16);
    sixteen(&s, w, 32);
    rounds(&s, w[0], 48);
    rounds(&s, w[1], 52);
    rounds(&s, w[2], 56);
    rounds(&s, w[3], 60);
    s.abef = _mm_add_epi32(s.abef, before.abef);
    s.cdgh = _mm_add_epi32(s.cdgh, before.cdgh);
  }
  const __m128i feba = _mm_shuffle_epi32(s.abef, 0x1b);
  const __m128i dchg = _mm_shuffle_epi32(s.cdgh, 0xb1);
  _mm_storeu_si128(words, _mm_blend_epi16(feba, dchg, 0xf0));
  _mm_storeu_si128(words + 1, _mm_alignr_epi8(dchg, feba, 8));
}

#undef YIPAN_SHA_TARGET

bool has_sha() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) == 0) return false;
  const bool sse41_and_ssse3 = (c & bit_SSE4_1) != 0 && (c & bit_SSSE3) != 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  return sse41_and_ssse3 && (b & bit_SHA) != 0;
}

}  // namespace

Sha256Blocks sha256_blocks_x86() {
  static const bool available = has_sha();
  return available ? blocks_x86 : nullptr;
}
#else
Sha256Blocks sha256_blocks_x86() { return nullptr; }
#endif

void sha256_blocks(uint32_t* state, const uint8_t* data, size_t count) {
  static const Sha256Blocks best =
      sha256_blocks_x86() != nullptr ? sha256_blocks_x86() : sha256_blocks_openssl;
  best(state, data, count);
}

}  // namespace yipan
