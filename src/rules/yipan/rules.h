// Rules: FEEL and DMN 1.5 for C++. Reads DMN 1.2 to 1.5 XML, compiles it once, evaluates it many
// times, in decimal128, and says why a result is what it is. It knows no domain and no city.
//
//   Compilation built = compile_model({{"permit.dmn", xml}}, {.as_of = date});
//   for (const Diagnostic& d : built.diagnostics) ...        // every fault, in one pass
//   Evaluator evaluator(built.model, {.clock = &clock});     // one per thread, reused
//   evaluator.set(*built.model->find_input("面积"), Value::number(Decimal::from_int(120)));
//   Value result = evaluator.evaluate(*built.model->find_decision("准予开工"));
//   for (const Warning& w : evaluator.warnings()) ...        // why something is null
//
//   Result<Expression> e = compile_expression("if a > 10 then a else -a", {{"a", "number"}});
//   Value v = evaluator.evaluate(*e, {Value::number(...)});
//
// Values. FEEL's types (DMN 1.5, 10.3.2.3) in 24 bytes: numbers, booleans, dates, times and
// durations inline; strings, lists, contexts, ranges and functions shared and immutable. A Value
// may be read by many threads at once.
//
// Null. FEEL answers a wrong question with null (10.3.2.1). Here each such null has a Warning with
// its reason, in Chinese and English, and the place: file, element, expression, line and column.
// Evaluation never throws and never fails otherwise; a broken element evaluates to null with the
// reason that its Diagnostic gave.
//
// Faults of a model (syntax, unknown names, cycles, types) are Diagnostics, all of them at once.
// A model with errors can still be evaluated: sound decisions work, the others give null.
//
// Threads. A Model and an Expression are immutable and may be shared; an Evaluator is for one
// thread at a time. Evaluating allocates nothing but what the result needs once it is warm.
//
// Limits are Limits: nesting, range size, evaluation steps, regular expression steps. Reaching one
// gives null and a warning that names it.
//
// Time is given: today() and now() read Options::clock; CompileOptions::as_of selects dated
// parameters and rule versions (docs/formats/rules.md). IANA zones come from the system's zoneinfo,
// whose version is tzdata_version().
//
// Sources: OMG DMN 1.5 (formal/2024-08-01), chapters 6 to 10; W3C XPath 2.0 functions, 7.6, for
// regular expressions; RFC 8536 for zone files. docs/conformance.md has the TCK score.
#ifndef YIPAN_RULES_H_
#define YIPAN_RULES_H_

#include <atomic>
#include <bit>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "yipan/clock.h"
#include "yipan/columns.h"
#include "yipan/date.h"
#include "yipan/decimal.h"
#include "yipan/result.h"

namespace yipan {
class Files;  // yipan/file.h
}

namespace yipan::rules {

// ---- values ----------------------------------------------------------------------------------

enum class Kind : uint8_t {
  null,
  boolean,
  number,
  date,
  time,
  date_time,
  days_duration,    // days and time duration
  months_duration,  // years and months duration
  string,           // from here on: shared objects
  range,
  list,
  context,
  function,
};
std::string_view to_string(Kind kind);     // FEEL's name: "days and time duration"
std::string_view to_string_zh(Kind kind);  // "日时长"

// None, a fixed offset from UTC, or an IANA zone by name.
class Zone {
 public:
  constexpr Zone() = default;                // no zone: local
  static Zone offset_seconds(int32_t east);  // |east| <= 18 h (not checked)
  static std::optional<Zone> named(std::string_view iana_name);
  static constexpr Zone from_code(uint32_t code) { return Zone(code); }

  constexpr bool is_none() const { return code_ == 0; }
  constexpr bool is_named() const { return (code_ & 0x80000000U) != 0; }
  constexpr bool is_offset() const { return code_ != 0 && !is_named(); }
  std::string_view name() const;  // "" unless named
  // Seconds east of UTC, for a wall-clock time (seconds since 1970-01-01T00:00:00 in this zone).
  int32_t offset_at_local(int64_t local_seconds) const;
  std::string to_string() const;  // "", "Z", "+08:00", "@Asia/Shanghai"
  constexpr uint32_t code() const { return code_; }
  friend constexpr bool operator==(Zone, Zone) = default;

