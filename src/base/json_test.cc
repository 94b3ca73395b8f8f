#include "yipan/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "yipan/clock.h"
#include "yipan/text.h"

namespace yipan {
namespace {

using ::testing::HasSubstr;

TEST(ParseJson, ReadsEveryKindOfValue) {
  const Json value =
      parse_json(R"( {"a":[1,-2.5e1,true,false,null],"甲":{"b":"\u4e00\n\ud83d\ude00"},
      "max":18446744073709551615,"min":-9223372036854775808,"e":[],"o":{}} )")
          .value();
  EXPECT_EQ(value["a"], Json::array({1, -25.0, true, false, nullptr}));
  EXPECT_EQ(value["甲"]["b"], "一\n😀");
  EXPECT_EQ(value["max"].get<uint64_t>(), std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(value["min"].get<int64_t>(), std::numeric_limits<int64_t>::min());
  EXPECT_TRUE(value["a"][0].is_number_integer());
  EXPECT_TRUE(value["a"][1].is_number_float());
  EXPECT_TRUE(value["e"].is_array());
  EXPECT_TRUE(value["o"].is_object());
  EXPECT_EQ(parse_json("\xef\xbb\xbf 7 ").value(), 7);
}

struct BadCase {
  std::string text;
  uint64_t line;
  uint64_t character;
  std::string en;
};

TEST(ParseJson, SaysWhereAndWhatWasExpected) {
  const std::vector<BadCase> cases = {
      {"", 1, 1, "the text ends here, but a value was expected"},
      {"[1,\n 2,]", 2, 4, "a value was expected, found ']'"},
      {"[1 2]", 1, 4, "',' or ']' was expected, found '2'"},
      {"{\"a\" 1}", 1, 6, "':' was expected, found '1'"},
      {"{\"a\":1,}", 1, 8, "a key in double quotes was expected, found '}'"},
      {"{'a':1}", 1, 2, "a key in double quotes was expected, found '''"},
      {"{\"a\":1", 1, 7, "the text ends here, but ',' or '}' was expected"},
      {"\n\n  trux", 3, 3, "a value was expected, found 't'"},
      {"[\"甲乙\", 丙]", 1, 8, "a value was expected, found '丙'"},
      {"1 2", 1, 3, "the JSON has ended, but more text follows"},
      {"\"abc", 1, 1, "the string has no closing quote"},
      {"\"a\nb\"", 1, 3, "control character"},
      {"\"\\x\"", 1, 2, "this escape is unknown"},
      {"\"\\", 1, 2, "this escape is unknown"},
      {"\"\\u12g4\"", 1, 2, "four hexadecimal digits"},
      {"\"\\u12\"", 1, 2, "four hexadecimal digits"},
      {"\"\\ud800\"", 1, 2, "half of a surrogate pair is missing"},
      {"\"\\udc00\\ud800\"", 1, 2, "half of a surrogate pair is missing"},
      {"\"\\ud800\\u0041\"", 1, 2, "half of a surrogate pair is missing"},
      {"01", 1, 2, "the number is not well formed"},
      {"-", 1, 2, "the number is not well formed"},
      {"1.", 1, 3, "the number is not well formed"},
      {".5", 1, 1, "a value was expected"},
      {"+1", 1, 1, "a value was expected"},
      {"1e", 1, 3, "the number is not well formed"},
      {"[1e999]", 1, 2, "the number is out of range"},
      {"18446744073709551616", 1, 1, "the number is out of range"},
      {"-9223372036854775809", 1, 1, "the number is out of range"},
      {"NaN", 1, 1, "a value was expected"},
      {"[\"\xff\"]", 1, 3, "this is not valid UTF-8"},
      {std::string("[1,\0]", 5), 1, 4, "a value was expected"},
  };
  for (const BadCase& bad : cases) {
    const Result<Json> value = parse_json(bad.text, "a.json");
    ASSERT_FALSE(value) << bad.text;
    const Error& error = value.error();
    EXPECT_EQ(error.code(), "base.json.syntax") << bad.text;
    EXPECT_EQ(error.place().line, bad.line) << bad.text;
    EXPECT_EQ(error.place().char_column, bad.character) << bad.text;
    EXPECT_EQ(error.place().file, "a.json");
    EXPECT_THAT(error.message_en(), HasSubstr(bad.en)) << bad.text;
    EXPECT_THAT(error.message_zh(), HasSubstr("JSON 有语法错误：")) << bad.text;
    EXPECT_FALSE(error.remedy_zh().empty());
    EXPECT_FALSE(error.remedy_en().empty());
  }
}

TEST(ParseJson, AnErrorReadsWellInChinese) {
  EXPECT_EQ(parse_json("[1,\n 2,]", "规则.json").error().to_string_zh(),
            "JSON 有语法错误：应为一个值，却遇到“]”（base.json.syntax）\n"
            "  位置：规则.json，第 2 行，第 4 个字符\n"
            "  处理办法：请在所示位置改正后重试");
}

TEST(ParseJson, RefusesADuplicateKey) {
  const Error error = parse_json("{\"a\":1,\n \"b\":{\"a\":1},\n  \"\\u0061\":2}").error();
  EXPECT_EQ(error.code(), "base.json.duplicate");
  EXPECT_EQ(error.place().line, 3u);
  EXPECT_EQ(error.place().char_column, 3u);
  EXPECT_THAT(error.message_zh(), HasSubstr("键“a”出现了两次"));
  EXPECT_THAT(error.message_en(), HasSubstr("\"a\" stands twice"));
}

TEST(ParseJson, KeepsItsDepthLimit) {
  EXPECT_TRUE(parse_json("[[[1]]]", "", 3));
  const Error error = parse_json("[[\n[1]]]", "", 2).error();
  EXPECT_EQ(error.code(), "base.json.depth");
  EXPECT_EQ(error.place().line, 2u);
  EXPECT_THAT(error.message_zh(), HasSubstr("超过 2 层"));
  EXPECT_TRUE(parse_json("1", "", 0));
  EXPECT_FALSE(parse_json("{}", "", 0));
  EXPECT_EQ(parse_json(std::string(100'000, '[')).error().code(), "base.json.depth");
  EXPECT_EQ(parse_json(std::string(100'000, '['), "", 1'000'000).error().code(), "base.json.depth");
}

// RFC 8785, 3.2.3: the order of its example, by UTF-16 code units.
TEST(CanonicalJson, SortsKeysAsRfc8785) {
  const Json value = parse_json(R"({"\u20ac":"Euro Sign","\r":"Carriage Return",
      "\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face",
      "\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"})")
                         .value();
  EXPECT_EQ(canonical_json(value).value(),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
            "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
            "\"😀\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

// RFC 8785, 3.2.2: the literals and strings of its example.
TEST(CanonicalJson, WritesValuesAsRfc8785) {
  const Json value = parse_json(R"({"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals":[null, true, false], "n":[0, -0, -17, 9007199254740991]})")
                         .value();
  EXPECT_EQ(canonical_json(value).value(),
            R"({"literals":[null,true,false],"n":[0,0,-17,9007199254740991],)"
            R"("string":"€$\u000f\nA'B\"\\\\\"/"})");
}

TEST(CanonicalJson, RefusesWhatOthersCouldReadDifferently) {
  const auto refused = [](const Json& value) { return canonical_json(value).error(); };
  const Error real = refused({{"a/b", Json::array({1, 2.5})}});
  EXPECT_EQ(real.code(), "base.json.not_canonical");
  EXPECT_EQ(real.place().element, "/a~1b/1");
  EXPECT_THAT(real.to_string_zh(), HasSubstr("请把小数写成字符串"));
  EXPECT_EQ(refused(int64_t{1} << 53).code(), "base.json.not_canonical");
  EXPECT_EQ(refused(-(int64_t{1} << 53)).code(), "base.json.not_canonical");
  EXPECT_EQ(refused(std::numeric_limits<uint64_t>::max()).code(), "base.json.not_canonical");
  EXPECT_THAT(refused("a\xff").to_string_en(),
              HasSubstr("byte 2 of the string is not valid UTF-8"));
  EXPECT_EQ(refused({{"k\xc0", 1}}).code(), "base.json.not_canonical");
  EXPECT_EQ(refused(Json::binary({1, 2})).code(), "base.json.not_canonical");
  Json deep = 1;
  for (int i = 0; i < 2000; ++i) deep = Json::array({std::move(deep)});
  EXPECT_EQ(refused(deep).code(), "base.json.depth");
}

std::string random_text(Random& random) {
  constexpr char32_t kPool[] = {'a',    '"',    '\\',   '\n',    0x01,    0x7f,    0xe9,
                                0x4e00, 0xe000, 0xffff, 0x10000, 0x1f600, 0x10ffff};
  std::string out;
  for (size_t i = random.below(6); i > 0; --i) {
    append_utf8(kPool[random.below(std::size(kPool))], &out);
  }
  return out;
}

Json random_value(Random& random, int depth) {
  switch (random.below(depth > 4 ? 4 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return random.chance(0.5);
    case 2:
      return random.between(-9007199254740991, 9007199254740991);
    case 3:
      return random_text(random);
    case 4: {
      Json array = Json::array();
      for (size_t i = random.below(5); i > 0; --i) array.push_back(random_value(random, depth + 1));
      return array;
    }
    default: {
      Json object = Json::object();
      for (size_t i = random.below(5); i > 0; --i) {
        object[random_text(random)] = random_value(random, depth + 1);
      }
      return object;
    }
  }
}

TEST(CanonicalJson, ReadsBackEqualAndWritesTheSameBytes) {
  constexpr uint64_t kSeed = 8785;
  Random random(kSeed);
  for (int i = 0; i < 3000; ++i) {
    const Json value = random_value(random, 0);
    const std::string bytes = canonical_json(value).value();
    const Json again = parse_json(bytes).value();
    ASSERT_EQ(again, value) << "seed " << kSeed << ", value " << i;
    ASSERT_EQ(canonical_json(again).value(), bytes) << "seed " << kSeed << ", value " << i;
    ASSERT_EQ(Json::parse(bytes), value);  // nlohmann's reader agrees
  }
}

// The order by UTF-16 code units, compared with a plain conversion to UTF-16.
TEST(CanonicalJson, OrderAgreesWithUtf16) {
  const auto utf16 = [](const std::string& text) {
    std::u16string out;
    for (size_t at = 0; at < text.size();) {
      const char32_t c = next_code_point(text, &at);
      if (c >= 0x10000) out.push_back(static_cast<char16_t>(0xd800 + ((c - 0x10000) >> 10)));
      out.push_back(static_cast<char16_t>(c >= 0x10000 ? 0xdc00 + (c & 0x3ff) : c));
    }
    return out;
  };
  Random random(16);
  for (int i = 0; i < 5000; ++i) {
    const std::string a = random_text(random);
    const std::string b = random_text(random);
    if (a == b) continue;
    const std::string bytes = canonical_json(Json{{a, 1}, {b, 2}}).value();
    std::string first;
    append_json_string(utf16(a) < utf16(b) ? a : b, &first);
    EXPECT_EQ(bytes.substr(1, first.size()), first);
  }
}

TEST(AppendJsonString, IsAlwaysJson) {
  const auto quoted = [](std::string_view text) {
    std::string out;
    append_json_string(text, &out);
    return out;
  };
  EXPECT_EQ(quoted(""), "\"\"");
  EXPECT_EQ(quoted("安置房/\x7f"), "\"安置房/\x7f\"");
  EXPECT_EQ(quoted("\b\t\n\f\r\"\\\x1f"), "\"\\b\\t\\n\\f\\r\\\"\\\\\\u001f\"");
  EXPECT_EQ(quoted("a\xff\xe4\xb8z"), "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\"");
}

}  // namespace
}  // namespace yipan
