// findings.xlsx and findings.gpkg. Both libraries write to a path of the real file system.
#ifndef YIPAN_REPORT_SHEETS_H_
#define YIPAN_REPORT_SHEETS_H_

#include <string>

#include "report/outline.h"

namespace yipan::report {

Result<> write_xlsx(const Outline& outline, const std::string& path);
Result<> write_gpkg(const Outline& outline, const std::string& path);

// Every finding in the order of the report: standing, then leads, then cleared, question by
// question.
std::vector<const Finding*> all_findings(const Outline& outline);
std::string joined_names(const std::vector<std::string>& names);
std::string joined_citations(const Finding& finding, bool zh);

}  // namespace yipan::report

#endif  // YIPAN_REPORT_SHEETS_H_
