// An outside verifier: the Go project's sumdb/note and sumdb/tlog (Debian golang-golang-x-mod-dev)
// check a log that we wrote. The program is tests/verify-go/main.go.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "ledger/test_log.h"
#include "yipan/ledger.h"
#include "yipan/text.h"

namespace yipan::ledger {
namespace {

using testing::kOrigin;
using testing::make_entry;
using testing::TestLog;

struct Outcome {
  int status = -1;
  std::string output;
};

Outcome run(const std::string& command) {
  Outcome out;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> block;
  for (size_t got = 0; (got = fread(block.data(), 1, block.size(), pipe)) > 0;) {
    out.output.append(block.data(), got);
  }
  out.status = pclose(pipe);
  return out;
}

class VerifyGo : public ::testing::Test {
 protected:
  VerifyGo() : folder_(testing::make_temp_dir()), log_(Files::posix(), folder_.path() + "/log") {}

  // Builds the verifier; false (and why) if Go or its packages are not installed.
  bool build(std::string* why) {
    program_ = folder_.path() + "/verify-go";
    if (!std::filesystem::exists("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")) {
      *why = "golang-golang-x-mod-dev is not installed";
      return false;
    }
    const Outcome built =
        run("cd '" + std::string(YIPAN_SOURCE_DIR) + "/tests/verify-go' && GO111MODULE=off " +
            "GOFLAGS=-p=1 GOPATH=/usr/share/gocode GOCACHE='" + std::string(YIPAN_BINARY_DIR) +
            "/go-cache' go build -o '" + program_ + "' main.go");
    *why = built.output;
    return built.status == 0;
  }
  Outcome verify(uint64_t old_size, const Hash256& old_root) {
    return run("'" + program_ + "' '" + log_.directory + "' '" +
               log_.signer.verifier().to_string() + "' '" + kOrigin + "' " +
               std::to_string(old_size) + " '" + base64(old_root.view()) + "'");
  }

  TempDir folder_;
  TestLog log_;
  std::string program_;
};

TEST_F(VerifyGo, ChecksEveryEntryAndConsistency) {
  if (run("go version").status != 0) GTEST_SKIP() << "the program go is not installed";
  std::string why;
  if (!build(&why)) {
    if (why.find("not installed") != std::string::npos) GTEST_SKIP() << why;
    FAIL() << why;
  }
  const auto ledger = log_.open().value();
  uint64_t old_size = 1;
  Hash256 old_root;
  for (const uint64_t size : {1u, 255u, 256u, 257u, 700u, 2000u}) {
    while (ledger->size() < size) ASSERT_TRUE(ledger->append(make_entry(ledger->size())));
    ASSERT_TRUE(ledger->sign_checkpoint());
    if (size == 1) old_root = ledger->root();
    const Outcome outcome = verify(old_size, old_root);
    EXPECT_EQ(outcome.status, 0) << outcome.output;
    EXPECT_EQ(outcome.output, std::to_string(size) + " entries verified, consistent with " +
                                  std::to_string(old_size) + "\n");
    old_size = size;
    old_root = ledger->root();
  }
  // It does notice: another old tree, and one altered byte.
  EXPECT_NE(verify(700, sha256("another tree")).status, 0);
  const auto file =
      Files::posix().open(log_.directory + "/tile/entries/003", Open::read_write).value();
  ASSERT_TRUE(file->write_at(100, "x"));
  EXPECT_NE(verify(old_size, old_root).status, 0);
}

}  // namespace
}  // namespace yipan::ledger
