// The diagnosis: every pack asked, its findings made and followed.
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>
#include <system_error>
#include <thread>

#include "findings/overlays.h"
#include "findings/run.h"

namespace yipan::findings {
namespace {

class Asker {
 public:
  Asker(const Run& run, const Pack& pack) : run_(run), pack_(pack) {
    answer_.number = pack.number;
    answer_.pack = pack.folder;
    answer_.title = pack.title;
    answer_.asks = pack.asks;
    answer_.method_md = pack.method_md;
  }

  Answer run() {
    if (const auto done = ask_all(); !done) {
      answer_.errors.push_back(done.error());
      answer_.findings.clear();
      answer_.leads.clear();
      answer_.figures.clear();
      answer_.views.clear();
      answer_.money_fen = 0;
    }
    return std::move(answer_);
  }

 private:
  Result<> ask_all() {
    std::vector<Finding> all;
    for (const FactSpec& fact : pack_.facts) YIPAN_TRY(ask_fact(fact, &all));
    const double started = run_.seconds();
    YIPAN_TRY(collect_evidence(run_, pack_, &all));
    answer_.seconds_evidence = run_.seconds() - started;
    set_states(run_.options, run_.book.law, pack_.number, &all);
    for (Finding& finding : all) {
      (finding.lead ? answer_.leads : answer_.findings).push_back(std::move(finding));
    }
    sort_findings(&answer_.findings);
    sort_findings(&answer_.leads);
    for (const Finding& finding : answer_.findings) {
      if (finding.state != State::cleared) answer_.money_fen += finding.money_fen.value_or(0);
    }
    const double viewed = run_.seconds();
    YIPAN_TRY(answer_figures(run_, pack_, &answer_));
    YIPAN_TRY(answer_views(run_, pack_, &answer_));
    answer_.seconds_views = run_.seconds() - viewed;
    return answer_sentence(run_, pack_, &answer_);
  }
  Result<> ask_fact(const FactSpec& fact, std::vector<Finding>* all) {
    FactStep step;
    step.name = fact.name;
    step.title = fact.title;
    JudgeStats stats;
    const auto take = [&](const Judged& judged) -> Result<> {
      YIPAN_ASSIGN(Finding finding, make_finding(run_, pack_, fact, judged));
      if (!ids_.insert(finding.id).second) return fail(twice(fact, finding));
      ++step.findings;
      all->push_back(std::move(finding));
      return {};
    };
    YIPAN_TRY(judge_fact(run_, pack_, fact, take, &stats));
    step.rows = stats.rows;
    step.unjudged = stats.unjudged;
    step.seconds_sql = stats.seconds_sql;
    step.seconds_rules = stats.seconds_rules;
    answer_.steps.push_back(std::move(step));
    answer_.unjudged.insert(answer_.unjudged.end(), stats.why_unjudged.begin(),
                            stats.why_unjudged.end());
    return {};
  }
  Error twice(const FactSpec& fact, const Finding& finding) const {
    return Error("findings.code.twice")
        .zh(fmt::format("代码“{}”对 key “{}”说了两次（事实“{}”）", finding.code, finding.key,
                        fact.name))
        .en(fmt::format("the code '{}' is said twice of the key '{}' (fact '{}')", finding.code,
                        finding.key, fact.name))
        .file(pack_.file("judge.dmn"))
        .line(pack_.shape.line_of(fact.decision))
        .element(fact.name)
        .remedy("每个代码对一个 key 只说一次：合并规则，或用不同的代码",
                "say a code once of a key: join the rules, or use different codes");
  }

