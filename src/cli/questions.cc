// questions check, questions test: the packs held against their contract.
#include <fmt/format.h>

#include "cli/diagnose_commands.h"
#include "yipan/store.h"

namespace yipan::cli {
namespace {

// Gaps and overlaps of the packs' tables: how many there are.
uint64_t print_analysis(const Context& context, const findings::Rulebook& book) {
  uint64_t count = 0;
  for (const findings::PackAnalysis& pack : findings::analyse_packs(book)) {
    for (const rules::TableAnalysis& table : pack.tables) {
      for (const rules::TableFinding& finding : table.findings) {
        ++count;
        print_line(fmt::format("{}: {}: {}", pack.file, table.element,
                               context.tr(finding.zh, finding.en)));
      }
    }
  }
  return count;
}

Result<uint64_t> print_cases(const Context& context, const DiagnoseCommand& command, Date as_of) {
  YIPAN_ASSIGN(const auto cases,
               findings::run_pack_cases(*context.files, rulebook_of(context, command), as_of,
                                        *context.clock));
  uint64_t passed = 0;
  uint64_t failed = 0;
  for (const findings::PackCases& one : cases) {
    passed += one.passed;
    failed += one.failed;
    if (one.failed > 0) print(fmt::format("{}\n{}", one.file, one.text));
  }
  print_line(fmt::format("{} {}, {} {}", passed, context.tr("个用例通过", "cases passed"), failed,
                         context.tr("个不通过", "failed")));
  return failed;
}

// Every query of every pack, on the city if there is one, else on tables without rows.
Result<uint64_t> print_queries(const Context& context, const DiagnoseCommand& command,
                               const findings::Rulebook& book, Date as_of) {
  findings::DiagnoseOptions options;
  options.as_of = as_of;
  options.clock = context.clock;
  Result<findings::Diagnosis> done = fail(Error("cli.questions"));
  if (context.files->exists(context.city_dir + "/city.toml").value_or(false)) {
    YIPAN_ASSIGN(City city, City::open(context, Access::read));
    done = findings::diagnose(city.board().connection(), city.board().schemas(), book, options);
  } else {
    YIPAN_ASSIGN(const auto schemas,
                 board::Schemas::load(*context.files, rulebook_of(context, command) + "/schema"));
    YIPAN_ASSIGN(auto memory, store::open({.url = "sqlite::memory:"}));
    YIPAN_TRY(findings::make_empty_board(*memory, schemas));
    done = findings::diagnose(*memory, schemas, book, options);
  }
  if (!done) return fail(done.error());
  uint64_t failed = 0;
  for (const findings::Answer& answer : done->answers) {
    for (const auto* list : {&answer.errors, &answer.unjudged}) {
      failed += list->size();
      for (const Error& error : *list) print_error(context, error);
    }
    uint64_t rows = 0;
    for (const findings::FactStep& step : answer.steps) rows += step.rows;
    print_line(fmt::format("{}  {} {}  {} {}  {} {}", answer.pack, answer.steps.size(),
                           context.tr("个事实查询", "fact queries"), with_thousands(rows),
                           context.tr("行", "rows"), answer.findings.size() + answer.leads.size(),
                           context.tr("条发现", "findings")));
  }
  return failed;
}

Result<uint64_t> check(const Context& context, const DiagnoseCommand& command) {
  YIPAN_ASSIGN(const Date as_of, day_of(context, command));
  YIPAN_ASSIGN(const findings::Rulebook book, open_rulebook(context, command, as_of));
  uint64_t faults = 0;
  for (const findings::PackProblem& problem : book.problems()) faults += problem.errors.size();
  print_packs_missing(context, book.problems());
  faults += print_analysis(context, book);
  YIPAN_ASSIGN(const uint64_t queries, print_queries(context, command, book, as_of));
  YIPAN_ASSIGN(const uint64_t cases, print_cases(context, command, as_of));
  faults += queries + cases;
  print_line(fmt::format("{} {}  {} {}", book.pack_count(),
                         context.tr("个问题包可用", "packs can be run"), faults,
                         context.tr("处毛病", "faults")));
  return faults;
}

int finish(const Context& context, const Result<uint64_t>& faults) {
  if (!faults) {
    print_error(context, faults.error());
    return kExitError;
  }
  return *faults == 0 ? kExitOk : kExitProblems;
}

}  // namespace

int run_questions_check(const Context& context, const DiagnoseCommand& command) {
  return finish(context, check(context, command));
}

int run_questions_test(const Context& context, const DiagnoseCommand& command) {
  const auto as_of = day_of(context, command);
  if (!as_of) return finish(context, fail(as_of.error()));
  return finish(context, print_cases(context, command, *as_of));
}

}  // namespace yipan::cli
