// compile_columns: bindings, the two programs, the columns that come out.
#include "rules/columns_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "rules/cases_inputs.h"
#include "rules/columns_lower.h"
#include "rules/lexer.h"

namespace yipan::rules {

using columns::Lowered;
using columns::LoweredDecision;
using columns::Lowerer;
using columns::OutputPath;
using columns::Reg;
using columns::RegInfo;
using columns::Rep;
using columns::Variant;
using columns::VProgram;

namespace {

struct Fault {
  std::string zh, en;
};

Error join(std::string_view code, const std::vector<Fault>& faults) {
  std::string zh, en;
  for (const Fault& f : faults) {
    zh += (zh.empty() ? "" : "；") + f.zh;
    en += (en.empty() ? "" : "; ") + f.en;
  }
  return Error(code).zh(zh).en(en).remedy("请核对各列与模型输入的名称、类型和小数位数",
                                          "check names, types and scales of the columns against "
                                          "the inputs of the model");
}

// The FEEL type that a column's values have.
Type::Form form_of_column(yipan::Type type) {
  switch (type) {
    case yipan::Type::boolean:
      return Type::Form::boolean;
    case yipan::Type::integer:
    case yipan::Type::real:
      return Type::Form::number;
    case yipan::Type::text:
      return Type::Form::string;
    case yipan::Type::date:
      return Type::Form::date;
    default:
      return Type::Form::date_time;
  }
}

bool takes(const Type* wanted, yipan::Type column) {
  if (wanted == nullptr || wanted->is_any()) return true;
  const Type::Form own = form_of_column(column);
  return wanted->form == own || wanted->is(Type::Form::list) ||
         (wanted->is(Type::Form::date_time) && own == Type::Form::date);
}

// Finds what each column is for; appends what is wrong to *faults.
class Binder {
 public:
  Binder(ColumnPlan::Data* plan, std::vector<Fault>* faults) : plan_(plan), faults_(faults) {}

  void run() {
    for (const ColumnInput& in : plan_->inputs) {
      plan_->targets.push_back(kNone);
      plan_->members.emplace_back();
      if (!in.name.empty()) bind(in);
    }
  }

 private:
  void add(std::string zh, std::string en) { faults_->push_back({std::move(zh), std::move(en)}); }

  void bind(const ColumnInput& in) {
    const Type* type = nullptr;
    std::vector<std::string> members;
    const uint32_t target = find(in, &type, &members);
    if (target == kNone) return;
    check(in, type);
    for (size_t i = 0; i + 1 < plan_->targets.size(); ++i) {
      if (plan_->targets[i] != target || !overlap(plan_->members[i], members)) continue;
      add(fmt::format("输入“{}”对应了两列", in.name),
          fmt::format("two columns are bound to the input '{}'", in.name));
    }
    plan_->targets.back() = target;
    plan_->members.back() = std::move(members);
  }

  // One path begins with the other.
  static bool overlap(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    const size_t both = std::min(a.size(), b.size());
    return std::equal(a.begin(), a.begin() + static_cast<ptrdiff_t>(both), b.begin());
  }

  void check(const ColumnInput& in, const Type* type) {
    if (in.type == yipan::Type::geometry || in.type == yipan::Type::bytes) {
      add(fmt::format("输入“{}”的列类型 {} 不能用于规则", in.name, yipan::to_string(in.type)),
          fmt::format("rules take no columns of type {} (input '{}')", yipan::to_string(in.type),
                      in.name));
    } else if (!takes(type, in.type)) {
      add(fmt::format("输入“{}”的类型是 {}，列是 {}", in.name, rules::to_string(*type),
                      yipan::to_string(in.type)),
          fmt::format("the input '{}' is of type {}, the column is {}", in.name,
                      rules::to_string(*type), yipan::to_string(in.type)));
    }
    if (in.scale < 0 || in.scale > columns::kScaleMax ||
        (in.scale != 0 && in.type != yipan::Type::integer)) {
      add(fmt::format("输入“{}”的小数位数 {} 有误：整数列可为 0 到 18", in.name, in.scale),
          fmt::format("the scale {} of the input '{}' is wrong: integer columns have 0 to 18",
                      in.scale, in.name));
    }
  }

  uint32_t find(const ColumnInput& in, const Type** type, std::vector<std::string>* members) {
    if (plan_->model != nullptr) {
      auto path = find_given(*plan_->model, in.name);
      const auto& elements = plan_->model->data().elements;
      if (path && elements[path->element].type == Element::Type::input) {
        *type = path->type;
        *members = std::move(path->members);
        return path->element;
      }
    } else {
      const Expression::Data& e = *plan_->expression;
      const Function& f = e.program.functions[e.function];
      for (uint32_t i = 0; i < f.parameters.size(); ++i) {
        if (f.parameters[i] != normalize_name(in.name)) continue;
        *type = f.parameter_types[i];
        return i;
      }
    }
    add(fmt::format("没有名为“{}”的输入", in.name),
        fmt::format("there is no input named '{}'", in.name));
    return kNone;
  }

