// The rows of the board behind each finding, the ledger entries that brought them, and places.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "findings/run.h"

namespace yipan::findings {
namespace {

constexpr uint64_t kEvidenceMax = 10'000;  // rows that are kept of one finding
constexpr size_t kKeysPerQuery = 500;

struct Origin {
  uint64_t entry = 0;
  uint64_t row = 0;
  bool found = false;
};
using Origins = std::unordered_map<std::string, Origin>;

class Collector {
 public:
  Collector(const Run& run, const Pack& pack) : run_(run), pack_(pack) {}

  Result<> run(std::vector<Finding>* findings) {
    if (run_.options.evidence) {
      YIPAN_TRY(list_rows(findings));
      for (auto& [table, origins] : wanted_) YIPAN_TRY(look_up(table, &origins));
      for (Finding& finding : *findings) YIPAN_TRY(fill(&finding));
    }
    for (Finding& finding : *findings) set_place(&finding);
    return {};
  }

 private:
  const FactSpec& fact(const Finding& finding) const {
    return *std::find_if(pack_.facts.begin(), pack_.facts.end(),
                         [&](const FactSpec& f) { return f.name == finding.fact; });
  }
  Result<> add(Finding* finding, std::string_view table, std::string_view key) {
    ++finding->evidence_total;
    if (finding->evidence.size() >= kEvidenceMax) return {};
    finding->evidence.push_back({std::string(table), std::string(key), 0, 0});
    wanted_[std::string(table)].try_emplace(std::string(key));
    return {};
  }
  // The fact's own row, then those of its evidence query: asked for one key, or once for all.
  Result<> list_rows(std::vector<Finding>* findings) {
    std::map<std::string, std::unordered_multimap<std::string_view, Finding*>> at_once;
    for (Finding& finding : *findings) {
      const FactSpec& spec = fact(finding);
      if (!spec.table.empty()) YIPAN_TRY(add(&finding, spec.table, finding.key));
      if (!spec.evidence) continue;
      if (is_at_once(spec)) {
        at_once[spec.name].emplace(finding.key, &finding);
      } else {
        YIPAN_TRY(list_rows_of(spec, &finding));
      }
    }
    for (const FactSpec& spec : pack_.facts) {
      const auto found = at_once.find(spec.name);
      if (found != at_once.end()) YIPAN_TRY(list_rows_at_once(spec, found->second));
    }
    return {};
  }
  static bool is_at_once(const FactSpec& spec) {
    const auto& names = spec.evidence->statement.names;
    return std::find(names.begin(), names.end(), "key") == names.end();
  }
  Result<std::unique_ptr<store::Rows>> open(const FactSpec& spec, std::string_view key) {
    const std::string file = pack_.file("evidence.sql");
    YIPAN_ASSIGN(auto rows, open_section(run_, *spec.evidence, file, key));
    std::vector<std::string> names;
    for (const store::OutColumn& column : rows->columns()) names.push_back(column.name);
    std::vector<std::string> wanted{"table_name", "row_key"};
    if (is_at_once(spec)) wanted.insert(wanted.begin(), "key");
    if (names == wanted) return rows;
    return fail(
        section_error("findings.evidence.columns", *spec.evidence, file)
            .zh(fmt::format("“{}”的证据查询要有两列：table_name、row_key（不用 :key 的，"
                            "前面再加一列 key）",
                            spec.name))
            .en(fmt::format("the evidence of '{}' must have the two columns table_name, "
                            "row_key (without :key, before them a column key)",
                            spec.name))
            .remedy("写成 SELECT '表名' AS table_name, 主键 AS row_key ... WHERE ... = :key",
                    "write SELECT 'TABLE' AS table_name, KEY AS row_key ... WHERE ... = "
                    ":key"));
  }
  Result<> list_rows_of(const FactSpec& spec, Finding* finding) {
    YIPAN_ASSIGN(auto rows, open(spec, finding->key));
    Batch batch;
    while (true) {
      YIPAN_ASSIGN(const bool more, rows->next(&batch));
      if (!more) return {};
      for (size_t row = 0; row < batch.rows(); ++row) {
        YIPAN_TRY(add_row(spec, finding, batch, 0, row));
      }
    }
  }
  Result<> list_rows_at_once(const FactSpec& spec,
                             const std::unordered_multimap<std::string_view, Finding*>& by_key) {
    YIPAN_ASSIGN(auto rows, open(spec, {}));
    Batch batch;
    while (true) {
      YIPAN_ASSIGN(const bool more, rows->next(&batch));
      if (!more) return {};
      for (size_t row = 0; row < batch.rows(); ++row) {
        const std::string key = board::value_text(batch.columns[0], row);
        const auto [first, last] = by_key.equal_range(key);
        for (auto at = first; at != last; ++at) {
          YIPAN_TRY(add_row(spec, at->second, batch, 1, row));
        }
      }
    }
  }
  Result<> add_row(const FactSpec& spec, Finding* finding, const Batch& batch, size_t column,
                   size_t row) {
    const std::string table = board::value_text(batch.columns[column], row);
    const std::string key = board::value_text(batch.columns[column + 1], row);
    if (table == spec.table && key == finding->key) return {};  // stands first already
    return add(finding, table, key);
  }

