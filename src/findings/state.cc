// New, standing, cleared, reopened: a finding followed from run to run.
#include <algorithm>
#include <unordered_map>

#include "findings/run.h"

namespace yipan::findings {
namespace {

// The registry as it is today: the board keeps ids only.
void look_up_citations(const Law& law, Finding* finding) {
  for (Citation& citation : finding->citations) {
    const auto cited = law.resolve(citation.id);
    if (!cited) {
      citation.label = {citation.id, citation.id};
      continue;
    }
    citation.label = {cited->label.zh, cited->label.en};
    if (cited->article != nullptr) {
      citation.paraphrase = {cited->article->paraphrase.zh, cited->article->paraphrase.en};
    }
    citation.status = std::string(to_string(cited->status));
  }
}

State state_after(const Finding& before, bool same_day) {
  if (before.state == State::cleared) return State::reopened;
  // Asked again on the day of the run before: what was new that day still is.
  return same_day ? before.state : State::standing;
}

}  // namespace

void set_states(const DiagnoseOptions& options, const Law& law, int question,
                std::vector<Finding>* findings) {
  const std::string today = options.as_of.to_string();
  const bool same_day = options.previous_on && *options.previous_on == options.as_of;
  std::unordered_map<std::string_view, Finding*> now;
  for (Finding& finding : *findings) {
    finding.state = State::fresh;
    finding.first_seen_on = finding.last_seen_on = today;
    now.emplace(finding.id, &finding);
  }
  std::vector<Finding> cleared;
  for (const Finding& before : options.previous) {
    if (before.question != question) continue;
    const auto found = now.find(before.id);
    if (found != now.end()) {
      found->second->state = state_after(before, same_day);
      found->second->first_seen_on = std::min(before.first_seen_on, today);
      continue;
    }
    Finding gone = before;
    if (gone.state != State::cleared) {
      gone.state = State::cleared;
      gone.cleared_on = today;
    }
    look_up_citations(law, &gone);
    cleared.push_back(std::move(gone));
  }
  // The map's pointers are done with: now the vector may move.
  findings->insert(findings->end(), std::make_move_iterator(cleared.begin()),
                   std::make_move_iterator(cleared.end()));
}

}  // namespace yipan::findings
