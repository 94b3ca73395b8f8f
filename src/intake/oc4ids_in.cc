// OC4IDS packages in: the JSON is flattened into one list of records per table.
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "intake/oc4ids.h"
#include "yipan/decimal.h"
#include "yipan/json.h"

namespace yipan::intake {
namespace {

using Row = std::map<std::string, std::string>;

// Members by path; what is missing or of another type is empty.
const Json* member(const Json& object, std::string_view path) {
  const Json* at = &object;
  while (!path.empty()) {
    size_t dot = path.find('/');
    std::string key(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    if (!at->is_object()) return nullptr;
    auto found = at->find(key);
    if (found == at->end()) return nullptr;
    at = &*found;
  }
  return at;
}

std::string text(const Json& object, std::string_view path) {
  const Json* m = member(object, path);
  if (m == nullptr) return "";
  if (m->is_string()) return m->get<std::string>();
  if (m->is_number()) return m->dump();
  return "";
}

std::string date(const Json& object, std::string_view path) {
  return text(object, path).substr(0, 10);  // date-time, of which the board keeps the day
}

// An amount in hundredths of its currency. What is no whole number of them stays as it is and is
// refused with its reason.
std::string hundredths(const Json& object, std::string_view path) {
  std::string amount = text(object, path);
  auto value = Decimal::parse(amount);
  if (!value) return amount;
  return (*value * Decimal::from_int(100)).to_string();
}

const Json::array_t& list(const Json& object, std::string_view path) {
  static const Json::array_t* const empty = new Json::array_t;
  const Json* m = member(object, path);
  return m != nullptr && m->is_array() ? m->get_ref<const Json::array_t&>() : *empty;
}

void put(Row* row, const char* field, std::string value) {
  if (!value.empty()) (*row)[field] = std::move(value);
}

std::string kind_of_project(const Json& project) {
  std::string kind = "other";
  for (const Json& s : list(project, "sector")) {
    if (!s.is_string()) continue;
    std::string_view found = kind_of_sector(s.get_ref<const std::string&>());
    if (found != "other") kind = std::string(found);
  }
  return kind;
}

std::string kind_of_party(const Json& party) {
  bool supplier = false;
  for (const Json& r : list(party, "roles")) {
    if (!r.is_string()) continue;
    const std::string& role = r.get_ref<const std::string&>();
    if (role == "publicAuthority" || role == "procuringEntity" || role == "buyer") {
      return "department";
    }
    supplier |= role == "supplier" || role == "tenderer";
  }
  return supplier ? "enterprise" : "other";
}

// The first location with a geometry.
std::string geometry_of(const Json& project) {
  for (const Json& l : list(project, "locations")) {
    const Json* g = member(l, "geometry");
    if (g != nullptr && g->is_object() && !text(*g, "type").empty()) return g->dump();
  }
  return "";
}

void project_row(const Json& project, Row* row) {
  put(row, "id", text(project, "id"));
  put(row, "name", text(project, "title"));
  if (row->count("name") == 0) put(row, "name", text(project, "id"));
  put(row, "description", text(project, "description"));
  put(row, "kind", kind_of_project(project));
  put(row, "state", std::string(state_of_status(text(project, "status"))));
  put(row, "owner_id", text(project, "publicAuthority/id"));
  put(row, "owner_name", text(project, "publicAuthority/name"));
  put(row, "planned_start_on", date(project, "period/startDate"));
  put(row, "planned_end_on", date(project, "period/endDate"));
  put(row, "started_on", date(project, "implementationPeriod/startDate"));
  put(row, "completed_on", date(project, "completion/endDate"));
  put(row, "invest_total_fen", hundredths(project, "budget/amount/amount"));
  put(row, "spent_fen", hundredths(project, "completion/finalValue/amount"));
  put(row, "currency", text(project, "budget/amount/currency"));
  for (const Json& l : list(project, "locations")) {
    if (row->count("region_path") == 0) put(row, "region_path", text(l, "address/region"));
  }
  put(row, "source", "OC4IDS");
  std::string geometry = geometry_of(project);
  put(row, "geom", geometry);
}

std::string category_of(const Json& summary) {
  for (const Json& n : list(summary, "nature")) {
    if (n == "construction") return "works";
    if (n == "design" || n == "supervision") return "services";
  }
  return "other";
}

std::string method_of(const Json& summary) {
  std::string method = text(summary, "tender/procurementMethod");
  if (method == "open") return "public";
  if (method == "selective" || method == "limited") return "invited";
  if (method == "direct") return "direct";
  return "";
}

void contract_row(const Json& project, const Json& process, Row* row) {
  const Json* found = member(process, "summary");
  const Json summary = found != nullptr ? *found : Json::object();
  put(row, "id", text(process, "id"));
  put(row, "project_id", text(project, "id"));
  put(row, "name", text(summary, "title"));
  put(row, "category", category_of(summary));
  put(row, "method", method_of(summary));
  put(row, "buyer_id", text(summary, "tender/procuringEntity/id"));
  const Json::array_t& suppliers = list(summary, "suppliers");
  if (!suppliers.empty()) {
    put(row, "supplier_id", text(suppliers[0], "id"));
    put(row, "supplier_name", text(suppliers[0], "name"));
  }
  put(row, "start_on", date(summary, "contractPeriod/startDate"));
  put(row, "end_on", date(summary, "contractPeriod/endDate"));
  put(row, "budget_fen", hundredths(summary, "tender/costEstimate/amount"));
  put(row, "amount_fen", hundredths(summary, "contractValue/amount"));
  put(row, "final_fen", hundredths(summary, "finalValue/amount"));
  put(row, "currency", text(summary, "contractValue/currency"));
  put(row, "source", "OC4IDS");
}

void estimate_row(const Json& project, Row* row) {
  std::string amount = hundredths(project, "budget/amount/amount");
  if (amount.empty()) return;
  put(row, "id", text(project, "id") + "/budget");
  put(row, "project_id", text(project, "id"));
  put(row, "stage", "budget");
  put(row, "version", "1");
  put(row, "amount_fen", amount);
  put(row, "approved_on", date(project, "budget/approvalDate"));
}

// Organisations are named in many places; parties describe them, references name them.
class Organisations {
 public:
  void of_project(const Json& project) {
    for (const Json& party : list(project, "parties")) add(party, kind_of_party(party));
    add_reference(project, "publicAuthority", "department");
    for (const Json& process : list(project, "contractingProcesses")) {
      add_reference(process, "summary/tender/procuringEntity", "department");
      const Json::array_t& suppliers = list(process, "summary/suppliers");
      if (!suppliers.empty()) add(suppliers[0], "enterprise");
    }
  }
  std::vector<Row> take() { return std::move(rows_); }

 private:
  void add_reference(const Json& object, std::string_view path, const char* kind) {
    const Json* m = member(object, path);
    if (m != nullptr) add(*m, kind);
  }
  void add(const Json& party, const std::string& kind) {
    std::string id = text(party, "id");
    if (id.empty() || !seen_.emplace(id, true).second) return;
    Row row;
    put(&row, "id", id);
    put(&row, "name", text(party, "name"));
    if (row.count("name") == 0) put(&row, "name", id);
    put(&row, "kind", kind);
    rows_.push_back(std::move(row));
  }
  std::map<std::string, bool> seen_;
  std::vector<Row> rows_;
};

class Oc4idsSource : public RecordSource {
 public:
  Oc4idsSource(std::vector<Row> rows, std::string table) : rows_(std::move(rows)) {
    facts_.format = "oc4ids";
    facts_.encoding = "utf-8";
    facts_.sheet = std::move(table);
    for (std::string_view t : kOc4idsTables) facts_.sheets.emplace_back(t);
    std::map<std::string, bool> names;
    for (const Row& row : rows_) {
      for (const auto& cell : row) names.emplace(cell.first, true);
    }
    for (const auto& n : names) columns_.push_back({n.first, n.first == "geom"});
  }
  const std::vector<SourceColumn>& columns() const override { return columns_; }
  const SourceFacts& facts() const override { return facts_; }
  Result<Step> next(RawRecord* record) override {
    if (at_ == rows_.size()) return Step::end;
    const Row& row = rows_[at_++];
    record->row = at_;
    record->line = 0;
    record->cells.assign(columns_.size(), RawCell());
    for (size_t c = 0; c < columns_.size(); ++c) {
      auto found = row.find(columns_[c].name);
      if (found != row.end()) record->cells[c] = RawCell::of_text(found->second);
    }
    return Step::record;
  }

 private:
  std::vector<Row> rows_;
  size_t at_ = 0;
  std::vector<SourceColumn> columns_;
  SourceFacts facts_;
};

std::vector<Row> rows_of(const Json::array_t& projects, const std::string& table) {
  std::vector<Row> out;
  Organisations organisations;
  for (const Json& project : projects) {
    if (table == "organisations") organisations.of_project(project);
    if (table == "projects") project_row(project, &out.emplace_back());
    if (table == "estimates") {
      Row row;
      estimate_row(project, &row);
      if (!row.empty()) out.push_back(std::move(row));
    }
    if (table != "contracts") continue;
    for (const Json& process : list(project, "contractingProcesses")) {
      if (hundredths(process, "summary/contractValue/amount").empty()) continue;
      contract_row(project, process, &out.emplace_back());
    }
  }
  if (table == "organisations") return organisations.take();
  return out;
}

}  // namespace

Result<std::unique_ptr<RecordSource>> open_oc4ids(const Input& input, const OpenRequest& request) {
  const Mapping* m = request.mapping;
  std::string table = !request.sheet.empty() ? request.sheet : (m != nullptr ? m->sheet : "");
  YIPAN_ASSIGN(std::string bytes,
               read_all(input, request.limits, request.limits.document_bytes_max));
  YIPAN_ASSIGN(Json json, parse_json(bytes, input.name));
  const Json* projects = member(json, "projects");
  if (projects == nullptr || !projects->is_array()) {
    return fail(Error("intake.oc4ids.projects")
                    .zh("不是 OC4IDS 项目包：缺少 projects 列表")
                    .en("this is no OC4IDS project package: the list of projects is missing")
                    .file(input.name)
                    .element("/projects")
                    .remedy("请按 OC4IDS 0.9 发布为项目包", "publish it as an OC4IDS 0.9 package"));
  }
  return std::make_unique<Oc4idsSource>(rows_of(projects->get_ref<const Json::array_t&>(), table),
                                        table);
}

Result<PackageOutcome> import_oc4ids(const Context& context, const ImportOptions& options) {
  PackageOutcome out;
  out.name = options.dataset;
  out.synthetic = options.synthetic;
  for (std::string_view table : kOc4idsTables) {
    if (context.board->schemas().find(table) == nullptr) continue;
    ImportOptions one = options;
    one.mapping_path.clear();
    one.table = std::string(table);
    one.sheet = std::string(table);
    one.dataset = options.dataset + "/" + std::string(table);
    Input input = file_input(*context.files, options.path, base_name(options.path));
    OpenRequest request;
    request.sheet = one.sheet;
    request.limits = options.limits;
    YIPAN_ASSIGN(auto probe, open_oc4ids(input, request));
    RawRecord record;
    YIPAN_ASSIGN(Step first, probe->next(&record));
    if (first == Step::end) continue;
    YIPAN_ASSIGN(ImportOutcome outcome, import_file(context, one));
    const bool refused = outcome.status == Status::refused;
    out.resources.push_back(std::move(outcome));
    if (refused) return out;
  }
  out.complete = true;
  return out;
}

}  // namespace yipan::intake
