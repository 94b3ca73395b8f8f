// Others' test vectors: Merkle proof probes (transparency-dev/merkle) and signed notes
// (golang.org/x/mod/sumdb/note, C2SP signed-note).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "yipan/ledger.h"
#include "yipan/text.h"

namespace yipan::ledger {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::string kShared = std::string(YIPAN_SHARED_DIR) + "/conformance/ledger";

Json read_json(const fs::path& path) {
  std::ifstream in(path);
  return Json::parse(in);
}

std::vector<std::pair<std::string, Json>> probes_in(const std::string& kind) {
  std::vector<std::pair<std::string, Json>> out;
  const fs::path root = kShared + "/merkle-probes/" + kind;
  if (!fs::exists(root)) return out;
  for (const auto& item : fs::recursive_directory_iterator(root)) {
    if (item.path().extension() == ".json") out.emplace_back(item.path(), read_json(item.path()));
  }
  return out;
}

std::string bytes_of(const Json& value) {
  return value.is_null() ? "" : unbase64(value.get<std::string>()).value();
}

// Some probes give "hashes" of other lengths. In an inclusion proof our type refuses them.
bool is_hash(const Json& value) { return bytes_of(value).size() == 32; }

// One consistency probe that must hold has "don't care" for roots. Each such text stands here for
// a hash of its own: equal ones stay equal, others differ.
Hash256 hash_of(const Json& value) {
  const std::string bytes = bytes_of(value);
  return Hash256::from_bytes(bytes).value_or(sha256("stands for ", bytes));
}

Result<> wrong_length() {
  return fail(Error("ledger.proof.length")
                  .zh("哈希不是 32 字节")
                  .en("a hash is not of 32 bytes")
                  .remedy("请重新索取", "ask again"));
}

Proof proof_of(const Json& value) {
  Proof out;
  if (value.is_null()) return out;
  for (const Json& hash : value) out.push_back(hash_of(hash));
  return out;
}

template <typename Verify>
void run_probes(const std::string& kind, size_t expected, const Verify& verify) {
  const auto probes = probes_in(kind);
  if (probes.empty()) GTEST_SKIP() << expected << " probes of " << kind << " are not here";
  size_t good = 0;
  for (const auto& [name, probe] : probes) {
    const Result<> verdict = verify(probe);
    const bool want_error = probe.value("wantErr", false);
    EXPECT_EQ(!verdict, want_error) << name << ": " << probe["desc"];
    if (!want_error) ++good;
    if (!verdict) {
      EXPECT_TRUE(verdict.error().code().starts_with("ledger.proof.")) << name;
      EXPECT_FALSE(verdict.error().message_zh().empty());
      EXPECT_FALSE(verdict.error().remedy_en().empty());
    }
  }
  EXPECT_EQ(probes.size(), expected);
  std::cout << kind << ": " << probes.size() << " probes, " << good << " of them good\n";
}

TEST(MerkleProbes, Inclusion) {
  run_probes("inclusion", 98, [](const Json& p) {
    if (!is_hash(p["leafHash"]) || !is_hash(p["root"])) return wrong_length();
    return verify_inclusion(p["leafIdx"], p["treeSize"], hash_of(p["leafHash"]),
                            proof_of(p["proof"]), hash_of(p["root"]));
  });
}

TEST(MerkleProbes, Consistency) {
  run_probes("consistency", 98, [](const Json& p) {
    return verify_consistency(p["size1"], p["size2"], hash_of(p["root1"]), hash_of(p["root2"]),
                              proof_of(p["proof"]));
  });
}

TEST(MerkleProbes, SubtreeInclusion) {
  run_probes("subtreeinclusion", 204, [](const Json& p) {
    if (!is_hash(p["leafHash"]) || !is_hash(p["root"])) return wrong_length();
    return verify_subtree_inclusion(p["leafIdx"], p["start"], p["end"], hash_of(p["leafHash"]),
                                    proof_of(p["proof"]), hash_of(p["root"]));
  });
}

TEST(MerkleProbes, SubtreeConsistency) {
  run_probes("subtreeconsistency", 118, [](const Json& p) {
    return verify_subtree_consistency(p["start"], p["end"], p["size"], hash_of(p["root1"]),
                                      hash_of(p["root2"]), proof_of(p["proof"]));
  });
}

std::string verdict_on(const Json& note_case) {
  std::vector<VerifierKey> keys;
  for (const Json& key : note_case["vkeys"]) {
    keys.push_back(VerifierKey::parse(key.get<std::string>()).value());
  }
  const Result<Note> note = open_note(note_case["note"].get<std::string>(), keys);
  if (note) return "ok";
  const std::string& code = note.error().code();
  if (code == "ledger.note.malformed") return "malformed";
  if (code == "ledger.note.unverified") return "unverified";
  if (code == "ledger.note.signature") return "badsig";
  return code;
}

TEST(SignedNotes, GoAndC2spVectors) {
  const fs::path path = kShared + "/notes.json";
  if (!fs::exists(path)) GTEST_SKIP() << "12 notes and 4 keys are not here";
  const Json notes = read_json(path);
  for (const Json& note_case : notes["cases"]) {
    EXPECT_EQ(verdict_on(note_case), note_case["want"]) << note_case["desc"];
  }
  EXPECT_EQ(notes["cases"].size(), 12u);
  for (const Json& key : notes["good_vkeys"]) {
    const auto parsed = VerifierKey::parse(key.get<std::string>());
    ASSERT_TRUE(parsed) << key;
    EXPECT_EQ(parsed->to_string(), key);
  }
  for (const Json& key : notes["bad_vkeys"]) {
    EXPECT_FALSE(VerifierKey::parse(key.get<std::string>())) << key;
  }
  std::cout << "notes: " << notes["cases"].size() << " cases\n";
}

}  // namespace
}  // namespace yipan::ledger