  Result<> look_up(const std::string& table, Origins* origins) {
    const board::TableSchema* schema = run_.schemas.find(table);
    if (schema == nullptr) return {};  // fill() says which finding names it
    const auto& key = schema->primary_key;
    const bool one_text = key.size() == 1 && schema->find(key[0])->type == Type::text;
    return one_text ? by_key(table, key[0], origins) : by_scan(table, key, origins);
  }
  Result<> by_key(const std::string& table, const std::string& field, Origins* origins) {
    std::vector<const std::string*> keys;
    for (const auto& [key, origin] : *origins) keys.push_back(&key);
    for (size_t from = 0; from < keys.size(); from += kKeysPerQuery) {
      const size_t count = std::min(kKeysPerQuery, keys.size() - from);
      std::string list;
      store::Values values;
      for (size_t i = 0; i < count; ++i) {
        list += fmt::format("{}${}", i == 0 ? "" : ", ", i + 1);
        values.emplace_back(*keys[from + i]);
      }
      const std::string sql = fmt::format(
          "SELECT {}, y_entry, y_row FROM {} WHERE {} IN ({})", store::quote_identifier(field),
          store::quote_identifier(table), store::quote_identifier(field), list);
      YIPAN_TRY(read(sql, values, 1, origins));
    }
    return {};
  }
  Result<> by_scan(const std::string& table, const std::vector<std::string>& key,
                   Origins* origins) {
    std::string list;
    for (const std::string& field : key) list += store::quote_identifier(field) + ", ";
    const std::string sql =
        fmt::format("SELECT {}y_entry, y_row FROM {}", list, store::quote_identifier(table));
    return read(sql, {}, key.size(), origins);
  }
  Result<> read(const std::string& sql, const store::Values& values, size_t key_fields,
                Origins* origins) {
    YIPAN_ASSIGN(auto rows, run_.db.query(sql, values));
    Batch batch;
    std::vector<std::string> parts(key_fields);
    while (true) {
      YIPAN_ASSIGN(const bool more, rows->next(&batch));
      if (!more) return {};
      for (size_t row = 0; row < batch.rows(); ++row) {
        for (size_t i = 0; i < key_fields; ++i) {
          parts[i] = board::value_text(batch.columns[i], row);
        }
        const auto found = origins->find(board::join_key(parts));
        if (found == origins->end()) continue;
        found->second = {static_cast<uint64_t>(batch.columns[key_fields].int_at(row)),
                         static_cast<uint64_t>(batch.columns[key_fields + 1].int_at(row)), true};
      }
    }
  }
  Result<> fill(Finding* finding) {
    for (Evidence& evidence : finding->evidence) {
      const Origin& origin = wanted_[evidence.table][evidence.key];
      if (!origin.found) return fail(missing(*finding, evidence));
      evidence.entry = origin.entry;
      evidence.row = origin.row;
    }
    return {};
  }
  Error missing(const Finding& finding, const Evidence& evidence) const {
    const FactSpec& spec = fact(finding);
    const bool table = run_.schemas.find(evidence.table) == nullptr;
    Error error(table ? "findings.evidence.table" : "findings.evidence.row");
    if (table) {
      error.zh(fmt::format("证据里的表“{}”不存在（事实“{}”，key “{}”）", evidence.table, spec.name,
                           finding.key));
      error.en(
          fmt::format("the evidence names the table '{}', which does not exist (fact '{}', "
                      "key '{}')",
                      evidence.table, spec.name, finding.key));
    } else {
      error.zh(fmt::format("证据里的 {} 没有主键为“{}”的行（事实“{}”，key “{}”）", evidence.table,
                           evidence.key, spec.name, finding.key));
      error.en(
          fmt::format("the evidence names a row of {} that does not exist: '{}' (fact '{}', "
                      "key '{}')",
                      evidence.table, evidence.key, spec.name, finding.key));
    }
    if (evidence.table == spec.table && evidence.key == finding.key) {
      error.file(pack_.file("question.toml")).line(spec.line);
      error.remedy(
          "[[fact]] 的 table 要是 key 所在的表；key 不是主键时写 table = \"\" 和 evidence.sql",
          "the table of [[fact]] must be the one whose key it is; where the key is none, "
          "write table = \"\" and evidence.sql");
    } else {
      error.file(pack_.file("evidence.sql")).line(spec.evidence ? spec.evidence->line : 1);
      error.remedy("改正表名或主键；多字段主键用 | 连接",
                   "correct the table or the key; a key of several fields is joined by |");
    }
    return std::move(error.element(spec.name));
  }
  void set_place(Finding* finding) const {
    const analysis::LonLat* place = nullptr;
    for (const Evidence& evidence : finding->evidence) {
      place = run_.places.find(evidence.table, evidence.key);
      if (place != nullptr) break;
    }
    if (place == nullptr && !fact(*finding).table.empty()) {
      place = run_.places.find(fact(*finding).table, finding->key);
    }
    if (place == nullptr) place = run_.places.find("areas", finding->area_id);
    if (place == nullptr) return;
    finding->lon = place->lon;
    finding->lat = place->lat;
  }

  const Run& run_;
  const Pack& pack_;
  std::map<std::string, Origins> wanted_;
};

}  // namespace

Result<> collect_evidence(const Run& run, const Pack& pack, std::vector<Finding>* findings) {
  return Collector(run, pack).run(findings);
}

}  // namespace yipan::findings
