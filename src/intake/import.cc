// One file into one dataset: copy, read, map, check, stage, enter.
#include "intake/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include "yipan/hash.h"
#include "yipan/text.h"

namespace yipan::intake {
namespace {

// "v1.2 投资.csv.gz" -> "v1.2 投资".
std::string stem_of(std::string name) {
  for (int i = 0; i < 2; ++i) {
    const size_t dot = name.rfind('.');
    const bool gz = name.size() > 3 && name.compare(name.size() - 3, 3, ".gz") == 0;
    if (dot == std::string::npos || dot == 0) break;
    name.resize(dot);
    if (!gz) break;
  }
  return name;
}

Error option_missing(std::string_view what, std::string_view zh, std::string_view en) {
  return Error("intake.options." + std::string(what)).zh(zh).en(en).remedy("请补上", "give it");
}

bool knows(const board::TableSchema* table, const Mapping* mapping, const std::string& name) {
  if (mapping != nullptr && !mapping->columns.empty()) {
    for (const ColumnMapping& c : mapping->columns) {
      for (const std::string& from : c.from) {
        if (glob_match(from, name)) return true;
      }
      if (name == c.lon || name == c.lat) return true;
      if (c.pattern.find("{" + name + "}") != std::string::npos) return true;
    }
    return false;
  }
  return table != nullptr && field_for_column(*table, name) != nullptr;
}

}  // namespace

std::function<bool(const std::string&)> known_names(const board::TableSchema* table,
                                                    const Mapping* mapping) {
  return [table, mapping](const std::string& name) { return knows(table, mapping, name); };
}

Importer::Importer(const Context& context, const ImportOptions& options)
    : context_(context), options_(options), refusals_(options.limits.issues_kept) {}
Importer::~Importer() = default;

void Importer::progress(Progress::Phase phase, uint64_t done, uint64_t total) const {
  if (options_.progress) options_.progress({phase, done, total});
}

Result<> Importer::prepare() {
  if (options_.who.empty()) {
    return fail(option_missing("who", "没有写明由谁导入", "who imports is not given"));
  }
  if (!options_.mapping_path.empty()) {
    YIPAN_ASSIGN(mapping_text_, read_file(*context_.files, options_.mapping_path, 4 << 20));
    YIPAN_ASSIGN(Mapping parsed, parse_mapping(mapping_text_, base_name(options_.mapping_path)));
    mapping_ = std::move(parsed);
    log_.mapping_file = base_name(options_.mapping_path);
    log_.mapping_sha256 = sha256(mapping_text_).hex();
  }
  const Mapping* m = mapping();
  log_.dataset = !options_.dataset.empty() ? options_.dataset : (m != nullptr ? m->dataset : "");
  log_.table = !options_.table.empty() ? options_.table : (m != nullptr ? m->table : "");
  log_.synthetic = options_.synthetic || (m != nullptr && m->synthetic);
  log_.currency = m != nullptr ? m->currency : "";
  log_.file = base_name(options_.path);
  if (log_.table.empty()) {
    return fail(option_missing("table", "没有写明导入哪张表", "the table is not given"));
  }
  if (log_.dataset.empty()) {
    return fail(option_missing("dataset", "没有写明数据集名称", "the dataset is not given"));
  }
  table_ = context_.board->schemas().find(log_.table);
  if (table_ == nullptr) {
    std::vector<std::string_view> names;
    for (const auto& t : context_.board->schemas().all()) names.push_back(t.name);
    std::string list = fmt::format("{}", fmt::join(names, ", "));
    return fail(Error("intake.options.table")
                    .zh(fmt::format("没有“{}”这张表", log_.table))
                    .en(fmt::format("there is no table {}", log_.table))
                    .remedy("有：" + list, "there are: " + list));
  }
  return {};
}

// An identical file with an identical mapping that is the dataset's latest vintage already.
Result<bool> Importer::unchanged() {
  YIPAN_ASSIGN(auto datasets, context_.board->datasets());
  base_entry_.reset();
  for (const board::DatasetInfo& d : datasets) {
    if (d.dataset != log_.dataset || d.withdrawn) continue;
    base_entry_ = d.entry;
    YIPAN_ASSIGN(bool same, same_as(d.entry));
    if (!same) continue;
    outcome_.entry = d.entry;
    return true;
  }
  return false;
}

Result<bool> Importer::same_as(uint64_t index) const {
  YIPAN_ASSIGN(ledger::Entry entry, context_.ledger->entry(index));
  if (entry.what != "dataset.import") return false;
  YIPAN_ASSIGN(board::DatasetImport body, board::DatasetImport::parse(entry.body));
  std::optional<Hash256> mapping_hash;
  if (mapping_) mapping_hash = sha256(mapping_text_);
  if (body.table != log_.table || body.file_hash != file_hash_ ||
      body.mapping_hash != mapping_hash || body.synthetic != log_.synthetic ||
      (!options_.sheet.empty() && body.sheet != options_.sheet)) {
    return false;
  }
  std::vector<Hash256> extra;  // what stands behind file, rowset, mapping and quality log
  if (mended_hash_) extra.push_back(*mended_hash_);
  extra.insert(extra.end(), joined_.begin(), joined_.end());
  const size_t before = 3 + (mapping_ ? 1 : 0);
  if (entry.evidence.size() != before + extra.size()) return false;
  return std::equal(extra.begin(), extra.end(),
                    entry.evidence.begin() + static_cast<std::ptrdiff_t>(before));
}

void Importer::make_fingerprint() {
  Sha256 hash;
  const auto add = [&](std::string_view part) {
    hash.update(fmt::format("{}:", part.size()));
    hash.update(part);
  };
  add(log_.dataset);
  add(log_.table);
  add(log_.file_sha256);
  add(log_.mapping_sha256);
  add(log_.mended_sha256);
  add(options_.sheet);
  add(options_.accept_partial ? "partial" : "whole");
  for (const Hash256& h : joined_) add(h.view());
  fingerprint_ = hash.finish().hex().substr(0, 40);
}

Result<> Importer::keep_beside(const std::string& name) {
  YIPAN_ASSIGN(const Hash256 hash, copy_file(directory_of(options_.path) + "/" + name));
  joined_names_.push_back(name);
  joined_.push_back(hash);
  return {};
}

Result<> Importer::open_evidence() {
  YIPAN_ASSIGN(file_hash_, copy_file(options_.path));
  log_.file_sha256 = file_hash_.hex();
  if (!options_.mended_path.empty()) {
    YIPAN_ASSIGN(Hash256 hash, copy_file(options_.mended_path));
    mended_hash_ = hash;
    log_.mended_sha256 = hash.hex();
  }
  if (mapping() != nullptr) {
    for (const Join& j : mapping()->joins) YIPAN_TRY(keep_beside(j.file));
  }
  const std::string name = base_name(options_.path);
  if (is_shapefile_name(name)) {
    for (const std::string& part : shapefile_parts(name)) {
      YIPAN_ASSIGN(const bool there,
                   context_.files->exists(directory_of(options_.path) + "/" + part));
      if (there) YIPAN_TRY(keep_beside(part));
    }
  }
  make_fingerprint();
  return {};
}

Input Importer::blob_input(const Hash256& hash, const std::string& name) const {
  ledger::Ledger* ledger = context_.ledger;
  return Input{name, [ledger, hash] { return ledger->open_blob(hash); }};
}

Result<std::unique_ptr<RecordSource>> Importer::open() {
  OpenRequest request;
  request.mapping = mapping();
  request.sheet = options_.sheet;
  request.known = known_names(table_, mapping());
  request.limits = options_.limits;
  request.sibling = [this](const std::string& name) -> Result<Input> {
    for (size_t i = 0; i < joined_.size(); ++i) {
      if (joined_names_[i] == name) return blob_input(joined_[i], name);
    }
    return file_input(*context_.files, directory_of(options_.path) + "/" + name, name);
  };
  return open_source(blob_input(file_hash_, log_.file), request);
}

Result<> Importer::make_reader() {
  YIPAN_ASSIGN(source_, open());
  const SourceFacts& facts = source_->facts();
  log_.format = facts.format;
  log_.encoding = facts.encoding;
  log_.delimiter = facts.delimiter;
  log_.sheet = facts.sheet;
  log_.header_row = facts.header_row;
  YIPAN_ASSIGN(plan_, make_plan(*table_, mapping(), source_->columns(), facts, log_.file));
  if (log_.synthetic) mark_synthetic();
  const bool has_geometry = plan_.geometry_field.has_value() &&
                            plan_.fields[*plan_.geometry_field].way != FieldPlan::Way::none;
  const std::string declared = mapping() != nullptr ? mapping()->crs : "";
  YIPAN_ASSIGN(crs_, CrsTransform::make(declared.empty() && has_geometry ? facts.crs : declared));
  if (has_geometry) log_.crs = crs_->name();
  converter_ = std::make_unique<RowConverter>(&plan_, crs_.get());
  if (!options_.mended_path.empty()) {
    Input input = blob_input(*mended_hash_, base_name(options_.mended_path));
    YIPAN_ASSIGN(MendedRows rows, MendedRows::read(input, source_->columns(), options_.limits));
    mended_.emplace(std::move(rows));
  }
  log_.unmapped = plan_.unmapped;
  log_.ignored = plan_.ignored;
  file_warnings_ = plan_.warnings;
  for (const auto& [zh, en] : facts.remarks) {
    file_warnings_.push_back(Issue{"intake.warning.file", 0, "", "", "", zh, en, "", "", 1});
  }
  if (!log_.currency.empty()) {
    file_warnings_.push_back(
        Issue{"intake.warning.currency", 0, "", "", "",
              fmt::format("金额为 {}，以其百分之一为单位保存，没有折算成人民币", log_.currency),
              fmt::format("amounts are in {}, kept in its hundredths and not converted to yuan",
                          log_.currency),
              "", "", 1});
  }
  return {};
}

void Importer::mark_synthetic() {
  for (FieldPlan& f : plan_.fields) {
    if (f.field->name != "synthetic" || f.way != FieldPlan::Way::none) continue;
    f.way = FieldPlan::Way::constant;
    f.constant = "true";
  }
}

Result<> Importer::refuse(const RawRecord& record, const std::vector<Issue>& issues) {
  ++log_.rows_refused;
  for (const Issue& issue : issues) refusals_.add(issue);
  return side_->add(source_->columns(), record, issues);
}

std::vector<Issue> Importer::issues_of_row(uint64_t row) const {
  std::vector<Issue> out;
  for (const CellIssue& i : converter_->issues()) {
    out.push_back(issue_of(i.error, row, i.column, plan_.fields[i.field].field->name, i.value));
  }
  return out;
}

uint64_t Importer::key_hash() const {
  uint64_t h = 0x59697061;
  for (size_t k : plan_.key_fields) {
    const Value& v = converter_->values()[k];
    const Type type = plan_.fields[k].field->type;
    if (is_varlen(type)) {
      h = hash_key(v.text, h);
    } else {
      std::string_view raw(
          reinterpret_cast<const char*>(type == Type::real ? static_cast<const void*>(&v.real)
                                                           : static_cast<const void*>(&v.integer)),
          8);
      h = hash_key(raw, h + (v.null ? 1 : 0));
    }
  }
  return h;
}

Result<> Importer::flush(Sink* sink) {
  if (sink->rows.empty()) return {};
  YIPAN_TRY(sink->writer->append(sink->batch, sink->rows));
  sink->batch.clear();
  sink->rows.clear();
  return {};
}

Result<> Importer::take(RawRecord* record, Step step, Sink* sink) {
  if (mended_) {
    if (mended_->replace(record)) {
      step = Step::record;
      ++log_.rows_mended;
    }
  }
  if (step == Step::problem) {
    ++log_.rows_read;
    const Error& why = source_->problem();
    return refuse(*record, {issue_of(why, record->row, why.place().column, "", "")});
  }
  if (!plan_.filters.empty() && !converter_->kept(*record)) {
    ++log_.rows_skipped;
    return {};
  }
  ++log_.rows_read;
  if (!converter_->convert(*record, record->row)) {
    return refuse(*record, issues_of_row(record->row));
  }
  const uint64_t hash = key_hash();
  if (mapping() != nullptr && mapping()->repeated_first) {
    if (!seen_keys_.insert(hash).second) {
      ++repeated_;
      return {};
    }
  }
  YIPAN_TRY(keys_.add(hash, accepted_));
  ++accepted_;
  converter_->append_to(&sink->batch);
  sink->rows.push_back(record->row);
  if (sink->rows.size() < board::kRowsetBatchRows) return {};
  return flush(sink);
}

Result<Hash256> Importer::write_rowset() {
  YIPAN_ASSIGN(auto blob, context_.ledger->new_blob());
  Sink sink;
  board::RowsetHeader header{table_->name, {}, table_->types()};
  for (const board::Field& f : table_->fields) header.fields.push_back(f.name);
  sink.batch = Batch(header.types);
  sink.writer = std::make_unique<board::RowsetWriter>(blob.get(), header);
  RawRecord record;
  for (;;) {
    YIPAN_ASSIGN(Step step, source_->next(&record));
    if (step == Step::end) break;
    YIPAN_TRY(take(&record, step, &sink));
    if ((log_.rows_read & 0x3FFF) == 0) progress(Progress::Phase::reading, log_.rows_read, 0);
  }
  YIPAN_TRY(flush(&sink));
  YIPAN_ASSIGN(uint64_t rows, sink.writer->finish());
  CHECK(rows == accepted_);
  return blob->commit();
}

Result<ImportOutcome> Importer::run() {
  YIPAN_TRY(prepare());
  YIPAN_TRY(open_evidence());
  YIPAN_ASSIGN(bool same, unchanged());
  if (same) {
    outcome_.status = Status::unchanged;
    outcome_.log = log_;
    return outcome_;
  }
  std::string directory =
      options_.side_directory.empty() ? directory_of(options_.path) : options_.side_directory;
  std::string stem = directory + "/" + stem_of(log_.file);
  if (options_.dataset.size() + options_.table.size() > 0 && !options_.table.empty()) {
    stem += "." + log_.table;
  }
  side_ = std::make_unique<SideFile>(*context_.files, stem + ".refused.csv");
  outcome_.log_path = stem + ".quality.json";
  YIPAN_TRY(make_reader());
  YIPAN_ASSIGN(rowset_hash_, write_rowset());
  YIPAN_TRY(check_duplicates());
  // Good rows may come in alone; but where there is none, nothing replaces what is there.
  if (log_.rows_refused == 0 || (options_.accept_partial && accepted_ > 0)) {
    YIPAN_TRY(enter());
  } else {
    outcome_.status = Status::refused;
  }
  return finish();
}

void Importer::fill_log() {
  log_.rows_accepted = log_.rows_read - log_.rows_refused - repeated_;
  refusals_.fill(&log_);
  log_.columns.clear();
  for (size_t i = 0; i < plan_.fields.size(); ++i) {
    const FieldPlan& f = plan_.fields[i];
    if (f.way == FieldPlan::Way::none && !f.compute_area && !f.otherwise) continue;
    ColumnReport report;
    report.field = f.field->name;
    for (size_t c : f.from) report.from.push_back(source_->columns()[c].name);
    for (const FieldPlan::Piece& p : f.pieces) {
      if (p.column >= 0) report.from.push_back(source_->columns()[size_t(p.column)].name);
    }
    if (f.unit_from != nullptr) report.unit_from = std::string(f.unit_from->id);
    if (f.unit_to != nullptr) report.unit_to = std::string(f.unit_to->id);
    report.filled = converter_->filled(i);
    report.missing = log_.rows_read - std::min(log_.rows_read, report.filled);
    log_.columns.push_back(std::move(report));
  }
  log_.warnings = file_warnings_;
  if (repeated_ > 0) {
    log_.warnings.push_back(Issue{"intake.warning.repeated_key", 0, "", "", "",
                                  "主键重复的行只取第一行（repeated_keys = \"first\"）",
                                  "of rows with the same key only the first was taken "
                                  "(repeated_keys = \"first\")",
                                  "", "", repeated_});
  }
  for (Issue& w : converter_->warnings()) log_.warnings.push_back(std::move(w));
}

Result<ImportOutcome> Importer::finish() {
  fill_log();
  YIPAN_TRY(side_->keep());
  if (side_->rows() > 0) outcome_.refused_path = side_->path();
  Result<> written = write_file_atomic(*context_.files, outcome_.log_path, log_.to_json());
  if (!written && outcome_.status == Status::refused) {
    return fail(Error("intake.side_file")
                    .zh(fmt::format("不能写质量报告 {}", outcome_.log_path))
                    .en(fmt::format("the quality log {} cannot be written", outcome_.log_path))
                    .file(outcome_.log_path)
                    .because(written.error())
                    .remedy("请给文件夹写权限，或用 side_directory 指定别的文件夹",
                            "allow writing to the folder, or give another with side_directory"));
  }
  if (!written) outcome_.log_path.clear();  // it is in the ledger
  outcome_.log = log_;
  return outcome_;
}

std::string_view to_string(Status status) {
  switch (status) {
    case Status::accepted:
      return "accepted";
    case Status::partial:
      return "partial";
    case Status::refused:
      return "refused";
    case Status::unchanged:
      return "unchanged";
    case Status::checked:
      return "checked";
  }
  return "?";
}

Result<ImportOutcome> import_file(const Context& context, const ImportOptions& options) {
  CHECK(context.files != nullptr && context.clock != nullptr);
  CHECK(context.ledger != nullptr && context.board != nullptr);
  Importer importer(context, options);
  return importer.run();
}

}  // namespace yipan::intake
