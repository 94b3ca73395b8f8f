// A zip archive in memory; the same content gives the same bytes.
#ifndef YIPAN_REPORT_ZIP_WRITER_H_
#define YIPAN_REPORT_ZIP_WRITER_H_

#include <string>
#include <utility>
#include <vector>

#include "yipan/result.h"

namespace yipan::report {

Result<std::string> zip_bytes(const std::vector<std::pair<std::string, std::string>>& entries);

}  // namespace yipan::report

#endif  // YIPAN_REPORT_ZIP_WRITER_H_
