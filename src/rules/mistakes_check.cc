#include "rules/mistakes_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/builtins.h"
#include "rules/compiler.h"
#include "rules/mistakes.h"
#include "rules/ops.h"
#include "rules/print.h"

namespace yipan::rules {
namespace {

bool takes(const Signature& signature, size_t given) {
  return given >= signature.required &&
         (signature.variadic || given <= signature.parameters.size());
}

bool takes(const Signature& signature, const std::vector<std::string>& labels) {
  return std::all_of(labels.begin(), labels.end(), [&signature](const std::string& label) {
    return std::find(signature.parameters.begin(), signature.parameters.end(), label) !=
           signature.parameters.end();
  });
}

std::string spell(const Builtin& builtin) {
  std::string out;
  for (const Signature& s : builtin.signatures) {
    std::string list;
    for (size_t i = 0; i < s.parameters.size(); ++i) {
      list += (i == 0 ? "" : ", ") + std::string(s.parameters[i]);
      if (i >= s.required && !s.variadic) list += "?";
    }
    if (s.variadic) list += ", ...";
    out += fmt::format("{}{}({})", out.empty() ? "" : "; ", builtin.name, list);
  }
  return out;
}

std::string cell_zh(const std::string& label, size_t rule, size_t column) {
  return fmt::format("规则 {} 第 {} 列（{}）", rule + 1, column + 1, label);
}
std::string cell_en(const std::string& label, size_t rule, size_t column) {
  return fmt::format("rule {}, column {} ({})", rule + 1, column + 1, label);
}

bool basic(const Type& type) {
  return type.form > Type::Form::null && type.form <= Type::Form::string;
}

std::string type_en(const Type& type) {
  return std::string(to_string(static_cast<Kind>(type.form)));
}

// The constants of unary tests; nothing if one is not a plain value.
std::optional<std::vector<Value>> listed(const Expr* tests) {
  if (tests == nullptr || tests->kind != Ex::unary_tests || tests->flag) return std::nullopt;
  std::vector<Value> out;
  for (const Expr* test : tests->kids) {
    if (test->kind != Ex::test || test->flag || test->op != Op::none) return std::nullopt;
    auto value = constant_value(*test->kids[0]);
    if (!value || value->is(Kind::range) || value->is(Kind::list)) return std::nullopt;
    out.push_back(std::move(*value));
  }
  if (out.empty()) return std::nullopt;
  return out;
}

std::string spell(const std::vector<Value>& values) {
  std::string out;
  for (const Value& v : values) out += (out.empty() ? "" : ", ") + internal::print_value(v, true);
  return out;
}

bool is_in(const Value& value, const std::vector<Value>& values) {
  return std::any_of(values.begin(), values.end(),
                     [&value](const Value& v) { return equal(value, v) == Tri::yes; });
}

class TableCheck {
 public:
  TableCheck(const TableAst& table, Faults* faults) : table_(table), faults_(faults) {}

  void run() {
    for (size_t r = 0; r < table_.rules.size(); ++r) {
      const TableAst::Rule& rule = table_.rules[r];
      for (size_t c = 0; c < std::min(rule.tests.size(), table_.inputs.size()); ++c) {
        input_cell(r, c, *rule.tests[c]);
      }
      for (size_t o = 0; o < std::min(rule.results.size(), table_.outputs.size()); ++o) {
        output_cell(r, o, *rule.results[o]);
      }
    }
  }

 private:
  void warn(std::string_view code, const Expr& at, const std::string& zh, const std::string& en,
            const std::string& remedy_zh, const std::string& remedy_en) {
    faults_->add(Severity::warning, at.span,
                 Error(code).zh(zh).en(en).remedy(remedy_zh, remedy_en));
  }

