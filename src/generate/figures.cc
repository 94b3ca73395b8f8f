#include "generate/figures.h"

#include <fmt/format.h>

#include "generate/formula.h"
#include "yipan/toml.h"

namespace yipan::generate {
namespace {

Error missing_key(const std::string& path, std::string_view id, std::string_view key) {
  return Error("generate.figures.key")
      .zh(fmt::format("数据 {} 缺少 {}", id, key))
      .en(fmt::format("figure {} lacks {}", id, key))
      .file(path)
      .element(id)
      .remedy("按 docs/formats/figures.md 补全", "complete it as docs/formats/figures.md says");
}

// "1/3" and "766.41"; nothing for "18:00".
std::optional<Decimal> parse_value(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return Decimal::parse(text, false);
  const auto above = Decimal::parse(text.substr(0, slash), false);
  const auto below = Decimal::parse(text.substr(slash + 1), false);
  if (!above || !below || below->is_zero()) return std::nullopt;
  return *above / *below;
}

std::string text_of(const toml::table& table, std::string_view key) {
  return table[key].value_or(std::string());
}

Result<Figure> read_figure(const toml::table& table, const std::string& path) {
  Figure f;
  f.id = text_of(table, "id");
  f.kind = text_of(table, "kind");
  f.value_text = text_of(table, "value");
  f.unit = text_of(table, "unit");
  f.bound = text_of(table, "bound");
  f.scope = text_of(table, "scope");
  f.subject = text_of(table, "subject");
  f.subject_en = text_of(table, "subject_en");
  if (f.id.empty()) return fail(missing_key(path, "?", "id"));
  for (const auto& [key, value] : {std::pair{"kind", &f.kind},
                                   {"value", &f.value_text},
                                   {"bound", &f.bound},
                                   {"subject", &f.subject},
                                   {"subject_en", &f.subject_en}}) {
    if (value->empty()) return fail(missing_key(path, f.id, key));
  }
  f.value = parse_value(f.value_text);
  if (!f.value && f.kind != "time") return fail(missing_key(path, f.id, "value (decimal)"));
  if (const auto max = table["value_max"].value<std::string>()) f.value_max = parse_value(*max);
  if (const toml::array* relations = table["relations"].as_array()) {
    for (const toml::node& node : *relations) {
      const toml::table* relation = node.as_table();
      if (relation == nullptr) return fail(missing_key(path, f.id, "relations (tables)"));
      f.relations.push_back({text_of(*relation, "formula"), (*relation)["holds"].value_or(true)});
    }
  }
  return f;
}

}  // namespace

Result<Figures> Figures::load(Files& files, const std::string& path) {
  YIPAN_ASSIGN(const std::string text, read_file(files, path, uint64_t{16} << 20));
  return parse(text, path);
}

Result<Figures> Figures::parse(std::string_view text, const std::string& path) {
  YIPAN_ASSIGN(const toml::table root, parse_toml(text, path, "generate.figures.syntax"));
  Figures out;
  const auto as_of = Date::parse(text_of(root, "as_of"));
  if (!as_of) return fail(missing_key(path, "as_of", "as_of").because(as_of.error()));
  out.as_of_ = *as_of;
  if (const toml::array* list = root["figure"].as_array()) {
    for (const toml::node& node : *list) {
      if (const toml::table* table = node.as_table()) {
        YIPAN_ASSIGN(Figure figure, read_figure(*table, path));
        if (!out.by_id_.emplace(figure.id, out.figures_.size()).second) {
          return fail(missing_key(path, figure.id, "id (unique)"));
        }
        out.figures_.push_back(std::move(figure));
      }
    }
  }
  YIPAN_TRY(out.check_relations(path));
  return out;
}

Result<> Figures::check_relations(const std::string& path) const {
  const auto value = [this](std::string_view name) -> std::optional<Decimal> {
    const bool max = name.ends_with(".max");
    const Figure* figure = find(max ? name.substr(0, name.size() - 4) : name);
    if (figure == nullptr) return std::nullopt;
    return max ? figure->value_max : figure->value;
  };
  for (const Figure& figure : figures_) {
    for (const Relation& relation : figure.relations) {
      YIPAN_ASSIGN(const bool holds, evaluate_relation(relation.formula, value));
      if (holds == relation.holds) continue;
      return fail(Error("generate.figures.relation")
                      .zh(fmt::format("{}：“{}”实际{}，文件写的相反", figure.id, relation.formula,
                                      holds ? "成立" : "不成立"))
                      .en(fmt::format("{}: \"{}\" {}, the file says the contrary", figure.id,
                                      relation.formula, holds ? "holds" : "does not hold"))
                      .file(path)
                      .element(figure.id)
                      .remedy("核对数值与 holds", "check the values and `holds`"));
    }
  }
  return {};
}

const Figure* Figures::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &figures_[found->second];
}

Result<int64_t> Figures::scaled(std::string_view id, int digits) const {
  const Figure* figure = find(id);
  if (figure == nullptr || !figure->value) {
    return fail(Error("generate.figures.missing")
                    .zh(fmt::format("figures.toml 里没有数据 {}", id))
                    .en(fmt::format("figures.toml has no figure {}", id))
                    .element(id)
                    .remedy("补上这条数据", "add the figure"));
  }
  if (const auto units = figure->value->to_scaled(digits)) return *units;
  return fail(
      Error("generate.figures.inexact")
          .zh(fmt::format("数据 {}（{}）不能写成 {} 位小数", id, figure->value_text, digits))
          .en(fmt::format("figure {} ({}) is not exact with {} decimals", id, figure->value_text,
                          digits))
          .element(id)
          .remedy("核对数值和单位", "check its value and unit"));
}

}  // namespace yipan::generate