 private:
  constexpr explicit Zone(uint32_t code) : code_(code) {}
  uint32_t code_ = 0;  // 0; or 0x40000000 + offset; or 0x80000000 + index of the zone
};

struct TimeOfDay {
  int64_t nanos = 0;  // since midnight, wall clock
  Zone zone;
};
struct DateTime {
  int64_t seconds = 0;  // wall clock, since 1970-01-01T00:00:00 in its own zone
  int32_t nanos = 0;    // 0 .. 999,999,999
  Zone zone;
};
struct DaysDuration {
  int64_t seconds = 0;  // floor
  int32_t nanos = 0;    // 0 .. 999,999,999
  friend auto operator<=>(const DaysDuration&, const DaysDuration&) = default;
};

class Value;
class Type;
namespace internal {
struct Heap {
  std::atomic<uint32_t> refs{1};
};
void destroy(Kind kind, Heap* heap);
struct FunctionRep;
}  // namespace internal

class Value {
 public:
  Value() : kind_(Kind::null), bits_{0, 0} {}
  static Value null() { return Value(); }
  static Value boolean(bool value) { return Value(Kind::boolean, value ? 1 : 0, 0); }
  static Value number(Decimal value) {
    const auto words = std::bit_cast<std::array<uint64_t, 2>>(value);
    return Value(Kind::number, words[0], words[1]);
  }
  static Value number(int64_t value) { return number(Decimal::from_int(value)); }
  static Value date(Date value) {
    return Value(Kind::date, static_cast<uint64_t>(value.days()), 0);
  }
  static Value time(TimeOfDay value) {
    return Value(Kind::time, static_cast<uint64_t>(value.nanos), 0, value.zone.code());
  }
  static Value date_time(DateTime value) {
    return Value(Kind::date_time, static_cast<uint64_t>(value.seconds),
                 static_cast<uint64_t>(value.nanos), value.zone.code());
  }
  static Value duration(DaysDuration value) {
    return Value(Kind::days_duration, static_cast<uint64_t>(value.seconds),
                 static_cast<uint64_t>(value.nanos));
  }
  static Value months(int64_t months) {
    return Value(Kind::months_duration, static_cast<uint64_t>(months), 0);
  }
  static Value string(std::string_view utf8);  // must be well-formed UTF-8
  static Value list(std::vector<Value> items);
  // Keys must differ; their order is kept for printing but does not matter for equality.
  static Value context(std::vector<std::pair<std::string, Value>> entries);
  // How a range was written: [a..b] or by one comparison (< a). They are never equal (10.3.2.7).
  enum class RangeForm : uint8_t {
    interval,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    not_equal
  };
  static Value range(Value low, bool low_included, Value high, bool high_included,
                     RangeForm form = RangeForm::interval);