  const Run& run_;
  const Pack& pack_;
  Answer answer_;
  std::set<std::string> ids_;
};

Result<bool> is_synthetic(store::Connection& db) {
  for (const char* table : {"y_sources", "y_datasets"}) {
    YIPAN_ASSIGN(const bool there, db.has_table(table));
    if (!there) return false;
  }
  // Of the vintage of each dataset that is on the board now; our own findings do not count.
  YIPAN_ASSIGN(const auto count,
               db.query_int("SELECT count(*) FROM y_sources s WHERE s.synthetic AND s.table_name "
                            "NOT IN ('findings', 'finding_evidence') AND s.entry = (SELECT "
                            "max(d.entry) FROM y_datasets d WHERE d.dataset = s.dataset)"));
  return count.value_or(0) > 0;
}

void carry_over(const DiagnoseOptions& options, Diagnosis* diagnosis) {
  std::set<int> answered;
  for (const Answer& answer : diagnosis->answers) {
    if (answer.errors.empty()) answered.insert(answer.number);
  }
  for (const Finding& finding : options.previous) {
    if (!answered.contains(finding.question)) diagnosis->carried.push_back(finding);
  }
}

}  // namespace

Answer ask(const Run& run, const Pack& pack) { return Asker(run, pack).run(); }

namespace {

// Those that a pack asks for; the others rest on `places`.
Result<> run_measures(const Run& run) {
  std::set<std::string_view> wanted;
  for (const auto& pack : run.book.packs) {
    wanted.insert(pack->measures.begin(), pack->measures.end());
  }
  if (wanted.empty()) return {};
  YIPAN_TRY(run.places.write(run.db));
  if (wanted.contains("inside")) YIPAN_TRY(write_inside(run.db));
  if (wanted.contains("cover")) YIPAN_TRY(write_cover(run.db));
  if (wanted.contains("zones")) YIPAN_TRY(write_zones(run.db));
  return {};
}

// The packs, taken one after another by whoever is free.
struct Queue {
  const RulebookData& book;
  const DiagnoseOptions& options;
  std::vector<std::optional<Answer>> answers;
  std::mutex mutex = {};
  size_t next = 0;

