// The findings of a run as datasets of the city: in the ledger, on the board, with their history.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/diagnose_commands.h"

namespace yipan::cli {
namespace {

// What the run was: the file that the ledger keeps as the rows' source.
std::string run_json(const findings::Diagnosis& d) {
  nlohmann::json answers = nlohmann::json::array();
  for (const findings::Answer& answer : d.answers) {
    answers.push_back({{"question", answer.number},
                       {"pack", answer.pack},
                       {"sentence_zh", answer.sentence.zh},
                       {"sentence_en", answer.sentence.en},
                       {"findings", answer.findings.size()},
                       {"leads", answer.leads.size()},
                       {"answered", answer.errors.empty()}});
  }
  nlohmann::json missing = nlohmann::json::array();
  for (const auto& problem : d.missing) missing.push_back(problem.pack);
  return nlohmann::json{{"format", "yipan.diagnosis/1"},
                        {"as_of", d.as_of.to_string()},
                        {"rulebook_hash", d.rulebook_hash},
                        {"tzdata", d.tzdata},
                        {"synthetic", d.synthetic},
                        {"answers", answers},
                        {"missing", missing}}
      .dump(1);
}

struct Dataset {
  std::string table;
  const Batch& rows;
};

Result<ledger::Entry> make_entry(const Context& context, City& city, const Dataset& dataset,
                                 const findings::Diagnosis& d, const Hash256& file,
                                 const std::string& who) {
  const board::TableSchema* schema = city.board().schemas().find(dataset.table);
  board::RowsetHeader header{dataset.table, {}, schema->types()};
  for (const board::Field& field : schema->fields) header.fields.push_back(field.name);
  std::vector<uint64_t> source_rows;
  for (size_t i = 0; i < dataset.rows.rows(); ++i) source_rows.push_back(i + 1);
  YIPAN_ASSIGN(auto blob, city.ledger().new_blob());
  board::RowsetWriter writer(blob.get(), header);
  YIPAN_TRY(writer.append(dataset.rows, source_rows));
  board::DatasetImport body;
  YIPAN_ASSIGN(body.rows, writer.finish());
  YIPAN_ASSIGN(body.rowset_hash, blob->commit());
  body.dataset = dataset.table;
  body.table = dataset.table;
  body.reason = "diagnose " + d.as_of.to_string();
  body.file = "diagnosis.json";
  body.encoding = "utf-8";
  body.file_hash = file;
  body.synthetic = d.synthetic;
  ledger::Entry entry;
  entry.who = who;
  entry.when = context.clock->now();
  entry.what = "dataset.import";
  entry.on = body.dataset;
  entry.body = body.to_json();
  entry.evidence = {body.file_hash, body.rowset_hash};
  return entry;
}

}  // namespace

Result<uint64_t> record_findings(const Context& context, City& city,
                                 const findings::Diagnosis& diagnosis, const std::string& who) {
  for (const char* table : {"findings", "finding_evidence"}) {
    if (city.board().schemas().find(table) != nullptr) continue;
    return fail(Error("cli.findings.schema")
                    .zh(fmt::format("这个城市还没有表 {}，发现无处可记", table))
                    .en(fmt::format("this city has no table {} to keep findings in", table))
                    .remedy("先运行 yipan schema 采用新的表结构；或加 --dry-run 只看不记",
                            "run yipan schema first to adopt the new tables; or use --dry-run"));
  }
  const findings::FindingRows rows = findings::rows(diagnosis, city.board().schemas());
  YIPAN_ASSIGN(const Hash256 file, city.ledger().put_blob(run_json(diagnosis)));
  uint64_t last = 0;
  for (const Dataset& dataset :
       {Dataset{"findings", rows.findings}, Dataset{"finding_evidence", rows.evidence}}) {
    YIPAN_ASSIGN(const ledger::Entry entry,
                 make_entry(context, city, dataset, diagnosis, file, who));
    YIPAN_ASSIGN(auto staged, city.board().stage(entry, city.ledger().size()));
    CHECK(staged->violation_count() == 0);  // ids differ, and the tables refer to no other
    YIPAN_ASSIGN(last, city.ledger().append(entry));
    YIPAN_TRY(staged->commit());
  }
  return last;
}

}  // namespace yipan::cli
