// Facts -> judgement: every row of a fact query through its decision.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_set>

#include "findings/run.h"
#include "yipan/clock.h"
#include "yipan/hash.h"

namespace yipan::findings {
namespace {

using rules::Kind;
using rules::Value;

constexpr size_t kBatchRows = 2048;
constexpr size_t kUnjudgedMax = 20;  // that are kept with their reason

// How the cells of a column become the values of an input.
enum class Conversion : uint8_t { natural, text_to_date, integer_to_boolean, none };

Conversion conversion_of(Type column, std::string_view input) {
  const bool number = column == Type::integer || column == Type::real;
  if (input == "number") return number ? Conversion::natural : Conversion::none;
  if (input == "string") {
    const bool text = column == Type::text || column == Type::instant;
    return text ? Conversion::natural : Conversion::none;
  }
  if (input == "boolean") {
    if (column == Type::boolean) return Conversion::natural;
    return column == Type::integer ? Conversion::integer_to_boolean : Conversion::none;
  }
  if (input == "date") {
    if (column == Type::date) return Conversion::natural;
    return column == Type::text ? Conversion::text_to_date : Conversion::none;
  }
  return input == "Any" ? Conversion::natural : Conversion::none;
}

struct Binding {
  size_t column = 0;
  rules::ElementId element = 0;
  Conversion conversion = Conversion::natural;
  std::string input_type;
};

// Half of SHA-256: a key that comes twice is found by its hash, without keeping the keys.
using KeyHash = std::array<uint64_t, 2>;
struct HashOfHash {
  size_t operator()(const KeyHash& hash) const { return static_cast<size_t>(hash[0]); }
};
KeyHash hash_of(std::string_view key) {
  const Hash256 hash = sha256(key);
  KeyHash out;
  std::copy_n(hash.bytes.begin(), sizeof out, reinterpret_cast<uint8_t*>(out.data()));
  return out;
}

class Judge {
 public:
  Judge(const Run& run, const Pack& pack, const FactSpec& fact, bool explain = false)
      : run_(run),
        pack_(pack),
        fact_(fact),
        file_(pack.file("facts.sql")),
        clock_(midnight(run.options.as_of)),
        evaluator_(pack.model, {.clock = &clock_, .explain = explain}) {}

  Result<> open() {
    YIPAN_ASSIGN(rows_, open_section(run_, fact_.query, file_));
    YIPAN_TRY(find_key());
    YIPAN_TRY(bind_inputs());
    return check_texts();
  }

  Result<> each(const JudgedSink& sink, JudgeStats* stats) {
    while (true) {
      const double started = run_.seconds();
      YIPAN_ASSIGN(const bool more, next());
      const double read = run_.seconds();
      stats->seconds_sql += read - started;
      if (!more) return {};
      YIPAN_TRY(check_columns());
      stats->rows += batch_.rows();
      for (size_t row = 0; row < batch_.rows(); ++row) YIPAN_TRY(judge_row(row, sink, stats));
      stats->seconds_rules += run_.seconds() - read;
    }
  }

  Result<std::optional<rules::Explanation>> explain(std::string_view key) {
    while (true) {
      YIPAN_ASSIGN(const bool more, next());
      if (!more) return std::nullopt;
      YIPAN_TRY(check_columns());
      for (size_t row = 0; row < batch_.rows(); ++row) {
        if (batch_.columns[key_].is_null(row) || batch_.columns[key_].bytes_at(row) != key)
          continue;
        YIPAN_TRY(set_inputs(row));
        evaluator_.evaluate(fact_.element);
        const rules::Explanation* tree = evaluator_.explanation();
        return tree == nullptr ? std::optional<rules::Explanation>() : *tree;
      }
    }
  }

