// Findings: question packs judge a city's records and say what is wrong, how much, where, by which
// rule, on what evidence, who must act and what to do (docs/formats/question-pack.md).
//
//   Rulebook book = load_rulebook(files, "rulebook", {.as_of = date});       // keeps broken packs
//   Result<Diagnosis> d = diagnose(connection, schemas, book, {.as_of = date, .previous = ...});
//   for (const Answer& a : d->answers) ...          // one for each question
//   for (const Finding& f : a.findings) ...         // gravest first
//   Result<Explained> why = explain(connection, schemas, book, options, finding_id);
//
// A finding's identity does not change from run to run: it is made of the question, the code and
// the key of what was judged. compare with the run before (`previous`) gives its state: new,
// standing, cleared, reopened. A finding without norm, citation, responsible department or remedy
// is a lead: listed apart and not counted.
//
// The same board, rulebook and day give the same Diagnosis, on SQLite and PostgreSQL.
//
// Nothing here writes to the board; temporary tables are made for measures. Whoever runs it stores
// rows() as the dataset "findings" (tables findings and finding_evidence of the schema), so that
// findings have the ledger's history and proof like any record.
#ifndef YIPAN_FINDINGS_H_
#define YIPAN_FINDINGS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/columns.h"
#include "yipan/date.h"
#include "yipan/file.h"
#include "yipan/result.h"
#include "yipan/rules.h"

namespace yipan::board {
class Schemas;
}
namespace yipan::store {
class Connection;
}

namespace yipan::findings {

struct Text {  // in the two languages of the screen
  std::string zh;
  std::string en;
};

// ---- the rulebook ------------------------------------------------------------------------------

// An article of law as it is shown.
struct Citation {
  std::string id;      // "government-investment-regulations-2019#12"
  Text label;          // 《政府投资条例》第十二条
  Text paraphrase;     // ours, or ""
  std::string status;  // verified, secondary, local, speech, unverified
};

// A broken pack: what is wrong with it. It is not run, and the report says so.
struct PackProblem {
  std::string pack;  // folder
  int number = 0;    // of the question, 0 if not even that could be read
  Text title;
  std::vector<Error> errors;
};

struct RulebookOptions {
  Date as_of;                  // for dated parameters and rule versions
  std::vector<int> questions;  // only these; empty: all
};

struct RulebookData;
class Rulebook {
 public:
  explicit Rulebook(std::shared_ptr<const RulebookData> data) : data_(std::move(data)) {}
  const RulebookData& data() const { return *data_; }
  const std::vector<PackProblem>& problems() const;  // of packs that cannot be run
  size_t pack_count() const;                         // that can
  std::string hash() const;  // SHA-256 over all files read, as hex: the version of the rules

