// The compression function of SHA-256 (FIPS 180-4, 6.2.2), the part that differs by processor.
#ifndef YIPAN_BASE_SHA256_BLOCKS_H_
#define YIPAN_BASE_SHA256_BLOCKS_H_

#include <cstddef>
#include <cstdint>

namespace yipan {

// Each takes the 8 words of the state and `count` blocks of 64 bytes, unaligned.
using Sha256Blocks = void (*)(uint32_t* state, const uint8_t* data, size_t count);

// Picks the fastest that this processor can run.
void sha256_blocks(uint32_t* state, const uint8_t* data, size_t count);

// libcrypto's: AVX2, SSSE3, ARMv8 and others, chosen at run time. Always there.
void sha256_blocks_openssl(uint32_t* state, const uint8_t* data, size_t count);

// x86 SHA extensions, called without any detour; nullptr where the processor has none.
Sha256Blocks sha256_blocks_x86();

}  // namespace yipan

#endif  // YIPAN_BASE_SHA256_BLOCKS_H_
