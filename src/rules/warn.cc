#include "rules/warn.h"

#include <array>

#include "rules/print.h"

namespace yipan::rules {
namespace {

struct Text {
  std::string_view code, zh, en;  // {a} {b} kinds, {d} detail
};

constexpr std::array<Text, static_cast<size_t>(Why::count_)> kTexts = {{
    {"rules.broken", "表达式有错：{d}", "the expression is broken: {d}"},
    {"rules.type.operands", "{d} 不能用于{a}和{b}", "{d} is not defined for {a} and {b}"},
    {"rules.type.operand", "{d} 不能用于{a}", "{d} is not defined for {a}"},
    {"rules.number.overflow", "数字超出 decimal128 的范围", "the number leaves decimal128's range"},
    {"rules.number.division", "除数为零", "division by zero"},
    {"rules.type.comparison", "{a}和{b}不能比较", "{a} and {b} cannot be compared"},
    {"rules.type.boolean", "这里需要布尔值，却是{a}", "a boolean is needed here, not {a}"},
    {"rules.list.index", "列表没有第 {d} 项", "the list has no item {d}"},
    {"rules.context.member", "{a}没有“{d}”", "{a} has no '{d}'"},
    {"rules.type.function", "{a}不是函数，不能调用", "{a} is not a function"},
    {"rules.function.arity", "函数 {d} 的参数个数不对", "wrong number of arguments for {d}"},
    {"rules.function.name", "函数 {d} 没有这个名称的参数", "{d} has no parameter of that name"},
    {"rules.function.argument", "函数 {d} 不接受{a}作这个参数", "{d} does not take {a} here"},
    {"rules.function.domain", "函数 {d} 对这个值没有定义", "{d} is not defined for this value"},
    {"rules.text.invalid", "“{d}”不能这样解读", "'{d}' cannot be read that way"},
    {"rules.regex.invalid", "正则表达式有误：{d}", "bad regular expression: {d}"},
    {"rules.type.conversion", "{a}不能作为 {d}", "{a} does not conform to {d}"},
    {"rules.type.constraint", "值不在允许的范围内：{d}", "the value is not allowed: {d}"},
    {"rules.context.duplicate", "条目“{d}”重复", "duplicate entry '{d}'"},
    {"rules.range.bounds", "区间的两端不成区间（{a}、{b}）",
     "these are not the bounds of a range ({a}, {b})"},
    {"rules.type.iteration", "{a}不能逐项遍历", "{a} cannot be iterated"},
    {"rules.table.unique", "唯一（U）决策表有多条规则同时命中：{d}",
     "several rules of a UNIQUE table fit: {d}"},
    {"rules.table.any", "任一（A）决策表命中的规则结论不同：{d}",
     "rules of an ANY table disagree: {d}"},
    {"rules.table.none", "决策表没有规则命中，也没有默认值",
     "no rule of the table fits and there is no default"},
    {"rules.table.input", "输入值不在“{d}”允许的取值内",
     "the input is not among the values of '{d}'"},
    {"rules.table.output", "输出值不在“{d}”允许的取值内",
     "the output is not among the values of '{d}'"},
    {"rules.table.aggregate", "{a}不能汇总", "{a} cannot be aggregated"},
    {"rules.external", "外部函数不能在此运行：{d}", "external functions are not run here: {d}"},
    {"rules.cycle", "“{d}”依赖自己", "'{d}' depends on itself"},
    {"rules.input.missing", "没有给出输入“{d}”", "the input '{d}' was not given"},
    {"rules.decision.empty", "决策“{d}”没有决策逻辑", "the decision '{d}' has no logic"},
    {"rules.clock", "没有提供时钟", "no clock was given"},
    {"rules.zone", "一个时刻有时区而另一个没有", "one time has a zone and the other has none"},
    {"rules.limit.steps", "求值步数超过上限，已停止", "evaluation stopped: too many steps"},
    {"rules.limit.stack", "递归太深，已停止", "evaluation stopped: recursion too deep"},
    {"rules.limit.list", "列表或区间太长（上限 {d}）", "the list or range is too long (limit {d})"},
    {"rules.limit.string", "字符串太长", "the string is too long"},
    {"rules.limit.regex", "正则表达式匹配步数超过上限",
     "the regular expression took too many steps"},
}};

std::string fill(std::string_view pattern, std::string_view a, std::string_view b,
                 std::string_view d) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}') {
      const char what = pattern[i + 1];
      out += what == 'a' ? a : what == 'b' ? b : d;
      i += 2;
    } else {
      out += pattern[i];
    }
  }
  return out;
}

}  // namespace

void describe(const RawWarning& raw, Warning* out) {
  const Text& text = kTexts[static_cast<size_t>(raw.why)];
  const std::string detail = raw.detail.is_null() ? "" : internal::print_value(raw.detail, false);
  out->code = text.code;
  out->zh = fill(text.zh, to_string_zh(raw.a), to_string_zh(raw.b), detail);
  out->en = fill(text.en, to_string(raw.a), to_string(raw.b), detail);
}

}  // namespace yipan::rules
