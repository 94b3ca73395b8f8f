#include "intake/xlsx_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "intake/xml.h"

namespace yipan::intake {
namespace {

constexpr size_t kMergesMax = 1000000;
constexpr uint32_t kColumnsMax = 16384;
constexpr uint32_t kRowsMax = 1048576;

int to_int(std::string_view text, int fallback) {
  int value = fallback;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Result<> parse_part(ZipArchive* zip, const std::string& part, XmlHandler* handler) {
  YIPAN_ASSIGN(auto stream, zip->open_entry(part));
  XmlParser parser(handler);
  std::string block(size_t{1} << 16, '\0');
  for (;;) {
    YIPAN_ASSIGN(size_t n, stream->read(block.data(), block.size()));
    Result<> fed = parser.feed({block.data(), n}, n == 0);
    if (!fed) return fail(Error(fed.error()).element(part));
    if (n == 0) return {};
  }
}

// xl/_rels/workbook.xml.rels and _rels/.rels.
struct Relations : XmlHandler {
  struct Item {
    std::string id, type, target;
  };
  std::vector<Item> items;
  void start(std::string_view name, const XmlAttributes& a) override {
    if (name != "Relationship") return;
    items.push_back(
        {std::string(a.get("Id")), std::string(a.get("Type")), std::string(a.get("Target"))});
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}
  std::string by_type(std::string_view suffix) const {
    for (const Item& i : items) {
      if (i.type.size() >= suffix.size() &&
          i.type.compare(i.type.size() - suffix.size(), suffix.size(), suffix) == 0) {
        return i.target;
      }
    }
    return "";
  }
  std::string by_id(const std::string& id) const {
    for (const Item& i : items) {
      if (i.id == id) return i.target;
    }
    return "";
  }
};

struct WorkbookPart : XmlHandler {
  struct Item {
    std::string name, id;
    bool hidden;
  };
  std::vector<Item> sheets;
  bool date_1904 = false;
  void start(std::string_view name, const XmlAttributes& a) override {
    if (name == "workbookPr") date_1904 = a.get("date1904") == "1" || a.get("date1904") == "true";
    if (name != "sheet") return;
    std::string_view id = a.get("r:id");
    if (id.empty()) id = a.get("id");
    std::string_view state = a.get("state");
    sheets.push_back(
        {std::string(a.get("name")), std::string(id), state == "hidden" || state == "veryHidden"});
  }
  void end(std::string_view) override {}
  void text(std::string_view) override {}
};

struct StylesPart : XmlHandler {
  std::map<int, std::string> formats;
  std::vector<int> ids;
  bool in_cell_xfs = false;
  void start(std::string_view name, const XmlAttributes& a) override {
    if (name == "numFmt") {
      formats[to_int(a.get("numFmtId"), 0)] = std::string(a.get("formatCode"));
    }
    if (name == "cellXfs") in_cell_xfs = true;
    if (name == "xf" && in_cell_xfs) ids.push_back(to_int(a.get("numFmtId"), 0));
  }
  void end(std::string_view name) override {
    if (name == "cellXfs") in_cell_xfs = false;
  }
  void text(std::string_view) override {}
};

struct StringsPart : XmlHandler {
  StringTable* table = nullptr;
  bool in_text = false;
  int phonetic = 0;
  void start(std::string_view name, const XmlAttributes&) override {
    if (name == "si") table->begin();
    if (name == "rPh") ++phonetic;
    if (name == "t") in_text = true;
  }
  void end(std::string_view name) override {
    if (name == "rPh") --phonetic;
    if (name == "t") in_text = false;
  }
  void text(std::string_view chars) override {
    if (in_text && phonetic == 0 && table->size() > 0) table->append(chars);
  }
};

Result<> read_strings(ZipArchive* zip, const std::string& part, const std::string& file,
                      const Limits& limits, StringTable* out) {
  StringsPart handler;
  handler.table = out;
  YIPAN_ASSIGN(auto stream, zip->open_entry(part));
  XmlParser parser(&handler);
  std::string block(size_t{1} << 16, '\0');
  for (;;) {
    YIPAN_ASSIGN(size_t n, stream->read(block.data(), block.size()));
    Result<> fed = parser.feed({block.data(), n}, n == 0);
    if (!fed) return fail(Error(fed.error()).element(part));
    if (n == 0) return {};
    if (out->bytes() <= limits.shared_strings_bytes_max) continue;
    std::string limit = size_text(limits.shared_strings_bytes_max);
    return fail(Error("intake.limit.strings")
                    .zh(fmt::format("工作簿的文字超过 {}", limit))
                    .en(fmt::format("the workbook's texts exceed {}", limit))
                    .file(file)
                    .remedy("请另存为 CSV 后导入", "save it as CSV and import that"));
  }
}

// Targets are relative to the part's folder, or absolute with a slash.
std::string resolve(const std::string& folder, const std::string& target) {
  if (!target.empty() && target[0] == '/') return target.substr(1);
  std::string path = folder + target;
  for (size_t up = path.find("../"); up != std::string::npos; up = path.find("../")) {
    size_t before = up < 2 ? std::string::npos : path.rfind('/', up - 2);
    path.erase(before == std::string::npos ? 0 : before + 1,
               up + 3 - (before == std::string::npos ? 0 : before + 1));
  }
  return path;
}

}  // namespace

XlsxStyle style_of_format(int id, std::string_view code) {
  if (id == 9 || id == 10) return XlsxStyle::percent;
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 54) ||
      id == 57 || id == 58) {
    return XlsxStyle::date;
  }
  if (id == 22) return XlsxStyle::datetime;
  if (id < 164) return XlsxStyle::plain;
  bool date = false;
  bool time = false;
  bool percent = false;
  for (size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '"') {  // literal text
      size_t close = code.find('"', i + 1);
      if (close == std::string_view::npos) break;
      i = close;
    } else if (c == '[') {  // colour, condition, locale; [h] is elapsed time
      size_t close = code.find(']', i);
      if (close == std::string_view::npos) break;
      i = close;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') {
      date = true;
    } else if (c == 'h' || c == 'H' || c == 's' || c == 'S') {
      time = true;
    } else if (c == '%') {
      percent = true;
    } else if (c == ';') {
      break;  // the first section says it
    }
  }
  if (date) return time ? XlsxStyle::datetime : XlsxStyle::date;
  return percent ? XlsxStyle::percent : XlsxStyle::plain;
}

