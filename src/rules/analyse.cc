// Gaps, overlaps, rules that cannot fire: what is asked of a table depends on its hit policy (DMN
// 1.5, 8.2.10).
#include <fmt/format.h>

#include <algorithm>

#include "rules/analyse_cover.h"
#include "rules/analyse_grid.h"
#include "rules/analyse_outputs.h"
#include "rules/analyse_probe.h"
#include "rules/ops.h"

namespace yipan::rules {
namespace {

using Problem = TableFinding::Problem;

class TableAnalyser {
 public:
  TableAnalyser(const std::shared_ptr<const Model>& model, const TableOf& of,
                const AnalyseOptions& options)
      : of_(of),
        table_(of.get()),
        options_(options),
        grid_(make_grid({of})),
        boxes_(grid_.tables[0]),
        probe_(model, of, options.clock) {}

  TableAnalysis run() {
    out_.element = of_.model->element(of_.element).name;
    out_.table = table_.name;
    out_.xml_id = table_.id;
    out_.hit_policy = to_string(table_.policy);
    out_.rules = table_.rules.size();
    note_opaque();
    find_impossible();
    find_gaps();
    switch (table_.policy) {
      case HitPolicy::unique:
        find_overlaps(Problem::overlap);
        break;
      case HitPolicy::any:
        find_overlaps(Problem::conflict);
        find_redundant();
        break;
      case HitPolicy::first:
      case HitPolicy::priority:
        find_unreachable();
        if (table_.policy == HitPolicy::first) find_redundant();
        break;
      default:
        note("命中策略允许多条规则同时成立，不查重叠",
             "its hit policy wants several rules to fire: overlaps are not looked for");
    }
    return std::move(out_);
  }

 private:
  void note(std::string zh, std::string en) {
    out_.notes.push_back({std::move(zh), std::move(en)});
  }

  void note_opaque() {
    constexpr size_t kNamedMax = 10;
    for (const Axis& axis : grid_.axes) {
      if (!axis.opaque || axis.why_zh.empty()) continue;
      note(fmt::format("输入“{}”不能精确分析：{}", axis.label, axis.why_zh),
           fmt::format("the input '{}' cannot be analysed exactly: {}", axis.label, axis.why_en));
    }
    for (size_t i = 0; i < std::min(boxes_.opaque.size(), kNamedMax); ++i) {
      const auto& cell = boxes_.opaque[i];
      note(fmt::format(
               "规则 {} 第 {} 列 {} 不是与常量的比较：缺口检查当它总是成立，重叠检查不看这条规则",
               cell.rule + 1, cell.column + 1, cell.text),
           fmt::format("rule {}, column {}: {} is no comparison with a constant: taken to hold "
                       "where gaps are looked for, left out where overlaps are",
                       cell.rule + 1, cell.column + 1, cell.text));
    }
    if (boxes_.opaque.size() > kNamedMax) {
      const size_t more = boxes_.opaque.size() - kNamedMax;
      note(fmt::format("另有 {} 个这样的格子", more), fmt::format("and {} more such cells", more));
    }
    if (!probe_.usable()) {
      note("有的输入是算出来的：例子是输入表达式的取值，未经运行验证；各输入当作互不相关",
           "some inputs are computed: examples are values of the input expressions, not confirmed "
           "by a run, and inputs are taken to be independent");
    }
  }

  // ---- findings
  // ----------------------------------------------------------------------------------

  TableFinding make(Problem problem, std::vector<uint32_t> rules, const std::vector<Bits>& region) {
    TableFinding f;
    f.problem = problem;
    f.rules = std::move(rules);
    for (size_t x = 0; x < grid_.axes.size(); ++x) {
      const Axis& axis = grid_.axes[x];
      f.example.emplace_back(axis.label, axis.atoms[axis.most_readable(region[x])].sample);
      f.region.emplace_back(axis.label, axis.spell(region[x]));
    }
    return f;
  }