 private:
  std::shared_ptr<const RulebookData> data_;
};
// An error only if law registry, standards or the folder itself cannot be read.
Result<Rulebook> load_rulebook(Files& files, const std::string& directory,
                               const RulebookOptions& options);

// ---- the diagnosis -----------------------------------------------------------------------------

enum class Severity : uint8_t { red, orange, yellow };
std::string_view to_string(Severity severity);
Text title_of(Severity severity);  // 严重 / serious, ...
enum class State : uint8_t { fresh, standing, cleared, reopened };
std::string_view to_string(State state);  // "new", "standing", "cleared", "reopened"
Text title_of(State state);

// A row of the board that stands behind a finding.
struct Evidence {
  std::string table;
  std::string key;     // as in board::key text
  uint64_t entry = 0;  // ledger index that brought the row
  uint64_t row = 0;    // of the source file
};

struct Finding {
  std::string id;    // "F1-0a1b2c3d4e5f"
  int question = 0;  // number
  std::string code;
  std::string rule;  // "P05" or ""
  Severity severity = Severity::yellow;
  bool lead = false;             // something is missing: not counted
  std::vector<Text> lead_lacks;  // what is missing
  State state = State::fresh;
  Text title;
  Text claim;
  Text norm;
  Text remedy;
  std::string value;  // as given by the decision, as text; "" if none
  std::string norm_value;
  std::string fact;  // name of the fact section
  std::string key;   // of the fact
  std::string subject;
  std::string area_id;
  Text area;
  std::optional<int64_t> money_fen;
  std::vector<Citation> citations;
  std::string citation_status;  // the weakest
  std::string lead_role;
  std::string lead_id;  // organisation
  std::string lead_name;
  std::vector<std::string> support_ids;
  std::vector<std::string> support_names;
  std::vector<Evidence> evidence;
  uint64_t evidence_total = 0;  // may be more than are listed
  std::optional<double> lon;    // a place for the map, where there is one
  std::optional<double> lat;
  std::string first_seen_on;  // dates of as_of, ISO
  std::string last_seen_on;
  std::string cleared_on;
  // How it was computed: measure, facts, rule version, as-of date.
  std::vector<std::pair<std::string, std::string>> facts;  // column and value, of the judged row
};

struct FigureValue {
  std::string id;
  Text title;
  std::string unit;
  int decimals = 0;
  std::optional<double> value;
  std::optional<double> norm;  // value of the parameter, if one is named
  std::string speech;          // figure of the speech, or ""
  std::string by_view;         // view that opens it, or ""
};

struct ViewData {
  std::string id;
  Text title;
  std::string kind;  // bar, line, map, table
  std::string x;
  std::string area;  // column with area ids, or ""
  std::vector<std::string> y;
  std::vector<Text> y_title;
  std::string unit;
  int decimals = 0;
  std::optional<double> norm;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // texts; numbers in shortest form, "" is null
};

struct FactStep {  // of one fact query: how much was judged
  std::string name;
  Text title;
  uint64_t rows = 0;
  uint64_t findings = 0;
  uint64_t unjudged = 0;  // rows for which the decision had no answer (Answer::unjudged says why)
  double seconds_sql = 0;
  double seconds_rules = 0;
};

struct Answer {
  int number = 0;
  std::string pack;  // folder
  Text title;
  Text asks;
  Text sentence;  // the answer
  std::vector<FigureValue> figures;
  std::vector<ViewData> views;
  std::vector<Finding> findings;  // counted ones and cleared ones, gravest first
  std::vector<Finding> leads;
  std::vector<FactStep> steps;
  std::string method_md;      // the pack's README
  std::vector<Error> errors;  // it could not be run: the answer is missing
  // Rows that a decision had no answer for (null with a reason), the first ones of each fact: the
  // answer stands, but does not cover them.
  std::vector<Error> unjudged;
  int64_t money_fen = 0;  // of standing findings
  // With a clock; those of facts and rules stand in `steps`.
  double seconds_evidence = 0;
  double seconds_views = 0;  // figures too
};

struct DiagnoseOptions {
  Date as_of;
  // Opens another connection to the same board, for reading: with it two threads share the
  // questions. Without it one asks them all. The answers are the same.
  std::function<Result<std::unique_ptr<store::Connection>>()> connect = {};
  bool evidence = true;             // collect evidence rows
  std::vector<Finding> previous;    // the findings of the run before
  std::optional<Date> previous_on;  // its day
  std::function<void(const Text& step, uint64_t done, uint64_t total)> progress;
  const Clock* clock = nullptr;  // for the seconds of FactStep; never for judging
};

struct Diagnosis {
  Date as_of;
  std::string rulebook_hash;
  std::string tzdata;
  bool synthetic = false;  // the city's data is made up
  std::vector<Answer> answers;
  std::vector<PackProblem> missing;  // packs that could not be loaded
  // Findings of the run before whose question was not answered this time: kept as they were, in no
  // answer and no count.
  std::vector<Finding> carried;
  uint64_t count(Severity severity) const;  // standing, not leads
  uint64_t lead_count() const;
  int64_t money_fen() const;
};
Result<Diagnosis> diagnose(store::Connection& connection, const board::Schemas& schemas,
                           const Rulebook& rulebook, const DiagnoseOptions& options);

// One finding with everything behind it: the fact row, the decision explained (which rule fired,
// which cells did not), evidence.
struct Explained {
  Finding finding;
  std::string sql;  // of the fact query
  rules::Explanation explanation;
  std::vector<std::pair<std::string, std::string>> parameters;  // name, value: those the model uses
};
// Error "findings.unknown" if no finding of this id stands on that day.
Result<Explained> explain(store::Connection& connection, const board::Schemas& schemas,
                          const Rulebook& rulebook, const DiagnoseOptions& options,
                          std::string_view finding_id);

// ---- keeping findings on the board
// ---------------------------------------------------------------

// Rows of the tables `findings` and `finding_evidence` (rulebook/schema), sorted by key.
struct FindingRows {
  Batch findings;
  Batch evidence;
};
FindingRows rows(const Diagnosis& diagnosis, const board::Schemas& schemas);
// What the board holds from the run before (empty if there was none).
Result<std::vector<Finding>> previous_findings(store::Connection& connection);

// What changed since a run: by state, for `--since`.
struct Since {
  std::vector<const Finding*> fresh, reopened, cleared;
  uint64_t standing = 0;
};
Since changes(const Diagnosis& diagnosis);

// Tables of the packs' decisions: gaps, overlaps, rules that never come to pass.
struct PackAnalysis {
  std::string pack;
  std::string file;
  std::vector<rules::TableAnalysis> tables;
};
std::vector<PackAnalysis> analyse_packs(const Rulebook& rulebook);

// The tables of the schemas, without rows, on an empty connection: enough for every query of every
// pack to run, and to be found out if it does not.
Result<> make_empty_board(store::Connection& connection, const board::Schemas& schemas);

// Runs all tables of cases of the packs (cases/FACT.csv). Text like a test runner's.
struct PackCases {
  std::string pack;
  std::string file;
  uint64_t passed = 0;
  uint64_t failed = 0;
  std::string text;  // the failures
};
Result<std::vector<PackCases>> run_pack_cases(Files& files, const std::string& directory,
                                              Date as_of, const Clock& clock);

}  // namespace yipan::findings

#endif  // YIPAN_FINDINGS_H_