  Value(const Value& other) noexcept
      : kind_(other.kind_), aux_(other.aux_), bits_{other.bits_[0], other.bits_[1]} {
    retain();
  }
  Value(Value&& other) noexcept
      : kind_(other.kind_), aux_(other.aux_), bits_{other.bits_[0], other.bits_[1]} {
    other.kind_ = Kind::null;
    other.aux_ = 0;
  }
  Value& operator=(const Value& other) noexcept {
    Value copy(other);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Value() { release(); }
  void swap(Value& other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(aux_, other.aux_);
    std::swap(bits_[0], other.bits_[0]);
    std::swap(bits_[1], other.bits_[1]);
  }

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is(Kind kind) const { return kind_ == kind; }
  bool is_true() const { return kind_ == Kind::boolean && bits_[0] != 0; }
  bool is_false() const { return kind_ == Kind::boolean && bits_[0] == 0; }

  // Each of these requires the kind it names.
  bool as_boolean() const { return bits_[0] != 0; }
  Decimal as_number() const {
    return std::bit_cast<Decimal>(std::array<uint64_t, 2>{bits_[0], bits_[1]});
  }
  Date as_date() const { return Date::from_days(static_cast<int64_t>(bits_[0])); }
  TimeOfDay as_time() const { return {static_cast<int64_t>(bits_[0]), Zone::from_code(aux_)}; }
  DateTime as_date_time() const {
    return {static_cast<int64_t>(bits_[0]), static_cast<int32_t>(bits_[1]), Zone::from_code(aux_)};
  }
  DaysDuration as_duration() const {
    return {static_cast<int64_t>(bits_[0]), static_cast<int32_t>(bits_[1])};
  }
  int64_t as_months() const { return static_cast<int64_t>(bits_[0]); }
  std::string_view as_string() const;
  size_t code_points() const;  // of a string
  std::span<const Value> as_list() const;
  const Value& low() const;  // of a range; null if there is no bound
  const Value& high() const;
  bool low_included() const;
  bool high_included() const;
  RangeForm range_form() const;
  size_t entry_count() const;  // of a context
  const Value& entry_key(size_t index) const;
  const Value& entry_value(size_t index) const;
  const Value* find(std::string_view key) const;  // nullptr if absent
  const internal::FunctionRep& as_function() const;

  // FEEL text of the value: string() without quotes at the top (10.3.4.1, conversion to string).
  std::string to_string() const;
  // JSON: numbers at full precision as numbers, temporal values as strings.
  std::string to_json() const;
  // Same kind and same content, to the last digit and nanosecond, zones compared by name.
  // (FEEL's `=` is another thing: it may be null. See the expression language.)
  bool same_as(const Value& other) const;

  // For the engine: 1 + the number of the warning that made this null, or 0.
  uint32_t reason() const { return aux_; }
  static Value null_because(uint32_t reason) { return Value(Kind::null, 0, 0, reason); }
  static Value from_heap(Kind kind, internal::Heap* heap) {
    return Value(kind, reinterpret_cast<uint64_t>(heap), 0);
  }
  internal::Heap* heap() const { return reinterpret_cast<internal::Heap*>(bits_[0]); }
  const std::array<uint64_t, 2>& bits() const { return bits_; }

 private:
  Value(Kind kind, uint64_t b0, uint64_t b1, uint32_t aux = 0)
      : kind_(kind), aux_(aux), bits_{b0, b1} {}
  void retain() const {
    if (kind_ >= Kind::string) heap()->refs.fetch_add(1, std::memory_order_relaxed);
  }
  void release() {
    if (kind_ >= Kind::string && heap()->refs.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      internal::destroy(kind_, heap());
    }
  }
  Kind kind_;
  uint32_t aux_ = 0;
  std::array<uint64_t, 2> bits_;
};
static_assert(sizeof(Value) == 24);

// ---- faults ----------------------------------------------------------------------------------

enum class Severity : uint8_t { error, warning };
// A fault of a model, found when it is compiled. place(): file, line, element id.
struct Diagnostic {
  Severity severity = Severity::error;
  Error error;
};

// Why a value is null. `code` is stable: "rules.type.operands", "rules.date.invalid", ...
struct Warning {
  std::string code;
  std::string zh;
  std::string en;
  Place place;             // file, XML line, element id, and the column inside `expression`
  std::string expression;  // the part of the text that gave null
};

struct Limits {
  uint32_t nesting = 200;                // of expressions, lists, contexts, in the text
  uint64_t range_elements = 10'000'000;  // of a range that is iterated
  uint64_t list_elements = 50'000'000;   // of any list
  uint64_t steps = 100'000'000;          // iterations and calls of one evaluation
  uint64_t regex_steps = 5'000'000;      // of one matches, replace or split
  uint32_t stack_bytes = 4'000'000;      // of recursion
  uint32_t warnings = 200;               // kept; further ones are counted
  uint64_t string_bytes = 64'000'000;    // of a string that a function builds
};

// ---- dated parameters (design: time is given) --------------------------------------------------

struct DatedValue {
  Date from;  // in force from this day
  Value value;
  std::string unit;
  std::string citation;
};
// A number of the law that changes with time: a norm, a threshold, a rate. Its name is visible in
// every expression of the model.
struct Parameter {
  std::string name;
  std::vector<DatedValue> values;  // in any order
};
// The value in force on `as_of`. Error "rules.parameter.gap" if the first value comes later.
Result<const DatedValue*> in_force(const Parameter& parameter, Date as_of);

// ---- compiling -------------------------------------------------------------------------------

struct Source {
  std::string name;  // for messages: a path
  std::string text;  // DMN XML
};

struct CompileOptions {
  std::optional<Date> as_of = {};          // selects versions and parameter values
  std::vector<Parameter> parameters = {};  // needs as_of
  Limits limits = {};
};

using ElementId = uint32_t;  // of one model

struct ElementInfo {
  ElementId id = 0;
  std::string name;
  std::string xml_id;
  std::string namespace_uri;
  std::string label;                   // description, or ""
  std::string type;                    // FEEL type, "Any" if none was given
  std::vector<std::string> citations;  // its knowledge sources: name and location
};

class Model {
 public:
  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const std::string& name() const;
  // Of the first source. Names are looked up in it, or in the namespace given.
  std::optional<ElementId> find_input(std::string_view name, std::string_view ns = {}) const;
  std::optional<ElementId> find_decision(std::string_view name, std::string_view ns = {}) const;
  std::optional<ElementId> find_service(std::string_view name, std::string_view ns = {}) const;
  std::optional<ElementId> find_knowledge(std::string_view name, std::string_view ns = {}) const;
  std::vector<ElementInfo> inputs() const;
  std::vector<ElementInfo> decisions() const;
  std::vector<ElementInfo> services() const;
  const ElementInfo& element(ElementId id) const;

