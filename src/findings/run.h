// One diagnosis while it runs: the board, the rulebook, and what is looked up once.
#ifndef YIPAN_FINDINGS_RUN_H_
#define YIPAN_FINDINGS_RUN_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "findings/pack.h"
#include "yipan/analysis.h"
#include "yipan/board.h"
#include "yipan/store.h"

namespace yipan::findings {

// Names of areas and organisations; which organisation a role is.
class Directory : public Names {
 public:
  static Result<Directory> load(store::Connection& db, const board::Schemas& schemas);
  std::string area(std::string_view id, Language language) const override;
  std::string organisation(std::string_view id, Language language) const override;
  bool has_organisation(std::string_view id) const { return find(id) != nullptr; }
  // Id of the organisation, "" if the city has none.
  std::string resolve(const Role& role, std::string_view area_id) const;

 private:
  struct Area {
    std::string name, name_en, parent_id;
  };
  struct Organisation {
    std::string id, name, name_en, kind, area_id;
  };
  const Organisation* find(std::string_view id) const;
  const Organisation* first(const Role& role, const std::string* area_id) const;
  std::map<std::string, Area, std::less<>> areas_;
  std::vector<Organisation> organisations_;  // by id
};

// The measure `places`: a point inside each geometry.
class Places {
 public:
  static Result<Places> measure(store::Connection& db, const board::Schemas& schemas);
  // Writes m_places.
  Result<> write(store::Connection& db) const;
  const analysis::LonLat* find(std::string_view table, std::string_view key) const;

 private:
  struct Table {
    std::string name;
    std::vector<std::string> keys;
    std::vector<analysis::LonLat> places;
    std::unordered_map<std::string_view, size_t> by_key;
  };
  std::vector<std::unique_ptr<Table>> tables_;
  std::vector<std::optional<analysis::LonLat>> all_areas_;
};

// PostgreSQL's planner takes a WITH that is read twice for a table without statistics, and may join
// two of 100,000 rows row by row. Queries over whole tables are planned without nested loops where
// another join will do; those of one key with them. Gives back what it set when it dies.
class Planner {
 public:
  explicit Planner(store::Connection& db) : db_(db) {}
  ~Planner();
  Planner(const Planner&) = delete;
  Planner& operator=(const Planner&) = delete;
  Result<> for_one_key(bool one);

 private:
  store::Connection& db_;
  std::optional<bool> one_;
};

struct Run {
  store::Connection& db;
  const board::Schemas& schemas;
  const RulebookData& book;
  const DiagnoseOptions& options;
  Directory city;
  Places places;
  std::shared_ptr<Planner> planner;

  static Result<Run> prepare(store::Connection& db, const board::Schemas& schemas,
                             const RulebookData& book, const DiagnoseOptions& options);
  double seconds() const;  // monotonic, if there is a clock
};

// Opens a section's query with its parameters bound and its stated types checked. The error has the
// section's file and line.
Result<std::unique_ptr<store::Rows>> open_section(const Run& run, const Section& section,
                                                  const std::string& file,
                                                  std::string_view key = {});
Error section_error(std::string_view code, const Section& section, const std::string& file);
// A cell as FEEL sees it: numbers exactly, instants and others as text.
rules::Value cell_value(const Column& column, size_t row);

// ---- one fact query judged ----------------------------------------------------------------------

// A row that the decision has something to say about, with one of the things it says.
struct Judged {
  const std::vector<store::OutColumn>* columns = nullptr;
  const Batch* batch = nullptr;
  size_t row = 0;
  std::string key;
  rules::Value outcome;  // a context with a code
};
struct JudgeStats {
  uint64_t rows = 0;
  uint64_t unjudged = 0;
  std::vector<Error> why_unjudged;  // the first ones
  double seconds_sql = 0;
  double seconds_rules = 0;
};
using JudgedSink = std::function<Result<>(const Judged&)>;
Result<> judge_fact(const Run& run, const Pack& pack, const FactSpec& fact, const JudgedSink& sink,
                    JudgeStats* stats);
// The decision of the row with this key, explained; nothing if there is no such row.
Result<std::optional<rules::Explanation>> explain_fact(const Run& run, const Pack& pack,
                                                       const FactSpec& fact, std::string_view key);

std::string finding_id(int question, std::string_view code, std::string_view key);
Result<Finding> make_finding(const Run& run, const Pack& pack, const FactSpec& fact,
                             const Judged& judged);
// Fills evidence, its ledger entries and places.
Result<> collect_evidence(const Run& run, const Pack& pack, std::vector<Finding>* findings);
// Sets state and dates by the run before, and adds those that are cleared.
void set_states(const DiagnoseOptions& options, const Law& law, int question,
                std::vector<Finding>* findings);
// Figures, views and the sentence; findings must be complete.
Result<> answer_figures(const Run& run, const Pack& pack, Answer* answer);
Result<> answer_views(const Run& run, const Pack& pack, Answer* answer);
Result<> answer_sentence(const Run& run, const Pack& pack, Answer* answer);
// Runs one pack. What fails stands in errors.
Answer ask(const Run& run, const Pack& pack);
void sort_findings(std::vector<Finding>* findings);

}  // namespace yipan::findings

#endif  // YIPAN_FINDINGS_RUN_H_
