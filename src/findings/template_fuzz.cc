// Texts with placeholders: any bytes; what parses can be shown, whatever the value.
#include <cstddef>
#include <cstdint>

#include "findings/template.h"

namespace {

class NoNames : public yipan::findings::Names {
 public:
  std::string area(std::string_view id, yipan::findings::Language) const override {
    return std::string(id);
  }
  std::string organisation(std::string_view id, yipan::findings::Language) const override {
    return std::string(id);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace findings = yipan::findings;
  using yipan::rules::Value;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto parsed = findings::parse_template(text);
  if (!parsed) return 0;
  const Value values[] = {Value::null(), Value::number(-123456789), Value::string("2022-11"),
                          Value::date(yipan::Date::from_days(19000)), Value::boolean(true)};
  const Value& value = values[data[0] % 5];
  const NoNames names;
  for (const auto language : {findings::Language::zh, findings::Language::en}) {
    const auto shown = findings::render(
        *parsed, [&](std::string_view) { return &value; }, names, language);
    static_cast<void>(shown.has_value());
  }
  return 0;
}