  struct Data;
  explicit Model(std::unique_ptr<Data> data);
  const Data& data() const { return *data_; }

 private:
  std::unique_ptr<Data> data_;
};

struct Compilation {
  std::shared_ptr<const Model> model;  // null only if no source could be read at all
  std::vector<Diagnostic> diagnostics;
  bool ok() const;  // no errors
};

// The first source is the model; the others are what it imports, by namespace.
Compilation compile_model(const std::vector<Source>& sources, const CompileOptions& options = {});

// A FEEL expression or unary tests on their own. Argument i of `evaluate` is variables[i].
class Expression {
 public:
  struct Data;
  explicit Expression(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  const Data& data() const { return *data_; }
  std::shared_ptr<const Data> share() const { return data_; }
  std::string to_string() const;  // printed from its syntax tree
  std::string type() const;       // what was inferred

 private:
  std::shared_ptr<const Data> data_;
};

struct Variable {
  std::string name;
  std::string type = "Any";  // FEEL type: "number", "list<string>", "context<a: number>"
};
// The error lists every fault; its place is the first one's line and column in the text.
Result<Expression> compile_expression(std::string_view text,
                                      const std::vector<Variable>& variables = {},
                                      const Limits& limits = {});
// `?` is argument 0; variables follow.
Result<Expression> compile_unary_tests(std::string_view text, std::string_view input_type = "Any",
                                       const std::vector<Variable>& variables = {},
                                       const Limits& limits = {});

// ---- evaluating ------------------------------------------------------------------------------

// Why a result is what it is: a tree, one node per decision, table, rule, knowledge model or
// service that took part.
struct Explanation {
  enum class Type : uint8_t { decision, service, knowledge, table, rule };
  Type type = Type::decision;
  std::string name;
  std::string xml_id;
  Value result;
  std::vector<std::pair<std::string, Value>> inputs;  // names and values it used
  std::vector<std::string> citations;
  std::string hit_policy;  // of a table
  // Of a rule: number from 1, whether it fired, and if not, the first cell that failed.
  uint32_t rule = 0;
  bool fired = false;
  std::string cell_input;  // the input expression of the cell that failed
  std::string cell_test;   // what it asked for
  Value cell_value;        // what it got
  std::string annotation;
  std::vector<Explanation> children;

  std::string to_text_zh() const;
  std::string to_text_en() const;
  std::string to_json() const;
};

struct EvaluatorOptions {
  const Clock* clock = nullptr;  // today() and now(); null with a warning if there is none
  Limits limits = {};
  bool explain = false;
  Zone zone = {};  // of now(); UTC if none
};

class Evaluator {
 public:
  explicit Evaluator(std::shared_ptr<const Model> model, const EvaluatorOptions& options = {});
  explicit Evaluator(const EvaluatorOptions& options = {});  // for expressions only
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;
  Evaluator& operator=(Evaluator&&) noexcept;

  // An input data element, or a decision whose value is then given instead of computed.
  void set(ElementId element, Value value);
  void clear();  // forgets inputs, results and warnings

