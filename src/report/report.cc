#include "yipan/report.h"

#include <fmt/format.h>

#include <array>

#include "report/document.h"
#include "report/html.h"
#include "report/outline.h"
#include "report/sheets.h"

namespace yipan::report {
namespace {

struct Named {
  Format format;
  std::string_view name;
  std::string_view file;
};
constexpr std::array<Named, 5> kFormats = {{{Format::html, "html", "report.html"},
                                            {Format::docx, "docx", "report.docx"},
                                            {Format::pdf, "pdf", "report.pdf"},
                                            {Format::xlsx, "xlsx", "findings.xlsx"},
                                            {Format::gpkg, "gpkg", "findings.gpkg"}}};

// What a library can only write to a path is made in a scratch folder first.
Result<std::string> by_scratch_file(const Outline& outline, Format format) {
  YIPAN_ASSIGN(TempDir scratch, TempDir::make());
  const std::string path = scratch.path() + "/" + std::string(file_name(format));
  if (format == Format::xlsx) {
    YIPAN_TRY(write_xlsx(outline, path));
  } else {
    YIPAN_TRY(write_gpkg(outline, path));
  }
  return read_file(Files::posix(), path, uint64_t{8} << 30);
}

Result<std::string> bytes_of(const Outline& outline, Format format) {
  const Instant made_at = outline.options->made_at;
  switch (format) {
    case Format::html:
      return html_report(outline);
    case Format::docx:
      return docx_bytes(make_document(outline), made_at);
    case Format::pdf:
      return pdf_bytes(make_document(outline), made_at);
    default:
      return by_scratch_file(outline, format);
  }
}

Text city_name(const AreaMap& areas) {
  for (const Area& a : areas.areas) {
    if (a.kind == "city") return a.name;
  }
  return {"本市", "The city"};
}

// Whether an error is one format's own, or of the folder and so everybody's.
bool is_own(const Error& error) { return error.code().starts_with("report."); }

}  // namespace

std::string_view file_name(Format format) { return kFormats[static_cast<size_t>(format)].file; }

std::vector<Format> all_formats() {
  std::vector<Format> out;
  for (const Named& n : kFormats) out.push_back(n.format);
  return out;
}

Result<Format> parse_format(std::string_view name) {
  std::string known;
  for (const Named& n : kFormats) {
    if (n.name == name) return n.format;
    known += (known.empty() ? "" : ", ") + std::string(n.name);
  }
  return fail(Error("report.format")
                  .zh(fmt::format("没有“{}”这种报告格式", name))
                  .en(fmt::format("there is no report format \"{}\"", name))
                  .remedy("可用的格式：" + known, "the formats are: " + known));
}

Result<ReportFiles> write_report(Files& files, store::Connection& connection,
                                 const findings::Diagnosis& diagnosis, const ReportOptions& options,
                                 const Clock* clock) {
  YIPAN_TRY(files.make_directories(options.out_dir));
  YIPAN_ASSIGN(const AreaMap areas, read_areas(connection));
  ReportOptions named = options;
  if (named.city.zh.empty()) named.city = city_name(areas);
  const Outline outline = make_outline(diagnosis, named, areas);
  const std::vector<Format> formats = options.formats.empty() ? all_formats() : options.formats;
  const auto micros = [&] { return clock == nullptr ? int64_t{0} : clock->monotonic_micros(); };
  ReportFiles out;
  for (size_t i = 0; i < formats.size(); ++i) {
    const std::string name(file_name(formats[i]));
    if (options.progress) {
      options.progress({"编写 " + name, "writing " + name}, i, formats.size());
    }
    const int64_t begun = micros();
    Result<std::string> bytes = bytes_of(outline, formats[i]);
    if (!bytes) {
      if (!is_own(bytes.error())) return fail(bytes.error());
      out.problems.push_back(bytes.error());
      continue;
    }
    const std::string path = options.out_dir + "/" + name;
    YIPAN_TRY(write_file_atomic(files, path, *bytes));
    out.files.push_back(
        {formats[i], path, bytes->size(), static_cast<double>(micros() - begun) / 1e6});
  }
  if (options.progress) options.progress({"完成", "done"}, formats.size(), formats.size());
  return out;
}

}  // namespace yipan::report
