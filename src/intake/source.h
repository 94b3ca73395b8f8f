// Opening a file as a stream of records, whatever its format; and what a mapping puts around it.
#ifndef YIPAN_INTAKE_SOURCE_H_
#define YIPAN_INTAKE_SOURCE_H_

#include <functional>
#include <memory>
#include <string>

#include "intake/bytes.h"
#include "intake/mapping.h"
#include "intake/record.h"

namespace yipan::intake {

// A shapefile is several files of one stem: the names of those beside NAME.shp that are read.
bool is_shapefile_name(std::string_view name);
std::vector<std::string> shapefile_parts(const std::string& name);

struct OpenRequest {
  const Mapping* mapping = nullptr;  // may be null
  std::string sheet;                 // overrides the mapping's
  // Whether a column's name is known to mapping or schema, for finding the header.
  std::function<bool(const std::string&)> known;
  // Opens another file of the original's folder: for [[join]] and a shapefile's parts.
  std::function<Result<Input>(const std::string& file)> sibling;
  Limits limits;
};

enum class Format : uint8_t { csv, xlsx, geojson, topojson, geopackage, shapefile, oc4ids };
std::string_view to_string(Format format);

// By the first bytes (and for text, by what JSON it begins). Errors "intake.format.*" for .xls,
// .docx, PDF and other files that are no tables.
Result<Format> detect_format(const Input& input, const Limits& limits);

// The reader alone.
Result<std::unique_ptr<RecordSource>> open_format(const Input& input, Format format,
                                                  const OpenRequest& request);
// The reader, with the mapping's [[join]] and [unpivot] around it.
Result<std::unique_ptr<RecordSource>> open_source(const Input& input, const OpenRequest& request);

// Columns into rows: each record becomes one record per column that the pattern matches.
Result<std::unique_ptr<RecordSource>> unpivot(std::unique_ptr<RecordSource> inner,
                                              const Mapping& mapping);
// Columns of a second file, looked up by key.
Result<std::unique_ptr<RecordSource>> join(std::unique_ptr<RecordSource> inner, const Join& rule,
                                           const Mapping& mapping, const OpenRequest& request);

// Readers of the single formats (csv.h has its own).
Result<std::unique_ptr<RecordSource>> open_xlsx(const Input& input, const OpenRequest& request);
Result<std::unique_ptr<RecordSource>> open_geojson(const Input& input, const OpenRequest& request);
Result<std::unique_ptr<RecordSource>> open_topojson(const Input& input, const OpenRequest& request);
Result<std::unique_ptr<RecordSource>> open_geopackage(const Input& input,
                                                      const OpenRequest& request);
Result<std::unique_ptr<RecordSource>> open_shapefile(const Input& input,
                                                     const OpenRequest& request);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_SOURCE_H_
