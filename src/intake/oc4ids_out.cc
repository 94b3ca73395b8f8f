// OC4IDS 0.9.5 out: projects of the board as a project package.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "intake/bytes.h"
#include "intake/export_rows.h"
#include "intake/oc4ids.h"

namespace yipan::intake {
namespace {

using Out = nlohmann::ordered_json;

// A row of the board by field name, as text; empty where it is null.
struct RowView {
  const board::TableSchema& table;
  const Batch& batch;
  size_t row;
  std::string text(std::string_view field) const {
    auto index = table.index_of(field);
    return index ? board::value_text(batch.columns[*index], row) : "";
  }
  bool has(std::string_view field) const {
    auto index = table.index_of(field);
    return index && !batch.columns[*index].is_null(row);
  }
  // Hundredths as an amount. Doubles hold fen exactly up to 90 trillion yuan.
  Out value(std::string_view field) const {
    std::string currency = text("currency");
    const int64_t fen = batch.columns[*table.index_of(field)].int_at(row);
    Out amount = fen % 100 == 0 ? Out(fen / 100) : Out(static_cast<double>(fen) / 100);
    return {{"amount", amount}, {"currency", currency.empty() ? "CNY" : currency}};
  }
  std::string moment(std::string_view field) const {
    std::string day = text(field);
    return day.empty() ? day : day + "T00:00:00+08:00";
  }
};

void put(Out* object, const char* key, const std::string& value) {
  if (!value.empty()) (*object)[key] = value;
}

Out period(const std::string& start, const std::string& end) {
  Out out = Out::object();
  put(&out, "startDate", start);
  put(&out, "endDate", end);
  return out;
}

void put_object(Out* object, const char* key, Out value) {
  if (!value.empty()) (*object)[key] = std::move(value);
}

class Exporter {
 public:
  Exporter(const Context& context, const Oc4idsOptions& options)
      : context_(context), options_(options) {
    rows_.ledger_size = options.ledger_size;
  }

  Result<uint64_t> write(const std::string& path) {
    YIPAN_TRY(read_organisations());
    YIPAN_TRY(read_contracts());
    YIPAN_ASSIGN(std::string published, published_at());
    YIPAN_ASSIGN(OutFile file, OutFile::create(*context_.files, path));
    Out head{{"uri", options_.uri},
             {"publishedDate", published},
             {"version", "0.9"},
             {"publisher", {{"name", options_.publisher}}}};
    std::string text = dump(head);
    text.resize(text.rfind('}'));
    YIPAN_TRY(file.write(text + ",\"projects\":["));
    YIPAN_ASSIGN(uint64_t count, write_projects(&file));
    YIPAN_TRY(file.write("]}\n"));
    if (count == 0) {  // project-package-schema.json: projects has at least one item
      return fail(Error("intake.export.oc4ids_empty")
                      .zh("没有项目可以导出")
                      .en("there is no project to export")
                      .remedy("请先导入项目", "import projects first"));
    }
    YIPAN_TRY(file.keep());
    return count;
  }

