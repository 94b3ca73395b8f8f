#include "rules/difference_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_set>

#include "rules/analyse_cover.h"
#include "rules/analyse_outputs.h"
#include "rules/analyse_probe.h"
#include "rules/ops.h"
#include "rules/print.h"

namespace yipan::rules {
namespace {

// One side of the comparison.
struct Side {
  TableOf of;
  const Boxes* boxes = nullptr;
  const std::vector<size_t>* axis_of = nullptr;
  TableProbe probe;
  std::vector<std::vector<Bits>> fits;        // by axis and atom: rules
  std::vector<Bits> free_from;                // by depth: rules that take everything from there on
  std::vector<std::vector<uint32_t>> suffix;  // by depth, by rule: what is left of it, as a number
  Bits opaque;                                // rules with opaque cells

  Side(const std::shared_ptr<const Model>& model, const TableOf& table, const Clock* clock)
      : of(table), probe(model, table, clock) {}
};

class TableComparison {
 public:
  TableComparison(const std::shared_ptr<const Model>& before, const TableOf& old_table,
                  const std::shared_ptr<const Model>& after, const TableOf& new_table,
                  const DifferenceOptions& options, Difference* out)
      : options_(options),
        out_(out),
        grid_(make_grid({old_table, new_table})),
        sides_{Side(before, old_table, options.clock), Side(after, new_table, options.clock)} {
    for (size_t s = 0; s < 2; ++s) prepare(s);
  }

  void run() {
    for (const Axis& axis : grid_.axes) {
      Bits all((axis.atoms.size() + 63) / 64, 0);
      for (size_t a = 0; a < axis.atoms.size(); ++a) put_bit(&all, a);
      chosen_.push_back(std::move(all));
    }
    same_.assign(grid_.axes.size() + 1, {});
    std::array<Bits, 2> active;
    for (size_t s = 0; s < 2; ++s) {
      active[s].assign((sides_[s].boxes->rules.size() + 63) / 64, 0);
      for (size_t r = 0; r < sides_[s].boxes->rules.size(); ++r) put_bit(&active[s], r);
    }
    sweep(0, active);
    finish();
    if (!grid_.tables[0].opaque.empty() || !grid_.tables[1].opaque.empty()) {
      note("有的格子不是与常量的比较：有关规则只在例子处验证，不保证列全",
           "some cells are no comparisons with constants: their rules were only tried at examples, "
           "there may be more");
    }
    if (!probes()) {
      note("有的输入是算出来的：例子是输入表达式的取值，未经运行验证",
           "some inputs are computed: examples are values of the input expressions, not confirmed "
           "by a run");
    }
    if (stopped_) {
      out_->complete = false;
      note("变化太多，没有全部列出", "there are more changes than were listed");
    }
  }

 private:
  void note(std::string zh, std::string en) {
    out_->notes.push_back({std::move(zh), std::move(en)});
  }
  bool probes() const { return sides_[0].probe.usable() && sides_[1].probe.usable(); }

  void prepare(size_t s) {
    Side& side = sides_[s];
    side.boxes = &grid_.tables[s];
    side.axis_of = &grid_.axis_of[s];
    const size_t rules = side.boxes->rules.size(), words = (rules + 63) / 64;
    const size_t axes = grid_.axes.size();
    side.opaque.assign(words, 0);
    for (size_t x = 0; x < axes; ++x) {
      side.fits.emplace_back(grid_.axes[x].atoms.size(), Bits(words, 0));
    }
    side.free_from.assign(axes + 1, Bits(words, 0));
    side.suffix.assign(axes + 1, std::vector<uint32_t>(rules, 0));
    for (size_t r = 0; r < rules; ++r) {
      const Boxes::Rule& rule = side.boxes->rules[r];
      if (rule.opaque) put_bit(&side.opaque, r);
      std::string left = output_text(side.of, r) + opaque_text(*side.boxes, r);
      bool free = !rule.opaque;
      for (size_t d = axes + 1; d-- > 0;) {
        if (d < axes) {
          const Bits& atoms = rule.atoms[d];
          left.append(reinterpret_cast<const char*>(atoms.data()), atoms.size() * sizeof(uint64_t));
          for (size_t a = 0; a < grid_.axes[d].atoms.size(); ++a) {
            if (has_bit(atoms, a)) {
              put_bit(&side.fits[d][a], r);
            } else {
              free = false;
            }
          }
        }
        if (free) put_bit(&side.free_from[d], r);
        side.suffix[d][r] =
            suffixes_.emplace(left, static_cast<uint32_t>(suffixes_.size())).first->second;
      }
    }
  }

  static std::string opaque_text(const Boxes& boxes, size_t rule) {
    std::string out;
    for (const auto& cell : boxes.opaque) {
      if (cell.rule == rule) out += fmt::format("|{}:{}", cell.column, cell.text);
    }
    return out;
  }