 private:
  static Instant midnight(Date day) {
    return Instant::from_micros(day.days() * int64_t{86'400} * 1'000'000);
  }
  Error error(std::string_view code) const { return section_error(code, fact_.query, file_); }
  Result<bool> next() {
    auto more = rows_->next(&batch_, kBatchRows);
    if (more) return *more;
    return fail(error("findings.sql.failed")
                    .zh(fmt::format("“{}”一节的 SQL 中途失败", fact_.name))
                    .en(fmt::format("the SQL of '{}' failed while it ran", fact_.name))
                    .remedy("按下面数据库的话改正", "correct it as the database says below")
                    .because(more.error()));
  }
  std::optional<size_t> column(std::string_view name) const {
    const auto& columns = rows_->columns();
    for (size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].name == name) return i;
    }
    return std::nullopt;
  }
  Result<> find_key() {
    const auto found = column("key");
    if (!found) {
      return fail(error("findings.fact.key")
                      .zh(fmt::format("“{}”的查询没有 key 列", fact_.name))
                      .en(fmt::format("the query of '{}' has no column key", fact_.name))
                      .remedy("在 SELECT 里写上 ... AS key", "add ... AS key to the SELECT"));
    }
    key_ = *found;
    return {};
  }
  Result<> bind_inputs() {
    const auto shape = pack_.shape.decisions.find(fact_.decision);
    if (shape == pack_.shape.decisions.end()) return {};
    for (const std::string& name : shape->second.inputs) {
      const auto element = pack_.model->find_input(name);
      if (!element) continue;
      const auto found = column(name);
      if (!found && name == "as_of") {
        as_of_input_ = *element;
        continue;
      }
      if (!found) {
        return fail(error("findings.fact.input")
                        .zh(fmt::format("决策“{}”的输入“{}”没有同名的列", fact_.decision, name))
                        .en(fmt::format("no column gives the input '{}' of the decision '{}'", name,
                                        fact_.decision))
                        .column(name)
                        .remedy(fmt::format("在 SELECT 里给出 {}", name),
                                fmt::format("give {} in the SELECT", name)));
      }
      const std::string& type = pack_.model->element(*element).type;
      bindings_.push_back(
          {*found, *element, conversion_of(rows_->columns()[*found].type, type), type});
    }
    return {};
  }
  bool knows(const std::string& name, const std::vector<std::string>& components) const {
    return name == "as_of" || column(name) || run_.book.values.contains(name) ||
           std::find(components.begin(), components.end(), name) != components.end();
  }
  // Placeholders of the texts that this fact's decision may call for, before any row is judged.
  Result<> check_texts() const {
    const auto shape = pack_.shape.decisions.find(fact_.decision);
    if (shape == pack_.shape.decisions.end() || !shape->second.components) return {};
    for (const std::string& code : fact_.codes) {
      const CatalogueRow& row = pack_.catalogue.find(code)->second;
      for (const Bilingual* text : {&row.title, &row.claim, &row.norm, &row.remedy}) {
        for (const Template* t : {&text->zh, &text->en}) {
          for (const std::string& name : names_of(*t)) {
            if (!knows(name, *shape->second.components)) return fail(unknown(row, name));
          }
        }
      }
    }
    return {};
  }
  Error unknown(const CatalogueRow& row, const std::string& name) const {
    return Error("findings.placeholder.unknown")
        .zh(fmt::format("代码“{}”的文字里，占位符 {{{}}} 没有对应的列、决策分量或参数（事实“{}”）",
                        row.code, name, fact_.name))
        .en(fmt::format("in the texts of '{}' nothing is called {{{}}}: no column, component of "
                        "the decision or parameter (fact '{}')",
                        row.code, name, fact_.name))
        .file(pack_.file("judge.dmn"))
        .line(row.line)
        .element("catalogue " + row.code)
        .remedy("改正名字，或让查询、决策给出它",
                "correct the name, or let the query or the decision give it");
  }
  // A column of the wrong type matters only where it has values: one without any has no type.
  Result<> check_columns() const {
    for (const Binding& binding : bindings_) {
      const Column& values = batch_.columns[binding.column];
      if (binding.conversion != Conversion::none || values.null_count() == values.size()) continue;
      const store::OutColumn& out = rows_->columns()[binding.column];
      return fail(error("findings.fact.type")
                      .zh(fmt::format("列“{}”是 {}，决策的输入要 {}", out.name, to_string(out.type),
                                      binding.input_type))
                      .en(fmt::format("the column '{}' is {}, the decision's input wants {}",
                                      out.name, to_string(out.type), binding.input_type))
                      .column(out.name)
                      .remedy("用 -- types: 写明各列类型，或改正输入的 typeRef",
                              "state the columns with -- types:, or correct the input's typeRef"));
    }
    return check_key_column();
  }
  Result<> check_key_column() const {
    const Column& keys = batch_.columns[key_];
    if (keys.type() == Type::text && keys.null_count() == 0) return {};
    return fail(error("findings.fact.key")
                    .zh(fmt::format("“{}”的 key {}", fact_.name,
                                    keys.type() == Type::text ? "有空值" : "不是文本"))
                    .en(fmt::format("the key of '{}' is {}", fact_.name,
                                    keys.type() == Type::text ? "null in some rows" : "no text"))
                    .column("key")
                    .remedy("key 要是文本、不空、每行不同：数字可写成 id || ''",
                            "a key is text, never null, and differs from row to row: a number "
                            "becomes text by id || ''"));
  }
  Result<Value> convert(const Binding& binding, size_t row) const {
    const Column& values = batch_.columns[binding.column];
    if (values.is_null(row)) return Value::null();
    if (binding.conversion == Conversion::text_to_date) {
      const auto date = Date::parse(values.bytes_at(row));
      if (date) return Value::date(*date);
    } else if (binding.conversion == Conversion::integer_to_boolean) {
      const int64_t value = values.int_at(row);
      if (value == 0 || value == 1) return Value::boolean(value == 1);
    } else {
      return cell_value(values, row);
    }
    return fail(
        error("findings.fact.value")
            .zh(fmt::format("key 为“{}”的一行：“{}”不是 {}", batch_.columns[key_].bytes_at(row),
                            board::value_text(values, row), binding.input_type))
            .en(fmt::format("the row with key '{}': '{}' is no {}",
                            batch_.columns[key_].bytes_at(row), board::value_text(values, row),
                            binding.input_type))
            .column(rows_->columns()[binding.column].name)
            .remedy("让查询给出对的类型", "let the query give the right type"));
  }
  Result<> set_inputs(size_t row) {
    evaluator_.clear();
    for (const Binding& binding : bindings_) {
      YIPAN_ASSIGN(Value value, convert(binding, row));
      evaluator_.set(binding.element, std::move(value));
    }
    if (as_of_input_) evaluator_.set(*as_of_input_, Value::date(run_.options.as_of));
    return {};
  }
  Result<> judge_row(size_t row, const JudgedSink& sink, JudgeStats* stats) {
    const std::string_view key = batch_.columns[key_].bytes_at(row);
    if (!seen_.insert(hash_of(key)).second) {
      return fail(error("findings.fact.key")
                      .zh(fmt::format("“{}”的 key “{}”出现两次", fact_.name, key))
                      .en(fmt::format("the key '{}' of '{}' is there twice", key, fact_.name))
                      .column("key")
                      .remedy("让每行的 key 不同：去重、分组，或在 key 里加上分得开的部分",
                              "make the key differ from row to row: group, or add to the key what "
                              "tells the rows apart"));
    }
    YIPAN_TRY(set_inputs(row));
    const Value outcome = evaluator_.evaluate(fact_.element);
    if (outcome.is_null()) {
      if (const auto why = evaluator_.reason(outcome)) note_unjudged(*why, key, stats);
      return {};
    }
    return pass_on(outcome, row, sink);
  }
  void note_unjudged(const rules::Warning& why, std::string_view key, JudgeStats* stats) const {
    ++stats->unjudged;
    if (stats->why_unjudged.size() >= kUnjudgedMax) return;
    Error note("findings.fact.unjudged");
    note.zh(fmt::format("决策“{}”对 key 为“{}”的一行没有答案：{}", fact_.decision, key, why.zh))
        .en(fmt::format("the decision '{}' has no answer for the row with key '{}': {}",
                        fact_.decision, key, why.en))
        .file(pack_.file("judge.dmn"))
        .element(fact_.name)
        .remedy("让决策对空值和边界也有答案", "let the decision answer for nulls and limits too");
    if (why.place.line) note.line(*why.place.line);
    stats->why_unjudged.push_back(std::move(note));
  }
  Result<> pass_on(const Value& outcome, size_t row, const JudgedSink& sink) {
    if (outcome.is(Kind::list)) {
      for (const Value& item : outcome.as_list()) YIPAN_TRY(pass_on(item, row, sink));
      return {};
    }
    Judged judged{&rows_->columns(), &batch_, row, std::string(batch_.columns[key_].bytes_at(row)),
                  outcome};
    if (outcome.is_null()) return {};
    if (outcome.is(Kind::string)) {
      judged.outcome = Value::context({{"code", outcome}});
    } else if (!outcome.is(Kind::context)) {
      return fail(Error("findings.decision.outcome")
                      .zh(fmt::format("决策“{}”给出“{}”，应是 null 或含 code 的 context",
                                      fact_.decision, outcome.to_string()))
                      .en(fmt::format("the decision '{}' gives '{}', not null or a context with "
                                      "code",
                                      fact_.decision, outcome.to_string()))
                      .file(pack_.file("judge.dmn"))
                      .line(pack_.shape.line_of(fact_.decision))
                      .element(fact_.decision)
                      .remedy("让它的输出有 code 一项", "let its outputs have a component code"));
    }
    const Value* code = judged.outcome.find("code");
    if (code == nullptr || code->is_null()) return {};
    return sink(judged);
  }

  const Run& run_;
  const Pack& pack_;
  const FactSpec& fact_;
  std::string file_;
  ManualClock clock_;
  rules::Evaluator evaluator_;
  std::unique_ptr<store::Rows> rows_;
  Batch batch_;
  size_t key_ = 0;
  std::vector<Binding> bindings_;
  std::optional<rules::ElementId> as_of_input_;
  std::unordered_set<KeyHash, HashOfHash> seen_;
};

}  // namespace

Result<> judge_fact(const Run& run, const Pack& pack, const FactSpec& fact, const JudgedSink& sink,
                    JudgeStats* stats) {
  Judge judge(run, pack, fact);
  const double started = run.seconds();
  YIPAN_TRY(judge.open());
  stats->seconds_sql += run.seconds() - started;
  return judge.each(sink, stats);
}

Result<std::optional<rules::Explanation>> explain_fact(const Run& run, const Pack& pack,
                                                       const FactSpec& fact, std::string_view key) {
  Judge judge(run, pack, fact, true);
  YIPAN_TRY(judge.open());
  return judge.explain(key);
}

}  // namespace yipan::findings
