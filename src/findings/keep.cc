// Findings as rows of the board, and back.
#include <algorithm>
#include <array>
#include <cstring>

#include "yipan/board.h"
#include "yipan/findings.h"
#include "yipan/store.h"
#include "yipan/text.h"

namespace yipan::findings {
namespace {

std::string point_wkb(double lon, double lat) {
  std::string out("\x01\x01\0\0\0", 5);
  out.append(reinterpret_cast<const char*>(&lon), sizeof lon);
  out.append(reinterpret_cast<const char*>(&lat), sizeof lat);
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

void append_text(const std::string& text, Column* column) {
  if (text.empty()) return column->append_null();
  column->append_bytes(text);
}
void append_date(const std::string& text, Column* column) {
  const auto date = Date::parse(text);
  if (!date) return column->append_null();
  column->append_int(date->days());
}

struct Writing {
  const Finding& finding;
  const Diagnosis& run;
};
using Append = void (*)(const Writing&, Column*);
struct FieldWriter {
  std::string_view name;
  Append append;
};

constexpr std::array<FieldWriter, 35> kFields = {{
    {"id", [](const Writing& w, Column* c) { append_text(w.finding.id, c); }},
    {"question", [](const Writing& w, Column* c) { c->append_int(w.finding.question); }},
    {"code", [](const Writing& w, Column* c) { append_text(w.finding.code, c); }},
    {"rule", [](const Writing& w, Column* c) { append_text(w.finding.rule, c); }},
    {"severity",
     [](const Writing& w, Column* c) { c->append_bytes(to_string(w.finding.severity)); }},
    {"state", [](const Writing& w, Column* c) { c->append_bytes(to_string(w.finding.state)); }},
    {"is_lead", [](const Writing& w, Column* c) { c->append_int(w.finding.lead ? 1 : 0); }},
    {"title_zh", [](const Writing& w, Column* c) { append_text(w.finding.title.zh, c); }},
    {"title_en", [](const Writing& w, Column* c) { append_text(w.finding.title.en, c); }},
    {"claim_zh", [](const Writing& w, Column* c) { append_text(w.finding.claim.zh, c); }},
    {"claim_en", [](const Writing& w, Column* c) { append_text(w.finding.claim.en, c); }},
    {"norm_zh", [](const Writing& w, Column* c) { append_text(w.finding.norm.zh, c); }},
    {"norm_en", [](const Writing& w, Column* c) { append_text(w.finding.norm.en, c); }},
    {"remedy_zh", [](const Writing& w, Column* c) { append_text(w.finding.remedy.zh, c); }},
    {"remedy_en", [](const Writing& w, Column* c) { append_text(w.finding.remedy.en, c); }},
    {"value", [](const Writing& w, Column* c) { append_text(w.finding.value, c); }},
    {"norm_value", [](const Writing& w, Column* c) { append_text(w.finding.norm_value, c); }},
    {"subject", [](const Writing& w, Column* c) { append_text(w.finding.subject, c); }},
    {"fact", [](const Writing& w, Column* c) { append_text(w.finding.fact, c); }},
    // A key may be the empty text; the column is required.
    {"key", [](const Writing& w, Column* c) { c->append_bytes(w.finding.key); }},
    {"area_id", [](const Writing& w, Column* c) { append_text(w.finding.area_id, c); }},
    {"money_fen",
     [](const Writing& w, Column* c) {
       if (!w.finding.money_fen) return c->append_null();
       c->append_int(*w.finding.money_fen);
     }},
    {"citations",
     [](const Writing& w, Column* c) {
       std::vector<std::string> ids;
       for (const Citation& citation : w.finding.citations) ids.push_back(citation.id);
       append_text(joined(ids), c);
     }},
    {"citation_status",
     [](const Writing& w, Column* c) { append_text(w.finding.citation_status, c); }},
    {"lead_role", [](const Writing& w, Column* c) { append_text(w.finding.lead_role, c); }},
    {"lead_id", [](const Writing& w, Column* c) { append_text(w.finding.lead_id, c); }},
    {"lead_name", [](const Writing& w, Column* c) { append_text(w.finding.lead_name, c); }},
    {"support", [](const Writing& w, Column* c) { append_text(joined(w.finding.support_ids), c); }},
    {"evidence_total",
     [](const Writing& w, Column* c) {
       c->append_int(static_cast<int64_t>(w.finding.evidence_total));
     }},
    {"first_seen_on", [](const Writing& w, Column* c) { append_date(w.finding.first_seen_on, c); }},
    {"last_seen_on", [](const Writing& w, Column* c) { append_date(w.finding.last_seen_on, c); }},
    {"cleared_on", [](const Writing& w, Column* c) { append_date(w.finding.cleared_on, c); }},
    {"as_of", [](const Writing& w, Column* c) { c->append_int(w.run.as_of.days()); }},
    {"rulebook_hash", [](const Writing& w, Column* c) { append_text(w.run.rulebook_hash, c); }},
    {"geom",
     [](const Writing& w, Column* c) {
       if (!w.finding.lon || !w.finding.lat) return c->append_null();
       c->append_bytes(point_wkb(*w.finding.lon, *w.finding.lat));
     }},
}};

std::vector<const Finding*> all_of(const Diagnosis& diagnosis) {
  std::vector<const Finding*> out;
  for (const Answer& answer : diagnosis.answers) {
    for (const Finding& finding : answer.findings) out.push_back(&finding);
    for (const Finding& finding : answer.leads) out.push_back(&finding);
  }
  for (const Finding& finding : diagnosis.carried) out.push_back(&finding);
  std::sort(out.begin(), out.end(),
            [](const Finding* a, const Finding* b) { return a->id < b->id; });
  return out;
}

// Reads a row of `findings` by the names of the columns that are there.
class Reader {
 public:
  Reader(const std::vector<store::OutColumn>& columns, const Batch& batch)
      : columns_(columns), batch_(batch) {}
  std::string text(std::string_view name, size_t row) const {
    const Column* column = find(name);
    return column == nullptr ? "" : board::value_text(*column, row);
  }
  std::optional<int64_t> integer(std::string_view name, size_t row) const {
    const Column* column = find(name);
    if (column == nullptr || column->is_null(row)) return std::nullopt;
    return column->int_at(row);
  }
  const Column* find(std::string_view name) const {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].name == name) return &batch_.columns[i];
    }
    return nullptr;
  }