  const Pack* take(size_t* index) {
    const std::lock_guard lock(mutex);
    if (next == book.packs.size()) return nullptr;
    *index = next++;
    if (options.progress) options.progress(book.packs[*index]->title, next, answers.size() + 1);
    return book.packs[*index].get();
  }
};

// Measures are temporary tables: each connection writes its own.
Result<> work(store::Connection& db, const board::Schemas& schemas, Queue* queue) {
  YIPAN_ASSIGN(const Run run, Run::prepare(db, schemas, queue->book, queue->options));
  YIPAN_TRY(run_measures(run));
  size_t index = 0;
  while (const Pack* pack = queue->take(&index)) queue->answers[index] = ask(run, *pack);
  return {};
}

// A second pair of hands, on a connection of its own. It takes packs only once it is ready, so if
// it never is the first asks them all: that costs time, nothing else.
class Helper {
 public:
  Helper(const board::Schemas& schemas, Queue* queue) {
    if (!queue->options.connect) return;
    auto opened = queue->options.connect();
    if (!opened) return;
    db_ = std::move(*opened);
    try {
      thread_ =
          std::thread([this, &schemas, queue] { static_cast<void>(work(*db_, schemas, queue)); });
    } catch (const std::system_error&) {
      return;  // no thread to be had
    }
  }
  ~Helper() { join(); }
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;
  void join() {
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::unique_ptr<store::Connection> db_;
  std::thread thread_;
};

}  // namespace

Result<Diagnosis> diagnose(store::Connection& connection, const board::Schemas& schemas,
                           const Rulebook& rulebook, const DiagnoseOptions& options) {
  const RulebookData& book = rulebook.data();
  CHECK(book.as_of == options.as_of);  // parameters were resolved for that day
  Diagnosis out;
  out.as_of = options.as_of;
  out.rulebook_hash = book.hash;
  out.tzdata = rules::tzdata_version();
  out.missing = book.problems;
  const uint64_t total = book.packs.size() + 1;
  const auto progress = [&](const Text& step, uint64_t done) {
    if (options.progress) options.progress(step, done, total);
  };
  progress({"量算", "measuring"}, 0);
  YIPAN_ASSIGN(out.synthetic, is_synthetic(connection));
  Queue queue{book, options, std::vector<std::optional<Answer>>(book.packs.size())};
  {
    const Helper helper(schemas, &queue);
    YIPAN_TRY(work(connection, schemas, &queue));
  }
  for (auto& answer : queue.answers) {
    if (answer) out.answers.push_back(std::move(*answer));
  }
  std::sort(out.answers.begin(), out.answers.end(),
            [](const Answer& a, const Answer& b) { return a.number < b.number; });
  carry_over(options, &out);
  progress({"完成", "done"}, total);
  return out;
}

Result<Explained> explain(store::Connection& connection, const board::Schemas& schemas,
                          const Rulebook& rulebook, const DiagnoseOptions& options,
                          std::string_view finding_id) {
  const RulebookData& book = rulebook.data();
  YIPAN_ASSIGN(const Run run, Run::prepare(connection, schemas, book, options));
  YIPAN_TRY(run_measures(run));
  for (const auto& pack : book.packs) {
    // The id names the question: the other packs need not be asked.
    if (!finding_id.starts_with(fmt::format("F{}-", pack->number))) continue;
    Answer answer = ask(run, *pack);
    if (!answer.errors.empty()) return fail(answer.errors.front());
    for (std::vector<Finding>* list : {&answer.findings, &answer.leads}) {
      for (Finding& finding : *list) {
        if (finding.id != finding_id || finding.state == State::cleared) continue;
        const auto fact = std::find_if(pack->facts.begin(), pack->facts.end(),
                                       [&](const FactSpec& f) { return f.name == finding.fact; });
        Explained out;
        YIPAN_ASSIGN(auto tree, explain_fact(run, *pack, *fact, finding.key));
        if (tree) out.explanation = std::move(*tree);
        out.sql = fact->query.text;
        for (const auto& [name, value] : book.values) {
          const bool used = std::any_of(
              pack->sources.begin(), pack->sources.end(),
              [&n = name](const rules::Source& s) { return s.text.find(n) != std::string::npos; });
          if (used) out.parameters.emplace_back(name, value.to_string());
        }
        out.finding = std::move(finding);
        return out;
      }
    }
  }
  return fail(
      Error("findings.unknown")
          .zh(fmt::format("{} 没有编号为 {} 的问题", options.as_of.to_string(), finding_id))
          .en(fmt::format("no finding {} stands on {}", finding_id, options.as_of.to_string()))
          .element(finding_id)
          .remedy("用 yipan findings 看有哪些；或者它已销号，或换一个 --as-of",
                  "see yipan findings for what there is; it may be cleared, or stand on "
                  "another --as-of"));
}

uint64_t Diagnosis::count(Severity severity) const {
  uint64_t out = 0;
  for (const Answer& answer : answers) {
    for (const Finding& f : answer.findings) {
      out += f.severity == severity && f.state != State::cleared ? 1 : 0;
    }
  }
  return out;
}

uint64_t Diagnosis::lead_count() const {
  uint64_t out = 0;
  for (const Answer& answer : answers) {
    for (const Finding& f : answer.leads) out += f.state != State::cleared ? 1 : 0;
  }
  return out;
}

int64_t Diagnosis::money_fen() const {
  int64_t out = 0;
  for (const Answer& answer : answers) out += answer.money_fen;
  return out;
}

Since changes(const Diagnosis& diagnosis) {
  Since out;
  for (const Answer& answer : diagnosis.answers) {
    for (const Finding& finding : answer.findings) {
      switch (finding.state) {
        case State::fresh:
          out.fresh.push_back(&finding);
          break;
        case State::reopened:
          out.reopened.push_back(&finding);
          break;
        case State::cleared:
          // Those that were cleared in an earlier run are no news.
          if (finding.cleared_on == diagnosis.as_of.to_string()) out.cleared.push_back(&finding);
          break;
        case State::standing:
          ++out.standing;
          break;
      }
    }
  }
  return out;
}

}  // namespace yipan::findings
