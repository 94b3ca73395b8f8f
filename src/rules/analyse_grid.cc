#include "rules/analyse_grid.h"

#include <algorithm>

#include "rules/analyse_cells.h"
#include "rules/lexer.h"
#include "rules/ops.h"
#include "rules/print.h"

namespace yipan::rules {

bool any_bit(const Bits& bits) {
  return std::any_of(bits.begin(), bits.end(), [](uint64_t w) { return w != 0; });
}

Bits operator&(const Bits& a, const Bits& b) {
  Bits out(a.size());
  for (size_t i = 0; i < a.size(); ++i) out[i] = a[i] & b[i];
  return out;
}

bool is_subset(const Bits& a, const Bits& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if ((a[i] & ~b[i]) != 0) return false;
  }
  return true;
}

std::string text_of_node(const Program& program, uint32_t node) {
  const Span& span = program.spans[node];
  const std::string& text = program.units[span.unit].text;
  if (span.begin >= span.end || span.end > text.size()) return normalize_name(text);
  return normalize_name(std::string_view(text).substr(span.begin, span.end - span.begin));
}

// An element's function is one run of nodes that ends with its root, so a table belongs to the
// element with the first root behind it.
std::vector<TableOf> tables_of(const Model& model) {
  const Model::Data& data = model.data();
  std::vector<std::pair<uint32_t, ElementId>> roots;
  for (const Element& e : data.elements) {
    if (e.function != kNone) roots.emplace_back(data.program.functions[e.function].root, e.info.id);
  }
  std::sort(roots.begin(), roots.end());
  std::vector<TableOf> out;
  for (uint32_t node = 0; node < data.program.nodes.size(); ++node) {
    if (data.program.nodes[node].code != Code::table) continue;
    const auto owner = std::lower_bound(roots.begin(), roots.end(), std::pair(node, ElementId{0}));
    if (owner != roots.end()) out.push_back({&model, data.program.nodes[node].a, owner->second});
  }
  return out;
}

const Type* type_of_input(const Model& model, ElementId element, uint32_t node) {
  const Program& program = model.data().program;
  const Node& n = program.nodes[node];
  const Type* type = nullptr;
  if (n.code == Code::global) {
    type = model.data().elements[n.a].value_type;
  } else if (n.code == Code::local) {
    const uint32_t function = model.data().elements[element].function;
    const auto& types = program.functions[function].parameter_types;
    if (n.a < types.size()) type = types[n.a];
  } else if (n.code == Code::path) {
    const Type* object = type_of_input(model, element, n.a);
    const Type::Member* member = object->find(program.constants[n.b].as_string());
    if (member != nullptr) type = member->type;
  } else if (n.code == Code::checked) {
    type = program.types[n.b];
  }
  return type != nullptr ? type : Types::any();
}

namespace {

bool ordered(Kind kind) {
  return kind == Kind::number || kind == Kind::date || kind == Kind::time ||
         kind == Kind::date_time || kind == Kind::days_duration || kind == Kind::months_duration;
}

// What is known of one axis before it is cut.
struct Draft {
  Axis axis;
  std::vector<Value> points;                     // constants that cells compare with
  std::vector<std::vector<SimpleTest>> allowed;  // each must hold
  bool declared = false;                         // the kind comes from a type
};

class GridBuilder {
 public:
  explicit GridBuilder(const std::vector<TableOf>& tables) : tables_(tables) {}

  Grid build() {
    for (const TableOf& t : tables_) declare_columns(t);
    for (size_t t = 0; t < tables_.size(); ++t) collect_points(t);
    for (Draft& d : drafts_) {
      cut(&d);
      grid_.axes.push_back(std::move(d.axis));
    }
    for (size_t t = 0; t < tables_.size(); ++t) grid_.tables.push_back(boxes(t));
    return std::move(grid_);
  }

 private:
  void declare_columns(const TableOf& t) {
    const Table& table = t.get();
    const Program& program = t.model->data().program;
    auto& axes = grid_.axis_of.emplace_back();
    for (const Table::Input& in : table.inputs) {
      const std::string label = text_of_node(program, in.node);
      auto found = std::find_if(drafts_.begin(), drafts_.end(),
                                [&label](const Draft& d) { return d.axis.label == label; });
      if (found == drafts_.end()) {
        drafts_.emplace_back().axis.label = label;
        found = std::prev(drafts_.end());
      }
      axes.push_back(static_cast<size_t>(found - drafts_.begin()));
      const Type* type = type_of_input(*t.model, t.element, in.node);
      if (type->form > Type::Form::null && type->form <= Type::Form::string) {
        found->axis.kind = static_cast<Kind>(type->form);
        found->declared = true;
      }
      if (type->constraint != kNone) {
        const uint32_t root = program.functions[type->constraint].root;
        add_allowed(program, root, &*found);
      }
      if (in.values != kNone) add_allowed(program, in.values, &*found);
    }
  }