  // Decisions that were already computed since the last clear() or set() are not computed again.
  Value evaluate(ElementId decision);
  // A decision service or business knowledge model with its parameters by position or by name.
  Value call(ElementId invocable, std::vector<Value> arguments);
  // The service's parameters are taken from set() values.
  Value evaluate_service(ElementId service);
  Value evaluate(const Expression& expression, std::span<const Value> arguments = {});
  Value evaluate(const Expression& expression, std::initializer_list<Value> arguments) {
    return evaluate(expression, std::span<const Value>(arguments.begin(), arguments.size()));
  }

  // Of the evaluations since clear(), or the last evaluate(expression). Built when asked for.
  std::vector<Warning> warnings() const;
  uint64_t warning_count() const;
  std::optional<Warning> reason(const Value& null_value) const;
  // Of the last evaluate() with `explain`.
  const Explanation* explanation() const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

// "2026f" of the system's zone files; "" if unknown.
const std::string& tzdata_version();

// ---- evaluating columns ----------------------------------------------------------------------
//
// The same model over many rows at once (docs/formats/rules-columns.md). What has a vector form
// runs in blocks of 2,048 rows; what has none is evaluated row by row by the Evaluator, and
// report() says which expression is in the way. Results equal the Evaluator's in every row: numbers
// are computed as scaled int64 while that is exact, and a row that leaves int64 goes to the
// Evaluator.
//
//   Result<ColumnPlan> plan = compile_columns(
//       model, {{*model->find_decision("fee")}}, {{"area", yipan::Type::integer, 2}});
//   Batch out;
//   Result<ColumnStats> done = plan->evaluate(batch, &out);
//
// A missing value is FEEL's null, both ways; a real that is no number (NaN, an infinity) is missing
// too. Texts must be UTF-8. Columns give no warnings: ask an Evaluator for a row.

// Column number i of the batch holds this input.
struct ColumnInput {
  // Of the input data, of a member of it ("permit.area") or of the variable; "": not used.
  std::string name;
  yipan::Type type = yipan::Type::integer;  // not geometry, not bytes
  int scale = 0;  // 0 .. 18; of an integer column: the number is the integer x 10^-scale
};

struct ColumnWanted {
  ElementId decision = 0;
  // The column's type; nothing: what fits (ColumnOutput).
  std::optional<yipan::Type> type;
  int scale = 0;  // of an integer column that was asked for
};

// A column of the result. Booleans, dates and strings have their own types. A number is an integer
// with a scale where the compiler knows one, else its exact decimal text (`approximate`: a real).
// A days and time duration is an integer of seconds, a years and months duration one of months.
// A context of known members gives a column for each ("fee.amount"). Whatever else is text: FEEL's
// own, of lists and contexts JSON.
struct ColumnOutput {
  std::string name;
  std::string feel_type;
  yipan::Type type = yipan::Type::text;
  int scale = 0;
};

struct ColumnReport {
  std::string decision;
  std::string xml_id;
  bool vectorised = true;
  // If it is not: the expression in the way (the decision's name for a boxed one that has no text),
  // where it stands, and why.
  std::string expression;
  Place place;
  std::string reason_zh;
  std::string reason_en;
};

struct ColumnStats {
  uint64_t rows = 0;
  uint64_t rows_left = 0;      // left the vector program (numbers too large) for the Evaluator
  uint64_t blocks_decimal = 0;  // ran in decimals, because many rows would have left
};

struct ColumnOptions {
  bool approximate = false;  // numbers without a scale become reals (nearest double), not texts
  EvaluatorOptions evaluator;
};

class ColumnPlan {
 public:
  const std::vector<ColumnInput>& inputs() const;
  const std::vector<ColumnOutput>& outputs() const;
  // The decisions wanted and all they require, required ones first.
  const std::vector<ColumnReport>& report() const;

  // Makes *out the outputs of all rows. Error "rules.columns.value" (row, column) if a value does
  // not fit its column, "rules.columns.input" if the batch is not as the inputs say.
  Result<ColumnStats> evaluate(const Batch& in, Batch* out, unsigned threads = 1) const;
  // The same without keeping the whole: `sink` gets batches of rows in their order, one at a time.
  using Sink = std::function<Result<void>(const Batch& rows, size_t first_row)>;
  Result<ColumnStats> evaluate(const Batch& in, const Sink& sink, unsigned threads = 1) const;

