// datapackage.json as it is read (docs/formats/sources.md).
#ifndef YIPAN_INTAKE_PACKAGE_H_
#define YIPAN_INTAKE_PACKAGE_H_

#include <string>
#include <vector>

#include "yipan/result.h"

namespace yipan::intake {

struct PackageResource {
  std::string name;
  std::string path;     // below the package's folder
  std::string table;    // "table", else the resource's name
  std::string mapping;  // below the package's folder; "" = none
  std::string dataset;  // "dataset", else the resource's name: two files of one are two vintages
  std::string sheet;
  std::string reason;
  std::string format;  // "oc4ids" is told apart; the others are seen from the content
};

struct PackageFile {
  std::string name;
  bool synthetic = false;
  std::vector<PackageResource> resources;
};

// Errors "intake.package.*" name the JSON pointer. Paths that leave the folder are refused.
Result<PackageFile> parse_package(std::string_view json, const std::string& file);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_PACKAGE_H_
