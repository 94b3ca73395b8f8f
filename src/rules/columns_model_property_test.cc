// Whole models by columns: random decisions that use each other, knowledge models, contexts, tables
// with several outputs, types with allowed values. Every decision equals the scalar engine's.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "rules/columns_random.h"
#include "rules/test_seed.h"
#include "rules/test_tables.h"

namespace yipan::rules::columns {
namespace {

std::string boxed(std::string_view tag, std::string_view feel) {
  return fmt::format("<{0}>{1}</{0}>", tag, literal_xml(feel));
}

// Decisions k0, k1, ... each of which may use those before it.
class RandomModel {
 public:
  explicit RandomModel(Random* random) : random_(*random), feel_(random) {}

  std::string xml() {
    std::string body = types() + knowledge();
    constexpr const char* kTyped[] = {"number", "tPositive", "string", "tWord"};
    for (const TestInput& in : test_inputs()) {
      std::string type = in.type;
      if (in.column.name == "b" && random_.below(2) == 0) type = kTyped[1];
      if (in.column.name == "t" && random_.below(2) == 0) type = kTyped[3];
      body += input_xml({in.column.name, type});
    }
    const size_t count = 1 + random_.below(7);
    for (size_t i = 0; i < count; ++i) body += decision(fmt::format("k{}", i));
    return definitions(body);
  }

 private:
  static std::string types() {
    const auto item = [](const char* name, const char* base, const std::string& values) {
      return fmt::format("<itemDefinition name=\"{}\"><typeRef>{}</typeRef>{}</itemDefinition>\n",
                         name, base, values_xml("allowedValues", values));
    };
    return item("tPositive", "number", "> 0") + item("tWord", "string", "\"x\", \"yy\", \"zzz\"") +
           "<itemDefinition name=\"tPair\">"
           "<itemComponent name=\"x\"><typeRef>number</typeRef></itemComponent>"
           "<itemComponent name=\"y\"><typeRef>string</typeRef></itemComponent></itemDefinition>\n";
  }

  std::string knowledge_model(std::string_view name, std::string_view type, std::string_view x,
                              std::string_view logic) {
    return fmt::format(
        "<businessKnowledgeModel id=\"{0}\" name=\"{0}\"><variable name=\"{0}\"{1}/>"
        "<encapsulatedLogic><formalParameter name=\"x\"{2}/><formalParameter name=\"y\"/>"
        "{3}</encapsulatedLogic></businessKnowledgeModel>\n",
        name, reference(type), reference(x), logic);
  }

  std::string knowledge() {
    const std::string table =
        table_xml("F", {{"x", "number"}}, {{"o", "string"}},
                  {"> 50 | \"x\"", "[0..50] | \"yy\"", "null | \"none\"", "< y | string(\"b\")"});
    const std::string rate = pick({"x * 1.5 + y", "if x > y then x else y - 1", "x / (y - 3)",
                                   "{u: x + 1, v: u * y}.v", "x", "date(x, 1, y)"});
    return knowledge_model("f", pick({"number", "", "tPositive"}),
                           pick({"number", "", "tPositive"}), literal_xml(rate)) +
           knowledge_model("g", pick({"string", ""}), "number", table) +
           knowledge_model("h", "", pick({"date", ""}), literal_xml(pick({"x + y", "[x, y]"})));
  }

  static std::string reference(std::string_view type) {
    return type.empty() ? "" : fmt::format(" typeRef=\"{}\"", type);
  }

  std::string requirements() const {
    std::string out;
    for (const TestInput& in : test_inputs()) {
      out += fmt::format(
          "<informationRequirement><requiredInput href=\"#i_{}\"/>"
          "</informationRequirement>",
          in.column.name);
    }
    for (const std::string& d : made_) {
      out += fmt::format(
          "<informationRequirement><requiredDecision href=\"#{}\"/>"
          "</informationRequirement>",
          d);
    }
    for (const char* k : {"f", "g", "h"}) {
      out += fmt::format(
          "<knowledgeRequirement><requiredKnowledge href=\"#{}\"/>"
          "</knowledgeRequirement>",
          k);
    }
    return out;
  }

  std::string decision(const std::string& name) {
    std::string type;
    std::vector<std::pair<char, std::string>> offers;
    const std::string body = logic(name, &type, &offers);
    std::string out = fmt::format(
        "<decision id=\"{0}\" name=\"{0}\"><variable name=\"{0}\"{1}/>{2}{3}"
        "</decision>\n",
        name, reference(type), requirements(), body);
    for (auto& [kind, text] : offers) feel_.offer(kind, std::move(text));
    made_.push_back(name);
    return out;
  }

