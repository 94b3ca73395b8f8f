// The decision `catalogue` of judge.dmn: what is said for each code.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "findings/pack.h"

namespace yipan::findings {
namespace {

using rules::Kind;
using rules::Value;

constexpr std::array<std::string_view, 14> kColumns = {
    "code",    "rule",    "severity",  "title_zh", "title_en", "claim_zh",  "claim_en",
    "norm_zh", "norm_en", "citations", "lead",     "support",  "remedy_zh", "remedy_en"};

class RowReader {
 public:
  RowReader(const Value& row, uint64_t line, const RulebookData& book, Problems* problems)
      : row_(row), line_(line), book_(book), problems_(problems) {}

  std::optional<CatalogueRow> run() {
    CatalogueRow out;
    out.line = line_;
    code_ = text("code");
    out.code = code_;
    if (code_.empty()) return missing("code"), std::nullopt;
    check_columns();
    out.rule = text("rule");
    if (!out.rule.empty() && book_.law.rule(out.rule) == nullptr) {
      problem("findings.pack.rule", fmt::format("没有规则“{}”", out.rule),
              fmt::format("there is no rule '{}'", out.rule),
              "改正编号，或在 rulebook/law/rules 里加上这条规则",
              "correct the id, or add the rule to rulebook/law/rules");
    }
    read_severity(&out);
    out.title = both("title", true);
    out.claim = both("claim", true);
    out.norm = both("norm", false);
    out.remedy = both("remedy", false);
    read_citations(&out);
    out.lead = text("lead");
    out.support = texts("support");
    if (!out.lead.empty()) check_role(out.lead);
    for (const std::string& role : out.support) check_role(role);
    return out;
  }

 private:
  void problem(std::string_view code, const std::string& zh, const std::string& en,
               std::string_view remedy_zh, std::string_view remedy_en) {
    problems_->add(
        Error(code).zh(zh).en(en).element("catalogue " + code_).remedy(remedy_zh, remedy_en),
        line_);
  }
  void missing(std::string_view column) {
    problem("findings.catalogue.missing", fmt::format("目录的一行缺少“{}”", column),
            fmt::format("a row of the catalogue lacks '{}'", column), "补上它", "fill it in");
  }
  void check_columns() {
    for (const std::string_view column : kColumns) {
      if (row_.find(column) == nullptr) missing(column);
    }
    for (size_t i = 0; i < row_.entry_count(); ++i) {
      const std::string_view name = row_.entry_key(i).as_string();
      if (std::find(kColumns.begin(), kColumns.end(), name) != kColumns.end()) continue;
      problem("findings.catalogue.column", fmt::format("目录没有“{}”这一列", name),
              fmt::format("the catalogue has no column '{}'", name), "改名或删去",
              "rename or remove it");
    }
  }
  std::string text(std::string_view column) {
    const Value* value = row_.find(column);
    if (value == nullptr || value->is_null()) return {};
    if (value->is(Kind::string)) return std::string(value->as_string());
    problem("findings.catalogue.type", fmt::format("“{}”应是文本", column),
            fmt::format("'{}' must be a text", column), "写成加引号的文本",
            "write a text in quotation marks");
    return {};
  }
  std::vector<std::string> texts(std::string_view column) {
    std::vector<std::string> out;
    const Value* value = row_.find(column);
    if (value == nullptr || value->is_null()) return out;
    bool good = value->is(Kind::list);
    if (good) {
      for (const Value& item : value->as_list()) {
        good = good && item.is(Kind::string);
        if (good) out.emplace_back(item.as_string());
      }
    }
    if (!good) {
      problem("findings.catalogue.type", fmt::format("“{}”应是文本的列表", column),
              fmt::format("'{}' must be a list of texts", column), R"(写成 ["甲", "乙"] 或 null)",
              R"(write ["a", "b"] or null)");
    }
    return out;
  }
  Bilingual both(std::string_view name, bool required) {
    Bilingual out;
    const std::string zh = text(fmt::format("{}_zh", name));
    const std::string en = text(fmt::format("{}_en", name));
    if (zh.empty() != en.empty() || (required && zh.empty())) {
      missing(fmt::format("{}_{}", name, zh.empty() ? "zh" : "en"));
    }
    parse(zh, fmt::format("{}_zh", name), &out.zh);
    parse(en, fmt::format("{}_en", name), &out.en);
    return out;
  }
  void parse(const std::string& source, const std::string& column, Template* out) {
    auto parsed = parse_template(source);
    if (parsed) {
      *out = std::move(*parsed);
      return;
    }
    Error error = parsed.error();
    problems_->add(error.element(fmt::format("catalogue {} {}", code_, column)), line_);
  }
  void read_severity(CatalogueRow* out) {
    const std::string word = text("severity");
    for (const Severity s : {Severity::red, Severity::orange, Severity::yellow}) {
      if (to_string(s) == word) {
        out->severity = s;
        return;
      }
    }
    problem("findings.catalogue.severity", fmt::format("没有严重程度“{}”", word),
            fmt::format("there is no severity '{}'", word), "写 red、orange 或 yellow",
            "write red, orange or yellow");
  }
  void read_citations(CatalogueRow* out) {
    LawStatus weakest = LawStatus::verified;
    for (const std::string& id : texts("citations")) {
      const auto cited = book_.law.resolve(id);
      if (!cited) {
        Error error = cited.error();
        problems_->add(error.element("catalogue " + code_), line_);
        continue;
      }
      Citation citation;
      citation.id = id;
      citation.label = {cited->label.zh, cited->label.en};
      if (cited->article != nullptr) {
        citation.paraphrase = {cited->article->paraphrase.zh, cited->article->paraphrase.en};
      }
      citation.status = std::string(to_string(cited->status));
      weakest = std::max(weakest, cited->status);
      out->citations.push_back(std::move(citation));
    }
    if (!out->citations.empty()) out->citation_status = std::string(to_string(weakest));
  }
  void check_role(const std::string& id) {
    if (book_.role(id) != nullptr) return;
    problem("findings.pack.role", fmt::format("没有角色“{}”", id),
            fmt::format("there is no role '{}'", id),
            "改用 rulebook/standards/roles.toml 里的角色，或在那里加上",
            "use a role of rulebook/standards/roles.toml, or add it there");
  }