  struct Data;
  explicit ColumnPlan(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  const Data& data() const { return *data_; }
  std::shared_ptr<const Data> share() const { return data_; }

 private:
  std::shared_ptr<const Data> data_;
};

// Inputs that no column is bound to are missing, as for an Evaluator. The error lists every fault
// of the bindings.
Result<ColumnPlan> compile_columns(std::shared_ptr<const Model> model,
                                   const std::vector<ColumnWanted>& wanted,
                                   const std::vector<ColumnInput>& inputs,
                                   const ColumnOptions& options = {});
// One column, "result".
Result<ColumnPlan> compile_columns(const Expression& expression,
                                   const std::vector<ColumnInput>& inputs,
                                   const ColumnOptions& options = {});
// As if every input, or each of its members, had a column of its declared type: which decisions of
// the model would be evaluated row by row, and why. Required ones first.
std::vector<ColumnReport> column_report(const std::shared_ptr<const Model>& model);
// What stands in the way of columns, one paragraph a decision; "" if nothing does.
std::string to_text_zh(const std::vector<ColumnReport>& report);
std::string to_text_en(const std::vector<ColumnReport>& report);

// ---- the Technology Compatibility Kit -----------------------------------------------------------

struct TckFailure {
  std::string folder;
  std::string test_case;
  std::string node;
  std::string expected;
  std::string actual;
};
struct TckFolder {
  std::string name;
  uint64_t passed = 0, failed = 0, external = 0;
};
struct TckReport {
  uint64_t passed = 0;
  uint64_t failed = 0;
  uint64_t external = 0;  // need external Java functions, and were refused as they should be
  std::vector<TckFailure> failures;
  std::vector<TckFolder> folders;  // the same cases by folder, in the order of their names
  double seconds_compile = 0;
  double seconds_evaluate = 0;
};
// Runs every TCK folder (*.dmn and *-test-*.xml) at or below `directory`. Error if there is none.
Result<TckReport> run_tck(const std::string& directory, const Clock& clock);
// One line per failure, then "N passed, N failed".
std::string to_text(const TckReport& report);
// "0001-filter 12 of 12", one line a folder.
std::string to_text_by_folder(const TckReport& report);

// ---- tools -----------------------------------------------------------------------------------

// The model at `path` first, then what it imports, directly or not: found by namespace among
// `others` and in the model's folder. What is not found is left out; compile_model says so.
Result<std::vector<Source>> read_model(Files& files, const std::string& path,
                                       const std::vector<std::string>& others = {});

// Dated parameters: docs/formats/parameters.md. Errors "rules.parameter.*" with line and column.
Result<std::vector<Parameter>> parse_parameters(std::string_view toml, std::string_view file);

// Sets input data (or decisions, whose value is then given) from a JSON object by name. Texts
// become dates, times, durations where the declared type asks for it; numbers keep every digit.
Result<> set_inputs(Evaluator* evaluator, const Model& model, std::string_view json,
                    std::string_view file);

// Tables of cases: docs/formats/rules-cases.md.
struct CaseFailure {
  uint64_t row = 0;    // of the file, from 1
  std::string name;    // of the case, if it has one
  std::string output;  // "decision" or "decision.component"
  std::string expected;
  std::string actual;
  std::string why_zh;  // reason of a null that was not expected, or ""
  std::string why_en;
};
struct CaseReport {
  uint64_t passed = 0;  // cases: rows
  uint64_t failed = 0;
  std::vector<CaseFailure> failures;
  std::vector<Diagnostic> diagnostics;  // of the model
};
// Errors are of the table itself: "rules.cases.*" with file, row and column.
Result<CaseReport> run_cases(const std::vector<Source>& model, std::string_view csv,
                             std::string_view file, const CompileOptions& options,
                             const Clock& clock);

// Evaluates the decisions (all if empty) for every row; answers a CSV with the input columns and a
// column "=> decision" for each, which is itself a table of cases.
struct RowsResult {
  std::string csv;
  uint64_t rows = 0;
  std::vector<std::pair<uint64_t, Warning>>
      warnings;  // row and why; the first of a row, at most 100
  uint64_t rows_with_warnings = 0;
};
Result<RowsResult> evaluate_rows(const std::shared_ptr<const Model>& model,
                                 const std::vector<std::string>& decisions, std::string_view csv,
                                 std::string_view file, const EvaluatorOptions& options);

// What decision tables leave open and where their rules meet. Exact for cells that compare with
// constants: numbers, dates, times, durations, booleans, texts; other cells are named in `notes`.
struct TableFinding {
  enum class Problem : uint8_t {
    gap,          // no rule takes these inputs
    overlap,      // UNIQUE: several rules do
    conflict,     // ANY: several rules do, with different outputs
    unreachable,  // FIRST, PRIORITY: other rules always come before this one
    impossible,   // no input at all can satisfy the rule
    redundant,    // without this rule the table would do the same
  };
  Problem problem = Problem::gap;
  std::vector<uint32_t> rules;  // from 1; the one it is about first
  // By input expression: one example, and the whole region as text ("[10..20)", "-").
  std::vector<std::pair<std::string, Value>> example;
  std::vector<std::pair<std::string, std::string>> region;
  bool verified = false;  // the evaluator confirmed the example
  std::string zh;
  std::string en;
};
std::string_view to_string(TableFinding::Problem problem);  // "gap"
struct TableNote {
  std::string zh;
  std::string en;
};
struct TableAnalysis {
  std::string element;  // the decision or knowledge model
  std::string table;
  std::string xml_id;
  std::string hit_policy;
  uint64_t rules = 0;
  std::vector<TableFinding> findings;
  std::vector<TableNote> notes;  // what was not analysed, and why
  bool complete = true;          // false: a limit was reached, there may be more findings
};
struct AnalyseOptions {
  uint64_t findings_max = 100;     // of each problem, of each table
  uint64_t steps_max = 2'000'000;  // regions visited in one search
  const Clock* clock = nullptr;    // for the evaluator that confirms examples
};
std::vector<TableAnalysis> analyse(const std::shared_ptr<const Model>& model,
                                   const AnalyseOptions& options = {});
std::string to_text_zh(const TableAnalysis& analysis);
std::string to_text_en(const TableAnalysis& analysis);
std::string to_json(const TableAnalysis& analysis);

// What changes from one version of a model to another: decisions by name; for two tables the
// regions of inputs whose outcome changes, all of them; for other logic examples at the boundary
// values that the texts name: a sample.
struct Difference {
  enum class Type : uint8_t {
    added,    // a decision or input that is new
    removed,
    type,     // another type
    table,    // the outcome of a table changes in `regions`
    logic,    // the logic was changed; `regions` are a sample
    through,  // the logic is the same, but what it needs has changed; a sample
  };
  struct Region {
    std::vector<std::pair<std::string, Value>> example;
    std::vector<std::pair<std::string, std::string>> region;  // as text; empty if sampled
    std::string before;
    std::string after;
    bool verified = false;  // both evaluated
  };
  Type type = Type::logic;
  std::string element;
  std::string zh;
  std::string en;
  std::vector<Region> regions;
  std::vector<TableNote> notes;
  bool complete = true;
};
struct DifferenceOptions {
  uint64_t regions_max = 100;      // of each decision
  uint64_t steps_max = 2'000'000;  // regions visited
  uint64_t samples = 4000;         // of each decision that is sampled
  uint64_t seed = 1;
  const Clock* clock = nullptr;
};
std::vector<Difference> compare_models(const std::shared_ptr<const Model>& before,
                                       const std::shared_ptr<const Model>& after,
                                       const DifferenceOptions& options = {});
std::string_view to_string(Difference::Type type);
std::string to_text_zh(const Difference& difference);
std::string to_text_en(const Difference& difference);
std::string to_json(const Difference& difference);

// One self-contained HTML page of a model, for reading and printing (A4): its graph, inputs, types,
// decisions as tables, citations. Chinese headings with English. Faults of the model are shown at
// the end. An error only if the first source is no DMN document.
Result<std::string> document_html(const std::vector<Source>& model,
                                  const CompileOptions& options = {});

}  // namespace yipan::rules

#endif  // YIPAN_RULES_H_
