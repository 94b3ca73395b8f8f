// Tables of cases of the packs.
#include <fmt/format.h>

#include "findings/pack.h"

namespace yipan::findings {
namespace {

std::string failures_text(const rules::CaseReport& report) {
  std::string out;
  for (const rules::CaseFailure& f : report.failures) {
    out += fmt::format("  row {} {}: {}: expected {}, got {}{}\n", f.row, f.name, f.output,
                       f.expected, f.actual, f.why_zh.empty() ? "" : "（" + f.why_zh + "）");
  }
  return out;
}

Result<> run_folder(Files& files, const RulebookData& book, const std::string& directory,
                    const std::string& folder, const Clock& clock, std::vector<PackCases>* out) {
  const std::string cases = directory + "/cases";
  if (!files.exists(cases).value_or(false)) return {};
  YIPAN_ASSIGN(const auto names, files.list(cases));
  const auto sources = rules::read_model(files, directory + "/judge.dmn");
  rules::CompileOptions options;
  options.as_of = book.as_of;
  options.parameters = book.parameters;
  for (const std::string& name : names) {
    if (!name.ends_with(".csv")) continue;
    PackCases one;
    one.pack = folder;
    one.file = cases + "/" + name;
    const auto csv = read_file(files, one.file);
    const auto report = !sources ? Result<rules::CaseReport>(fail(sources.error()))
                        : !csv   ? Result<rules::CaseReport>(fail(csv.error()))
                                 : rules::run_cases(*sources, *csv, one.file, options, clock);
    if (report) {
      one.passed = report->passed;
      one.failed = report->failed;
      one.text = failures_text(*report);
    } else {
      one.failed = 1;
      one.text = report.error().to_string_zh() + "\n";
    }
    out->push_back(std::move(one));
  }
  return {};
}

}  // namespace

Result<std::vector<PackCases>> run_pack_cases(Files& files, const std::string& directory,
                                              Date as_of, const Clock& clock) {
  YIPAN_ASSIGN(const auto book, load_foundations(files, directory, as_of));
  const std::string questions = directory + "/questions";
  YIPAN_ASSIGN(const auto folders, files.list(questions));
  std::vector<PackCases> out;
  for (const std::string& folder : folders) {
    const std::string path = questions + "/" + folder;
    if (!files.exists(path + "/judge.dmn").value_or(false)) continue;
    YIPAN_TRY(run_folder(files, *book, path, folder, clock, &out));
  }
  return out;
}

}  // namespace yipan::findings
