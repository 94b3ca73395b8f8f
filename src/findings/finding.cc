// A judged row becomes a finding.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "findings/run.h"
#include "yipan/hash.h"

namespace yipan::findings {
namespace {

using rules::Kind;
using rules::Value;

class Maker {
 public:
  Maker(const Run& run, const Pack& pack, const FactSpec& fact, const Judged& judged)
      : run_(run), pack_(pack), fact_(fact), judged_(judged) {
    for (const store::OutColumn& column : *judged.columns) {
      const size_t index = cells_.size();
      cells_.push_back(cell_value(judged.batch->columns[index], judged.row));
      names_.push_back(column.name);
    }
    as_of_ = Value::date(run.options.as_of);
  }

  Result<Finding> run() {
    YIPAN_ASSIGN(row_, catalogue_row());
    Finding out;
    out.question = pack_.number;
    out.code = row_->code;
    out.rule = row_->rule;
    out.fact = fact_.name;
    out.key = judged_.key;
    out.id = finding_id(out.question, out.code, out.key);
    YIPAN_ASSIGN(out.severity, severity());
    out.subject = text("subject");
    out.area_id = text("area_id");
    if (!out.area_id.empty()) {
      out.area = {run_.city.area(out.area_id, Language::zh),
                  run_.city.area(out.area_id, Language::en)};
    }
    YIPAN_TRY(write_texts(&out));
    YIPAN_TRY(money(&out));
    out.value = component_text("value");
    out.norm_value = component_text("norm");
    out.citations = row_->citations;
    out.citation_status = row_->citation_status;
    assign_departments(&out);
    find_lacks(&out);
    for (size_t i = 0; i < names_.size(); ++i) {
      out.facts.emplace_back(names_[i], board::value_text(judged_.batch->columns[i], judged_.row));
    }
    return out;
  }

