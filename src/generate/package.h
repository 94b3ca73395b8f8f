// Writing the data package: one file a table and datapackage.json (docs/guide/city-xx.md).
#ifndef YIPAN_GENERATE_PACKAGE_H_
#define YIPAN_GENERATE_PACKAGE_H_

#include <vector>

#include "yipan/file.h"
#include "yipan/generate.h"
#include "yipan/result.h"

namespace yipan::generate {

struct World;

Result<std::vector<TableReport>> write_package(Files& files, const World& world);
// planted.json: what was planted where. Never part of the package.
Result<> write_planted(Files& files, const World& world);

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_PACKAGE_H_
