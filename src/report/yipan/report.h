// The report of a diagnosis: what a city's leaders, its departments and its machines read.
//
//   ReportOptions options{.out_dir = "out", .city = {"岚江市", "Lanjiang"}, .made_at =
//   clock.now()}; Result<ReportFiles> r = write_report(Files::posix(), connection, diagnosis,
//   options); for (const ReportFile& f : r->files) ...      // what was written for (const Error& e
//   : r->problems) ...        // a format that could not be made here
//
//   report.html    one self-contained file, Chinese with an English switch: the eight answers on
//   one
//                  screen, a chapter a question, a list of duties a department, the law cited.
//                  Nothing is fetched, no script runs (its Content-Security-Policy forbids both).
//   report.docx    the same in Chinese, set like an official document (GB/T 9704-2012)
//   report.pdf     the same pages as the DOCX
//   findings.xlsx  sheets 发现, 证据, 线索, 指标: all findings and all their evidence
//   findings.gpkg  tables findings (points where there is a place), finding_evidence, figures
//
// HTML, DOCX and PDF show at most so many rows of a table (Limits), with the total and where the
// rest is; XLSX and GeoPackage are complete. There is no score of the city as a whole.
//
// The same board, Diagnosis and options give the same bytes (PDF: with the same fonts installed).
// A file is written beside its name and renamed, so that it is the old one or the new one, never
// half of one; scratch files are made in $TMPDIR.
//
// Errors: those of Files for the folder ("base.file.denied", "base.file.no_space", ...) and
// "report.areas" if the board's areas cannot be read. "report.pdf.font" (no Chinese font is
// installed) and "report.xlsx.rows" (more rows than a sheet holds) only cost their own format:
// they are `problems`, and the others are still written.
#ifndef YIPAN_REPORT_H_
#define YIPAN_REPORT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/clock.h"
#include "yipan/findings.h"

namespace yipan::report {

enum class Format : uint8_t { html, docx, pdf, xlsx, gpkg };
std::string_view file_name(Format format);  // "report.html", ..., "findings.gpkg"
std::vector<Format> all_formats();
// "html", "docx", ...; error "report.format" lists those that there are.
Result<Format> parse_format(std::string_view name);

// How much HTML, DOCX and PDF show; the rest is in XLSX and GeoPackage.
struct Limits {
  size_t rows_html = 200;             // findings of one code
  size_t rows_document = 3;           // the same, in DOCX and PDF
  size_t evidence_html = 10;          // source rows of one finding
  size_t points_map = 1500;           // findings on one map
  size_t bars_chart = 30;             // bars in a chart; the table under it has all rows
  size_t rows_view = 200;             // rows of a view's table
  size_t evidence_sheet = 1'000'000;  // rows of 证据
};

// Days within which a finding ought to be cleared; standing longer, it is overdue. The city's
// choice: no law sets it.
struct ClearingDays {
  int red = 30;
  int orange = 60;
  int yellow = 90;
};

struct ReportOptions {
  std::string out_dir;  // made if missing
  // The city's name; empty: that of the board's area of kind city.
  findings::Text city;
  // Whose law holds there: "cn", "cn-PLACE"; for any other the report says on its first page that
  // Chinese law does not apply.
  std::string jurisdiction = "cn";
  std::vector<Format> formats = {};      // empty: all
  Instant made_at = {};                  // shown as Beijing time
  std::string program = {};              // "yipan 0.1.0", shown beside the rulebook's hash
  std::optional<Date> previous_on = {};  // day of the run that states are compared with
  Limits limits = {};
  ClearingDays clearing = {};
  // Before each file, and at the end (done == total).
  std::function<void(const findings::Text& step, uint64_t done, uint64_t total)> progress = {};
};

struct ReportFile {
  Format format;
  std::string path;
  uint64_t bytes = 0;
  double seconds = 0;  // by `clock`, if one was given
};

struct ReportFiles {
  std::vector<ReportFile> files;
  std::vector<Error> problems;
};

// `connection`: the board, for the areas' names and boundaries (table `areas`; without it there are
// no maps). `clock` only measures.
Result<ReportFiles> write_report(Files& files, store::Connection& connection,
                                 const findings::Diagnosis& diagnosis, const ReportOptions& options,
                                 const Clock* clock = nullptr);

}  // namespace yipan::report

#endif  // YIPAN_REPORT_H_