  ColumnPlan::Data* plan_;
  std::vector<Fault>* faults_;
};

struct Shape {
  std::string feel_type;
  yipan::Type type;
  int scale;
};

Shape shape_of(const RegInfo& info, bool approximate) {
  using T = yipan::Type;
  switch (info.rep) {
    case Rep::boolean:
      return {"boolean", T::boolean, 0};
    case Rep::integer:
      return {"number", T::integer, info.scale};
    case Rep::decimal:
      return {"number", approximate ? T::real : T::text, 0};
    case Rep::text:
      return {"string", T::text, 0};
    case Rep::date:
      return {"date", T::date, 0};
    case Rep::days:
      return {"days and time duration", T::integer, 0};
    case Rep::months:
      return {"years and months duration", T::integer, 0};
    case Rep::none:
      break;
  }
  return {"Null", T::text, 0};
}

Shape shape_of_type(const std::string& feel, bool approximate) {
  using T = yipan::Type;
  if (feel == "boolean") return {feel, T::boolean, 0};
  if (feel == "number") return {feel, approximate ? T::real : T::text, 0};
  if (feel == "date") return {feel, T::date, 0};
  if (feel == "days and time duration" || feel == "years and months duration") {
    return {feel, T::integer, 0};
  }
  return {feel, T::text, 0};
}

class Builder {
 public:
  explicit Builder(std::shared_ptr<ColumnPlan::Data> plan) : plan_(std::move(plan)) {}

  Result<ColumnPlan> build(const std::vector<ColumnWanted>& wanted) {
    std::vector<Fault> faults;
    Binder(plan_.get(), &faults).run();
    if (!faults.empty()) return fail(join("rules.columns.binding", faults));
    lower(wanted, false, &plan_->integers);
    lower(wanted, true, &plan_->decimals);
    return ColumnPlan(plan_);
  }

 private:
  const Program& program() const {
    return plan_->model != nullptr ? plan_->model->data().program : plan_->expression->program;
  }

  void lower(const std::vector<ColumnWanted>& wanted, bool decimals, Variant* out) {
    Lowerer lowerer(program(), plan_->model, &out->program, decimals);
    std::vector<LoweredDecision> results;
    if (plan_->model != nullptr) {
      lower_model(wanted, &lowerer, &results);
    } else {
      lower_expression(&lowerer, &results, &out->program);
    }
    if (!decimals) {
      report(lowerer, results);
      for (size_t i = 0; i < results.size(); ++i) add_outputs(results[i], wanted[i], out->program);
    }
    std::vector<Reg> needed;
    for (const OutputPath& path : plan_->paths) {
      size_t at = 0;
      while (results[at].element != path.element) ++at;
      out->sources.push_back(source_of(results[at], path, &out->program));
      if (out->sources.back().reg != kNone) needed.push_back(out->sources.back().reg);
    }
    columns::allocate(&out->program, needed, plan_->track);
    plan_->always = plan_->always || lowerer.always_null();
  }

  void lower_model(const std::vector<ColumnWanted>& wanted, Lowerer* lowerer,
                   std::vector<LoweredDecision>* results) {
    std::map<uint32_t, std::vector<columns::Given>> given;
    for (size_t i = 0; i < plan_->inputs.size(); ++i) {
      const uint32_t target = plan_->targets[i];
      if (target == kNone) continue;
      auto loaded = lowerer->load(plan_->inputs[i], static_cast<uint32_t>(i));
      if (!loaded) {
        lowerer->bind_row_by_row(target);
      } else if (plan_->members[i].empty()) {
        lowerer->bind_element(target, *loaded);
      } else {
        given[target].push_back({plan_->members[i], std::move(*loaded)});
      }
    }
    for (const auto& [target, members] : given) lowerer->bind_members(target, members);
    for (const ColumnWanted& w : wanted) results->push_back(lowerer->decision(w.decision));
  }

  void lower_expression(Lowerer* lowerer, std::vector<LoweredDecision>* results, VProgram* out) {
    const uint32_t function = plan_->expression->function;
    std::vector<std::optional<Lowered>> arguments(program().functions[function].parameters.size(),
                                                  Lowered(columns::kNull));
    for (size_t i = 0; i < plan_->inputs.size(); ++i) {
      if (plan_->targets[i] == kNone) continue;
      auto loaded = lowerer->load(plan_->inputs[i], static_cast<uint32_t>(i));
      auto& argument = arguments[plan_->targets[i]];
      argument = loaded ? std::optional(std::move(*loaded)) : std::nullopt;
    }
    LoweredDecision made;
    auto value = lowerer->expression(function, arguments);
    if (value) {
      made.value = std::move(*value);
    } else {
      made.obstacle = columns::Obstacle{std::move(value).error(), lowerer->obstacle_text()};
      made.scalar = 0;
      out->scalars.push_back(0);
    }
    results->push_back(std::move(made));
  }

  void report(Lowerer& lowerer, const std::vector<LoweredDecision>& results) {
    if (plan_->model == nullptr) {
      plan_->report.push_back(columns::report_of(results[0], "result", ""));
      return;
    }
    for (const uint32_t element : lowerer.order()) {
      const ElementInfo& info = plan_->model->element(element);
      plan_->report.push_back(
          columns::report_of(lowerer.decision(element), info.name, info.xml_id));
    }
  }