  std::optional<TableOutcome> ask(const TableFinding& f) {
    if (!probe_.usable()) return std::nullopt;
    std::vector<Value> columns;
    for (const size_t x : grid_.axis_of[0]) columns.push_back(f.example[x].second);
    return probe_.ask(columns);
  }

  void find_impossible() {
    for (size_t r = 0; r < boxes_.rules.size(); ++r) {
      if (!boxes_.rules[r].impossible) continue;
      TableFinding f;
      f.problem = Problem::impossible;
      f.rules = {static_cast<uint32_t>(r + 1)};
      const size_t c = boxes_.rules[r].impossible_column;
      const std::string& text = table_.rules[r].texts[c];
      const std::string& label = grid_.axes[grid_.axis_of[0][c]].label;
      f.zh =
          fmt::format("规则 {} 永远不会成立：第 {} 列“{}”没有值符合 {}", r + 1, c + 1, label, text);
      f.en = fmt::format("rule {} can never fire: column {} '{}': no value satisfies {}", r + 1,
                         c + 1, label, text);
      f.verified = true;
      out_.findings.push_back(std::move(f));
    }
  }

  Bits all_rules() const {
    Bits all((boxes_.rules.size() + 63) / 64, 0);
    for (size_t r = 0; r < boxes_.rules.size(); ++r) put_bit(&all, r);
    return all;
  }

  std::vector<Bits> whole() const {
    std::vector<Bits> box;
    for (const Axis& axis : grid_.axes) {
      Bits all((axis.atoms.size() + 63) / 64, 0);
      for (size_t a = 0; a < axis.atoms.size(); ++a) put_bit(&all, a);
      box.push_back(std::move(all));
    }
    return box;
  }

  void find_gaps() {
    if (table_.policy > HitPolicy::output_order) {
      note("COLLECT 表没有规则成立也是一种结果，不查缺口",
           "of a COLLECT table no rule is an answer too: gaps are not looked for");
      return;
    }
    if (table_.has_default) {
      note("有缺省输出，没有缺口", "it has a default output: there are no gaps");
      return;
    }
    std::vector<Region> regions;
    const uint64_t collected_max = 10 * options_.findings_max;
    Cover cover(grid_, boxes_, options_.steps_max);
    const bool done = cover.uncovered(whole(), all_rules(), [&](const std::vector<Bits>& region) {
      regions.push_back({region, ""});
      return regions.size() < collected_max;
    });
    const bool all = done && regions.size() < collected_max;
    merge_regions(&regions);
    uint64_t found = 0;
    for (const Region& region : regions) {
      if (found == options_.findings_max) break;
      if (add_gap(region.atoms)) ++found;
    }
    limit(all && found < options_.findings_max, "缺口", "gaps");
  }

  bool add_gap(const std::vector<Bits>& region) {
    TableFinding f = make(Problem::gap, {}, region);
    if (const auto outcome = ask(f)) {
      f.verified = outcome->fired.empty();
      if (!f.verified) return false;  // an input that its type refuses
    }
    f.zh = "没有规则适用";
    f.en = "no rule applies";
    out_.findings.push_back(std::move(f));
    return true;
  }

  void limit(bool complete, std::string_view zh, std::string_view en) {
    if (complete) return;
    out_.complete = false;
    note(fmt::format("{}太多，没有全部列出", zh),
         fmt::format("there are more {} than were listed", en));
  }

  // Where two rules both fit; nothing if nowhere.
  std::optional<std::vector<Bits>> meet(size_t i, size_t j) const {
    std::vector<Bits> region;
    for (size_t x = 0; x < grid_.axes.size(); ++x) {
      region.push_back(boxes_.rules[i].atoms[x] & boxes_.rules[j].atoms[x]);
      if (!any_bit(region.back())) return std::nullopt;
    }
    return region;
  }

  bool within(size_t inner, size_t outer) const {
    for (size_t x = 0; x < grid_.axes.size(); ++x) {
      if (!is_subset(boxes_.rules[inner].atoms[x], boxes_.rules[outer].atoms[x])) return false;
    }
    return true;
  }

