// import and export: files in, files out.
#include <fmt/format.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "yipan/intake.h"

namespace yipan::cli {

namespace {

using nlohmann::json;

bool is_folder(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

intake::Context intake_context(const Context& context, City* city) {
  intake::Context out;
  out.files = context.files;
  out.clock = context.clock;
  out.logger = context.logger;
  if (city != nullptr) {
    out.ledger = &city->ledger();
    out.board = &city->board();
  }
  return out;
}

std::string_view phase_name(const Context& context, intake::Progress::Phase phase) {
  switch (phase) {
    case intake::Progress::Phase::copying:
      return context.tr("复制原件", "copying");
    case intake::Progress::Phase::reading:
      return context.tr("读取", "reading");
    case intake::Progress::Phase::checking:
      return context.tr("核对", "checking");
    case intake::Progress::Phase::entering:
      return context.tr("入账", "entering");
  }
  return "";
}

json outcome_json(const intake::ImportOutcome& o) {
  json out{{"status", std::string(intake::to_string(o.status))},
           {"dataset", o.log.dataset},
           {"table", o.log.table},
           {"rows_accepted", o.log.rows_accepted},
           {"rows_refused", o.log.rows_refused},
           {"refused_file", o.refused_path},
           {"quality_log", o.log_path},
           {"vintage", o.diff.vintage},
           {"added", o.diff.added},
           {"changed", o.diff.changed},
           {"removed", o.diff.removed},
           {"same", o.diff.same}};
  // An entry is there for what stands in the ledger only.
  using intake::Status;
  if (o.status == Status::accepted || o.status == Status::partial ||
      o.status == Status::unchanged) {
    out["entry"] = o.entry;
  }
  return out;
}

bool came_in(const intake::ImportOutcome& outcome) {
  return outcome.status != intake::Status::refused;
}

void print_outcome(const Context& context, const intake::ImportOutcome& o) {
  if (context.quiet && came_in(o)) return;
  print_line(context.lang == Lang::zh ? o.log.summary_zh() : o.log.summary_en());
  if (o.status == intake::Status::unchanged) {
    print_line(fmt::format(
        "  {} {}", context.tr("已经导入过，见账本条目", "already imported, as ledger entry"),
        o.entry));
  } else if (o.status == intake::Status::accepted || o.status == intake::Status::partial) {
    print_line(fmt::format(
        "  {} {}  {} {}  {} {}  {} {}  {} {}  {} {}", context.tr("账本条目", "ledger entry"),
        o.entry, context.tr("版本", "vintage"), o.diff.vintage, context.tr("新增", "added"),
        with_thousands(o.diff.added), context.tr("变动", "changed"), with_thousands(o.diff.changed),
        context.tr("撤去", "removed"), with_thousands(o.diff.removed), context.tr("未变", "same"),
        with_thousands(o.diff.same)));
  }
  if (!o.refused_path.empty()) {
    print_line(fmt::format("  {} {}",
                           context.tr("退回的行（改好后用 --mended 再报）：",
                                      "refused rows (mend them, then use --mended):"),
                           o.refused_path));
  }
  if (!o.log_path.empty() && !came_in(o)) {
    print_line(fmt::format("  {} {}", context.tr("质量记录：", "quality log:"), o.log_path));
  }
}

Error refused_error(const intake::ImportOutcome& outcome) {
  return Error("cli.import.refused")
      .zh(fmt::format("{} 行不合格，整个数据集没有收下", outcome.log.rows_refused))
      .en(fmt::format("{} rows were refused; nothing of the dataset came in",
                      outcome.log.rows_refused))
      .file(outcome.log.file)
      .remedy("改好退回的行再导入，或用 --accept-partial 只收合格的行",
              "mend the refused rows and import again, or take the good ones alone with "
              "--accept-partial");
}

Result<> import_one(const Context& context, City& city, const ImportCommand& command,
                    const std::string& path) {
  intake::ImportOptions options;
  options.path = path;
  options.mapping_path = command.mapping;
  options.dataset = command.dataset;
  options.table = command.table;
  options.sheet = command.sheet;
  options.mended_path = command.mended;
  options.side_directory = city.refused_directory();
  options.who = command.who;
  options.reason = command.reason;
  options.accept_partial = command.accept_partial;
  options.dry_run = command.dry_run;
  if (options.dataset.empty() && options.mapping_path.empty() && !options.table.empty()) {
    options.dataset = city.config().name + "/" + options.table;
  }
  Progress bar(context, path);
  options.progress = [&](const intake::Progress& p) {
    bar.relabel(fmt::format("{} {}", path, phase_name(context, p.phase)));
    bar.update(p.done, p.total);
  };
  YIPAN_ASSIGN(const intake::ImportOutcome outcome,
               intake::import_file(intake_context(context, &city), options));
  if (context.json) {
    print_line(outcome_json(outcome).dump(2));
  } else {
    print_outcome(context, outcome);
  }
  if (!came_in(outcome)) return fail(refused_error(outcome));
  return {};
}

Result<> import_folder(const Context& context, City& city, const ImportCommand& command,
                       const std::string& path) {
  intake::PackageOptions options;
  options.data_directory = command.data_dir;
  options.path = path;
  options.who = command.who;
  options.reason = command.reason;
  options.side_directory = city.refused_directory();
  options.accept_partial = command.accept_partial;
  options.dry_run = command.dry_run;
  Progress bar(context, path);
  options.progress = [&](std::string_view resource, const intake::Progress& p) {
    bar.relabel(fmt::format("{} {}", resource, phase_name(context, p.phase)));
    bar.update(p.done, p.total);
  };
  YIPAN_ASSIGN(const intake::PackageOutcome outcome,
               intake::import_package(intake_context(context, &city), options));
  json list = json::array();
  for (const intake::ImportOutcome& resource : outcome.resources) {
    if (context.json) {
      list.push_back(outcome_json(resource));
    } else if (!came_in(resource) || resource.log.rows_refused > 0) {
      print_outcome(context, resource);
    } else if (!context.quiet) {
      print_line(fmt::format("  ✓ {}  {} {}", resource.log.dataset,
                             with_thousands(resource.log.rows_accepted), context.tr("行", "rows")));
    }
  }
  if (context.json) {
    print_line(json{
        {"package", outcome.name},
        {"complete", outcome.complete},
        {"synthetic", outcome.synthetic},
        {"resources",
         list}}.dump(2));
  }
  if (outcome.complete) return {};
  return fail(refused_error(outcome.resources.back()));
}

Result<> import_oc4ids(const Context& context, City& city, const ImportCommand& command,
                       const std::string& path) {
  intake::ImportOptions options;
  options.path = path;
  options.dataset = command.dataset.empty() ? city.config().name + "/oc4ids" : command.dataset;
  options.side_directory = city.refused_directory();
  options.who = command.who;
  options.reason = command.reason;
  options.accept_partial = command.accept_partial;
  options.dry_run = command.dry_run;
  YIPAN_ASSIGN(const intake::PackageOutcome outcome,
               intake::import_oc4ids(intake_context(context, &city), options));
  for (const intake::ImportOutcome& resource : outcome.resources) {
    if (context.json) {
      print_line(outcome_json(resource).dump(2));
    } else {
      print_outcome(context, resource);
    }
  }
  if (outcome.complete) return {};
  return fail(refused_error(outcome.resources.back()));
}

void print_preview(const Context& context, const std::string& path, const intake::Preview& p) {
  print_line(fmt::format("{}  {} {} {} {} {}", path, p.format, p.encoding,
                         p.delimiter.empty() ? "" : "'" + p.delimiter + "'", p.sheet, p.crs));
  if (p.sheets.size() > 1) {
    std::string names;
    for (const std::string& name : p.sheets) names += "  " + name;
    print_line(fmt::format("{}{}", context.tr("工作表：", "sheets:"), names));
  }
  print_line(fmt::format("{} {}  {} {}", context.tr("表头在第几行：", "header row:"), p.header_row,
                         context.tr("最合适的表：", "best table:"), p.table));
  TextTable columns(
      {std::string(context.tr("列", "column")), std::string(context.tr("单位", "unit")),
       std::string(context.tr("样式", "type")), std::string(context.tr("归入", "goes to"))});
  for (const intake::PreviewColumn& c : p.columns) {
    columns.add({c.name, c.unit, c.type,
                 c.field.empty() ? std::string(context.tr("（不用）", "(not used)")) : c.field});
  }
  print(columns.to_string());
  std::vector<std::string> header;
  for (const intake::PreviewColumn& c : p.columns) header.push_back(c.name);
  TextTable rows(header);
  for (const auto& row : p.rows) rows.add(row);
  print_line("");
  print(rows.to_string(24));
}

Result<> preview(const Context& context, const ImportCommand& command) {
  YIPAN_ASSIGN(City city, City::open(context, Access::read));
  for (const std::string& path : command.paths) {
    intake::PreviewOptions options;
    options.path = path;
    options.mapping_path = command.mapping;
    options.sheet = command.sheet;
    options.table = command.table;
    options.schemas = &city.board().schemas();
    YIPAN_ASSIGN(const intake::Preview p, intake::preview(intake_context(context, &city), options));
    if (command.propose_mapping) {
      print(p.mapping_toml);
    } else {
      print_preview(context, path, p);
    }
  }
  return {};
}

Result<> import_all(const Context& context, const ImportCommand& command) {
  if (command.preview || command.propose_mapping) return preview(context, command);
  YIPAN_ASSIGN(City city, City::open(context, Access::write));
  YIPAN_TRY(context.files->make_directories(city.refused_directory()));
  for (const std::string& path : command.paths) {
    if (is_folder(path) || path.ends_with("datapackage.json")) {
      YIPAN_TRY(import_folder(context, city, command, path));
    } else if (command.oc4ids) {
      YIPAN_TRY(import_oc4ids(context, city, command, path));
    } else {
      YIPAN_TRY(import_one(context, city, command, path));
    }
  }
  return {};
}

Result<uint64_t> export_all(const Context& context, City& city, const ExportCommand& command) {
  const intake::Context inside = intake_context(context, &city);
  if (command.format == "oc4ids") {
    intake::Oc4idsOptions options;
    options.prefix = command.prefix;
    options.publisher = city.config().name;
    options.uri = city.config().origin;
    return intake::export_oc4ids(inside, command.out, options);
  }
  intake::ExportOptions options;
  options.tables = command.tables;
  options.provenance = command.provenance;
  options.titles_zh = command.titles;
  options.package_name = city.config().name;
  options.package_title = city.config().name;
  if (command.format == "csv") return intake::export_csv(inside, command.out, options);
  if (command.format == "xlsx") return intake::export_xlsx(inside, command.out, options);
  if (command.format == "gpkg") return intake::export_geopackage(inside, command.out, options);
  return intake::export_package(inside, command.out, options);
}

int finish(const Context& context, const Result<>& result) {
  if (result) return kExitOk;
  print_error(context, result.error());
  return kExitError;
}

}  // namespace

int run_import(const Context& context, const ImportCommand& command) {
  return finish(context, import_all(context, command));
}

int run_export(const Context& context, const ExportCommand& command) {
  auto city = City::open(context, Access::read);
  if (!city) return finish(context, fail(city.error()));
  const auto count = export_all(context, *city, command);
  if (!count) return finish(context, fail(count.error()));
  if (context.json) {
    print_line(json{{"out", command.out}, {"count", *count}}.dump(2));
  } else if (!context.quiet) {
    print_line(fmt::format("{} {}  {}", with_thousands(*count),
                           command.format == "oc4ids" ? context.tr("个项目 →", "projects ->")
                                                      : context.tr("行 →", "rows ->"),
                           command.out));
  }
  return kExitOk;
}

}  // namespace yipan::cli