  void add_outputs(const LoweredDecision& d, const ColumnWanted& wanted, const VProgram& program) {
    const bool model = plan_->model != nullptr;
    const std::string name = model ? plan_->model->element(d.element).name : "result";
    for (const OutputPath& known : plan_->paths) {
      if (known.element == d.element) return;  // asked for twice
    }
    if (d.obstacle || !d.value) {
      const std::string feel =
          model ? plan_->model->element(d.element).type : plan_->expression->type;
      add_column(name, shape_of_type(feel, plan_->options.approximate), wanted, {d.element, {}});
      return;
    }
    add_value(name, *d.value, wanted, {d.element, {}}, program);
  }

  void add_value(const std::string& name, const Lowered& value, const ColumnWanted& wanted,
                 const OutputPath& path, const VProgram& program) {
    if (value.context == nullptr) {
      const Shape shape = shape_of(program.regs[value.reg], plan_->options.approximate);
      return add_column(name, shape, wanted, path);
    }
    for (const auto& [key, member] : value.context->entries) {
      OutputPath inner = path;
      inner.members.push_back(key);
      add_value(name + "." + key, member, {wanted.decision, std::nullopt, 0}, inner, program);
    }
  }

  void add_column(const std::string& name, const Shape& shape, const ColumnWanted& wanted,
                  OutputPath path) {
    ColumnOutput out{name, shape.feel_type, shape.type, shape.scale};
    if (wanted.type) {
      out.type = *wanted.type;
      out.scale = wanted.scale;
    }
    plan_->outputs.push_back(std::move(out));
    plan_->paths.push_back(std::move(path));
  }

  // Where the program has an output; a row-by-row evaluation is added if it has it nowhere.
  static columns::Source source_of(const LoweredDecision& d, const OutputPath& path,
                                   VProgram* program) {
    if (d.obstacle || !d.value) return {kNone, d.scalar};
    const Lowered* value = &*d.value;
    for (const std::string& member : path.members) {
      const Lowered* next = nullptr;
      for (size_t i = 0; value->context != nullptr && i < value->context->entries.size(); ++i) {
        if (value->context->entries[i].first == member) next = &value->context->entries[i].second;
      }
      if (next == nullptr) break;
      value = next;
    }
    if (value->context == nullptr) return {value->reg, kNone};
    program->scalars.push_back(d.element);
    return {kNone, static_cast<uint32_t>(program->scalars.size() - 1)};
  }

  std::shared_ptr<ColumnPlan::Data> plan_;
};

}  // namespace

const std::vector<ColumnInput>& ColumnPlan::inputs() const { return data_->inputs; }
const std::vector<ColumnOutput>& ColumnPlan::outputs() const { return data_->outputs; }
const std::vector<ColumnReport>& ColumnPlan::report() const { return data_->report; }

namespace {

Result<ColumnPlan> compile_for_model(std::shared_ptr<const Model> model,
                                     const std::vector<ColumnWanted>& wanted,
                                     const std::vector<ColumnInput>& inputs,
                                     const ColumnOptions& options, bool track) {
  std::vector<Fault> faults;
  for (const ColumnWanted& w : wanted) {
    const auto& elements = model->data().elements;
    if (w.decision < elements.size() && elements[w.decision].type == Element::Type::decision) {
      continue;
    }
    faults.push_back({fmt::format("编号 {} 不是决策", w.decision),
                      fmt::format("the element {} is no decision", w.decision)});
  }
  if (wanted.empty()) faults.push_back({"没有要计算的决策", "no decision is asked for"});
  if (!faults.empty()) return fail(join("rules.columns.decision", faults));
  auto plan = std::make_shared<ColumnPlan::Data>();
  plan->model = std::move(model);
  plan->inputs = inputs;
  plan->options = options;
  plan->track = track;
  return Builder(std::move(plan)).build(wanted);
}

}  // namespace

Result<ColumnPlan> compile_columns(std::shared_ptr<const Model> model,
                                   const std::vector<ColumnWanted>& wanted,
                                   const std::vector<ColumnInput>& inputs,
                                   const ColumnOptions& options) {
  return compile_for_model(std::move(model), wanted, inputs, options, false);
}

Result<ColumnPlan> columns::compile_tracking(std::shared_ptr<const Model> model,
                                             const std::vector<ColumnWanted>& wanted,
                                             const std::vector<ColumnInput>& inputs,
                                             const ColumnOptions& options) {
  return compile_for_model(std::move(model), wanted, inputs, options, true);
}

Result<ColumnPlan> compile_columns(const Expression& expression,
                                   const std::vector<ColumnInput>& inputs,
                                   const ColumnOptions& options) {
  auto plan = std::make_shared<ColumnPlan::Data>();
  plan->expression = expression.share();
  plan->inputs = inputs;
  plan->options = options;
  return Builder(std::move(plan)).build({ColumnWanted{}});
}

}  // namespace yipan::rules