  void input_cell(size_t r, size_t c, const Expr& tests) {
    if (tests.kind != Ex::unary_tests) return;
    const TableAst::Input& in = table_.inputs[c];
    const auto allowed = listed(in.values);
    for (const Expr* test : tests.kids) {
      if (test->kind != Ex::test || test->flag) continue;
      const Expr& operand = *test->kids[0];
      const Type* type = operand.type;
      if (type->is(Type::Form::range) && type->element != nullptr) type = type->element;
      const Type& wanted = *in.variable->type;
      if (basic(*type) && basic(wanted) && type->form != wanted.form &&
          !type->is(Type::Form::boolean)) {
        warn("rules.table.cell_type", operand,
             fmt::format("{}：输入是{}，这里却与{}比较，永远不会成立", cell_zh(in.label, r, c),
                         type_zh(wanted), type_zh(*type)),
             fmt::format("{}: the input is a {}, but is compared with a {}: it never holds",
                         cell_en(in.label, r, c), type_en(wanted), type_en(*type)),
             fmt::format("请写成{}；文字加引号，日期写 date(\"2022-11-30\")", type_zh(wanted)),
             fmt::format("write a {}; texts have quotes, dates are date(\"2022-11-30\")",
                         type_en(wanted)));
        continue;
      }
      const auto value = constant_value(operand);
      if (!allowed || !value || test->op != Op::none || value->kind() != allowed->front().kind() ||
          is_in(*value, *allowed)) {
        continue;
      }
      warn("rules.table.cell_value", operand,
           fmt::format("{}：{} 不在允许的值之列", cell_zh(in.label, r, c),
                       internal::print_value(*value, true)),
           fmt::format("{}: {} is not among the allowed values", cell_en(in.label, r, c),
                       internal::print_value(*value, true)),
           "允许的值：" + spell(*allowed), "allowed: " + spell(*allowed));
    }
  }

  void output_cell(size_t r, size_t o, const Expr& result) {
    const TableAst::Output& out = table_.outputs[o];
    const size_t column = table_.inputs.size() + o;
    const std::string label = out.name.empty() ? "输出" : out.name;
    if (result.kind == Ex::literal && result.value.is_null() &&
        result.span.begin == result.span.end) {
      warn("rules.table.output_missing", result,
           fmt::format("{}：没有写输出，结果是 null", cell_zh(label, r, column)),
           fmt::format("{}: there is no output: it gives null", cell_en(label, r, column)),
           "请写上输出；确要空值就写 null", "write the output; if null is meant, write null");
      return;
    }
    if (out.type != nullptr && basic(*out.type) && basic(*result.type) &&
        out.type->form != result.type->form) {
      warn("rules.table.output_type", result,
           fmt::format("{}：输出应是{}，却是{}", cell_zh(label, r, column), type_zh(*out.type),
                       type_zh(*result.type)),
           fmt::format("{}: the output must be a {}, but is a {}", cell_en(label, r, column),
                       type_en(*out.type), type_en(*result.type)),
           fmt::format("请写成{}", type_zh(*out.type)),
           fmt::format("write it as a {}", type_en(*out.type)));
      return;
    }
    const auto allowed = listed(out.values);
    const auto value = constant_value(result);
    if (!allowed || !value || value->is_null() || is_in(*value, *allowed)) return;
    warn("rules.table.output_value", result,
         fmt::format("{}：{} 不在输出值之列，结果将是 null", cell_zh(label, r, column),
                     internal::print_value(*value, true)),
         fmt::format("{}: {} is not among the output values: it will give null",
                     cell_en(label, r, column), internal::print_value(*value, true)),
         "允许的值：" + spell(*allowed), "allowed: " + spell(*allowed));
  }

  const TableAst& table_;
  Faults* faults_;
};

}  // namespace

void check_call(const Expr& call, Faults* faults) {
  const Expr& function = *call.kids[0];
  if (function.kind != Ex::name || function.name == nullptr ||
      function.name->form != Name::Form::builtin) {
    return;
  }
  const Builtin& builtin = builtins()[function.name->index];
  const size_t given = call.kids.size() - 1;
  const bool fine =
      std::any_of(builtin.signatures.begin(), builtin.signatures.end(), [&](const Signature& s) {
        return call.labels.empty() ? takes(s, given) : takes(s, call.labels);
      });
  if (fine) return;
  const bool named = !call.labels.empty();
  faults->add(Severity::warning, call.span,
              Error("rules.call.arguments")
                  .zh(named ? fmt::format("函数 {} 没有这样的参数名", builtin.name)
                            : fmt::format("函数 {} 不能带 {} 个参数", builtin.name, given))
                  .en(named ? fmt::format("the function {} has no such parameter", builtin.name)
                            : fmt::format("the function {} does not take {} arguments",
                                          builtin.name, given))
                  .remedy("写法：" + spell(builtin), "it is called as " + spell(builtin)));
}

void check_table(const TableAst& table, Faults* faults) { TableCheck(table, faults).run(); }

void name_cell(const TableAst& table, size_t rule, size_t column, size_t first, Faults* faults) {
  const size_t inputs = table.inputs.size();
  const std::string& label =
      column < inputs ? table.inputs[column].label : table.outputs[column - inputs].name;
  faults->prefix(first, cell_zh(label, rule, column) + "：", cell_en(label, rule, column) + ": ");
}

}  // namespace yipan::rules