  using Offers = std::vector<std::pair<char, std::string>>;

  std::string logic(const std::string& name, std::string* type, Offers* offers) {
    switch (random_.below(8)) {
      case 0:
        return context(name, type, offers);
      case 1:
        return table(name, offers);
      case 2: {
        offers->emplace_back('n', name);
        if (random_.below(2) == 0) *type = "number";
        return literal_xml(call());
      }
      case 3: {
        offers->emplace_back('n', name);
        return fmt::format("<conditional>{}{}{}</conditional>", boxed("if", feel_.of('b', 2)),
                           boxed("then", feel_.of('n', 2)), boxed("else", feel_.of('n', 2)));
      }
      case 4: {
        offers->emplace_back('n', name + "[1]");
        return literal_xml(fmt::format("[{}, {}]", feel_.of('n', 1), feel_.of('n', 1)));
      }
      case 5: {  // a choice between contexts
        offers->emplace_back('n', name + ".x");
        offers->emplace_back('s', name + ".y");
        return literal_xml(fmt::format("if {} then {} else {}", feel_.of('b', 2), pair(),
                                       random_.below(4) == 0 ? "null" : pair()));
      }
      default:
        return literal(name, type, offers);
    }
  }

  std::string pair() { return fmt::format("{{x: {}, y: {}}}", feel_.of('n', 2), feel_.of('s', 1)); }

  std::string literal(const std::string& name, std::string* type, Offers* offers) {
    constexpr std::pair<char, const char*> kTypes[] = {{'n', "number"},
                                                       {'b', "boolean"},
                                                       {'s', "string"},
                                                       {'d', "date"},
                                                       {'n', "tPositive"},
                                                       {'s', "tWord"},
                                                       {'u', "days and time duration"},
                                                       {'m', "years and months duration"}};
    const auto& [kind, declared] = kTypes[random_.below(std::size(kTypes))];
    if (random_.below(3) != 0) *type = declared;
    if (random_.below(20) == 0) *type = "date";
    offers->emplace_back(kind, name);
    return literal_xml(feel_.of(kind, 3));
  }

  std::string context(const std::string& name, std::string* type, Offers* offers) {
    const auto entry = [](std::string_view key, const std::string& feel) {
      return fmt::format("<contextEntry><variable name=\"{}\"/>{}</contextEntry>", key,
                         literal_xml(feel));
    };
    std::string out = entry("x", feel_.of('n', 2));
    out += entry("y", random_.below(2) == 0 ? "if x > 5 then s else t" : feel_.of('s', 2));
    const bool result = random_.below(2) == 0;
    if (result) {
      offers->emplace_back('n', name);
      out += "<contextEntry>" + literal_xml("x + " + feel_.of('n', 1)) + "</contextEntry>";
    } else {
      if (random_.below(2) == 0) *type = "tPair";
      offers->emplace_back('n', name + ".x");
      offers->emplace_back('s', name + ".y");
    }
    return "<context>" + out + "</context>";
  }

  std::string table(const std::string& name, Offers* offers) {
    offers->emplace_back('n', name + ".p");
    offers->emplace_back('s', name + ".q");
    std::string out = fmt::format("<decisionTable hitPolicy=\"{}\">",
                                  pick({"UNIQUE", "FIRST", "FIRST", "ANY", "PRIORITY"}));
    for (const char kind : {'n', 's'}) {
      out += fmt::format("<input><inputExpression><text>{}</text></inputExpression></input>",
                         xml_text(feel_.of(kind, 2)));
    }
    const bool otherwise = random_.below(2) == 0;
    const auto output = [&](const char* column, const char* type, const char* values,
                            const char* fallback) {
      return fmt::format("<output name=\"{}\" typeRef=\"{}\">{}{}</output>", column, type,
                         random_.below(3) == 0 ? values_xml("outputValues", values) : "",
                         otherwise ? values_xml("defaultOutputEntry", fallback) : "");
    };
    out += output("p", "number", "> 0", "7.5") + output("q", "string", "\"x\", \"yy\"", "\"x\"");
    const size_t rules = 1 + random_.below(6);
    for (size_t r = 0; r < rules; ++r) {
      out += fmt::format(
          "<rule><inputEntry><text>{}</text></inputEntry><inputEntry><text>{}</text></inputEntry>"
          "<outputEntry><text>{}</text></outputEntry><outputEntry><text>{}</text></outputEntry>"
          "</rule>",
          xml_text(pick({"> 10", "< 5", "[5..10]", "-", "null", "not(3)", "1, 2"})),
          xml_text(pick({"\"x\"", "-", "not(\"yy\")", "null", "-"})),
          xml_text(pick({"1", "2.25", "-4", "a", "c + 1", "null"})),
          xml_text(pick({"\"x\"", "\"yy\"", "\"other\"", "s", "null"})));
    }
    return out + "</decisionTable>";
  }