 private:
  const std::vector<store::OutColumn>& columns_;
  const Batch& batch_;
};

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> out;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) out.emplace_back(word);
  }
  return out;
}

void read_place(const Reader& reader, size_t row, Finding* out) {
  constexpr size_t kPointBytes = 21;
  const Column* column = reader.find("geom");
  if (column == nullptr || column->is_null(row)) return;
  const std::string_view wkb = column->bytes_at(row);
  if (wkb.size() != kPointBytes) return;
  double at[2];
  std::memcpy(at, wkb.data() + 5, sizeof at);
  out->lon = at[0];
  out->lat = at[1];
}

template <typename Label>
Label label_named(std::initializer_list<Label> labels, const std::string& name) {
  for (const Label label : labels) {
    if (to_string(label) == name) return label;
  }
  return *labels.begin();
}

Finding read_finding(const Reader& r, size_t row) {
  Finding out;
  out.id = r.text("id", row);
  out.question = static_cast<int>(r.integer("question", row).value_or(0));
  out.code = r.text("code", row);
  out.rule = r.text("rule", row);
  out.severity =
      label_named({Severity::red, Severity::orange, Severity::yellow}, r.text("severity", row));
  out.state = label_named({State::fresh, State::standing, State::cleared, State::reopened},
                          r.text("state", row));
  out.lead = r.integer("is_lead", row).value_or(0) != 0;
  out.title = {r.text("title_zh", row), r.text("title_en", row)};
  out.claim = {r.text("claim_zh", row), r.text("claim_en", row)};
  out.norm = {r.text("norm_zh", row), r.text("norm_en", row)};
  out.remedy = {r.text("remedy_zh", row), r.text("remedy_en", row)};
  out.value = r.text("value", row);
  out.norm_value = r.text("norm_value", row);
  out.subject = r.text("subject", row);
  out.fact = r.text("fact", row);
  out.key = r.text("key", row);
  out.area_id = r.text("area_id", row);
  out.money_fen = r.integer("money_fen", row);
  for (const std::string& id : words(r.text("citations", row))) {
    out.citations.push_back({id, {id, id}, {}, ""});
  }
  out.citation_status = r.text("citation_status", row);
  out.lead_role = r.text("lead_role", row);
  out.lead_id = r.text("lead_id", row);
  out.lead_name = r.text("lead_name", row);
  out.support_ids = words(r.text("support", row));
  out.evidence_total = static_cast<uint64_t>(r.integer("evidence_total", row).value_or(0));
  out.first_seen_on = r.text("first_seen_on", row);
  out.last_seen_on = r.text("last_seen_on", row);
  out.cleared_on = r.text("cleared_on", row);
  read_place(r, row, &out);
  return out;
}

