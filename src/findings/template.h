// Texts with {placeholders}, in two languages.
#ifndef YIPAN_FINDINGS_TEMPLATE_H_
#define YIPAN_FINDINGS_TEMPLATE_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/findings.h"
#include "yipan/result.h"
#include "yipan/rules.h"

namespace yipan::findings {

enum class Language : uint8_t { zh, en };

struct Format {
  enum class Kind : uint8_t { plain, number, wan, yi, yuan, percent, month, area, org };
  Kind kind = Kind::plain;
  int decimals = 0;  // of number
};
struct Template {
  struct Part {
    std::string text;  // before the placeholder
    std::string name;  // "": none follows
    Format format;
  };
  std::vector<Part> parts;
  std::string source;
  bool empty() const { return source.empty(); }
};
// Errors "findings.template.*": an unknown format, a brace alone, a placeholder without name.
Result<Template> parse_template(std::string_view text);
// Names of its placeholders.
std::vector<std::string> names_of(const Template& text);

// Gives the value of a placeholder; nullptr: there is none of this name.
using Lookup = std::function<const rules::Value*(std::string_view name)>;
// Names of areas and organisations by id.
class Names {
 public:
  virtual ~Names() = default;
  virtual std::string area(std::string_view id, Language language) const = 0;
  virtual std::string organisation(std::string_view id, Language language) const = 0;
};
// The error names the first placeholder that is unknown ("findings.placeholder.unknown") or whose
// value does not fit its format ("findings.placeholder.type").
Result<std::string> render(const Template& text, const Lookup& lookup, const Names& names,
                           Language language);
// One value in a format.
Result<std::string> format_value(const rules::Value& value, Format format, const Names& names,
                                 Language language);

// A text in both languages.
struct Bilingual {
  Template zh;
  Template en;
  bool empty() const { return zh.empty() && en.empty(); }
};
Result<Text> render(const Bilingual& text, const Lookup& lookup, const Names& names);

}  // namespace yipan::findings

#endif  // YIPAN_FINDINGS_TEMPLATE_H_