  void find_overlaps(Problem problem) {
    uint64_t found = 0;
    const size_t n = boxes_.rules.size();
    for (size_t i = 0; i < n && found < options_.findings_max; ++i) {
      if (boxes_.rules[i].opaque || boxes_.rules[i].impossible) continue;
      for (size_t j = i + 1; j < n && found < options_.findings_max; ++j) {
        if (boxes_.rules[j].opaque) continue;
        const auto region = meet(i, j);
        if (!region) continue;
        const Same same = same_outputs(of_, i, j);
        if (problem == Problem::conflict && same == Same::yes) continue;
        if (add_overlap(problem, i, j, *region, same)) ++found;
      }
    }
    limit(found < options_.findings_max, "重叠", "overlaps");
  }

  bool add_overlap(Problem problem, size_t i, size_t j, const std::vector<Bits>& region,
                   Same same) {
    const auto a = static_cast<uint32_t>(i + 1), b = static_cast<uint32_t>(j + 1);
    TableFinding f = make(problem, {a, b}, region);
    if (const auto outcome = ask(f)) {
      const auto fired = [&outcome](uint32_t rule) {
        return std::find(outcome->fired.begin(), outcome->fired.end(), rule) !=
               outcome->fired.end();
      };
      f.verified = fired(a) && fired(b);
      if (!f.verified) return false;
      if (problem == Problem::conflict && !outcome->result.is_null()) return false;
    }
    f.zh = fmt::format("规则 {} 与规则 {} 同时成立", a, b);
    f.en = fmt::format("rules {} and {} both fire", a, b);
    const std::string_view zh[] = {"，输出相同", "，输出不同", "，输出可能不同"};
    const std::string_view en[] = {", with the same outputs", ", with different outputs",
                                   ", with outputs that may differ"};
    f.zh += zh[static_cast<size_t>(same)];
    f.en += en[static_cast<size_t>(same)];
    const bool inner = within(i, j);
    if (inner || within(j, i)) {
      f.zh += fmt::format("；规则 {} 完全落在规则 {} 之内", inner ? a : b, inner ? b : a);
      f.en += fmt::format("; rule {} lies wholly within rule {}", inner ? a : b, inner ? b : a);
    }
    out_.findings.push_back(std::move(f));
    return true;
  }

  // ---- rules that never decide
  // -------------------------------------------------------------------

  // Rules that come before each rule where both fit.
  bool find_stronger(std::vector<Bits>* out) {
    const size_t n = boxes_.rules.size(), words = (n + 63) / 64;
    std::vector<std::vector<size_t>> ranks(n);
    for (size_t r = 0; r < n && table_.policy == HitPolicy::priority; ++r) {
      auto own = output_rank(of_, r);
      if (!own) {
        note("有的输出是算出来的，不查被优先规则盖住的规则",
             "some outputs are computed: masked rules are not looked for");
        return false;
      }
      ranks[r] = std::move(*own);
    }
    for (size_t r = 0; r < n; ++r) {
      Bits& stronger = out->emplace_back(words, 0);
      for (size_t s = 0; s < n; ++s) {
        const bool before = ranks[s] < ranks[r] || (ranks[s] == ranks[r] && s < r);
        if (before && !boxes_.rules[s].opaque) put_bit(&stronger, s);
      }
    }
    return true;
  }

  void find_unreachable() {
    std::vector<Bits> stronger;
    if (!find_stronger(&stronger)) return;
    Cover cover(grid_, boxes_, options_.steps_max);
    bool complete = true;
    for (size_t r = 0; r < boxes_.rules.size(); ++r) {
      if (boxes_.rules[r].impossible || !any_bit(stronger[r])) continue;
      bool reachable = false;
      complete = cover.uncovered(boxes_.rules[r].atoms, stronger[r],
                                 [&reachable](const std::vector<Bits>&) {
                                   reachable = true;
                                   return false;
                                 }) &&
                 complete;
      if (!reachable && complete) add_unreachable(r, stronger[r]);
    }
    if (!complete) limit(false, "要查的区域", "regions to search");
  }

