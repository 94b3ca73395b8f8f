// Columns: bindings, members of inputs, what comes out, reports and errors.
#include <gtest/gtest.h>

#include <limits>

#include "rules/cases_columns.h"
#include "rules/test_tables.h"

namespace yipan::rules {
namespace {

using T = yipan::Type;

std::string parcel_model(std::string_view feel, std::string_view type = "") {
  const TestColumn parcel{"parcel", "tParcel"}, rate{"rate", "number"};
  return definitions("<itemDefinition name=\"tKind\"><typeRef>string</typeRef>" +
                     values_xml("allowedValues", "\"house\", \"shop\"") +
                     "</itemDefinition><itemDefinition name=\"tParcel\">"
                     "<itemComponent name=\"area\"><typeRef>number</typeRef></itemComponent>"
                     "<itemComponent name=\"kind\"><typeRef>tKind</typeRef></itemComponent>"
                     "<itemComponent name=\"paid\" isCollection=\"true\"><typeRef>number</typeRef>"
                     "</itemComponent></itemDefinition>" +
                     input_xml(parcel) + input_xml(rate) +
                     decision_xml("d", {parcel, rate}, literal_xml(feel), type));
}

struct Ready {
  Compilation built;
  ElementId decision = 0;
  explicit Ready(const std::string& xml) : built(compile_model({{"m.dmn", xml}})) {
    for (const Diagnostic& d : built.diagnostics) ADD_FAILURE() << d.error.to_string_en();
    decision = *built.model->find_decision("d");
  }
  Result<ColumnPlan> plan(const std::vector<ColumnInput>& inputs,
                          std::optional<T> type = std::nullopt, int scale = 0) const {
    return compile_columns(built.model, {{decision, type, scale}}, inputs);
  }
};

TEST(Columns, MembersOfAnInputHaveColumns) {
  const Ready m(parcel_model("if parcel.kind = \"shop\" then parcel.area * rate else -1"));
  const auto plan = m.plan(
      {{"rate", T::integer, 1}, {"parcel.area", T::integer, 2}, {"parcel.kind", T::text, 0}});
  ASSERT_TRUE(plan) << plan.error().to_string_en();
  EXPECT_TRUE(plan->report()[0].vectorised) << plan->report()[0].reason_en;
  Batch rows({T::integer, T::integer, T::text}), out;
  for (const char* kind : {"shop", "house", "farm"}) {
    rows.columns[0].append_int(15);
    rows.columns[1].append_int(12345);
    rows.columns[2].append_bytes(kind);
  }
  ASSERT_TRUE(plan->evaluate(rows, &out));
  EXPECT_EQ(plan->outputs()[0].scale, 3);
  EXPECT_EQ(out.columns[0].int_at(0), 185175);  // 123.45 x 1.5
  EXPECT_EQ(out.columns[0].int_at(1), -1000);
  EXPECT_EQ(out.columns[0].int_at(2), -1000) << "a kind that is not allowed: no parcel at all";
}

TEST(Columns, EveryFaultOfTheBindings) {
  const Ready m(parcel_model("rate"));
  const auto plan = m.plan({{"rate", T::text, 0},
                            {"raet", T::integer, 0},
                            {"parcel", T::integer, 0},
                            {"parcel.area", T::integer, 30},
                            {"parcel.area", T::integer, 0}});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code(), "rules.columns.binding");
  const std::string en = plan.error().message_en();
  for (const char* part :
       {"the input 'rate' is of type number, the column is text", "no input named 'raet'",
        "the input 'parcel' is of type", "the scale 30 of the input 'parcel.area' is wrong",
        "two columns are bound to the input 'parcel.area'"}) {
    EXPECT_NE(en.find(part), std::string::npos) << part << "\n" << en;
  }
  EXPECT_NE(plan.error().message_zh().find("没有名为“raet”的输入"), std::string::npos);
  EXPECT_FALSE(m.built.model == nullptr);
  EXPECT_EQ(compile_columns(m.built.model, {}, {}).error().code(), "rules.columns.decision");
}

TEST(Columns, AValueThatDoesNotFitNamesItsRow) {
  const Ready m(parcel_model("rate * rate"));
  Batch rows({T::integer}), out;
  rows.columns[0].append_int(3);
  rows.columns[0].append_int(std::numeric_limits<int64_t>::max());
  const auto plan = m.plan({{"rate", T::integer, 0}});
  const auto done = plan->evaluate(rows, &out);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), "rules.columns.value");
  EXPECT_EQ(done.error().place().row, 2U);
  EXPECT_NE(done.error().message_en().find("85070591730234615847396907784232500000"),
            std::string::npos)
      << done.error().message_en();
  EXPECT_NE(done.error().remedy_zh().find("text"), std::string::npos);
  const auto text = m.plan({{"rate", T::integer, 0}}, T::text);
  const auto fine = text->evaluate(rows, &out);
  ASSERT_TRUE(fine);
  EXPECT_EQ(fine->rows_left + fine->blocks_decimal, 1U);
  EXPECT_EQ(out.columns[0].bytes_at(0), "9");
}