bool parse_reference(std::string_view text, uint32_t* column, uint32_t* row) {
  uint32_t c = 0;
  size_t i = 0;
  while (i < text.size() && text[i] >= 'A' && text[i] <= 'Z') {
    c = c * 26 + static_cast<uint32_t>(text[i] - 'A') + 1;
    if (c > kColumnsMax) return false;
    ++i;
  }
  if (i == 0 || i == text.size()) return false;
  uint32_t r = 0;
  auto end = std::from_chars(text.data() + i, text.data() + text.size(), r);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return false;
  if (r == 0 || r > kRowsMax) return false;
  *column = c - 1;
  *row = r;
  return true;
}

bool parse_range(std::string_view text, XlsxRange* out) {
  size_t colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  return parse_reference(text.substr(0, colon), &out->column_first, &out->row_first) &&
         parse_reference(text.substr(colon + 1), &out->column_last, &out->row_last) &&
         out->row_first <= out->row_last && out->column_first <= out->column_last;
}

Result<std::vector<XlsxRange>> read_merges(ZipArchive* zip, const std::string& part) {
  constexpr std::string_view kElement = "mergeCell ";
  YIPAN_ASSIGN(auto stream, zip->open_entry(part));
  std::vector<XlsxRange> out;
  std::string text;
  std::string block(size_t{1} << 18, '\0');
  for (;;) {
    YIPAN_ASSIGN(size_t n, stream->read(block.data(), block.size()));
    if (n == 0) break;
    text.append(block.data(), n);
    size_t at = 0;
    size_t keep = text.size() - std::min<size_t>(text.size(), kElement.size() - 1);
    while ((at = text.find(kElement, at)) != std::string::npos) {
      size_t close = text.find('>', at);
      if (close == std::string::npos) {
        keep = at;
        break;
      }
      std::string_view element = std::string_view(text).substr(at, close - at);
      size_t ref = element.find("ref=\"");
      XlsxRange range;
      if (ref != std::string_view::npos) {
        std::string_view value = element.substr(ref + 5);
        if (parse_range(value.substr(0, value.find('"')), &range) && out.size() < kMergesMax) {
          out.push_back(range);
        }
      }
      at = close;
    }
    text.erase(0, keep);
    if (text.size() > 4096) text.clear();  // an element does not take so long to end
  }
  std::sort(out.begin(), out.end(), [](auto& a, auto& b) { return a.row_first < b.row_first; });
  return out;
}

Result<XlsxBook> read_xlsx_book(ZipArchive* zip, const std::string& name, const Limits& limits) {
  std::string workbook = "xl/workbook.xml";
  if (zip->has("_rels/.rels")) {
    Relations root;
    YIPAN_TRY(parse_part(zip, "_rels/.rels", &root));
    std::string target = root.by_type("/officeDocument");
    if (!target.empty()) workbook = resolve("", target);
  }
  if (!zip->has(workbook)) {
    return fail(Error("intake.xlsx.workbook")
                    .zh("不是 XLSX 工作簿：缺少 workbook.xml")
                    .en("this is no XLSX workbook: workbook.xml is missing")
                    .file(name)
                    .remedy("请在电子表格软件中另存为 .xlsx", "save it as .xlsx"));
  }
  size_t slash = workbook.rfind('/');
  std::string folder = slash == std::string::npos ? "" : workbook.substr(0, slash + 1);
  WorkbookPart part;
  YIPAN_TRY(parse_part(zip, workbook, &part));
  Relations relations;
  std::string rels = folder + "_rels/" + workbook.substr(folder.size()) + ".rels";
  if (zip->has(rels)) {
    YIPAN_TRY(parse_part(zip, rels, &relations));
  }
  XlsxBook book;
  book.date_1904 = part.date_1904;
  for (const auto& s : part.sheets) {
    std::string target = resolve(folder, relations.by_id(s.id));
    if (target.find("worksheets") != std::string::npos || zip->has(target)) {
      book.sheets.push_back({s.name, target, s.hidden});
    }
  }
  std::string strings = relations.by_type("/sharedStrings");
  if (!strings.empty() && zip->has(resolve(folder, strings))) {
    YIPAN_TRY(read_strings(zip, resolve(folder, strings), name, limits, &book.strings));
  }
  std::string styles = relations.by_type("/styles");
  if (!styles.empty() && zip->has(resolve(folder, styles))) {
    StylesPart s;
    YIPAN_TRY(parse_part(zip, resolve(folder, styles), &s));
    for (int id : s.ids) book.styles.push_back(style_of_format(id, s.formats[id]));
  }
  return book;
}

}  // namespace yipan::intake