  // What is left of the tables is the same text.
  bool same_rest(size_t depth, const std::array<Bits, 2>& active) const {
    const Table &a = sides_[0].of.get(), &b = sides_[1].of.get();
    if (a.policy != b.policy || outcome_text(sides_[0].of, {}) != outcome_text(sides_[1].of, {})) {
      return false;
    }
    std::array<std::vector<uint32_t>, 2> left;
    for (size_t s = 0; s < 2; ++s) {
      for (size_t r = 0; r < sides_[s].boxes->rules.size(); ++r) {
        if (has_bit(active[s], r)) left[s].push_back(sides_[s].suffix[depth][r]);
      }
    }
    return left[0] == left[1];
  }

  bool decided(size_t depth, const std::array<Bits, 2>& active) const {
    return is_subset(active[0], sides_[0].free_from[depth]) &&
           is_subset(active[1], sides_[1].free_from[depth]);
  }

  // Whether nothing differs below.
  bool sweep(size_t depth, const std::array<Bits, 2>& active) {
    if (stopped_) return false;
    if (same_rest(depth, active)) return true;
    if (depth == grid_.axes.size() || decided(depth, active)) return leaf(active);
    if (++steps_ > options_.steps_max) {
      stopped_ = true;
      return false;
    }
    std::string key;
    for (const Bits& bits : active) {
      key.append(reinterpret_cast<const char*>(bits.data()), bits.size() * sizeof(uint64_t));
    }
    if (same_[depth].count(key) != 0) return true;
    std::map<std::array<Bits, 2>, Bits> branches;
    std::vector<const std::array<Bits, 2>*> in_order;
    const Bits whole = chosen_[depth];
    for (size_t a = 0; a < grid_.axes[depth].atoms.size(); ++a) {
      const auto [found, fresh] = branches.try_emplace(
          {active[0] & sides_[0].fits[depth][a], active[1] & sides_[1].fits[depth][a]});
      if (fresh) {
        found->second.assign(whole.size(), 0);
        in_order.push_back(&found->first);
      }
      put_bit(&found->second, a);
    }
    bool same = true;
    for (const auto* left : in_order) {
      chosen_[depth] = branches[*left];
      same = sweep(depth + 1, *left) && same;
    }
    chosen_[depth] = whole;
    if (same) same_[depth].insert(std::move(key));
    return same;
  }

  static std::vector<size_t> numbers(const Bits& bits, size_t count) {
    std::vector<size_t> out;
    for (size_t r = 0; r < count; ++r) {
      if (has_bit(bits, r)) out.push_back(r);
    }
    return out;
  }

  std::optional<TableOutcome> ask(size_t s, const Difference::Region& region) {
    std::vector<Value> columns;
    for (const size_t x : *sides_[s].axis_of) columns.push_back(region.example[x].second);
    return sides_[s].probe.ask(columns);
  }

  bool leaf(const std::array<Bits, 2>& active) {
    std::array<std::string, 2> text;
    bool sure = true;
    for (size_t s = 0; s < 2; ++s) {
      sure = sure && !any_bit(active[s] & sides_[s].opaque);
      text[s] = outcome_text(sides_[s].of, numbers(active[s], sides_[s].boxes->rules.size()));
    }
    if (sure && text[0] == text[1]) return true;
    found_.push_back({chosen_, (sure ? "1" : "0") + text[0] + std::string(kArrow) + text[1]});
    if (found_.size() >= 10 * options_.regions_max) stopped_ = true;
    return false;
  }

  // Neighbouring regions of one change become one; each is then tried on both models.
  void finish() {
    merge_regions(&found_);
    for (const Region& r : found_) {
      if (out_->regions.size() == options_.regions_max) {
        stopped_ = true;
        return;
      }
      add_region(r);
    }
  }

  void add_region(const Region& r) {
    Difference::Region region;
    for (size_t x = 0; x < grid_.axes.size(); ++x) {
      const Axis& axis = grid_.axes[x];
      region.example.emplace_back(axis.label, axis.atoms[axis.most_readable(r.atoms[x])].sample);
      region.region.emplace_back(axis.label, axis.spell(r.atoms[x]));
    }
    const size_t arrow = r.tag.find(kArrow);
    region.before = r.tag.substr(1, arrow - 1);
    region.after = r.tag.substr(arrow + kArrow.size());
    if (probes()) {
      const auto a = ask(0, region), b = ask(1, region);
      if (a && b) {
        if (a->result.same_as(b->result) || equal(a->result, b->result) == Tri::yes) return;
        region.before = internal::print_value(a->result, true);
        region.after = internal::print_value(b->result, true);
        region.verified = true;
      }
    }
    const bool sure = r.tag[0] == '1';
    if (sure || region.verified) out_->regions.push_back(std::move(region));
  }

  static constexpr std::string_view kArrow{"\0->", 3};

  const DifferenceOptions& options_;
  Difference* out_;
  Grid grid_;
  std::array<Side, 2> sides_;
  std::map<std::string, uint32_t> suffixes_;
  std::vector<Bits> chosen_;
  std::vector<Region> found_;
  std::vector<std::unordered_set<std::string>> same_;
  uint64_t steps_ = 0;
  bool stopped_ = false;
};

}  // namespace

void compare_tables(const std::shared_ptr<const Model>& before, const TableOf& old_table,
                    const std::shared_ptr<const Model>& after, const TableOf& new_table,
                    const DifferenceOptions& options, Difference* out) {
  TableComparison(before, old_table, after, new_table, options, out).run();
}

}  // namespace yipan::rules