  void add_unreachable(size_t r, const Bits& stronger) {
    const auto number = static_cast<uint32_t>(r + 1);
    std::vector<uint32_t> by = {number};
    std::string list;
    for (size_t s = 0; s < boxes_.rules.size(); ++s) {
      if (!has_bit(stronger, s) || !meet(r, s)) continue;
      if (within(r, s)) {  // one rule alone is the better reason
        by = {number};
        list.clear();
      }
      by.push_back(static_cast<uint32_t>(s + 1));
      list += (list.empty() ? "" : ", ") + std::to_string(s + 1);
      if (within(r, s)) break;
    }
    TableFinding f = make(Problem::unreachable, by, boxes_.rules[r].atoms);
    const bool one = by.size() == 2;
    f.zh = fmt::format("规则 {} 永远轮不到：规则 {}{}总在它之前成立", number, list,
                       one ? "" : " 合起来");
    f.en = fmt::format("rule {} is never reached: {} {} {} before it", number,
                       one ? "rule" : "rules", list, one ? "always comes" : "together always come");
    if (const auto outcome = ask(f)) {
      f.verified =
          std::find(outcome->fired.begin(), outcome->fired.end(), number) == outcome->fired.end() ||
          outcome->fired.size() > 1;
    }
    out_.findings.push_back(std::move(f));
  }

  // ANY: within another rule of the same outputs. FIRST: the same, if that rule comes later and no
  // rule in between would decide instead.
  void find_redundant() {
    const size_t n = boxes_.rules.size();
    for (size_t r = 0; r < n; ++r) {
      if (boxes_.rules[r].impossible) continue;
      const size_t from = table_.policy == HitPolicy::first ? r + 1 : 0;
      for (size_t s = from; s < n; ++s) {
        if (s == r || boxes_.rules[s].opaque || !within(r, s)) continue;
        if (same_outputs(of_, r, s) != Same::yes || !free_between(r, s)) continue;
        if (s > r && within(s, r) && table_.policy == HitPolicy::any) continue;  // told once
        add_redundant(r, s);
        break;
      }
    }
  }

  bool free_between(size_t r, size_t s) const {
    if (table_.policy != HitPolicy::first) return true;
    for (size_t t = r + 1; t < s; ++t) {
      if (meet(r, t) && same_outputs(of_, r, t) != Same::yes) return false;
    }
    return true;
  }

  void add_redundant(size_t r, size_t s) {
    const auto a = static_cast<uint32_t>(r + 1), b = static_cast<uint32_t>(s + 1);
    const bool told = std::any_of(out_.findings.begin(), out_.findings.end(), [a](const auto& f) {
      return f.problem == Problem::unreachable && f.rules[0] == a;
    });
    if (told) return;
    TableFinding f = make(Problem::redundant, {a, b}, boxes_.rules[r].atoms);
    f.zh = fmt::format("规则 {} 多余：规则 {} 包含它，输出相同", a, b);
    f.en = fmt::format("rule {} is redundant: rule {} contains it and gives the same", a, b);
    if (const auto outcome = ask(f)) {
      f.verified =
          std::find(outcome->fired.begin(), outcome->fired.end(), b) != outcome->fired.end();
    }
    out_.findings.push_back(std::move(f));
  }

  TableOf of_;
  const Table& table_;
  const AnalyseOptions& options_;
  Grid grid_;
  const Boxes& boxes_;
  TableProbe probe_;
  TableAnalysis out_;
};

}  // namespace

std::vector<TableAnalysis> analyse(const std::shared_ptr<const Model>& model,
                                   const AnalyseOptions& options) {
  std::vector<TableAnalysis> out;
  for (const TableOf& table : tables_of(*model)) {
    out.push_back(TableAnalyser(model, table, options).run());
  }
  return out;
}

}  // namespace yipan::rules
