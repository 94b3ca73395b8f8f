// Random typed FEEL texts and random rows for the property tests of columns, and the comparison of
// a plan's columns with the scalar engine, row by row.
#ifndef YIPAN_RULES_COLUMNS_RANDOM_H_
#define YIPAN_RULES_COLUMNS_RANDOM_H_

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "yipan/clock.h"
#include "yipan/columns.h"
#include "yipan/rules.h"

namespace yipan::rules::columns {

struct TestInput {
  ColumnInput column;
  std::string type;  // FEEL
};

inline const std::vector<TestInput>& test_inputs() {
  using T = yipan::Type;
  static const std::vector<TestInput> all = [] {
    std::vector<TestInput> out;
    const auto add = [&out](const char* name, T type, int scale, const char* feel) {
      TestInput& in = out.emplace_back();
      in.column.name = name;
      in.column.type = type;
      in.column.scale = scale;
      in.type = feel;
    };
    add("a", T::integer, 0, "number");
    add("b", T::integer, 0, "number");
    add("c", T::integer, 2, "number");
    add("r", T::real, 0, "number");
    add("d", T::date, 0, "date");
    add("e", T::date, 0, "date");
    add("s", T::text, 0, "string");
    add("t", T::text, 0, "string");
    add("p", T::boolean, 0, "boolean");
    add("q", T::boolean, 0, "boolean");
    return out;
  }();
  return all;
}

// Texts of an expression of a type: n number, b boolean, s string, d date, u days, m months.
class RandomFeel {
 public:
  explicit RandomFeel(Random* random) : random_(*random) {}

  // One more text of a type, such as the name of a decision.
  void offer(char type, std::string text) { offers_.emplace_back(type, std::move(text)); }

  std::string any() {
    constexpr char kTypes[] = {'n', 'n', 'n', 'b', 'b', 's', 'd', 'u', 'm'};
    return of(kTypes[random_.below(std::size(kTypes))], 4);
  }

  std::string of(char type, int depth) {
    if (random_.below(60) == 0) return "null";
    if (!offers_.empty() && random_.below(3) == 0) {
      const auto& [own, text] = offers_[random_.below(offers_.size())];
      if (own == type) return text;
    }
    if (depth > 0 && random_.below(7) == 0) {
      return fmt::format("(if {} then {} else {})", of('b', depth - 1), of(type, depth - 1),
                         of(type, depth - 1));
    }
    switch (type) {
      case 'n':
        return number(depth);
      case 'b':
        return boolean(depth);
      case 's':
        return string(depth);
      case 'd':
        return date(depth);
      case 'u':
        return days(depth);
      default:
        return months(depth);
    }
  }

  std::string pick(std::initializer_list<const char*> choices) {
    return *(choices.begin() + random_.below(choices.size()));
  }
  std::string number_literal() {
    return pick({"0", "1", "2", "3", "5", "7", "10", "12", "100", "0.5", "1.5", "0.01", "2.25",
                 "-1", "-3.7", "9000000000000000000", "0.000001", "1000000", "0.3333"});
  }
  std::string date_literal() {
    return pick({"date(\"2023-02-28\")", "date(\"2024-02-29\")", "date(\"1969-12-31\")",
                 "date(\"2000-01-01\")", "@\"2023-11-23\""});
  }

 private:
  std::string rounding(int depth) {
    const std::string name = pick({"decimal", "round half up", "round half down", "round up",
                                   "round down", "floor", "ceiling"});
    const std::string operand =
        random_.below(2) == 0 ? of('n', depth - 1)
                              : fmt::format("{} / {}", of('n', depth - 2), of('n', depth - 2));
    return fmt::format("{}({}, {})", name, operand, pick({"0", "1", "2", "3", "6", "-1"}));
  }

  std::string number(int depth) {
    if (depth <= 0) return random_.below(3) == 0 ? number_literal() : pick({"a", "b", "c", "r"});
    const std::string x = of('n', depth - 1), y = of('n', depth - 1);
    switch (random_.below(16)) {
      case 0:
      case 1:
        return fmt::format("({} + {})", x, y);
      case 2:
      case 3:
        return fmt::format("({} - {})", x, y);
      case 4:
      case 5:
        return fmt::format("({} * {})", x, y);
      case 6:
        return fmt::format("({} / {})", x, y);
      case 7:
        return rounding(depth);
      case 8:
        return fmt::format("{}({}, {})", pick({"min", "max", "sum", "mean", "modulo"}), x, y);
      case 9:
        return fmt::format("({}).{}", of('d', depth - 1),
                           pick({"year", "month", "day", "weekday"}));
      case 10:
        return fmt::format("({}).{}", of('u', depth - 1),
                           pick({"days", "hours", "minutes", "seconds"}));
      case 11:
        return fmt::format("({}).{}", of('m', depth - 1), pick({"years", "months"}));
      case 12:
        return fmt::format("({} / duration(\"{}\"))", of('u', depth - 1),
                           pick({"P1D", "PT1H", "P7D", "PT25H"}));
      case 13:
        return fmt::format("({} ** {})", pick({"a", "c", "1.04"}), pick({"2", "3", "0", "-1"}));
      case 14:
        return pick({"string length(s)", "abs(a - b)", "-(c)", "count([a, b])", "day of year(d)",
                     "week of year(e)", "{x: a, y: x + c}.y", "sqrt(abs(a))", "number(s)"});
      default:
        return fmt::format("abs({})", x);
    }
  }

