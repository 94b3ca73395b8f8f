// Notes, keys, checkpoints, cosignatures, receipts: what is accepted and what is not.
#include <gtest/gtest.h>

#include "ledger/note_text.h"
#include "ledger/test_log.h"
#include "yipan/ledger.h"
#include "yipan/text.h"

namespace yipan::ledger {
namespace {

using testing::kOrigin;
using testing::make_entry;
using testing::make_signer;
using testing::TestLog;

const std::string kRoot = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

TEST(Keys, RoundTripAndRefuseWhatWasAltered) {
  const Signer signer = make_signer();
  const std::string secret = signer.to_string();
  const std::string open = signer.verifier().to_string();
  EXPECT_TRUE(secret.starts_with("PRIVATE+KEY+" + kOrigin + "+"));
  EXPECT_EQ(Signer::parse(secret)->verifier().to_string(), open);
  EXPECT_EQ(VerifierKey::parse(open)->to_string(), open);
  for (size_t i = 0; i < open.size(); ++i) {
    std::string altered = open;
    altered[i] = altered[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(VerifierKey::parse(altered)) << altered;
  }
  const auto refused = VerifierKey::parse("no plus");
  EXPECT_EQ(refused.error().code(), "ledger.key.malformed");
  EXPECT_NE(refused.error().message_en().find("plus"), std::string::npos);
  EXPECT_FALSE(refused.error().remedy_zh().empty());
  EXPECT_FALSE(Signer::parse(open));
  EXPECT_FALSE(Signer::generate("two words", std::string(32, 'x')));
  EXPECT_FALSE(Signer::generate("a+b", std::string(32, 'x')));
  EXPECT_FALSE(Signer::generate("全角　空格", std::string(32, 'x')));
  EXPECT_TRUE(Signer::generate("某市/账本", std::string(32, 'x')));
  EXPECT_EQ(Signer::generate("a", "short").error().code(), "ledger.key.length");
}

TEST(Notes, SignedNotesOpenAndAlteredOnesDoNot) {
  const Signer signer = make_signer();
  const std::vector<VerifierKey> keys = {signer.verifier()};
  const std::string note = signer.sign_note("a note\n\nwith an empty line\n").value();
  const auto opened = open_note(note, keys);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->text, "a note\n\nwith an empty line\n");
  ASSERT_EQ(opened->verified.size(), 1u);
  EXPECT_EQ(opened->verified[0].name, kOrigin);
  for (size_t i = 0; i < note.size(); ++i) {
    std::string altered = note;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(open_note(altered, keys)) << i;
  }
  EXPECT_EQ(signer.sign_note("no newline").error().code(), "ledger.note.malformed");
  EXPECT_EQ(signer.sign_note("tab\t\n").error().code(), "ledger.note.malformed");
}

TEST(Notes, SignaturesOfOthersAreKeptApartAndDuplicatesCountOnce) {
  const Signer signer = make_signer();
  const Signer other = make_signer("other.example", 'o');
  const std::vector<VerifierKey> keys = {signer.verifier()};
  std::string note = signer.sign_note("text\n").value();
  const std::string own_line = note.substr(note.find("\n\n") + 2);
  const std::string foreign = other.sign_note("text\n").value();
  const std::string other_line = foreign.substr(foreign.find("\n\n") + 2);
  const auto opened = open_note(note + own_line + other_line + other_line, keys);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->verified.size(), 1u);
  EXPECT_EQ(opened->unverified.size(), 1u);
  EXPECT_EQ(open_note(foreign, keys).error().code(), "ledger.note.unverified");
}

TEST(Notes, ErrorsNameTheLine) {
  const auto control = open_note("first\nsecond\x02\n\n", {});
  EXPECT_EQ(control.error().code(), "ledger.note.malformed");
  EXPECT_EQ(control.error().place().line, 2u);
  EXPECT_NE(control.error().message_zh().find("控制字符"), std::string::npos);
  const auto utf8 = open_note("first\n\xff\n\n", {});
  EXPECT_NE(utf8.error().message_en().find("UTF-8"), std::string::npos);
  const auto line = open_note("text\n\n- name AAAAAAAA\n", {});
  EXPECT_EQ(line.error().place().line, 3u);
  // The last character of base64 has unused bits, which must be zero.
  const std::string note = make_signer().sign_note("text\n").value();
  std::string loose = note;
  loose[loose.size() - 3] = static_cast<char>(loose[loose.size() - 3] + 1);
  const std::vector<VerifierKey> keys = {make_signer().verifier()};
  EXPECT_EQ(open_note(loose, keys).error().code(), "ledger.note.malformed");
}

TEST(Notes, ManySignaturesAndLongNotesAreRefused) {
  const std::string note = make_signer().sign_note("text\n").value();
  const std::string line = note.substr(note.find("\n\n") + 2);
  std::string many = note;
  for (int i = 0; i < 99; ++i) many += line;
  const std::vector<VerifierKey> keys = {make_signer().verifier()};
  EXPECT_TRUE(open_note(many, keys));
  EXPECT_EQ(open_note(many + line, keys).error().code(), "ledger.note.malformed");
  EXPECT_FALSE(open_note(std::string(kNoteBytesMax, 'x') + note, keys));
}

TEST(Checkpoints, ParseStrictly) {
  const std::string good = "origin\n12\n" + kRoot + "\n";
  EXPECT_EQ(Checkpoint::parse(good)->to_string(), good);
  EXPECT_EQ(Checkpoint::parse(good + "extension\n")->extensions.size(), 1u);
  const std::vector<std::string> bad = {
      "",
      "origin\n12\n" + kRoot,
      "origin\n012\n" + kRoot + "\n",
      "origin\n-1\n" + kRoot + "\n",
      "origin\n18446744073709551616\n" + kRoot + "\n",
      "\n12\n" + kRoot + "\n",
      "origin\n12\n\n" + kRoot + "\n",
      "origin\n12\n" + kRoot + "\n\n",
      "origin\n12\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
      "origin\n12\nAAAA\n",
      "origin\n12\n"};
  for (const std::string& text : bad) {
    const auto parsed = Checkpoint::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code(), "ledger.checkpoint.malformed");
    EXPECT_TRUE(parsed.error().place().line.has_value());
  }
}

