// SHA-256 beside OpenSSL's EVP, at the sizes that a Merkle tree hashes: nodes of 65 bytes (1 + 32 +
// 32), leaves of some hundred, tiles of 8 KiB, and files.
//
// Two peers: EVP_Digest, one call that makes its own context each time; and a context that is kept
// and an algorithm that is fetched once, the fastest that EVP's manual offers.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <memory>
#include <string>

#include "yipan/hash.h"

namespace yipan {
namespace {

void sizes(benchmark::internal::Benchmark* bench) {
  for (int64_t size : {65, 300, 1024, 8192, 1 << 20}) bench->Arg(size);
}

std::string message_of(const benchmark::State& state) {
  return std::string(static_cast<size_t>(state.range(0)), 'm');
}

void finish(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void BM_Yipan(benchmark::State& state) {
  const std::string message = message_of(state);
  for (auto _ : state) benchmark::DoNotOptimize(sha256(message));
  finish(state);
}
BENCHMARK(BM_Yipan)->Apply(sizes);

// As a tree does it: a prefix of one byte, and two parts.
void BM_YipanParts(benchmark::State& state) {
  const std::string message = message_of(state);
  const std::string_view rest = std::string_view(message).substr(1);
  const std::string_view left = rest.substr(0, rest.size() / 2);
  const std::string_view right = rest.substr(rest.size() / 2);
  for (auto _ : state) {
    benchmark::DoNotOptimize(sha256(std::string_view(message).substr(0, 1), left, right));
  }
  finish(state);
}
BENCHMARK(BM_YipanParts)->Apply(sizes);

void BM_OpensslOneCall(benchmark::State& state) {
  const std::string message = message_of(state);
  unsigned char out[32];
  for (auto _ : state) {
    EVP_Digest(message.data(), message.size(), out, nullptr, EVP_sha256(), nullptr);
    benchmark::DoNotOptimize(out);
  }
  finish(state);
}
BENCHMARK(BM_OpensslOneCall)->Apply(sizes);

void BM_OpensslKeptContext(benchmark::State& state) {
  const std::string message = message_of(state);
  const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), EVP_MD_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  unsigned char out[32];
  for (auto _ : state) {
    EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr);
    EVP_DigestUpdate(context.get(), message.data(), message.size());
    EVP_DigestFinal_ex(context.get(), out, nullptr);
    benchmark::DoNotOptimize(out);
  }
  finish(state);
}
BENCHMARK(BM_OpensslKeptContext)->Apply(sizes);

}  // namespace
}  // namespace yipan