  std::string interval(char type, int depth) {
    const auto bound = [&] { return type == 'n' ? number_literal() : date_literal(); };
    (void)depth;
    return fmt::format("{}{}..{}{}", pick({"[", "("}), bound(), bound(), pick({"]", ")"}));
  }

  std::string boolean(int depth) {
    if (depth <= 0) return pick({"p", "q", "true", "false", "a > 10", "b <= 5", "s = \"x\""});
    const char type = "nnnsdum"[random_.below(7)];
    const std::string x = of(type, depth - 1), y = of(type, depth - 1);
    const std::string op = pick({"=", "!=", "<", "<=", ">", ">="});
    switch (random_.below(14)) {
      case 0:
      case 1:
      case 2:
        return fmt::format("({} {} {})", x, op, y);
      case 3:
      case 4:
        return fmt::format("({} and {})", of('b', depth - 1), of('b', depth - 1));
      case 5:
      case 6:
        return fmt::format("({} or {})", of('b', depth - 1), of('b', depth - 1));
      case 7:
        return fmt::format("not({})", of('b', depth - 1));
      case 8:
        return fmt::format("({} between {} and {})", x, y, of(type, depth - 1));
      case 9:
        return fmt::format("({} in {})", of('n', depth - 1), interval('n', depth));
      case 10:
        return fmt::format("({} in ({}, {}, {}))", of('n', depth - 1), number_literal(),
                           interval('n', depth), pick({"< 5", "> 3", "[1, 2, 3]", "null", "a"}));
      case 11:
        return fmt::format("({} in {})", of('d', depth - 1), interval('d', depth));
      case 12:
        return fmt::format("({} {} {})", x, pick({"=", "!="}), of('n', depth - 1));
      default:
        return pick({"s in (\"x\", \"yy\")", "starts with(s, \"x\")", "contains(t, \"市\")",
                     "list contains([\"x\", null], s)", "s in [\"a\"..\"y\"]",
                     "a instance of number", "s = t", "s < t", "p = q", "(a = null)",
                     "matches(s, \"x.*\")", "even(a)", "odd(b)", "list contains([1, 2.5], c)",
                     "d instance of string"});
    }
  }

  std::string string(int depth) {
    if (depth <= 0) return pick({"s", "t", "\"x\"", "\"yy\"", "\"\""});
    const std::string x = of('s', depth - 1), y = of('s', depth - 1);
    switch (random_.below(6)) {
      case 0:
        return fmt::format("({} + {})", x, y);
      case 1:
        return fmt::format("upper case({})", x);
      case 2:
        return pick({"day of week(d)", "month of year(e)", "substring(s, 1, 1)",
                     "substring before(t, \"市\")", "string(s)", "string(a)"});
      case 3:
        return fmt::format("min({}, {})", x, y);
      default:
        return string(0);
    }
  }

  std::string date(int depth) {
    if (depth <= 0) return random_.below(4) == 0 ? date_literal() : pick({"d", "e"});
    const std::string x = of('d', depth - 1);
    switch (random_.below(6)) {
      case 0:
        return fmt::format("({} + {})", x, of('u', depth - 1));
      case 1:
        return fmt::format("({} - {})", x, of('m', depth - 1));
      case 2:
        return fmt::format("({} + {})", of('m', depth - 1), x);
      case 3:
        return pick({"date(a, 2, 29)", "date(2023, a, b)", "max(d, e)", "date(s)"});
      default:
        return date(0);
    }
  }

  std::string days(int depth) {
    if (depth <= 0) {
      return fmt::format("duration(\"{}\")",
                         pick({"P1D", "-P3D", "PT36H", "PT1S", "P0D", "P400D", "-P1DT3H7M9S"}));
    }
    switch (random_.below(5)) {
      case 0:
        return fmt::format("({} + {})", of('u', depth - 1), of('u', depth - 1));
      case 1:
        return fmt::format("({} - {})", of('d', depth - 1), of('d', depth - 1));
      case 2:
        return fmt::format("({} * {})", of('u', depth - 1), pick({"a", "2", "86400", "1.5"}));
      case 3:
        return fmt::format("abs({})", of('u', depth - 1));
      default:
        return days(0);
    }
  }