class CosignTest : public ::testing::Test {
 protected:
  CosignTest()
      : folder_(testing::make_temp_dir()),
        log_(Files::posix(), folder_.path() + "/log"),
        witness_(make_signer("witness.example", 'w')),
        ledger_(log_.open().value()) {
    for (int i = 0; i < 300; ++i) EXPECT_TRUE(ledger_->append(make_entry(i)));
    note_ = ledger_->sign_checkpoint().value();
  }
  Result<> add(std::string_view note) {
    return ledger_->add_cosignature(note, witness_.cosigner_key());
  }
  TempDir folder_;
  TestLog log_;
  Signer witness_;
  std::unique_ptr<Ledger> ledger_;
  std::string note_;
};

TEST_F(CosignTest, IsServedWithTheCheckpointAndCarriedByReceipts) {
  ASSERT_TRUE(add(witness_.cosign(note_, 1700000000).value()));
  const std::vector<VerifierKey> witness = {witness_.cosigner_key()};
  const std::vector<VerifierKey> log = {log_.signer.verifier()};
  const Note opened = open_note(ledger_->checkpoint().value(), witness).value();
  EXPECT_EQ(opened.verified[0].cosigned_at_unix, 1700000000u);
  // A later checkpoint is not cosigned yet; receipts for what the cosigned one covers still are.
  ASSERT_TRUE(ledger_->append(make_entry(301)));
  ASSERT_TRUE(ledger_->sign_checkpoint());
  const Receipt receipt = Receipt::parse(ledger_->receipt(7)->to_string()).value();
  EXPECT_EQ(receipt.verify(log, witness, 1)->size, 300u);
  EXPECT_EQ(receipt.verify(log, witness, 2).error().code(), "ledger.receipt.witnesses");
  EXPECT_EQ(ledger_->receipt(300)->verify(log)->size, 301u);
  // It survives, and a newer one by the same witness takes its place.
  ASSERT_TRUE(add(witness_.cosign(note_, 1700000009).value()));
  ASSERT_TRUE(add(witness_.cosign(note_, 1700000001).value()));
  ledger_.reset();
  ledger_ = log_.open().value();
  const Note again = open_note(ledger_->receipt(7)->checkpoint_note, witness).value();
  EXPECT_EQ(again.verified[0].cosigned_at_unix, 1700000009u);
  EXPECT_EQ(testing::problems_of(*fsck(Files::posix(), log_.directory, {})), "");
}