Result<> read_evidence(store::Connection& connection, std::vector<Finding>* findings) {
  YIPAN_ASSIGN(const bool there, connection.has_table("finding_evidence"));
  if (!there) return {};
  YIPAN_ASSIGN(auto rows, connection.query("SELECT finding_id, table_name, row_key, entry, "
                                           "source_row FROM finding_evidence ORDER BY finding_id, "
                                           "position"));
  Batch batch;
  auto finding = findings->begin();
  while (true) {
    YIPAN_ASSIGN(const bool more, rows->next(&batch));
    if (!more) return {};
    for (size_t row = 0; row < batch.rows(); ++row) {
      const std::string_view id = batch.columns[0].bytes_at(row);
      while (finding != findings->end() && finding->id < id) ++finding;
      if (finding == findings->end()) return {};
      if (finding->id != id) continue;
      finding->evidence.push_back({std::string(batch.columns[1].bytes_at(row)),
                                   std::string(batch.columns[2].bytes_at(row)),
                                   static_cast<uint64_t>(batch.columns[3].int_at(row)),
                                   static_cast<uint64_t>(batch.columns[4].int_at(row))});
    }
  }
}

}  // namespace

FindingRows rows(const Diagnosis& diagnosis, const board::Schemas& schemas) {
  const board::TableSchema* table = schemas.find("findings");
  const board::TableSchema* evidence = schemas.find("finding_evidence");
  CHECK(table != nullptr && evidence != nullptr);
  FindingRows out{Batch(table->types()), Batch(evidence->types())};
  const auto findings = all_of(diagnosis);
  for (size_t i = 0; i < table->fields.size(); ++i) {
    const auto* writer = std::find_if(kFields.begin(), kFields.end(), [&](const FieldWriter& f) {
      return f.name == table->fields[i].name;
    });
    for (const Finding* finding : findings) {
      if (writer == kFields.end()) {
        out.findings.columns[i].append_null();  // a field that a city added
      } else {
        writer->append({*finding, diagnosis}, &out.findings.columns[i]);
      }
    }
  }
  for (const Finding* finding : findings) {
    int64_t position = 0;
    for (const Evidence& e : finding->evidence) {
      ++position;
      for (size_t i = 0; i < evidence->fields.size(); ++i) {
        const std::string& name = evidence->fields[i].name;
        Column& column = out.evidence.columns[i];
        if (name == "finding_id") {
          column.append_bytes(finding->id);
        } else if (name == "position") {
          column.append_int(position);
        } else if (name == "table_name") {
          column.append_bytes(e.table);
        } else if (name == "row_key") {
          column.append_bytes(e.key);
        } else if (name == "entry") {
          column.append_int(static_cast<int64_t>(e.entry));
        } else if (name == "source_row") {
          column.append_int(static_cast<int64_t>(e.row));
        } else {
          column.append_null();
        }
      }
    }
  }
  return out;
}

Result<std::vector<Finding>> previous_findings(store::Connection& connection) {
  std::vector<Finding> out;
  YIPAN_ASSIGN(const bool there, connection.has_table("findings"));
  if (!there) return out;
  std::string list;
  for (const FieldWriter& field : kFields) {
    list += (list.empty() ? "" : ", ") + store::quote_identifier(field.name);
  }
  YIPAN_ASSIGN(auto rows, connection.query("SELECT " + list + " FROM findings ORDER BY id"));
  Batch batch;
  while (true) {
    YIPAN_ASSIGN(const bool more, rows->next(&batch));
    if (!more) break;
    const Reader reader(rows->columns(), batch);
    for (size_t row = 0; row < batch.rows(); ++row) out.push_back(read_finding(reader, row));
  }
  rows.reset();
  YIPAN_TRY(read_evidence(connection, &out));
  return out;
}

}  // namespace yipan::findings
