// Entries and canonical JSON.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "ledger/canonical_scan.h"
#include "ledger/entry_scan.h"
#include "ledger/test_log.h"
#include "yipan/json.h"
#include "yipan/ledger.h"
#include "yipan/text.h"

namespace yipan::ledger {
namespace {

using testing::make_entry;

TEST(Entries, TheBytesAreThoseOfTheFormat) {
  Entry entry = make_entry(0, "import:1");
  entry.when = Instant::parse("2022-11-23T08:30:00Z").value();
  entry.evidence = {sha256("a"), sha256("b")};
  EXPECT_EQ(entry.encode().value(),
            "{\"body\":{\"n\":0},\"evidence\":[\"" + sha256("a").hex() + "\",\"" +
                sha256("b").hex() +
                "\"],\"key\":\"import:1\",\"on\":\"projects\",\"what\":\"dataset.import\","
                "\"when\":\"2022-11-23T08:30:00Z\",\"who\":\"zhang.wei\"}");
  entry = make_entry(0);
  entry.body.clear();
  entry.on.clear();
  entry.when = Instant::parse("2022-11-23T08:30:00.000001Z").value();
  EXPECT_EQ(entry.encode().value(),
            "{\"body\":{},\"what\":\"dataset.import\",\"when\":\"2022-11-23T08:30:00.000001Z\","
            "\"who\":\"zhang.wei\"}");
}

TEST(Entries, RoundTrip) {
  Random random(testing::test_seed("EntriesRoundTrip"));
  for (int round = 0; round < 2000; ++round) {
    Entry entry = make_entry(random.below(1'000'000'000), "k" + std::to_string(random.next()));
    entry.who = "张伟 \"\\/\u007e";
    entry.on = random.chance(0.5) ? "" : "项目/😀";
    entry.body = R"({"a":[1,-2,{"b":null}],"z":true,"文":"\u0001\n"})";
    for (uint64_t i = random.below(4); i > 0; --i) {
      entry.evidence.push_back(sha256(std::to_string(random.next())));
    }
    if (random.chance(0.3)) entry.idempotency_key.clear();
    const std::string bytes = entry.encode().value();
    const Entry back = Entry::decode(bytes).value();
    EXPECT_EQ(back.who, entry.who);
    EXPECT_EQ(back.when, entry.when);
    EXPECT_EQ(back.what, entry.what);
    EXPECT_EQ(back.on, entry.on);
    EXPECT_EQ(back.body, entry.body);
    EXPECT_EQ(back.evidence, entry.evidence);
    EXPECT_EQ(back.idempotency_key, entry.idempotency_key);
    EXPECT_EQ(back.encode().value(), bytes);
    EXPECT_EQ(canonical_json(parse_json(bytes).value()).value(), bytes);
  }
}

TEST(Entries, FieldsThatAreWrongAreRefusedByName) {
  const auto refusal = [](auto change) {
    Entry entry = make_entry(1, "key");
    change(entry);
    const auto bytes = entry.encode();
    EXPECT_FALSE(bytes);
    if (bytes) return std::string();
    EXPECT_FALSE(bytes.error().message_zh().empty());
    EXPECT_FALSE(bytes.error().remedy_zh().empty());
    return bytes.error().code() + " " + bytes.error().place().element;
  };
  EXPECT_EQ(refusal([](Entry& e) { e.who.clear(); }), "ledger.entry.field who");
  EXPECT_EQ(refusal([](Entry& e) { e.who = "a\nb"; }), "ledger.entry.field who");
  EXPECT_EQ(refusal([](Entry& e) { e.on = "\xff"; }), "ledger.entry.field on");
  EXPECT_EQ(refusal([](Entry& e) { e.idempotency_key = std::string(1025, 'k'); }),
            "ledger.entry.field key");
  for (const char* what : {"", "A", ".a", "a.", "a..b", "a b", "1a", "_a"}) {
    EXPECT_EQ(refusal([&](Entry& e) { e.what = what; }), "ledger.entry.field what") << what;
  }
  for (const char* body :
       {"[]", "{ }", "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":1}", "{\"a\":1.5}", "{\"a\":-0}",
        "{\"a\":01}", "{\"a\":9007199254740992}", "{\"a\":\"\\u0041\"}", "{\"a\":\"\\u000a\"}",
        "{\"a\":\"\\/\"}", "{\"a\":\"\n\"}", "{}x", "{\"a\":tru}", "{\"a\"}", "{\"a\":1,}"}) {
    EXPECT_EQ(refusal([&](Entry& e) { e.body = body; }), "ledger.entry.field body") << body;
  }
  EXPECT_EQ(refusal([](Entry& e) { e.when = Instant::from_micros(int64_t{1} << 60); }),
            "ledger.entry.field when");
  EXPECT_EQ(refusal([](Entry& e) { e.body = "{\"a\":\"" + std::string(65535, 'x') + "\"}"; }),
            "ledger.entry.too_big ");
}

TEST(Entries, NoOtherBytesDecode) {
  Entry entry = make_entry(7, "key");
  entry.evidence = {sha256("a")};
  const std::string bytes = entry.encode().value();
  for (size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(Entry::decode(bytes.substr(0, i)));
    for (const char c : {' ', '"', '\\', 'x', '0', '\n'}) {
      std::string altered = bytes;
      altered[i] = c;
      const auto decoded = Entry::decode(altered);
      if (decoded) {
        EXPECT_EQ(decoded->encode().value(), altered);
      }
    }
  }
  EXPECT_FALSE(Entry::decode(bytes + " "));
  std::string day = bytes;
  day.replace(day.find("2022-11-23"), 10, "2022-02-30");
  EXPECT_NE(Entry::decode(day).error().message_en().find("no such instant"), std::string::npos);
}

// The scanner and the base library must have the same idea of canonical JSON.
TEST(CanonicalScan, AgreesWithTheJsonWriter) {
  Random random(testing::test_seed("CanonicalScan"));
  const std::string alphabet = "{}[]\",:0123456789-truefalsn\\u001b\x7f\xc3\xa9 ";
  const std::vector<std::string> seeds = {R"({"a":[1,-2,{"b":null}],"z":true,"文":"\u0001\n\"\\"})",
                                          R"([[],{},"",0,-1,false])",
                                          R"({"\n":1,"a":2,"é":3,"😀":4,"":5})"};
  int good = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text = seeds[random.below(seeds.size())];
    for (uint64_t i = random.below(3); i > 0; --i) {
      text[random.below(text.size())] = alphabet[random.below(alphabet.size())];
    }
    if (find_invalid_utf8(text) != std::string_view::npos) continue;
    CanonicalScan scan(text);
    const bool accepted = scan.value().has_value() && scan.at_end();
    const auto parsed = parse_json(text);
    const auto written = parsed ? canonical_json(*parsed) : fail(parsed.error());
    EXPECT_EQ(accepted, written && *written == text) << text;
    good += accepted ? 1 : 0;
  }
  EXPECT_GT(good, 1000);
}

TEST(CanonicalScan, DepthIsBounded) {
  const auto nested = [](size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  const std::string deep = nested(100'000);
  EXPECT_FALSE(CanonicalScan(deep).value());
  const std::string fine = nested(64);
  EXPECT_TRUE(CanonicalScan(fine).value());
}

}  // namespace
}  // namespace yipan::ledger