 private:
  static std::string dump(const Out& value) {
    return value.dump(-1, ' ', false, Out::error_handler_t::replace);
  }
  Result<const board::TableSchema*> table(std::string_view name) const {
    const board::TableSchema* t = context_.board->schemas().find(name);
    if (t != nullptr) return t;
    return fail(Error("intake.export.table")
                    .zh(fmt::format("没有“{}”这张表", name))
                    .en(fmt::format("there is no table {}", name))
                    .remedy("请先采用含该表的表结构", "adopt a schema with this table"));
  }
  // When the last entry that is shown was accepted: "the date of the last change to the underlying
  // contents", as the package schema recommends.
  Result<std::string> published_at() const {
    uint64_t size = options_.ledger_size.value_or(context_.board->applied());
    if (size == 0) return std::string("1970-01-01T00:00:00Z");
    YIPAN_ASSIGN(ledger::Entry entry, context_.ledger->entry(size - 1));
    return entry.when.to_string();
  }
  Result<> read_organisations() {
    YIPAN_ASSIGN(const board::TableSchema* t, table("organisations"));
    auto read = each_batch(context_, *t, rows_, [&](const Batch& b) -> Result<> {
      for (size_t r = 0; r < b.rows(); ++r) {
        RowView row{*t, b, r};
        names_[row.text("id")] = row.text("name");
      }
      return {};
    });
    if (!read) return fail(read.error());
    return {};
  }
  Result<> read_contracts() {
    YIPAN_ASSIGN(const board::TableSchema* t, table("contracts"));
    auto read = each_batch(context_, *t, rows_, [&](const Batch& b) -> Result<> {
      for (size_t r = 0; r < b.rows(); ++r) {
        RowView row{*t, b, r};
        add_contract(row);
      }
      return {};
    });
    if (!read) return fail(read.error());
    return {};
  }
  Out reference(const std::string& id, const std::string& fallback_name) const {
    Out out = Out::object();
    auto found = names_.find(id);
    put(&out, "name", found != names_.end() ? found->second : fallback_name);
    put(&out, "id", id);
    return out;
  }
  void add_contract(const RowView& row) {
    Out summary = Out::object();
    put(&summary, "title", row.text("name"));
    std::string category = row.text("category");
    if (category == "works") summary["nature"] = {"construction"};
    if (row.has("completed_on")) {
      summary["status"] = "closed";
    } else if (row.has("signed_on") || row.has("start_on")) {
      summary["status"] = "active";
    }
    put_object(&summary, "tender", tender(row));
    Party supplier{row.text("supplier_id"), row.text("supplier_name")};
    if (!supplier.id.empty() || !supplier.name.empty()) {
      summary["suppliers"] = Out::array({reference(supplier.id, supplier.name)});
    }
    if (row.has("amount_fen")) summary["contractValue"] = row.value("amount_fen");
    put_object(&summary, "contractPeriod", period(row.moment("start_on"), row.moment("end_on")));
    if (row.has("final_fen")) summary["finalValue"] = row.value("final_fen");
    Of& of = of_project_[row.text("project_id")];
    of.processes.push_back({{"id", row.text("id")}, {"summary", summary}});
    if (!supplier.id.empty()) of.roles[supplier.id].insert("supplier");
    if (row.has("buyer_id")) of.roles[row.text("buyer_id")].insert("procuringEntity");
  }
  Out tender(const RowView& row) const {
    static constexpr std::pair<std::string_view, const char*> kMethods[] = {
        {"public", "open"},
        {"invited", "selective"},
        {"negotiation", "limited"},
        {"single_source", "direct"},
        {"direct", "direct"}};
    Out out = Out::object();
    for (const auto& [method, code] : kMethods) {
      if (row.text("method") == method) out["procurementMethod"] = code;
    }
    if (row.has("budget_fen")) out["costEstimate"] = row.value("budget_fen");
    if (row.has("buyer_id")) out["procuringEntity"] = reference(row.text("buyer_id"), "");
    return out;
  }
  Result<uint64_t> write_projects(OutFile* file) {
    YIPAN_ASSIGN(const board::TableSchema* t, table("projects"));
    bool first = true;
    return each_batch(context_, *t, rows_, [&](const Batch& b) -> Result<> {
      for (size_t r = 0; r < b.rows(); ++r) {
        YIPAN_ASSIGN(Out project, project_of(RowView{*t, b, r}));
        YIPAN_TRY(file->write((first ? "\n" : ",\n") + dump(project)));
        first = false;
      }
      return {};
    });
  }
  std::string public_id(const std::string& id) const {
    if (options_.prefix.empty() || id.rfind(options_.prefix + "-", 0) == 0) return id;
    return options_.prefix + "-" + id;
  }
  Result<Out> project_of(const RowView& row) {
    const std::string id = row.text("id");
    Out out{{"id", public_id(id)}};
    put(&out, "title", row.text("name"));
    put(&out, "description", row.text("description"));
    put(&out, "status", std::string(status_of_state(row.text("state"))));
    std::string sector(sector_of_kind(row.text("kind")));
    if (!sector.empty()) out["sector"] = sectors(sector);
    if (public_id(id) != id)
      out["identifiers"] = Out::array({{{"id", id}, {"scheme", "internal"}}});
    put_object(&out, "period",
               period(row.moment("planned_start_on"), row.moment("planned_end_on")));
    if (row.has("started_on")) {
      out["implementationPeriod"] = period(row.moment("started_on"), row.moment("completed_on"));
    }
    if (row.has("invest_total_fen")) out["budget"] = {{"amount", row.value("invest_total_fen")}};
    YIPAN_TRY(add_location(row, &out));
    Of of = of_project_[id];
    if (row.has("owner_id") || row.has("owner_name")) {
      out["publicAuthority"] = reference(row.text("owner_id"), row.text("owner_name"));
      if (row.has("owner_id")) of.roles[row.text("owner_id")].insert("publicAuthority");
    }
    add_parties(of, &out);
    if (!of.processes.empty()) out["contractingProcesses"] = of.processes;
    add_completion(row, &out);
    return out;
  }
  // The standard wants a sector's parent beside it: "transport" with "transport.road".
  static Out sectors(const std::string& sector) {
    size_t dot = sector.find('.');
    if (dot == std::string::npos) return Out::array({sector});
    return Out::array({sector.substr(0, dot), sector});
  }
  Result<> add_location(const RowView& row, Out* out) {
    if (!row.has("geom")) return {};
    auto index = row.table.index_of("geom");
    YIPAN_ASSIGN(std::string shape,
                 geometry_.to_geojson(row.batch.columns[*index].bytes_at(row.row)));
    Out location{{"id", "1"}, {"geometry", Out::parse(shape)}};
    std::string region = row.text("region_path");
    if (!region.empty()) location["address"] = {{"region", region}};
    (*out)["locations"] = Out::array({location});
    return {};
  }
  struct Party {
    std::string id, name;
  };
  struct Of {
    Out processes = Out::array();
    std::map<std::string, std::set<std::string>> roles;
  };
  void add_parties(const Of& of, Out* out) const {
    Out parties = Out::array();
    for (const auto& [id, roles] : of.roles) {
      Out party = reference(id, "");
      party["roles"] = roles;
      parties.push_back(std::move(party));
    }
    if (!parties.empty()) (*out)["parties"] = parties;
  }
  static void add_completion(const RowView& row, Out* out) {
    Out completion = Out::object();
    put(&completion, "endDate", row.moment("completed_on"));
    if (row.has("spent_fen") && row.has("completed_on")) {
      completion["finalValue"] = row.value("spent_fen");
    }
    put_object(out, "completion", std::move(completion));
  }

  const Context& context_;
  const Oc4idsOptions& options_;
  ExportOptions rows_;
  std::map<std::string, std::string> names_;
  std::map<std::string, Of> of_project_;
  GeometryReader geometry_;
};

}  // namespace

Result<uint64_t> export_oc4ids(const Context& context, const std::string& path,
                               const Oc4idsOptions& options) {
  return Exporter(context, options).write(path);
}

}  // namespace yipan::intake