TEST(Columns, RefusesBatchesThatAreNotAsPlanned) {
  const Ready m(parcel_model("string length(parcel.kind) + rate"));
  const auto plan = m.plan({{"parcel.kind", T::text, 0}, {"rate", T::real, 0}});
  ASSERT_TRUE(plan) << plan.error().to_string_en();
  Batch out, one({T::text}), types({T::text, T::integer}), texts({T::text, T::real});
  EXPECT_EQ(plan->evaluate(one, &out).error().code(), "rules.columns.input");
  const auto wrong = plan->evaluate(types, &out);
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message_en().find("the column is integer, not real"), std::string::npos);
  texts.columns[0].append_bytes("shop");
  texts.columns[0].append_bytes("\xE5\xBA");
  texts.columns[1].append_real(1);
  texts.columns[1].append_real(1);
  const auto bytes = plan->evaluate(texts, &out);
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error().place().row, 2U);
  EXPECT_NE(bytes.error().message_zh().find("UTF-8"), std::string::npos);
}

TEST(Columns, WhatIsNoNumberIsMissing) {
  const Ready m(parcel_model("if rate = null then \"none\" else \"some\""));
  const auto plan = m.plan({{"rate", T::real, 0}});
  Batch rows({T::real}), out;
  rows.columns[0].append_real(std::numeric_limits<double>::quiet_NaN());
  rows.columns[0].append_real(-std::numeric_limits<double>::infinity());
  rows.columns[0].append_real(0.1);
  ASSERT_TRUE(plan->evaluate(rows, &out));
  EXPECT_EQ(out.columns[0].bytes(), "nonenonesome");
}

TEST(Columns, TheReportSaysWhatIsInTheWay) {
  const Ready m(parcel_model("sum(parcel.paid[item > 1]) + rate", "number"));
  const auto report = column_report(m.built.model);
  ASSERT_EQ(report.size(), 1U);
  EXPECT_FALSE(report[0].vectorised);
  EXPECT_EQ(report[0].expression, "parcel.paid[item > 1]");
  EXPECT_EQ(report[0].place.element, "d");
  const std::string en = to_text_en(report), zh = to_text_zh(report);
  EXPECT_TRUE(en.starts_with("d: lists are evaluated row by row: parcel.paid[item > 1]")) << en;
  EXPECT_NE(en.find("m.dmn, line"), std::string::npos) << en;
  EXPECT_TRUE(zh.starts_with("d：列表只能逐行求值：parcel.paid[item > 1]")) << zh;
  EXPECT_NE(zh.find("m.dmn，第"), std::string::npos) << zh;
  const Ready fine(parcel_model("parcel.area + rate"));
  EXPECT_EQ(to_text_en(column_report(fine.built.model)), "");
}

// A sink gets the rows in order on any number of threads, and its error ends the run.
TEST(Columns, ASinkGetsRowsInOrder) {
  const Ready m(parcel_model("rate * 2"));
  const auto plan = m.plan({{"rate", T::integer, 0}});
  Batch rows({T::integer});
  for (int64_t i = 0; i < 200'000; ++i) rows.columns[0].append_int(i);
  for (const unsigned threads : {1U, 2U, 4U}) {
    size_t next = 0;
    int64_t sum = 0;
    const auto sink = [&](const Batch& block, size_t first) -> Result<void> {
      if (first != next) return fail(Error("test.order"));
      next += block.rows();
      for (const int64_t v : block.columns[0].ints()) sum += v;
      return {};
    };
    const auto done = plan->evaluate(rows, sink, threads);
    ASSERT_TRUE(done) << done.error().to_string_en();
    EXPECT_EQ(done->rows, rows.rows());
    EXPECT_EQ(sum, int64_t{200'000} * 199'999);
    const auto refused = plan->evaluate(
        rows,
        [](const Batch&, size_t first) -> Result<void> {
          if (first > 0) return fail(Error("test.stop"));
          return {};
        },
        threads);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "test.stop");
  }
}

TEST(Columns, LongFilesGoThroughThem) {
  const Ready m(parcel_model("parcel.area * rate", "number"));
  RowInputs inputs;
  inputs.add_column(*m.built.model, 0, *find_given(*m.built.model, "parcel.area"));
  inputs.add_column(*m.built.model, 1, *find_given(*m.built.model, "rate"));
  std::vector<CsvRow> rows = {{1, {"parcel.area", "rate"}, {false, false}}};
  for (uint64_t i = 0; i < 300; ++i) rows.push_back({i + 2, {"1.5", "2"}, {false, false}});
  const std::vector<ValuePath> outputs = {*find_output(*m.built.model, "d")};
  const auto columns = column_rows(m.built.model, inputs, outputs, rows, "r.csv", {});
  ASSERT_TRUE(columns);
  ASSERT_NE(*columns, nullptr);
  size_t count = 0;
  (*columns)->each([&](size_t row, const ColumnRows::Row& values) {
    EXPECT_EQ(row, count++);
    EXPECT_FALSE(values.doubtful());
    EXPECT_EQ(values.value(0).to_string(), "3");
  });
  EXPECT_EQ(count, 300U);
  rows.back().fields[0] = "1e40";  // no column of integers holds it: one row after the other
  EXPECT_EQ(*column_rows(m.built.model, inputs, outputs, rows, "r.csv", {}), nullptr);
  rows.back().fields[0] = "many";
  const auto wrong = column_rows(m.built.model, inputs, outputs, rows, "r.csv", {});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().place().row, 301U);
}

}  // namespace
}  // namespace yipan::rules
