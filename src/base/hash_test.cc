#include "yipan/hash.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <cstring>
#include <vector>

#include "base/sha256_blocks.h"
#include "yipan/clock.h"

namespace yipan {
namespace {

std::string random_bytes(Random& random, size_t size) {
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random.next());
  return out;
}

std::string by_openssl(std::string_view data) {
  unsigned char out[32];
  unsigned size = 0;
  EXPECT_EQ(EVP_Digest(data.data(), data.size(), out, &size, EVP_sha256(), nullptr), 1);
  return {reinterpret_cast<char*>(out), size};
}

struct Vector {
  std::string message;
  const char* digest;
};

// NIST's examples for SHA-256 (FIPS 180-4, "SHA256.pdf" and "SHA2_Additional.pdf").
std::vector<Vector> nist_vectors() {
  return {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"\xbd", "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"},
      {std::string(55, '\0'), "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"},
      {std::string(56, '\0'), "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"},
      {std::string(57, '\0'), "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785"},
      {std::string(64, '\0'), "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"},
      {std::string(1000, 'A'), "c2e686823489ced2017f6059b8b239318b6364f6dcd835d0a519105a1eadd6e4"},
      {std::string(1005, 'U'), "f4d62ddec0f3dd90ea1380fa16a5ff8dc4c54b21740650f24afc4120903552b0"},
      {std::string(1'000'000, 'a'),
       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
  };
}

TEST(Sha256, NistVectors) {
  for (const auto& [message, digest] : nist_vectors()) {
    EXPECT_EQ(sha256(message).hex(), digest) << message.size() << " bytes";
    EXPECT_EQ(sha256(message, "").hex(), digest);
    Sha256 hash;
    hash.update(message);
    EXPECT_EQ(hash.finish().hex(), digest);
  }
}

TEST(Sha256, EveryLengthAgreesWithOpenSsl) {
  Random random(1);
  for (size_t size = 0; size <= 1300; ++size) {
    const std::string message = random_bytes(random, size);
    EXPECT_EQ(sha256(message).view(), by_openssl(message)) << size;
    EXPECT_EQ(sha256(message, {}).view(), by_openssl(message)) << size;
  }
}

TEST(Sha256, PartsAreConcatenated) {
  Random random(2);
  for (int i = 0; i < 2000; ++i) {
    const std::string a = random_bytes(random, random.below(700));
    const std::string b = random_bytes(random, random.below(700));
    const std::string c = random_bytes(random, random.below(2) * random.below(700));
    EXPECT_EQ(sha256(a, b, c), sha256(a + b + c));
  }
}

TEST(Sha256, AnySplitOfTheMessageGivesTheSame) {
  constexpr uint64_t kSeed = 3;
  Random random(kSeed);
  Sha256 hash;
  for (int i = 0; i < 500; ++i) {
    const std::string message = random_bytes(random, random.below(5000));
    std::string_view rest = message;
    while (!rest.empty()) {
      const size_t part = std::min<size_t>(random.below(300), rest.size());
      hash.update(rest.substr(0, part));
      rest.remove_prefix(part);
    }
    EXPECT_EQ(hash.finish(), sha256(message)) << "seed " << kSeed << ", message " << i;
  }
}

TEST(Sha256, UnalignedDataIsFine) {
  const std::string buffer(4096 + 16, 'x');
  const Hash256 expected = sha256(std::string(4096, 'x'));
  for (size_t shift = 0; shift < 16; ++shift) {
    EXPECT_EQ(sha256(std::string_view(buffer).substr(shift, 4096)), expected);
  }
}

TEST(Sha256, BothBlockFunctionsAgree) {
  const Sha256Blocks fast = sha256_blocks_x86();
  if (fast == nullptr) GTEST_SKIP() << "this processor has no SHA instructions: one path only";
  Random random(4);
  for (int i = 0; i < 500; ++i) {
    const size_t blocks = random.below(20);
    const std::string data = random_bytes(random, blocks * 64 + 1);
    uint32_t a[8];
    for (uint32_t& word : a) word = static_cast<uint32_t>(random.next());
    uint32_t b[8];
    std::memcpy(b, a, sizeof a);
    const auto* unaligned = reinterpret_cast<const uint8_t*>(data.data()) + 1;
    fast(a, unaligned, blocks);
    sha256_blocks_openssl(b, unaligned, blocks);
    ASSERT_EQ(std::memcmp(a, b, sizeof a), 0) << blocks << " blocks";
  }
}

// NIST's "abc" through each block function by itself, padded by hand.
TEST(Sha256, EachBlockFunctionKnowsAbc) {
  for (const Sha256Blocks blocks : {sha256_blocks_x86(), Sha256Blocks{sha256_blocks_openssl}}) {
    if (blocks == nullptr) continue;
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    uint8_t block[64] = {'a', 'b', 'c', 0x80};
    block[63] = 24;
    blocks(state, block, 1);
    const uint32_t expected[8] = {0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223,
                                  0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad};
    EXPECT_EQ(std::memcmp(state, expected, sizeof state), 0);
  }
}

TEST(Hash256, GoesToHexAndBack) {
  const Hash256 hash = sha256("abc");
  EXPECT_EQ(Hash256::from_hex(hash.hex()), hash);
  EXPECT_EQ(Hash256::from_bytes(hash.view()), hash);
  EXPECT_FALSE(Hash256::from_hex(""));
  EXPECT_FALSE(Hash256::from_hex(hash.hex().substr(1)));
  EXPECT_FALSE(Hash256::from_hex(hash.hex() + "00"));
  EXPECT_FALSE(Hash256::from_hex(std::string(63, 'a') + "g"));
  EXPECT_FALSE(Hash256::from_bytes(hash.view().substr(1)));
  EXPECT_LT(Hash256{}, hash);
}

}  // namespace
}  // namespace yipan