 private:
  Error error(std::string_view code, std::string_view zh, std::string_view en) const {
    return Error(code)
        .zh(fmt::format("事实“{}”，key “{}”：{}", fact_.name, judged_.key, zh))
        .en(fmt::format("fact '{}', key '{}': {}", fact_.name, judged_.key, en))
        .file(pack_.file("judge.dmn"))
        .line(row_ != nullptr ? row_->line : pack_.shape.line_of(fact_.decision))
        .element(fact_.name);
  }
  Result<const CatalogueRow*> catalogue_row() const {
    const Value& code = *judged_.outcome.find("code");
    if (code.is(Kind::string)) {
      const auto found = pack_.catalogue.find(code.as_string());
      if (found != pack_.catalogue.end()) return &found->second;
    }
    return fail(error("findings.pack.code",
                      fmt::format("代码“{}”不在 catalogue 里", code.to_string()),
                      fmt::format("the code '{}' is not in the catalogue", code.to_string()))
                    .remedy("在 catalogue 决策里加一行，或改正代码",
                            "add a row to the decision catalogue, or correct the code"));
  }
  // A component that is null counts as not given where a column of its name may stand in for it.
  const Value* lookup(std::string_view name) const {
    const Value* component = judged_.outcome.find(name);
    if (component != nullptr && !component->is_null()) return component;
    for (size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return &cells_[i];
    }
    if (component != nullptr) return component;
    if (name == "as_of") return &as_of_;
    const auto parameter = run_.book.values.find(name);
    return parameter == run_.book.values.end() ? nullptr : &parameter->second;
  }
  std::string text(std::string_view name) const {
    for (size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name && cells_[i].is(Kind::string)) {
        return std::string(cells_[i].as_string());
      }
    }
    return {};
  }
  std::string component_text(std::string_view name) const {
    const Value* value = judged_.outcome.find(name);
    return value == nullptr || value->is_null() ? "" : value->to_string();
  }
  Result<Severity> severity() const {
    const Value* value = judged_.outcome.find("severity");
    if (value == nullptr || value->is_null()) return row_->severity;
    for (const Severity s : {Severity::red, Severity::orange, Severity::yellow}) {
      if (value->is(Kind::string) && value->as_string() == to_string(s)) return s;
    }
    return fail(error("findings.decision.severity",
                      fmt::format("没有严重程度“{}”", value->to_string()),
                      fmt::format("there is no severity '{}'", value->to_string()))
                    .remedy("给 red、orange、yellow 或 null", "give red, orange, yellow or null"));
  }
  Result<> write_texts(Finding* out) const {
    const Lookup lookup = [this](std::string_view name) { return this->lookup(name); };
    for (const auto& [from, to] :
         {std::pair(&row_->title, &out->title), std::pair(&row_->claim, &out->claim),
          std::pair(&row_->norm, &out->norm), std::pair(&row_->remedy, &out->remedy)}) {
      auto text = render(*from, lookup, run_.city);
      if (!text) {
        const Error& why = text.error();
        return fail(error(why.code(), why.message_zh(), why.message_en())
                        .remedy(why.remedy_zh(), why.remedy_en())
                        .element("catalogue " + row_->code));
      }
      *to = std::move(*text);
    }
    return {};
  }
  Result<> money(Finding* out) const {
    const Value* value = lookup("money_fen");
    if (value == nullptr || value->is_null()) return {};
    if (value->is(Kind::number)) {
      const Decimal fen = value->as_number().rounded(0, Decimal::Rounding::half_even);
      out->money_fen = fen.to_int64();
      if (out->money_fen) return {};
    }
    return fail(error("findings.decision.money",
                      fmt::format("money_fen “{}”不是以分计的数", value->to_string()),
                      fmt::format("money_fen '{}' is no number of fen", value->to_string()))
                    .remedy("给整数分", "give a whole number of fen"));
  }
  void assign_departments(Finding* out) const {
    out->lead_role = row_->lead;
    const std::string named = text("lead_id");
    if (!named.empty() && run_.city.has_organisation(named)) {
      out->lead_id = named;
    } else if (const Role* role = run_.book.role(row_->lead); role != nullptr) {
      out->lead_id = run_.city.resolve(*role, out->area_id);
    }
    if (!out->lead_id.empty()) {
      out->lead_name = run_.city.organisation(out->lead_id, Language::zh);
    }
    for (const std::string& id : row_->support) {
      const std::string organisation = run_.city.resolve(*run_.book.role(id), out->area_id);
      if (organisation.empty() || organisation == out->lead_id) continue;
      out->support_ids.push_back(organisation);
      out->support_names.push_back(run_.city.organisation(organisation, Language::zh));
    }
  }
  void find_lacks(Finding* out) const {
    if (row_->norm.empty()) out->lead_lacks.push_back({"标准", "norm"});
    if (row_->citations.empty()) out->lead_lacks.push_back({"依据", "citation"});
    if (out->lead_id.empty()) out->lead_lacks.push_back({"责任单位", "responsible department"});
    if (row_->remedy.empty()) out->lead_lacks.push_back({"整改措施", "remedy"});
    out->lead = !out->lead_lacks.empty();
  }

  const Run& run_;
  const Pack& pack_;
  const FactSpec& fact_;
  const Judged& judged_;
  const CatalogueRow* row_ = nullptr;
  std::vector<std::string> names_;
  std::vector<Value> cells_;
  Value as_of_;
};

}  // namespace

std::string finding_id(int question, std::string_view code, std::string_view key) {
  constexpr size_t kDigits = 12;
  // Code and key are told apart by their lengths, so that no two pairs run together.
  const std::string text =
      fmt::format("{}\n{} {}\n{} {}", question, code.size(), code, key.size(), key);
  return fmt::format("F{}-{}", question, sha256(text).hex().substr(0, kDigits));
}

Result<Finding> make_finding(const Run& run, const Pack& pack, const FactSpec& fact,
                             const Judged& judged) {
  return Maker(run, pack, fact, judged).run();
}

void sort_findings(std::vector<Finding>* findings) {
  const auto order = [](const Finding& f) {
    return std::tuple(f.state == State::cleared, static_cast<int>(f.severity),
                      -f.money_fen.value_or(0), std::string_view(f.id));
  };
  std::sort(findings->begin(), findings->end(),
            [&](const Finding& a, const Finding& b) { return order(a) < order(b); });
}

}  // namespace yipan::findings