TEST_F(CosignTest, EarlierCheckpointsAreAccepted) {
  ASSERT_TRUE(ledger_->append(make_entry(301)));
  ASSERT_TRUE(ledger_->sign_checkpoint());
  EXPECT_TRUE(add(witness_.cosign(note_, 1700000000).value()));
}

TEST_F(CosignTest, WhatIsNotOursIsRefused) {
  Checkpoint checkpoint;
  checkpoint.origin = kOrigin;
  checkpoint.size = 300;
  checkpoint.root = sha256("another tree");
  const auto try_it = [&] {
    const std::string note = log_.signer.sign_note(checkpoint.to_string()).value();
    return add(witness_.cosign(note, 1).value());
  };
  EXPECT_EQ(try_it().error().code(), "ledger.cosignature.refused");
  checkpoint.root = ledger_->root();
  EXPECT_TRUE(try_it());
  checkpoint.size = 301;
  const auto unsigned_size = try_it();
  EXPECT_NE(unsigned_size.error().message_en().find("301"), std::string::npos);
  EXPECT_NE(unsigned_size.error().message_zh().find("301"), std::string::npos);
  checkpoint.size = 300;
  checkpoint.extensions = {"x"};
  EXPECT_FALSE(try_it());
  checkpoint.extensions.clear();
  checkpoint.origin = "other.example";
  EXPECT_FALSE(try_it());
  // No signature of the witness in it; a wrong one; a key that is no witness's.
  EXPECT_EQ(add(note_).error().code(), "ledger.note.unverified");
  std::string forged = witness_.cosign(note_, 5).value();
  forged[forged.size() - 20] = forged[forged.size() - 20] == 'A' ? 'B' : 'A';
  EXPECT_EQ(add(forged).error().code(), "ledger.note.signature");
  EXPECT_FALSE(ledger_->add_cosignature(witness_.cosign(note_, 5).value(), witness_.verifier()));
}

TEST_F(CosignTest, EveryAlteredReceiptFails) {
  const std::vector<VerifierKey> log = {log_.signer.verifier()};
  const std::string text = ledger_->receipt(123)->to_string();
  ASSERT_TRUE(Receipt::parse(text)->verify(log));
  EXPECT_EQ(Receipt::parse(text)->to_string(), text);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string altered = text;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    const auto parsed = Receipt::parse(altered);
    EXPECT_FALSE(parsed && parsed->verify(log)) << i << " " << text.substr(i, 20);
  }
  const auto other = Receipt::parse(text)->verify(std::vector{witness_.verifier()});
  EXPECT_EQ(other.error().code(), "ledger.note.unverified");
  const auto nonsense = Receipt::parse("c2sp.org/tlog-proof@v1\nindex 01\n");
  EXPECT_EQ(nonsense.error().code(), "ledger.receipt.malformed");
  EXPECT_EQ(nonsense.error().place().line, 2u);
}

}  // namespace
}  // namespace yipan::ledger