  const Value& row_;
  uint64_t line_;
  const RulebookData& book_;
  Problems* problems_;
  std::string code_;
};

}  // namespace

void read_catalogue(const RulebookData& book, Pack* pack, Problems* problems) {
  const auto element = pack->model->find_decision("catalogue");
  if (!element) {
    return problems->add(Error("findings.catalogue.none")
                             .zh("没有名为 catalogue 的决策")
                             .en("there is no decision named catalogue")
                             .remedy("加上它：每个代码一行，见 docs/formats/question-pack.md",
                                     "add it, one row for each code: see "
                                     "docs/formats/question-pack.md"));
  }
  const auto shape = pack->shape.decisions.find("catalogue");
  const std::vector<uint64_t> none;
  const auto& lines = shape == pack->shape.decisions.end() ? none : shape->second.row_lines;
  rules::Evaluator evaluator(pack->model);
  const Value rows = evaluator.evaluate(*element);
  if (!rows.is(Kind::list)) {
    const auto why = evaluator.reason(rows);
    return problems->add(
        Error("findings.catalogue.none")
            .zh(fmt::format("catalogue 不是表格：{}", why ? why->zh : rows.to_string()))
            .en(fmt::format("catalogue is no relation: {}", why ? why->en : rows.to_string()))
            .remedy("写成 boxed relation，每个代码一行", "write a boxed relation, one row a code"),
        pack->shape.line_of("catalogue"));
  }
  size_t index = 0;
  for (const Value& row : rows.as_list()) {
    const uint64_t line = index < lines.size() ? lines[index] : pack->shape.line_of("catalogue");
    ++index;
    if (!row.is(Kind::context)) {
      problems->add(Error("findings.catalogue.row")
                        .zh("目录的一行不是 context")
                        .en("a row of the catalogue is no context")
                        .remedy("写成 boxed relation 的一行", "write a row of a boxed relation"),
                    line);
      continue;
    }
    auto read = RowReader(row, line, book, problems).run();
    if (!read) continue;
    const std::string code = read->code;
    if (!pack->catalogue.emplace(code, std::move(*read)).second) {
      problems->add(Error("findings.catalogue.twice")
                        .zh(fmt::format("代码“{}”在目录里有两行", code))
                        .en(fmt::format("the code '{}' has two rows in the catalogue", code))
                        .element("catalogue " + code)
                        .remedy("删去一行或改名", "remove or rename one"),
                    line);
    }
  }
}

}  // namespace yipan::findings