  std::string call() {
    switch (random_.below(4)) {
      case 0:
        return fmt::format("f({}, {})", feel_.of('n', 2), feel_.of('n', 2));
      case 1:
        return fmt::format("f(y: {}, x: {}) + 1", feel_.of('n', 1), feel_.of('n', 1));
      case 2:
        return fmt::format("string length(g({}, {}))", feel_.of('n', 2), feel_.of('n', 1));
      default:
        return fmt::format("h({}, {})", feel_.of('d', 1), feel_.of('u', 1));
    }
  }

  std::string pick(std::initializer_list<const char*> choices) { return feel_.pick(choices); }

  Random& random_;
  RandomFeel feel_;
  std::vector<std::string> made_;
};

// Without the requirements, for messages.
std::string brief(std::string xml) {
  for (const std::string_view tag : {"informationRequirement", "knowledgeRequirement"}) {
    const std::string open = fmt::format("<{}>", tag), close = fmt::format("</{}>", tag);
    for (size_t at = xml.find(open); at != std::string::npos; at = xml.find(open)) {
      xml.erase(at, xml.find(close, at) + close.size() - at);
    }
  }
  return xml;
}

struct Tally {
  size_t vectorised = 0, all = 0, cells = 0, misfits = 0;
  uint64_t left = 0, decimal = 0;
  std::map<std::string, int> reasons;
};

// The part of a decision's value that the column "k2.x" holds.
Value part_of(const Value& value, std::string_view column) {
  const size_t dot = column.find('.');
  if (dot == std::string_view::npos) return value;
  if (!value.is(Kind::context)) return Value();
  const Value* member = value.find(column.substr(dot + 1));
  return member != nullptr ? *member : Value();
}

class Comparison {
 public:
  Comparison(const Compilation& built, const Batch& rows, const std::string& xml, Tally* tally)
      : model_(built.model), rows_(rows), xml_(xml), tally_(*tally), evaluator_(built.model) {}

  void run() {
    std::vector<ColumnWanted> wanted;
    for (const ElementInfo& d : model_->decisions()) wanted.push_back({d.id, std::nullopt, 0});
    std::vector<ColumnInput> inputs;
    for (const TestInput& in : test_inputs()) inputs.push_back(in.column);
    const auto plan = compile_columns(model_, wanted, inputs);
    ASSERT_TRUE(plan) << xml_ << plan.error().to_string_en();
    for (const ColumnReport& r : plan->report()) {
      ++tally_.all;
      tally_.vectorised += r.vectorised ? 1 : 0;
      if (!r.vectorised) ++tally_.reasons[r.reason_en];
      ASSERT_EQ(r.vectorised, r.reason_en.empty());
      ASSERT_EQ(r.vectorised, r.expression.empty()) << xml_ << r.reason_en;
    }
    Batch out;
    const auto done = plan->evaluate(rows_, &out);
    if (!done) {
      ASSERT_EQ(done.error().code(), "rules.columns.value") << xml_;
      ++tally_.misfits;
      return;
    }
    tally_.left += done->rows_left;
    tally_.decimal += done->blocks_decimal;
    for (size_t row = 0; row < rows_.rows(); ++row) {
      compare_row(*plan, out, row);
      if (testing::Test::HasFatalFailure()) return;
    }
  }

 private:
  void compare_row(const ColumnPlan& plan, const Batch& out, size_t row) {
    evaluator_.clear();
    std::string given;
    for (size_t i = 0; i < test_inputs().size(); ++i) {
      const ColumnInput& in = test_inputs()[i].column;
      const Value v = cell_of(rows_.columns[i], in, row);
      given += fmt::format("{}={} ", in.name, v.to_string());
      evaluator_.set(*model_->find_input(in.name), v);
    }
    for (size_t c = 0; c < plan.outputs().size(); ++c) {
      const ColumnOutput& spec = plan.outputs()[c];
      const std::string decision = spec.name.substr(0, spec.name.find('.'));
      const Value whole = evaluator_.evaluate(*model_->find_decision(decision));
      const Value v = part_of(whole, spec.name);
      ++tally_.cells;
      ASSERT_TRUE(holds(v, spec, out.columns[c], row))
          << brief(xml_) << "\n"
          << given << "\n"
          << spec.name << ": scalar " << v.to_string() << " (" << to_string(v.kind())
          << "), column of " << spec.feel_type
          << (out.columns[c].is_null(row) ? " null"
              : is_fixed_int(out.columns[c].type())
                  ? fmt::format(" {}", out.columns[c].int_at(row))
                  : fmt::format(" {}", out.columns[c].bytes_at(row)));
    }
  }

