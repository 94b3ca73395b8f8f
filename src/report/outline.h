// The outline: a diagnosis sorted for readers, shared by all formats. Findings of one code and one
// severity are a Group; Groups of one organisation are its Duties.
#ifndef YIPAN_REPORT_OUTLINE_H_
#define YIPAN_REPORT_OUTLINE_H_

#include <array>
#include <string>
#include <vector>

#include "report/areas.h"
#include "yipan/report.h"

namespace yipan::report {

using findings::Answer;
using findings::Finding;
using findings::Severity;
using findings::Text;

using Counts = std::array<uint64_t, 3>;  // by Severity

struct Group {
  std::string code;
  int question = 0;
  Severity severity = Severity::yellow;
  Text title;
  std::vector<const Finding*> findings;  // as the engine ordered them
  int64_t money_fen = 0;
  bool same_norm = true;  // then stated once, for all
  bool same_remedy = true;
  bool same_lead = true;
  const Finding& first() const { return *findings.front(); }
};

struct Chapter {
  const Answer* answer = nullptr;
  Counts counts{};
  std::vector<Group> groups;  // red before orange before yellow; in each, most money first
  std::vector<Group> leads;
  std::vector<const Finding*> cleared;
  uint64_t count() const { return counts[0] + counts[1] + counts[2]; }
};

struct Duties {
  std::string id;    // of the organisation
  std::string name;  // "" is shown as the role
  Counts counts{};
  int64_t money_fen = 0;
  std::vector<Group> groups;
};

struct CitationUse {
  findings::Citation citation;
  uint64_t findings = 0;
};

struct Outline {
  const findings::Diagnosis* diagnosis = nullptr;
  const ReportOptions* options = nullptr;
  const AreaMap* areas = nullptr;
  std::vector<Chapter> chapters;
  std::vector<Duties> duties;          // most red first, then orange, then yellow, then by name
  std::vector<CitationUse> citations;  // by id
  Counts counts{};
  int64_t money_fen = 0;
  uint64_t lead_count = 0;
  std::vector<const Finding*> fresh, reopened, cleared, overdue;
  bool compared = false;  // there was a run before
};

// What the first page says where Chinese law does not hold; empty texts where it does.
findings::Text foreign_law(std::string_view jurisdiction);

Outline make_outline(const findings::Diagnosis& diagnosis, const ReportOptions& options,
                     const AreaMap& areas);

bool counts_as_standing(const Finding& finding);  // not cleared, not a lead
// Days since it was first seen, if it stands longer than it ought to; else 0.
int64_t days_overdue(const Finding& finding, Date as_of, const ClearingDays& clearing);

Text severity_title(Severity severity);             // 严重 / serious
std::string_view severity_mark(Severity severity);  // ■ ▲ ●: told apart without colour
std::string_view severity_class(Severity severity);
Text state_title(findings::State state);
Text status_title(std::string_view status);  // of a citation
bool is_verified(std::string_view status);
std::string short_hash(const Outline& outline);  // of the rulebook, as the command line shows it
std::string chinese_number(size_t n);            // 1 -> 一, 12 -> 十二, up to 99
std::string lead_of(const Finding& finding);     // the organisation's name, or the role's id

}  // namespace yipan::report

#endif  // YIPAN_REPORT_OUTLINE_H_
