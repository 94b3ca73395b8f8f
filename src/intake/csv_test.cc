// Reading CSV: RFC 4180 and what people's files make of it.
#include "intake/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "yipan/clock.h"

namespace yipan::intake {
namespace {

using ::testing::HasSubstr;

struct Read {
  std::string text;  // cells in [], rows by newlines, problems by "!" and the error's code
  SourceFacts facts;
  std::vector<std::string> columns;
  std::optional<Error> error;
};

Read read(std::string_view content, CsvOptions options = {}, Limits limits = {}) {
  Read out;
  auto source = open_csv(memory_input("数据.csv", content), options, limits);
  if (!source) {
    out.error = source.error();
    return out;
  }
  out.facts = (*source)->facts();
  for (const SourceColumn& c : (*source)->columns()) out.columns.push_back(c.name);
  RawRecord record;
  for (;;) {
    auto step = (*source)->next(&record);
    if (!step) {
      out.error = step.error();
      return out;
    }
    if (*step == Step::end) return out;
    out.text += std::to_string(record.row) + ":";
    if (*step == Step::problem) {
      out.text += "!" + (*source)->problem().code();
    } else {
      for (const RawCell& cell : record.cells) out.text += "[" + std::string(cell.text) + "]";
    }
    out.text += "\n";
  }
}

std::string gbk(std::string_view utf8) { return from_utf8(utf8, Encoding::gb18030).value(); }

TEST(CsvTest, QuotesLineEndsAndBlankLines) {
  Read r = read("a,b\r\n1,\"x, \"\"y\"\"\"\r\n\r\n2,\"two\nlines\"\r3,z\n,\n4,\"\"");
  EXPECT_EQ(r.text, "2:[1][x, \"y\"]\n4:[2][two\nlines]\n5:[3][z]\n7:[4][]\n");
  EXPECT_EQ(r.facts.encoding, "UTF-8");
  EXPECT_EQ(r.facts.header_row, 1U);
}

TEST(CsvTest, RaggedRowsAreProblemsAndTrailingEmptyCellsAreNot) {
  Read r = read("a,b\n1,2,3\n4\n5,6,,\n7,\"8\"x\n");
  EXPECT_EQ(
      r.text,
      "2:!intake.csv.ragged\n3:!intake.csv.ragged\n4:[5][6]\n5:!intake.csv.text_after_quote\n");
  CsvOptions pad;
  pad.pad_ragged = true;
  EXPECT_THAT(read("a,b\n1\n", pad).text, HasSubstr("2:[1][]"));
}

TEST(CsvTest, DelimitersAreDetected) {
  EXPECT_EQ(read("a;b;c\n1,5;2;3\n").facts.delimiter, ";");
  EXPECT_EQ(read("a\tb\n1\t2\n").facts.delimiter, "\t");
  EXPECT_EQ(read("名称|金额\n甲|2\n").facts.delimiter, "|");
  Read wide = read("名称，金额\n甲，2\n乙，3\n");
  EXPECT_EQ(wide.facts.delimiter, "，");
  EXPECT_EQ(wide.text, "2:[甲][2]\n3:[乙][3]\n");
}

TEST(CsvTest, TitleRowsAboveAndUnitRowsBelowTheHeader) {
  Read r = read("2022年投资计划,,\n单位：万元,,\n项目,总投资,面积\n,万元,亩\n甲,12,3\n");
  EXPECT_EQ(r.facts.header_row, 3U);
  EXPECT_EQ(r.columns, (std::vector<std::string>{"项目", "总投资（万元）", "面积（亩）"}));
  EXPECT_EQ(r.facts.default_unit, "wan_yuan");
  EXPECT_EQ(r.text, "5:[甲][12][3]\n");
}

TEST(CsvTest, EncodingsAreDetectedOverTheWholeFile) {
  std::string head = "名称,金额\n" + std::string(100000, 'x') + ",1\n";
  Read r = read(gbk("名称,金额\n河道整治,1\n"));
  EXPECT_EQ(r.facts.encoding, "GB18030");
  EXPECT_EQ(r.text, "2:[河道整治][1]\n");
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a,b\n1,2\n")
                .columns[0],
            "a");
  std::string utf16 = "\xFF\xFE";
  for (char c : std::string("a,b\n1,2\n")) utf16 += {c, '\0'};
  EXPECT_EQ(read(utf16).text, "2:[1][2]\n");
}

TEST(CsvTest, ABrokenByteIsNamedWithRowAndColumn) {
  std::string file = gbk("编号,名称\n1,水务局\n2,教育局\n3,卫健委\n");
  file[file.find(gbk("教育局")) + 1] = '\x20';
  Read r = read(file);
  ASSERT_TRUE(r.error.has_value());
  EXPECT_EQ(r.error->code(), "intake.encoding.byte");
  EXPECT_EQ(r.error->place().row, 3U);
  EXPECT_EQ(r.error->place().column, "名称");
  EXPECT_THAT(r.error->message_zh(), HasSubstr("第 3 行“名称”列有不能识别的字节"));
  EXPECT_THAT(r.error->remedy_en(), HasSubstr("save the file as UTF-8"));
  Read u = read("编号,名称\n1,水务局\n2,教育\xFF局\n");
  ASSERT_TRUE(u.error.has_value());
  EXPECT_EQ(u.error->place().row, 3U);
  EXPECT_THAT(u.error->message_en(), HasSubstr("byte 0xFF is not UTF-8"));
}

// Makes 1 GiB of one cell without holding it.
class EndlessCell : public File {
 public:
  Result<size_t> read_at(uint64_t offset, char* buffer, size_t size) override {
    constexpr std::string_view kHead = "a,b\n1,\"";
    read_ += size;
    for (size_t i = 0; i < size; ++i) {
      buffer[i] = offset + i < kHead.size() ? kHead[offset + i] : 'x';
    }
    return offset > (uint64_t{1} << 30) ? 0 : size;
  }
  Result<> write_at(uint64_t, std::string_view) override { return {}; }
  Result<> sync_data() override { return {}; }
  Result<> truncate(uint64_t) override { return {}; }
  Result<uint64_t> size() override { return uint64_t{1} << 30; }
  inline static uint64_t read_ = 0;
};

TEST(CsvTest, ACellOfAGibibyteIsRefusedEarly) {
  Input input{"大.csv",
              []() -> Result<std::unique_ptr<File>> { return std::make_unique<EndlessCell>(); }};
  CsvOptions options;
  options.encoding = Encoding::utf8;
  options.delimiter = ",";
  auto source = open_csv(input, options, Limits());
  ASSERT_TRUE(source.has_value()) << source.error().to_string_en();
  RawRecord record;
  auto step = (*source)->next(&record);
  ASSERT_FALSE(step.has_value());
  EXPECT_EQ(step.error().code(), "intake.limit.cell");
  EXPECT_EQ(step.error().place().row, 2U);
  EXPECT_EQ(step.error().place().column, "b");
  EXPECT_THAT(step.error().message_en(), HasSubstr("larger than 1 MiB"));
  EXPECT_THAT(step.error().remedy_zh(), HasSubstr("有一个引号没有结束"));
  EXPECT_LT(EndlessCell::read_, uint64_t{16} << 20);
}

TEST(CsvTest, AnOpenQuoteSaysWhereItBegan) {
  Read r = read("a,b\n1,\"x\n2,y\n");
  ASSERT_TRUE(r.error.has_value());
  EXPECT_EQ(r.error->code(), "intake.csv.quote_open");
  EXPECT_EQ(r.error->place().row, 2U);
}

// Any cells that are written as RFC 4180 says come back, however the reading is cut into blocks.
TEST(CsvTest, WhatIsQuotedComesBack) {
  const uint64_t seed = 20221123;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  Random random(seed);
  std::string file = "k,a,b,c\n";
  std::string expected;
  for (uint64_t row = 0; row < 20000; ++row) {
    file += std::to_string(row);
    expected += std::to_string(row + 2) + ":[" + std::to_string(row) + "]";
    for (int c = 0; c < 3; ++c) {
      std::string cell;
      for (uint64_t i = random.below(12); i > 0; --i) {
        cell += std::string_view("ab,\"\n x市")[random.below(7)];
        if (cell.back() == static_cast<char>(0xE5)) cell.pop_back();
      }
      file += ",\"";
      for (char ch : cell) file += ch == '"' ? std::string("\"\"") : std::string(1, ch);
      file += '"';
      expected += "[" + cell + "]";
    }
    file += random.chance(0.5) ? "\r\n" : "\n";
    expected += "\n";
  }
  EXPECT_EQ(read(file).text, expected);
}

}  // namespace
}  // namespace yipan::intake