  std::shared_ptr<const Model> model_;
  const Batch& rows_;
  const std::string& xml_;
  Tally& tally_;
  Evaluator evaluator_;
};

TEST(ColumnsModelProperty, DecisionsEqualTheScalarEngine) {
  Random random(test_seed("DecisionsEqualTheScalarEngine"));
  Tally tally;
  for (int i = 0; i < 400; ++i) {
    const std::string xml = RandomModel(&random).xml();
    const Compilation built = compile_model({{"m.dmn", xml}});
    ASSERT_TRUE(built.model != nullptr) << xml;
    const bool extreme = random.below(5) == 0, whole = random.below(4) == 0;
    const Batch rows = random_rows(&random, 40, extreme, whole);
    Comparison(built, rows, xml, &tally).run();
    if (testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(tally.vectorised * 2, tally.all);
  EXPECT_GT(tally.cells, 20'000U);
  std::clog << fmt::format(
      "{} of {} decisions vectorised, {} cells, {} left, {} blocks in decimals,"
      " {} results beyond their column\n",
      tally.vectorised, tally.all, tally.cells, tally.left, tally.decimal, tally.misfits);
}

// ---- rows of a file
// ------------------------------------------------------------------------------

std::string cell_text(const Value& v) {
  if (v.is(Kind::string) && v.as_string().empty()) return "\"\"\"\"\"\"";
  return v.to_string();
}

std::vector<std::string> csv_lines(const Batch& rows) {
  std::vector<std::string> out(rows.rows() + 1);
  for (size_t c = 0; c < test_inputs().size(); ++c) {
    const ColumnInput& in = test_inputs()[c].column;
    out[0] += (c == 0 ? "" : ",") + in.name;
    for (size_t row = 0; row < rows.rows(); ++row) {
      out[row + 1] += (c == 0 ? "" : ",") + cell_text(cell_of(rows.columns[c], in, row));
    }
  }
  return out;
}

std::string file_of(const std::vector<std::string>& lines, size_t first, size_t last) {
  std::string out = lines[0] + "\n";
  for (size_t i = first; i < last; ++i) out += lines[i + 1] + "\n";
  return out;
}

// A long file goes through columns, short ones do not: all rows and all warnings are the same.
void compare_files(const Compilation& built, const Batch& rows, const std::string& xml) {
  constexpr size_t kShort = 200;
  const auto lines = csv_lines(rows);
  const auto whole = evaluate_rows(built.model, {}, file_of(lines, 0, rows.rows()), "rows.csv", {});
  ASSERT_TRUE(whole) << xml << whole.error().to_string_en();
  std::string csv;
  uint64_t warned = 0;
  std::vector<std::string> warnings;
  for (size_t first = 0; first < rows.rows(); first += kShort) {
    const size_t last = std::min(first + kShort, rows.rows());
    const auto part = evaluate_rows(built.model, {}, file_of(lines, first, last), "rows.csv", {});
    ASSERT_TRUE(part) << part.error().to_string_en();
    csv += first == 0 ? part->csv : part->csv.substr(part->csv.find('\n') + 1);
    warned += part->rows_with_warnings;
    for (const auto& [row, w] : part->warnings) {
      if (warnings.size() < 100) warnings.push_back(fmt::format("{} {}", row + first, w.en));
    }
  }
  ASSERT_EQ(whole->csv, csv) << brief(xml);
  ASSERT_EQ(whole->rows, rows.rows());
  ASSERT_EQ(whole->rows_with_warnings, warned) << brief(xml);
  // The short files' 100 first of each 200 rows may be fewer than the whole's 100 first.
  for (size_t i = 0; i < std::min(whole->warnings.size(), warnings.size()) && i < 50; ++i) {
    const auto& [row, w] = whole->warnings[i];
    ASSERT_EQ(fmt::format("{} {}", row, w.en), warnings[i]) << brief(xml);
  }
}

TEST(ColumnsModelProperty, RowsOfAFileEqualOneEvaluationARow) {
  Random random(test_seed("RowsOfAFileEqualOneEvaluationARow"));
  for (int i = 0; i < 40; ++i) {
    const std::string xml = RandomModel(&random).xml();
    const Compilation built = compile_model({{"m.dmn", xml}});
    ASSERT_TRUE(built.model != nullptr) << xml;
    const bool whole = random.below(2) == 0;
    compare_files(built, random_rows(&random, 500, false, whole), xml);
    if (testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace yipan::rules::columns
