#include "yipan/units.h"

#include <fmt/core.h>

#include <array>
#include <numeric>
#include <string>
#include <unordered_map>

#include "base/units_table.h"
#include "yipan/check.h"
#include "yipan/text.h"

namespace yipan {
namespace {

struct Respelling {
  std::string_view from;
  char to;  // 0: nothing
};

// Beyond what fold_width does: "每" and the division slash divide. No-break spaces go.
constexpr std::array<Respelling, 4> kRespellings = {{
    {"\u00A0", 0},
    {"\uFEFF", 0},
    {"每", '/'},
    {"∕", '/'},
}};

// One spelling for what means the same: half-width, no white space, lower case, one slash.
std::string fold(std::string_view name) {
  const std::string text = fold_width(name);
  std::string out;
  for (size_t pos = 0; pos < text.size();) {
    const std::string_view rest = std::string_view(text).substr(pos);
    const Respelling* found = nullptr;
    for (const Respelling& respelling : kRespellings) {
      if (rest.starts_with(respelling.from)) found = &respelling;
    }
    if (found != nullptr) {
      if (found->to != 0) out.push_back(found->to);
      pos += found->from.size();
      continue;
    }
    const char c = text[pos++];
    if (c == ' ' || (c >= '\t' && c <= '\r') || c == ',') continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return out;
}

struct TransparentHash {
  using is_transparent = void;
  size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
};

using Index = std::unordered_map<std::string, const Unit*, TransparentHash, std::equal_to<>>;

const Index& index() {
  static const Index names = [] {
    Index out;
    for (const Unit& unit : all_units()) {
      for (const std::string_view name : {unit.id, unit.zh, unit.en}) {
        const auto [at, fresh] = out.emplace(fold(name), &unit);
        CHECK_MSG(fresh || at->second == &unit, name);
      }
    }
    const auto& table = units::table();
    for (size_t i = 0; i < table.size(); ++i) {
      for (const std::string_view name : split(table[i].variants, ' ')) {
        if (name.empty()) continue;
        const auto [at, fresh] = out.emplace(fold(name), &all_units()[i]);
        CHECK_MSG(fresh || at->second == &all_units()[i], name);
      }
    }
    return out;
  }();
  return names;
}

}  // namespace

const std::vector<Unit>& all_units() {
  static const std::vector<Unit> units = [] {
    std::vector<Unit> out;
    for (const units::NamedUnit& named : units::table()) out.push_back(named.unit);
    return out;
  }();
  return units;
}

const Unit* find_unit(std::string_view name) {
  // Far longer than any spelling; long cells are asked about at each of their slashes.
  constexpr size_t kNameBytesMax = 200;
  if (name.size() > kNameBytesMax) return nullptr;
  const auto at = index().find(fold(name));
  return at == index().end() ? nullptr : at->second;
}

Result<Decimal> convert(Decimal value, const Unit& from, const Unit& to) {
  if (from.kind != to.kind) {
    return fail(Error("base.units.kind")
                    .zh(fmt::format("“{}”与“{}”不是同类单位，不能换算（{} 与 {}）", from.zh, to.zh,
                                    from.kind, to.kind))
                    .en(fmt::format("{} is a unit of {}, {} a unit of {}: there is no conversion",
                                    from.en, from.kind, to.en, to.kind))
                    .remedy("请检查该列的单位是否填对", "check the unit of the column"));
  }
  // The fraction in lowest terms; the division comes last, so that what is exact stays so.
  const auto gcd = [](int64_t a, int64_t b) { return std::gcd(a, b); };
  const int64_t num_common = gcd(from.factor_num, to.factor_num);
  const int64_t den_common = gcd(from.factor_den, to.factor_den);
  int64_t num1 = from.factor_num / num_common;
  int64_t num2 = to.factor_den / den_common;
  int64_t den1 = from.factor_den / den_common;
  int64_t den2 = to.factor_num / num_common;
  int64_t common = gcd(num1, den1);
  num1 /= common;
  den1 /= common;
  common = gcd(num2, den2);
  num2 /= common;
  den2 /= common;
  const Decimal num = Decimal::from_int(num1) * Decimal::from_int(num2);
  const Decimal den = Decimal::from_int(den1) * Decimal::from_int(den2);
  const Decimal out = value * num / den;
  if (!out.is_finite()) {
    return fail(Error("base.units.range")
                    .zh("换算结果超出范围")
                    .en("the converted value is out of range")
                    .remedy("请检查数值", "check the number"));
  }
  return out;
}

}  // namespace yipan
