#include "yipan/result.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <nlohmann/json.hpp>

namespace yipan {
namespace {

Error invalid_date() {
  return Error("intake.date.invalid")
      .zh("日期 2023-02-30 不存在")
      .en("the date 2023-02-30 does not exist")
      .file("投资.csv")
      .row(17)
      .column("签约日期")
      .remedy("请按 年-月-日 填写", "write it as year-month-day");
}

TEST(Error, ReadsAsWhatWhereWhyWhatToDo) {
  const Error error = invalid_date().because(Error("intake.form")
                                                 .zh("表单版本过旧")
                                                 .en("the form is outdated")
                                                 .file("表单.xlsx")
                                                 .sheet("表一"));
  EXPECT_EQ(error.to_string_en(),
            "the date 2023-02-30 does not exist (intake.date.invalid)\n"
            "  where: 投资.csv, row 17, column 签约日期\n"
            "  why: the form is outdated (at 表单.xlsx, sheet 表一)\n"
            "  what to do: write it as year-month-day");
  EXPECT_EQ(error.to_string_zh(),
            "日期 2023-02-30 不存在（intake.date.invalid）\n"
            "  位置：投资.csv，第 17 行，“签约日期”列\n"
            "  原因：表单版本过旧（位于 表单.xlsx，工作表“表一”）\n"
            "  处理办法：请按 年-月-日 填写");
}

TEST(Error, NamesEveryPartOfThePlace) {
  const Error error = Error("rules.parse").file("a.dmn").line(3, 9).byte_offset(120).element("_d1");
  EXPECT_EQ(error.place().to_string(), "a.dmn, line 3, character 9, byte 120, element _d1");
  EXPECT_EQ(error.to_string_zh(),
            "rules.parse（rules.parse）\n"
            "  位置：a.dmn，第 3 行，第 9 个字符，字节偏移 120，元素 _d1");
  EXPECT_EQ(Error("x").line(4).place().to_string(), "line 4");
  EXPECT_TRUE(Error("x").place().empty());
}

TEST(Error, TheOperatingSystemsWordIsTheCauseAndItsRemedyIsShown) {
  const Error error =
      Error("ledger.tile.write").zh("无法写入数据块").en("cannot write the tile").os(ENOSPC);
  EXPECT_EQ(error.os_errno(), ENOSPC);
  EXPECT_EQ(error.to_string_en(),
            "cannot write the tile (ledger.tile.write)\n"
            "  why: the disk is full (ENOSPC)\n"
            "  what to do: free space on that disk (or enlarge it), then try again");
  EXPECT_EQ(error.to_string_zh(),
            "无法写入数据块（ledger.tile.write）\n"
            "  原因：磁盘空间已满（ENOSPC）\n"
            "  处理办法：请在该磁盘上腾出空间（或扩容）后重试");
  const Error outer = Error("ledger.append").en("cannot append").because(error);
  EXPECT_EQ(outer.os_errno(), ENOSPC);
  EXPECT_EQ(Error("x").os_errno(), 0);
}

TEST(Error, EveryCommonErrnoHasBothLanguagesAndARemedy) {
  for (int value : {ENOENT, EACCES, EPERM,   ENOSPC,    EDQUOT, EROFS,  EIO,
                    EEXIST, EISDIR, ENOTDIR, ENOTEMPTY, EMFILE, ENFILE, ENAMETOOLONG,
                    EFBIG,  EXDEV,  EBUSY,   EINVAL,    ENOMEM, ELOOP,  99999}) {
    const Error cause = *Error("x").os(value).cause();
    EXPECT_FALSE(cause.message_zh().empty()) << value;
    EXPECT_FALSE(cause.message_en().empty()) << value;
    EXPECT_FALSE(cause.remedy_zh().empty()) << value;
    EXPECT_FALSE(cause.remedy_en().empty()) << value;
  }
}

TEST(Error, ASecondCauseStandsBelowTheFirst) {
  const Error error = Error("a").because(Error("b")).because(Error("c")).os(EIO);
  EXPECT_EQ(error.cause()->code(), "b");
  EXPECT_EQ(error.cause()->cause()->code(), "c");
  EXPECT_EQ(error.cause()->cause()->cause()->code(), "os.EIO");
  EXPECT_EQ(error.cause()->cause()->cause()->cause(), nullptr);
}

TEST(Error, ACopyIsIndependent) {
  const Error first = invalid_date();
  Error second = first;
  second.row(18).zh("另一条");
  EXPECT_EQ(first.place().row, 17u);
  EXPECT_EQ(first.message_zh(), "日期 2023-02-30 不存在");
  EXPECT_EQ(second.place().row, 18u);
  Error itself("loop");
  itself.because(itself);
  EXPECT_EQ(itself.cause()->cause(), nullptr);
}

TEST(Error, OneLanguageStandsInForTheOther) {
  EXPECT_EQ(Error("x").en("only English").to_string_zh(), "only English（x）");
  EXPECT_EQ(Error("x").zh("只有中文").to_string_en(), "只有中文 (x)");
}

TEST(Error, AMessageOfSeveralLinesIsIndented) {
  EXPECT_EQ(Error("x").en("first\nsecond").to_string_en(), "first\n    second (x)");
}

TEST(Error, WhatIsLeftAfterAMoveReadsAsEmpty) {
  Error error = invalid_date();
  const Error taken = std::move(error);
  EXPECT_EQ(error.code(), "");  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(error.row(3).place().row, 3u);
  EXPECT_EQ(taken.code(), "intake.date.invalid");
}

TEST(Error, JsonHoldsEverything) {
  const Error error = invalid_date().sheet("表\"一").line(2, 5).byte_offset(9).element("e").os(EIO);
  const auto json = nlohmann::json::parse(error.to_json());
  EXPECT_EQ(json["code"], "intake.date.invalid");
  EXPECT_EQ(json["zh"], "日期 2023-02-30 不存在");
  EXPECT_EQ(json["en"], "the date 2023-02-30 does not exist");
  EXPECT_EQ(json["remedy_zh"], "请按 年-月-日 填写");
  EXPECT_EQ(json["remedy_en"], "write it as year-month-day");
  const auto place = nlohmann::json::parse(
      R"({"file":"投资.csv","sheet":"表\"一","row":17,"column":"签约日期","line":2,
          "char_column":5,"byte_offset":9,"element":"e"})");
  EXPECT_EQ(json["place"], place);
  EXPECT_EQ(json["cause"]["code"], "os.EIO");
  EXPECT_EQ(nlohmann::json::parse(Error("x").en("bad \xff byte").to_json())["en"],
            "bad \xef\xbf\xbd byte");
}

Result<int> half(int value) {
  if (value % 2 != 0) return fail(Error("odd").row(static_cast<uint64_t>(value)));
  return value / 2;
}
Result<int> quarter(int value) {
  YIPAN_ASSIGN(const int first, half(value));
  YIPAN_ASSIGN(const int second, half(first));
  return second;
}
Result<> twice(int value) {
  YIPAN_TRY(half(value));
  YIPAN_TRY(quarter(value));
  return {};
}

TEST(Result, MacrosPassTheErrorOn) {
  EXPECT_EQ(*quarter(12), 3);
  EXPECT_EQ(quarter(7).error().place().row, 7u);
  EXPECT_EQ(quarter(6).error().place().row, 3u);
  EXPECT_TRUE(twice(8));
  EXPECT_EQ(twice(6).error().code(), "odd");
  EXPECT_EQ(sizeof(Error), sizeof(std::shared_ptr<int>));
}

}  // namespace
}  // namespace yipan