  void add_allowed(const Program& program, uint32_t node, Draft* draft) {
    auto tests = simple_tests(program, node);
    if (!tests || tests->tests.empty() || tests->negated) return;
    for (const SimpleTest& test : tests->tests) add_point(test.value, draft);
    draft->allowed.push_back(std::move(tests->tests));
  }

  void add_point(const Value& value, Draft* draft) {
    if (value.is(Kind::range)) {
      if (!value.low().is_null()) add_point(value.low(), draft);
      if (!value.high().is_null()) add_point(value.high(), draft);
      return;
    }
    if (value.is(Kind::list)) {
      for (const Value& item : value.as_list()) add_point(item, draft);
      return;
    }
    if (value.is_null()) return;
    Axis& axis = draft->axis;
    if (axis.kind == Kind::null) axis.kind = value.kind();
    if (value.kind() != axis.kind || (value.is(Kind::boolean) && axis.kind != Kind::boolean)) {
      if (!draft->declared) {
        opaque(&axis, "各行与不同类型的值比较", "its cells compare with values of different types");
      }
      return;
    }
    draft->points.push_back(value);
  }

  void collect_points(size_t t) {
    const TableOf& of = tables_[t];
    const Table& table = of.get();
    for (size_t r = 0; r < table.rules.size(); ++r) {
      for (size_t c = 0; c < table.inputs.size(); ++c) {
        const auto tests = simple_cell(of.model->data().program, table.cell(r, c));
        if (!tests) continue;
        Draft& draft = drafts_[grid_.axis_of[t][c]];
        for (const SimpleTest& test : tests->tests) {
          if (test.value.is(Kind::range) && of_text(test.value)) {
            opaque(&draft.axis, "文字的区间", "a range of texts");
          }
          add_point(test.value, &draft);
        }
      }
    }
  }

  static bool of_text(const Value& range) {
    return range.low().is(Kind::string) || range.high().is(Kind::string);
  }

  static void opaque(Axis* axis, std::string_view zh, std::string_view en) {
    axis->opaque = true;
    axis->why_zh = zh;
    axis->why_en = en;
  }

  void cut(Draft* draft) {
    Axis& axis = draft->axis;
    const bool one_order = draft->points.empty() || sort_points(&draft->points);
    if (!one_order)
      opaque(&axis, "有的带时区，有的不带", "some values have a zone, some have none");
    if (!axis.opaque) {
      if (axis.kind == Kind::boolean) {
        axis.enumerated = true;
        for (const bool b : {true, false}) axis.atoms.push_back(point(Value::boolean(b)));
      } else if (axis.kind == Kind::string) {
        cut_texts(*draft);
      } else if (ordered(axis.kind)) {
        axis.atoms = cut_ordered(draft->points, axis.kind);
      }
      std::erase_if(axis.atoms, [draft](const Atom& a) { return !is_allowed(*draft, a); });
    }
    if (axis.atoms.empty()) {
      if (!axis.opaque && axis.kind == Kind::null && draft->points.empty()) axis.opaque = true;
      axis.atoms = {Atom{}};
    }
  }

  static Atom point(Value value) {
    Atom atom;
    atom.sample = atom.low = atom.high = std::move(value);
    atom.point = true;
    return atom;
  }

  static bool sort_points(std::vector<Value>* points) {
    if (points->front().kind() < Kind::number || points->front().is(Kind::string)) return true;
    for (const Value& p : *points) {
      if (!compare(points->front(), p)) return false;
    }
    std::sort(points->begin(), points->end(),
              [](const Value& a, const Value& b) { return compare(a, b).value_or(0) < 0; });
    points->erase(std::unique(points->begin(), points->end(),
                              [](const Value& a, const Value& b) { return compare(a, b) == 0; }),
                  points->end());
    return true;
  }

  static void cut_texts(Draft& draft) {
    Axis& axis = draft.axis;
    for (const Value& p : draft.points) {
      const bool known = std::any_of(axis.atoms.begin(), axis.atoms.end(),
                                     [&p](const Atom& a) { return a.sample.same_as(p); });
      if (!known) axis.atoms.push_back(point(p));
    }
    axis.enumerated = !draft.allowed.empty();
    if (axis.enumerated) return;
    Atom other;
    other.other = true;
    std::string text = "其他";
    while (std::any_of(axis.atoms.begin(), axis.atoms.end(),
                       [&text](const Atom& a) { return a.sample.as_string() == text; })) {
      text += "*";
    }
    other.sample = Value::string(text);
    axis.atoms.push_back(std::move(other));
  }

