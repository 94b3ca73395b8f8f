// generate: the demonstration city's data package.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "yipan/generate.h"

namespace yipan::cli {

int run_generate(const Context& context, const GenerateCommand& command) {
  const std::string rulebook = default_rulebook(context);
  generate::GenerateOptions options;
  options.seed = command.seed;
  options.clean = command.clean;
  options.with_planted = command.with_planted;
  options.scale = command.scale;
  options.city_dir = rulebook + "/../cities/" + command.city;
  options.schema_dir = rulebook + "/schema";
  options.out_dir = command.out.empty() ? command.city : command.out;
  const auto report = generate::generate(*context.files, options);
  if (!report) {
    print_error(context, report.error());
    return kExitError;
  }
  if (context.json) {
    print_line(nlohmann::json{{"out", options.out_dir},
                              {"tables", report->tables.size()},
                              {"rows", report->rows},
                              {"bytes", report->bytes},
                              {"figures", report->figures.size()}}
                   .dump(2));
    return kExitOk;
  }
  print_line(fmt::format("{}  {} {}  {} {}", options.out_dir, report->tables.size(),
                         context.tr("张表", "tables"), with_thousands(report->rows),
                         context.tr("行", "rows")));
  print_line(fmt::format("{} {}", report->figures.size(),
                         context.tr("个数字与讲话逐一相符（合成数据）",
                                    "figures equal the speech's, each (synthetic data)")));
  return kExitOk;
}

}  // namespace yipan::cli
