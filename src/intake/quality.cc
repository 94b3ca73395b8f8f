// The quality log: collected during an import, written as canonical JSON, summed up for a person.
#include "intake/quality.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "yipan/json.h"

namespace yipan::intake {
namespace {

Json issue_json(const Issue& i, bool counted) {
  Json j{{"code", i.code}, {"zh", i.zh}, {"en", i.en}};
  if (i.row != 0) j["row"] = i.row;
  if (!i.column.empty()) j["column"] = i.column;
  if (!i.field.empty()) j["field"] = i.field;
  if (!i.value.empty()) j["value"] = i.value;
  if (!i.remedy_zh.empty()) j["remedy_zh"] = i.remedy_zh;
  if (!i.remedy_en.empty()) j["remedy_en"] = i.remedy_en;
  if (counted) j["count"] = i.count;
  return j;
}

Json issues_json(const std::vector<Issue>& issues, bool counted) {
  Json list = Json::array();
  for (const Issue& i : issues) list.push_back(issue_json(i, counted));
  return list;
}

Json columns_json(const std::vector<ColumnReport>& columns) {
  Json list = Json::array();
  for (const ColumnReport& c : columns) {
    Json j{{"field", c.field}, {"from", c.from}, {"filled", c.filled}, {"missing", c.missing}};
    if (!c.unit_from.empty()) j["unit_from"] = c.unit_from;
    if (!c.unit_to.empty()) j["unit_to"] = c.unit_to;
    list.push_back(std::move(j));
  }
  return list;
}

void put(Json* j, const char* key, const std::string& value) {
  if (!value.empty()) (*j)[key] = value;
}

struct Words {
  const char *file, *encoding, *read, *accepted, *refused, *mended, *skipped, *refusals, *warnings,
      *row, *times, *column, *unmapped, *remedy, *colon, *synthetic, *crs, *more;
};
constexpr Words kZh = {
    "文件",       "编码",     "读入", "接受",     "退回",   "改正后",
    "跳过",       "退回原因", "提醒", "第 {} 行", "{} 处",  "列",
    "未用到的列", "处理",     "：",   "合成数据", "坐标系", "其余见 quality.json"};
constexpr Words kEn = {"file",
                       "encoding",
                       "rows read",
                       "accepted",
                       "refused",
                       "mended",
                       "skipped",
                       "why rows were refused",
                       "warnings",
                       "row {}",
                       "{} times",
                       "column",
                       "columns not used",
                       "remedy",
                       ": ",
                       "synthetic data",
                       "coordinate system",
                       "the rest is in quality.json"};

constexpr size_t kLinesShown = 20;

void add_issues(const std::vector<Issue>& issues, const Words& w, bool zh, std::string* out) {
  for (size_t i = 0; i < issues.size() && i < kLinesShown; ++i) {
    const Issue& x = issues[i];
    *out += "  - " + (zh ? x.zh : x.en);
    std::string where;
    if (!x.column.empty())
      where +=
          zh ? fmt::format("“{}”{}", x.column, w.column) : fmt::format("{} {}", w.column, x.column);
    if (x.row != 0) {
      if (!where.empty()) where += zh ? "，" : ", ";
      where += fmt::format(fmt::runtime(w.row), x.row);
    }
    if (x.count > 1) where += (zh ? "，共 " : ", ") + fmt::format(fmt::runtime(w.times), x.count);
    if (!where.empty()) *out += zh ? "（" + where + "）" : " (" + where + ")";
    const std::string& remedy = zh ? x.remedy_zh : x.remedy_en;
    if (!remedy.empty()) *out += fmt::format("\n    {}{}{}", w.remedy, w.colon, remedy);
    *out += '\n';
  }
  if (issues.size() > kLinesShown) *out += fmt::format("  … {}\n", w.more);
}

std::string summary(const QualityLog& log, const Words& w, bool zh) {
  std::string out = fmt::format("{}{}{}", w.file, w.colon, log.file);
  if (!log.sheet.empty()) out += " / " + log.sheet;
  out += fmt::format(" -> {} ({})\n", log.table, log.dataset);
  std::string facts = log.format;
  if (!log.encoding.empty()) facts += fmt::format(", {} {}", w.encoding, log.encoding);
  if (!log.crs.empty()) facts += fmt::format(", {} {}", w.crs, log.crs);
  if (!log.currency.empty()) facts += ", " + log.currency;
  if (log.synthetic) facts += fmt::format(", {}", w.synthetic);
  out += "  " + facts + '\n';
  out += fmt::format("{} {}", w.read, log.rows_read);
  const char* comma = zh ? "，" : ", ";
  out += fmt::format("{}{} {}", comma, w.accepted, log.rows_accepted);
  out += fmt::format("{}{} {}", comma, w.refused, log.rows_refused);
  if (log.rows_mended > 0) out += fmt::format("{}{} {}", comma, w.mended, log.rows_mended);
  if (log.rows_skipped > 0) out += fmt::format("{}{} {}", comma, w.skipped, log.rows_skipped);
  out += '\n';
  if (!log.refusals_by_kind.empty()) {
    out += fmt::format("{}{}\n", w.refusals, w.colon);
    add_issues(log.refusals_by_kind, w, zh, &out);
  }
  if (!log.warnings.empty()) {
    out += fmt::format("{}{}\n", w.warnings, w.colon);
    add_issues(log.warnings, w, zh, &out);
  }
  return out;
}

}  // namespace

std::string QualityLog::to_json() const {
  Json j{{"format", "yipan-quality-log/1"},
         {"dataset", dataset},
         {"table", table},
         {"file", file},
         {"file_format", format},
         {"file_sha256", file_sha256},
         {"rows_read", rows_read},
         {"rows_skipped", rows_skipped},
         {"rows_accepted", rows_accepted},
         {"rows_refused", rows_refused},
         {"rows_mended", rows_mended},
         {"synthetic", synthetic},
         {"columns", columns_json(columns)},
         {"unmapped", unmapped},
         {"refusals", issues_json(refusals, false)},
         {"refusals_by_kind", issues_json(refusals_by_kind, true)},
         {"warnings", issues_json(warnings, true)}};
  Json ignored_list = Json::array();
  for (const auto& [column, reason] : ignored) {
    ignored_list.push_back({{"column", column}, {"reason", reason}});
  }
  j["ignored"] = std::move(ignored_list);
  if (header_row != 0) j["header_row"] = header_row;
  put(&j, "sheet", sheet);
  put(&j, "encoding", encoding);
  put(&j, "delimiter", delimiter);
  put(&j, "mapping_file", mapping_file);
  put(&j, "mapping_sha256", mapping_sha256);
  put(&j, "mended_sha256", mended_sha256);
  put(&j, "crs", crs);
  put(&j, "currency", currency);
  Result<std::string> text = canonical_json(j);
  CHECK_MSG(text.has_value(), "a quality log holds valid UTF-8 and integers only");
  return *text;
}

std::string QualityLog::summary_zh() const { return summary(*this, kZh, true); }
std::string QualityLog::summary_en() const { return summary(*this, kEn, false); }

// ---- collecting
// -----------------------------------------------------------------------------------

Issue issue_of(const Error& error, uint64_t row, std::string_view column, std::string_view field,
               std::string_view value) {
  return Issue{error.code(),        row,
               std::string(column), std::string(field),
               std::string(value),  error.message_zh(),
               error.message_en(),  error.remedy_zh(),
               error.remedy_en(),   1};
}

void RefusalList::add(const Issue& issue) {
  if (kept_.size() < kept_max_) kept_.push_back(issue);
  auto [at, fresh] = by_kind_.try_emplace({issue.code, issue.column}, issue);
  if (!fresh) {
    ++at->second.count;
    if (issue.row < at->second.row) at->second.row = issue.row;
  }
}

void RefusalList::fill(QualityLog* log) const {
  log->refusals = kept_;
  std::stable_sort(log->refusals.begin(), log->refusals.end(),
                   [](auto& a, auto& b) { return a.row < b.row; });
  log->refusals_by_kind.clear();
  for (const auto& item : by_kind_) log->refusals_by_kind.push_back(item.second);
  std::stable_sort(log->refusals_by_kind.begin(), log->refusals_by_kind.end(),
                   [](auto& a, auto& b) { return a.count > b.count; });
}

}  // namespace yipan::intake
