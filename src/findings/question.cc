// question.toml.
#include <algorithm>
#include <array>

#include "findings/toml_reader.h"
#include "yipan/units.h"

namespace yipan::findings {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void check_unit(TomlReader* reader, const std::string& unit) {
  const Unit* found = unit.empty() ? nullptr : find_unit(unit);
  if (unit.empty() || (found != nullptr && found->id == unit)) return;
  reader->wrong("unit", "yipan/units.h 的单位（如 percent、m2、yi_yuan）或空白",
                "a unit of yipan/units.h (percent, m2, yi_yuan, ...) or empty");
}

Bilingual templates(TomlReader* reader, const Text& text, std::string_view key) {
  Bilingual out;
  for (const bool zh : {true, false}) {
    auto parsed = parse_template(zh ? text.zh : text.en);
    if (parsed) {
      (zh ? out.zh : out.en) = std::move(*parsed);
    } else {
      reader->wrong(key, parsed.error().message_zh(), parsed.error().message_en());
    }
  }
  return out;
}

constexpr int64_t kDecimalsMax = 6;

FigureSpec read_figure(const toml::table& table, Problems* problems) {
  TomlReader reader(table, "[[figure]] ", problems);
  FigureSpec out;
  out.line = reader.line();
  out.id = reader.text("id", true);
  out.title = reader.both("title", true);
  out.unit = reader.text("unit", true);
  check_unit(&reader, out.unit);
  out.decimals = static_cast<int>(reader.integer("decimals", false, 0, kDecimalsMax));
  out.speech = reader.text("speech", false);
  out.norm = reader.text("norm", false);
  out.by_area = reader.text("by_area", false);
  reader.finish();
  return out;
}

ViewSpec read_view(const toml::table& table, Problems* problems) {
  TomlReader reader(table, "[[view]] ", problems);
  ViewSpec out;
  out.line = reader.line();
  out.id = reader.text("id", true);
  out.title = reader.both("title", true);
  out.kind = reader.text("kind", true);
  if (!is_one_of(out.kind, {"bar", "line", "map", "table"})) {
    reader.wrong("kind", "bar、line、map 或 table", "bar, line, map or table");
  }
  const bool chart = out.kind == "bar" || out.kind == "line";
  out.x = reader.text("x", chart);
  out.y = reader.texts("y", chart || out.kind == "map");
  out.y_title = reader.both_texts("y_title");
  if (!out.y_title.empty() && out.y_title.size() != out.y.size()) {
    reader.wrong("y_title", "和 y 同样多项", "as many items as y");
    out.y_title.clear();
  }
  out.unit = reader.text("unit", false);
  check_unit(&reader, out.unit);
  out.decimals = static_cast<int>(reader.integer("decimals", false, 0, kDecimalsMax));
  out.area = reader.text("area", out.kind == "map");
  out.norm = reader.text("norm", false);
  reader.finish();
  return out;
}

FactSpec read_fact(const toml::table& table, Problems* problems) {
  TomlReader reader(table, "[[fact]] ", problems);
  FactSpec out;
  out.line = reader.line();
  out.name = reader.text("name", true);
  out.title = reader.both("title", true);
  out.table = reader.text("table", false);
  out.decision = reader.text("decision", false);
  if (out.decision.empty()) out.decision = out.name;
  reader.finish();
  return out;
}

template <typename Spec>
void check_twice(const std::vector<Spec>& specs, std::string Spec::*id, Problems* problems) {
  std::set<std::string> seen;
  for (const Spec& spec : specs) {
    if (spec.*id == "" || seen.insert(spec.*id).second) continue;
    problems->add(Error("findings.pack.twice")
                      .zh(fmt::format("“{}”有两次", spec.*id))
                      .en(fmt::format("'{}' is there twice", spec.*id))
                      .element(spec.*id)
                      .remedy("改名或删去一个", "rename or remove one"),
                  spec.line);
  }
}

}  // namespace

void read_question(std::string_view text, Pack* pack, Problems* problems) {
  auto parsed = parse_toml(text, problems->file(), "findings.pack.toml");
  if (!parsed) {
    Error error = parsed.error();
    if (error.remedy_en().empty()) {
      error.remedy("按 TOML 1.0 改正这一行", "correct the line as TOML 1.0 asks");
    }
    return problems->add(std::move(error));
  }
  TomlReader reader(*parsed, "", problems);
  if (reader.text("format", true) != "yipan.question/1") {
    reader.wrong("format", "“yipan.question/1”", "\"yipan.question/1\"");
  }
  pack->number = static_cast<int>(reader.integer("number", true, 1, 9999));
  pack->title = reader.both("title", true);
  pack->asks = reader.both("asks", true);
  pack->asks_in = reader.text("asks_in", false);
  pack->measures = reader.texts("measures", false);
  for (const std::string& measure : pack->measures) {
    constexpr std::array<std::string_view, 4> kMeasures = {"places", "inside", "cover", "zones"};
    if (std::find(kMeasures.begin(), kMeasures.end(), measure) == kMeasures.end()) {
      reader.wrong("measures", "已有的量算：places、inside、cover、zones",
                   "measures: places, inside, cover, zones");
    }
  }
  pack->answer = templates(&reader, reader.both("answer", true), "answer");
  pack->answer_line = reader.line("answer");
  for (const auto* t : reader.tables("figure")) pack->figures.push_back(read_figure(*t, problems));
  for (const auto* t : reader.tables("view")) pack->views.push_back(read_view(*t, problems));
  for (const auto* t : reader.tables("fact")) pack->facts.push_back(read_fact(*t, problems));
  reader.finish();
  check_twice(pack->figures, &FigureSpec::id, problems);
  check_twice(pack->views, &ViewSpec::id, problems);
  check_twice(pack->facts, &FactSpec::name, problems);
}

}  // namespace yipan::findings
