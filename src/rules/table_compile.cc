// Decision tables to their compiled form (table.h).
#include "rules/compiler.h"
#include "rules/machine.h"
#include "rules/table.h"

namespace yipan::rules {

std::string_view to_string(HitPolicy policy) {
  constexpr std::string_view kNames[] = {"U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"};
  return kNames[static_cast<size_t>(policy)];
}

namespace {

// A range that says what the comparison says; nothing for values without an order.
std::optional<Value> range_of(Op op, const Value& bound) {
  if (!compare(bound, bound)) return std::nullopt;
  switch (op) {
    case Op::less:
    case Op::less_equal:
      return Value::range(Value(), false, bound, op == Op::less_equal);
    case Op::greater:
    case Op::greater_equal:
      return Value::range(bound, op == Op::greater_equal, Value(), false);
    case Op::equal:
      return bound;
    default:
      return std::nullopt;
  }
}

bool is_simple(const Value& v) {
  switch (v.kind()) {
    case Kind::null:
    case Kind::list:
    case Kind::context:
    case Kind::function:
      return false;
    case Kind::range:
      return v.range_form() != Value::RangeForm::not_equal;
    default:
      return true;
  }
}

// The constant a single test compares with; nothing if it must be evaluated.
std::optional<Value> constant_test(const Expr& test) {
  if (test.kind != Ex::test || test.flag) return std::nullopt;
  auto value = constant_value(*test.kids[0]);
  if (!value) return std::nullopt;
  if (test.op != Op::none) {
    if (test.op == Op::not_equal) return std::nullopt;
    value = range_of(test.op, *value);
  }
  if (value && !is_simple(*value)) return std::nullopt;
  return value;
}

}  // namespace

Cell Compiler::compile_cell(const Expr& tests) {
  Cell cell;
  if (tests.kind == Ex::unary_tests) {
    if (tests.kids.empty()) return cell;
    std::vector<Value> values;
    for (const Expr* test : tests.kids) {
      auto value = constant_test(*test);
      if (!value) break;
      values.push_back(std::move(*value));
    }
    if (values.size() == tests.kids.size()) {
      cell.negated = tests.flag;
      cell.type = Cell::Type::one_of;
      if (values.size() == 1) {
        cell.type = values[0].is(Kind::range) ? Cell::Type::range : Cell::Type::equal;
        cell.value = std::move(values[0]);
      } else {
        cell.value = Value::list(std::move(values));
      }
      return cell;
    }
  }
  cell.type = Cell::Type::general;
  cell.node = compile(tests);
  return cell;
}

void Compiler::compile_rules(const TableAst& ast, Table* table) {
  const auto text = [this](const Expr& e) {
    return program_->ast != nullptr ? program_->ast->unit(e.span.unit).text : std::string();
  };
  for (const TableAst::Rule& rule : ast.rules) {
    Table::Rule out{rule.id, rule.annotation, {}};
    for (const Expr* test : rule.tests) {
      table->cells.push_back(compile_cell(*test));
      out.texts.push_back(text(*test));
    }
    for (const Expr* result : rule.results) table->results.push_back(compile(*result));
    table->rules.push_back(std::move(out));
  }
}

uint32_t Compiler::compile_table(const Expr& e) {
  const TableAst& ast = *e.table;
  auto table = std::make_unique<Table>();
  table->policy = ast.policy;
  table->id = ast.id;
  table->name = ast.name;
  for (const TableAst::Input& in : ast.inputs) {
    Table::Input out;
    out.node = compile(*in.expression);
    out.slot = declare(in.variable);
    out.label = in.title;
    if (in.values != nullptr) out.values = compile(*in.values);
    table->inputs.push_back(std::move(out));
  }
  for (const TableAst::Output& o : ast.outputs) {
    Table::Output out;
    out.name = o.name;
    out.key = program_->constants[key(o.name)];
    out.type = o.type;
    if (o.values != nullptr) {
      out.slot = declare(o.variable);
      out.values = compile(*o.values);
      for (const Expr* v : o.order) out.order.push_back(compile(*v));
    }
    if (o.default_value != nullptr) {
      out.default_node = compile(*o.default_value);
      table->has_default = true;
    }
    table->outputs.push_back(std::move(out));
  }
  compile_rules(ast, table.get());
  build_index(table.get());
  program_->tables.push_back(std::move(table));
  return emit(Code::table, e, static_cast<uint32_t>(program_->tables.size() - 1));
}

}  // namespace yipan::rules
