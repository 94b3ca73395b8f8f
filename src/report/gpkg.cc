// findings.gpkg: a layer of points and a table of attributes for findings with and without a place,
// and the evidence behind them.
#include <cstring>

#include "report/sheets.h"
#include "yipan/store.h"

namespace yipan::report {
namespace {

using store::ColumnSpec;
using store::TableSpec;

constexpr size_t kBatchRows = 4096;

TableSpec finding_table(const char* name, const char* title, bool place) {
  TableSpec t;
  t.name = name;
  t.title = title;
  for (const char* column :
       {"finding_id",    "code",          "severity",     "severity_zh",     "state",   "state_zh",
        "title_zh",      "title_en",      "claim_zh",     "claim_en",        "norm_zh", "norm_en",
        "remedy_zh",     "remedy_en",     "value",        "norm_value",      "subject", "area_id",
        "area_zh",       "citations_zh",  "citations_en", "citation_status", "lead_id", "lead_name",
        "support_names", "first_seen_on", "last_seen_on", "cleared_on",      "rule",    "fact",
        "fact_key"}) {
    t.columns.push_back({.name = column, .type = Type::text});
  }
  t.columns.push_back({.name = "question", .type = Type::integer});
  t.columns.push_back({.name = "lead", .type = Type::boolean});
  t.columns.push_back({.name = "money_fen", .type = Type::integer});
  t.columns.push_back({.name = "evidence_total", .type = Type::integer});
  if (place) {
    t.columns.push_back({.name = "geom", .type = Type::geometry, .geometry_type = "POINT"});
  }
  t.primary_key = {"finding_id"};
  return t;
}

std::string point_wkb(double lon, double lat) {
  std::string out("\x01\x01\0\0\0", 5);
  out.append(reinterpret_cast<const char*>(&lon), sizeof lon);
  out.append(reinterpret_cast<const char*>(&lat), sizeof lat);
  return out;
}

void add_finding(const Finding& f, bool place, Batch* batch) {
  size_t c = 0;
  const auto text = [&](std::string_view value) {
    if (value.empty()) {
      batch->columns[c++].append_null();
    } else {
      batch->columns[c++].append_bytes(value);
    }
  };
  text(f.id);
  text(f.code);
  text(severity_class(f.severity));
  text(severity_title(f.severity).zh);
  text(findings::to_string(f.state));
  text(state_title(f.state).zh);
  for (const Text* t : {&f.title, &f.claim, &f.norm, &f.remedy}) {
    text(t->zh);
    text(t->en);
  }
  text(f.value);
  text(f.norm_value);
  text(f.subject);
  text(f.area_id);
  text(f.area.zh);
  text(joined_citations(f, true));
  text(joined_citations(f, false));
  text(f.citation_status);
  text(f.lead_id);
  text(lead_of(f));
  text(joined_names(f.support_names));
  for (const std::string* day : {&f.first_seen_on, &f.last_seen_on, &f.cleared_on}) text(*day);
  text(f.rule);
  text(f.fact);
  text(f.key);
  batch->columns[c++].append_int(f.question);
  batch->columns[c++].append_int(f.lead ? 1 : 0);
  if (f.money_fen) {
    batch->columns[c++].append_int(*f.money_fen);
  } else {
    batch->columns[c++].append_null();
  }
  batch->columns[c++].append_int(
      static_cast<int64_t>(std::max<uint64_t>(f.evidence_total, f.evidence.size())));
  if (place) batch->columns[c++].append_bytes(point_wkb(*f.lon, *f.lat));
}

std::vector<Type> types_of(const TableSpec& table) {
  std::vector<Type> out;
  for (const ColumnSpec& c : table.columns) out.push_back(c.type);
  return out;
}

// Makes the table and fills it by `fill`, which is called until it says that there is no more.
template <typename Fill>
Result<> load(store::Connection& db, const TableSpec& table, const Fill& fill) {
  YIPAN_TRY(db.create_table(table));
  YIPAN_ASSIGN(auto writer, db.bulk(table.name, table.columns));
  Batch batch(types_of(table));
  for (bool more = true; more;) {
    batch.clear();
    more = fill(&batch);
    if (batch.rows() > 0) YIPAN_TRY(writer->append(batch));
  }
  YIPAN_TRY(writer->finish());
  return db.create_indexes(table);
}

Result<> load_findings(store::Connection& db, const std::vector<const Finding*>& all, bool place) {
  const TableSpec table = place ? finding_table("findings", "发现（有位置）", true)
                                : finding_table("findings_without_place", "发现（无位置）", false);
  size_t at = 0;
  return load(db, table, [&](Batch* batch) {
    for (; at < all.size() && batch->rows() < kBatchRows; ++at) {
      const Finding& f = *all[at];
      if ((f.lon.has_value() && f.lat.has_value()) == place) add_finding(f, place, batch);
    }
    return at < all.size();
  });
}

Result<> load_evidence(store::Connection& db, const std::vector<const Finding*>& all) {
  TableSpec table;
  table.name = "finding_evidence";
  table.title = "证据";
  table.columns = {{.name = "finding_id", .not_null = true},
                   {.name = "table_name"},
                   {.name = "row_key"},
                   {.name = "entry", .type = Type::integer},
                   {.name = "source_row", .type = Type::integer}};
  table.indexes = {{"finding_id"}};
  size_t at = 0;
  size_t next = 0;  // evidence of all[at]
  return load(db, table, [&](Batch* batch) {
    while (at < all.size() && batch->rows() < kBatchRows) {
      if (next == all[at]->evidence.size()) {
        ++at;
        next = 0;
        continue;
      }
      const findings::Evidence& e = all[at]->evidence[next++];
      batch->columns[0].append_bytes(all[at]->id);
      batch->columns[1].append_bytes(e.table);
      batch->columns[2].append_bytes(e.key);
      batch->columns[3].append_int(static_cast<int64_t>(e.entry));
      batch->columns[4].append_int(static_cast<int64_t>(e.row));
    }
    return at < all.size();
  });
}

Result<> load_figures(store::Connection& db, const Outline& outline) {
  TableSpec table;
  table.name = "figures";
  table.title = "指标";
  table.columns = {{.name = "question", .type = Type::integer},
                   {.name = "figure", .not_null = true},
                   {.name = "title_zh"},
                   {.name = "title_en"},
                   {.name = "value", .type = Type::real},
                   {.name = "unit"},
                   {.name = "norm", .type = Type::real},
                   {.name = "speech"}};
  return load(db, table, [&](Batch* batch) {
    const auto real = [&](size_t c, const std::optional<double>& v) {
      if (v) {
        batch->columns[c].append_real(*v);
      } else {
        batch->columns[c].append_null();
      }
    };
    for (const Chapter& chapter : outline.chapters) {
      for (const findings::FigureValue& f : chapter.answer->figures) {
        batch->columns[0].append_int(chapter.answer->number);
        batch->columns[1].append_bytes(f.id);
        batch->columns[2].append_bytes(f.title.zh);
        batch->columns[3].append_bytes(f.title.en);
        real(4, f.value);
        batch->columns[5].append_bytes(f.unit);
        real(6, f.norm);
        batch->columns[7].append_bytes(f.speech);
      }
    }
    return false;
  });
}

}  // namespace

Result<> write_gpkg(const Outline& outline, const std::string& path) {
  YIPAN_ASSIGN(auto db, store::open({.url = "sqlite:" + path}));
  const std::vector<const Finding*> all = all_findings(outline);
  YIPAN_TRY(load_findings(*db, all, true));
  YIPAN_TRY(load_findings(*db, all, false));
  YIPAN_TRY(load_evidence(*db, all));
  YIPAN_TRY(load_figures(*db, outline));
  YIPAN_TRY(db->refresh_statistics(
      {"findings", "findings_without_place", "finding_evidence", "figures"}));
  // The moment of writing would differ from run to run; the report's own does not.
  const Instant second =
      Instant::from_micros(outline.options->made_at.micros() / 1'000'000 * 1'000'000);
  std::string when = second.to_string();
  when.insert(when.size() - 1, ".000");  // GeoPackage 1.3, table 1: milliseconds
  YIPAN_TRY(db->execute("UPDATE gpkg_contents SET last_change = $1", {store::Value(when)}));
  // One file, complete in itself: no write-ahead log beside it.
  YIPAN_ASSIGN(auto mode, db->query_text("PRAGMA journal_mode = DELETE"));
  (void)mode;
  return {};
}

}  // namespace yipan::report