  std::string months(int depth) {
    if (depth <= 0) return fmt::format("duration(\"{}\")", pick({"P1M", "-P13M", "P1Y", "P0M"}));
    switch (random_.below(4)) {
      case 0:
        return fmt::format("years and months duration({}, {})", of('d', depth - 1),
                           of('d', depth - 1));
      case 1:
        return fmt::format("({} + {})", of('m', depth - 1), of('m', depth - 1));
      case 2:
        return fmt::format("({} * {})", of('m', depth - 1), pick({"a", "2", "1.5", "c"}));
      default:
        return months(0);
    }
  }

  Random& random_;
  std::vector<std::pair<char, std::string>> offers_;
};

inline int64_t random_int(Random* random, bool extreme) {
  const int64_t small = random->between(-20, 120);
  if (!extreme) return random->below(8) == 0 ? random->between(-1'000'000, 1'000'000) : small;
  constexpr int64_t kEdges[] = {
      INT64_MAX,     INT64_MIN,      INT64_MAX - 1,           INT64_MIN + 1,
      3'037'000'500, -3'037'000'500, 922'337'203'685'477'580, 4'611'686'018'427'387'904};
  if (random->below(3) == 0) return kEdges[random->below(std::size(kEdges))];
  if (random->below(3) == 0) return static_cast<int64_t>(random->next());
  return small;
}

// Rows of test_inputs(), in which about one value of eight is missing (none if `whole`).
inline Batch random_rows(Random* random, size_t rows, bool extreme, bool whole) {
  std::vector<yipan::Type> types;
  for (const TestInput& in : test_inputs()) types.push_back(in.column.type);
  Batch out(types);
  constexpr std::string_view kTexts[] = {"x",   "yy",   "",           "杭州市",    "X",
                                         "zzz", "12.5", "2023-02-29", "2024-02-29"};
  for (size_t row = 0; row < rows; ++row) {
    for (Column& column : out.columns) {
      if (!whole && random->below(8) == 0) {
        column.append_null();
        continue;
      }
      switch (column.type()) {
        case yipan::Type::boolean:
          column.append_int(static_cast<int64_t>(random->below(2)));
          break;
        case yipan::Type::real:
          column.append_real(static_cast<double>(random_int(random, extreme)) / 8.0);
          break;
        case yipan::Type::text:
          column.append_bytes(kTexts[random->below(std::size(kTexts))]);
          break;
        case yipan::Type::date:
          column.append_int(extreme && random->below(3) == 0
                                ? random->between(-365'000'000'000, 365'000'000'000)
                                : random->between(-1000, 30'000));
          break;
        default:
          column.append_int(random_int(random, extreme));
      }
    }
  }
  return out;
}

inline Value cell_of(const Column& column, const ColumnInput& input, size_t row) {
  if (column.is_null(row)) return Value();
  switch (input.type) {
    case yipan::Type::boolean:
      return Value::boolean(column.int_at(row) != 0);
    case yipan::Type::integer:
      return Value::number(Decimal::from_scaled(column.int_at(row), input.scale));
    case yipan::Type::real:
      return Value::number(Decimal::from_double(column.real_at(row)));
    case yipan::Type::text:
      return Value::string(column.bytes_at(row));
    default:
      return Value::date(Date::from_days(column.int_at(row)));
  }
}

// What a column of texts holds for a value.
inline std::string text_of(const Value& v) {
  return v.is(Kind::list) || v.is(Kind::context) ? v.to_json() : v.to_string();
}

inline bool holds(const Value& v, const ColumnOutput& spec, const Column& column, size_t row) {
  if (v.is_null() || column.is_null(row)) return v.is_null() && column.is_null(row);
  if (spec.type == yipan::Type::text) return column.bytes_at(row) == text_of(v);
  switch (v.kind()) {
    case Kind::number:
      return v.as_number() == Decimal::from_scaled(column.int_at(row), spec.scale);
    case Kind::boolean:
      return column.int_at(row) == (v.as_boolean() ? 1 : 0);
    case Kind::date:
      return column.int_at(row) == v.as_date().days();
    case Kind::days_duration:
      return v.as_duration().nanos == 0 && column.int_at(row) == v.as_duration().seconds;
    case Kind::months_duration:
      return column.int_at(row) == v.as_months();
    default:
      return false;
  }
}

}  // namespace yipan::rules::columns

#endif  // YIPAN_RULES_COLUMNS_RANDOM_H_
