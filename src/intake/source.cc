#include "intake/source.h"

#include <fmt/format.h>

#include "intake/csv.h"
#include "intake/oc4ids.h"
#include "yipan/text.h"

namespace yipan::intake {
namespace {

Error not_read(std::string_view code, std::string_view zh, std::string_view en,
               const Input& input) {
  return Error(code).zh(zh).en(en).file(input.name);
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Compound File Binary: old Office files, and new ones under a password.
Error compound_file(std::string_view head, const Input& input) {
  const bool encrypted =
      head.find(std::string_view("E\0n\0c\0r\0y\0p\0t\0", 14)) != std::string_view::npos;
  if (encrypted) {
    return not_read("intake.format.password", "文件有密码保护，无法读取",
                    "the file is protected by a password", input)
        .remedy("请在电子表格软件中去掉密码后另存",
                "remove the password in the spreadsheet program");
  }
  return not_read("intake.format.xls", "这是旧格式（.xls/.doc）文件",
                  "this is an old .xls/.doc file", input)
      .remedy("请在电子表格软件中另存为 .xlsx", "save it as .xlsx in the spreadsheet program");
}

// A zip: XLSX, a shapefile's parts, or something else.
Result<Format> zip_format(const Input& input) {
  YIPAN_ASSIGN(auto file, input.open());
  YIPAN_ASSIGN(uint64_t size, file->size());
  std::string text(size_t{1} << 16, '\0');
  YIPAN_ASSIGN(size_t n, file->read_at(0, text.data(), text.size()));
  std::string tail(size_t{1} << 16, '\0');
  YIPAN_ASSIGN(size_t m, file->read_at(size > tail.size() ? size - tail.size() : 0, tail.data(),
                                       tail.size()));
  text.resize(n);
  tail.resize(m);
  text += tail;
  if (text.find("xl/") != std::string::npos) return Format::xlsx;
  if (text.find(".shp") != std::string::npos || text.find(".SHP") != std::string::npos) {
    return Format::shapefile;
  }
  if (text.find("word/") != std::string::npos) {
    return fail(not_read("intake.format.document", "这是文字文档（.docx），不是表格",
                         "this is a text document (.docx), not a table", input)
                    .remedy("请把其中的表格另存为 .xlsx", "save the table in it as .xlsx"));
  }
  if (ends_with(input.name, ".xlsx") || ends_with(input.name, ".XLSX")) return Format::xlsx;
  return fail(not_read("intake.format.zip", "压缩包里没有认识的表格",
                       "the zip holds no table that is known", input)
                  .remedy("请解压后逐个导入", "unpack it and import the files one by one"));
}

Format json_format(std::string_view head) {
  if (head.find("\"Topology\"") != std::string_view::npos) return Format::topojson;
  if (head.find("\"projects\"") != std::string_view::npos &&
      head.find("\"FeatureCollection\"") == std::string_view::npos) {
    return Format::oc4ids;
  }
  return Format::geojson;
}

std::optional<Format> parse_format(std::string_view name) {
  for (Format f : {Format::csv, Format::xlsx, Format::geojson, Format::topojson, Format::geopackage,
                   Format::shapefile, Format::oc4ids}) {
    if (to_string(f) == name) return f;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Format format) {
  switch (format) {
    case Format::csv:
      return "csv";
    case Format::xlsx:
      return "xlsx";
    case Format::geojson:
      return "geojson";
    case Format::topojson:
      return "topojson";
    case Format::geopackage:
      return "gpkg";
    case Format::shapefile:
      return "shapefile";
    case Format::oc4ids:
      return "oc4ids";
  }
  return "?";
}

Result<Format> detect_format(const Input& input, const Limits& limits) {
  YIPAN_ASSIGN(auto stream, open_stream(input, limits));
  std::string head(4096, '\0');
  size_t have = 0;
  while (have < head.size()) {
    YIPAN_ASSIGN(size_t n, stream->read(head.data() + have, head.size() - have));
    if (n == 0) break;
    have += n;
  }
  head.resize(have);
  if (head.empty()) {
    return fail(not_read("intake.format.empty", "文件是空的", "the file is empty", input)
                    .remedy("请检查文件是否传完", "check that it was sent whole"));
  }
  std::string_view text = head;
  if (text.substr(0, 4) == "PK\x03\x04" || text.substr(0, 4) == "PK\x05\x06") {
    return zip_format(input);
  }
  if (text.substr(0, 4) == "\xD0\xCF\x11\xE0") {
    YIPAN_ASSIGN(std::string start, first_bytes(input, size_t{1} << 20));
    return fail(compound_file(start, input));
  }
  if (text.substr(0, 15) == "SQLite format 3") return Format::geopackage;
  if (text.size() > 4 && text.substr(0, 4) == std::string_view("\0\0\x27\x0A", 4)) {
    return Format::shapefile;
  }
  if (text.substr(0, 4) == "%PDF") {
    return fail(
        not_read("intake.format.pdf", "这是 PDF，不是表格", "this is a PDF, not a table", input)
            .remedy("请向提供单位索取表格文件（.xlsx 或 .csv）",
                    "ask for the table itself (.xlsx or .csv)"));
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  size_t start = text.find_first_not_of(" \t\r\n");
  if (start != std::string_view::npos && text[start] == '{') return json_format(text);
  return Format::csv;
}

Result<std::unique_ptr<RecordSource>> open_format(const Input& input, Format format,
                                                  const OpenRequest& request) {
  const Mapping* m = request.mapping;
  switch (format) {
    case Format::csv: {
      CsvOptions options;
      options.header.known = request.known;
      if (m != nullptr) {
        options.encoding = m->encoding;
        options.delimiter = m->delimiter;
        options.header.header_row = m->header_row;
        options.header.header_rows = m->header_rows;
        options.pad_ragged = m->pad_ragged;
      }
      return open_csv(input, options, request.limits);
    }
    case Format::xlsx:
      return open_xlsx(input, request);
    case Format::geojson:
      return open_geojson(input, request);
    case Format::topojson:
      return open_topojson(input, request);
    case Format::geopackage:
      return open_geopackage(input, request);
    case Format::shapefile:
      return open_shapefile(input, request);
    case Format::oc4ids:
      return open_oc4ids(input, request);
  }
  return fail(Error("intake.format.unknown").zh("格式不明").en("the format is not known"));
}

Result<std::unique_ptr<RecordSource>> open_source(const Input& input, const OpenRequest& request) {
  const Mapping* m = request.mapping;
  Format format;
  if (m != nullptr && !m->format.empty()) {
    format = *parse_format(m->format);
  } else {
    YIPAN_ASSIGN(format, detect_format(input, request.limits));
  }
  YIPAN_ASSIGN(std::unique_ptr<RecordSource> source, open_format(input, format, request));
  if (m == nullptr) return source;
  for (const Join& rule : m->joins) {
    YIPAN_ASSIGN(source, join(std::move(source), rule, *m, request));
  }
  if (!m->unpivot.value.empty()) {
    YIPAN_ASSIGN(source, unpivot(std::move(source), *m));
  }
  return source;
}

}  // namespace yipan::intake