  static bool is_allowed(const Draft& draft, const Atom& atom) {
    return std::all_of(draft.allowed.begin(), draft.allowed.end(), [&atom](const auto& tests) {
      return std::any_of(tests.begin(), tests.end(), [&atom](const SimpleTest& test) {
        return holds(test, atom.sample) == Tri::yes;
      });
    });
  }

  Boxes boxes(size_t t) const {
    const TableOf& of = tables_[t];
    const Table& table = of.get();
    Boxes out;
    for (size_t r = 0; r < table.rules.size(); ++r) {
      Boxes::Rule& rule = out.rules.emplace_back();
      for (const Axis& axis : grid_.axes) {
        Bits all((axis.atoms.size() + 63) / 64, 0);
        for (size_t a = 0; a < axis.atoms.size(); ++a) put_bit(&all, a);
        rule.atoms.push_back(std::move(all));
      }
      for (size_t c = 0; c < table.inputs.size(); ++c) place(t, r, c, &rule, &out);
    }
    return out;
  }

  void place(size_t t, size_t r, size_t c, Boxes::Rule* rule, Boxes* out) const {
    const TableOf& of = tables_[t];
    const Cell& cell = of.get().cell(r, c);
    if (cell.type == Cell::Type::any) return;
    const size_t index = grid_.axis_of[t][c];
    const Axis& axis = grid_.axes[index];
    const auto tests = simple_cell(of.model->data().program, cell);
    if (!tests || axis.opaque) {
      rule->opaque = true;
      out->opaque.push_back({r, c, of.get().rules[r].texts[c]});
      return;
    }
    Bits fits((axis.atoms.size() + 63) / 64, 0);
    for (size_t a = 0; a < axis.atoms.size(); ++a) {
      if (holds(*tests, axis.atoms[a].sample)) put_bit(&fits, a);
    }
    rule->atoms[index] = rule->atoms[index] & fits;
    if (!rule->impossible && !any_bit(rule->atoms[index])) {
      rule->impossible = true;
      rule->impossible_column = c;
    }
  }

  const std::vector<TableOf>& tables_;
  std::vector<Draft> drafts_;
  Grid grid_;
};

}  // namespace

Grid make_grid(const std::vector<TableOf>& tables) { return GridBuilder(tables).build(); }

// ---- text
// ----------------------------------------------------------------------------------------

std::string Axis::spell(const Bits& chosen) const {
  size_t count = 0;
  for (size_t a = 0; a < atoms.size(); ++a) count += has_bit(chosen, a) ? 1 : 0;
  if (count == atoms.size()) return "-";
  std::string out;
  const auto add = [&out](const std::string& text) { out += (out.empty() ? "" : ", ") + text; };
  const auto print = [](const Value& v) { return internal::print_value(v, true); };
  const bool others = !atoms.empty() && atoms.back().other && has_bit(chosen, atoms.size() - 1);
  if (others) {  // every text but these
    for (size_t a = 0; a < atoms.size(); ++a) {
      if (!has_bit(chosen, a)) add(print(atoms[a].sample));
    }
    return "not(" + out + ")";
  }
  for (size_t a = 0; a < atoms.size(); ++a) {
    if (!has_bit(chosen, a)) continue;
    if (kind == Kind::string || kind == Kind::boolean) {
      add(print(atoms[a].sample));
      continue;
    }
    size_t last = a;
    const auto touches = [this](size_t i) { return compare(atoms[i].high, atoms[i + 1].low) == 0; };
    while (last + 1 < atoms.size() && has_bit(chosen, last + 1) && touches(last)) ++last;
    const Atom &first = atoms[a], &end = atoms[last];
    if (a == last && first.point) {
      add(print(first.sample));
    } else if (first.low.is_null()) {
      add((end.point ? "<= " : "< ") + print(end.high));
    } else if (end.high.is_null()) {
      add((first.point ? ">= " : "> ") + print(first.low));
    } else {
      add((first.point ? "[" : "(") + print(first.low) + ".." + print(end.high) +
          (end.point ? "]" : ")"));
    }
    a = last;
  }
  return out;
}

// A named text, a bound interval, a bound, an unbounded interval: in this order.
size_t Axis::most_readable(const Bits& chosen) const {
  size_t best = 0;
  int best_rank = 9;
  for (size_t a = 0; a < atoms.size(); ++a) {
    if (!has_bit(chosen, a)) continue;
    const Atom& atom = atoms[a];
    int rank = 2;
    if (atom.other) rank = 3;
    if (!atom.other && !atom.point) rank = !atom.low.is_null() && !atom.high.is_null() ? 1 : 3;
    if (kind == Kind::string && !atom.other) rank = 0;
    if (rank < best_rank) {
      best_rank = rank;
      best = a;
    }
  }
  return best;
}

}  // namespace yipan::rules
