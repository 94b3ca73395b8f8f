// Values as people and other programs write them, by the declared type: JSON, and the cells of a
// table of cases.
#ifndef YIPAN_RULES_CASES_VALUE_H_
#define YIPAN_RULES_CASES_VALUE_H_

#include <string>
#include <string_view>

#include "rules/type.h"
#include "yipan/rules.h"

namespace yipan::rules {

// Objects become contexts, arrays lists. Error "rules.json.syntax" with line and column.
Result<Value> value_of_json(std::string_view json, std::string_view file);

// Texts within `value` become dates, times, durations and numbers where `type` asks for them, and a
// date becomes a date and time. Error "rules.input.type" if the value is not of the type; `path`
// names it in the message.
Result<Value> coerce(const Value& value, const Type& type, const std::string& path);

// Members of a context that its type names and that are missing, as null.
Value complete(const Value& value, const Type& type);

// A cell: empty is null; plain text by the type; or a FEEL literal ("text", @"2022-11-30", [1, 2],
// {a: 1}, null). Of type Any: a FEEL literal if it is one, else text. Error "rules.input.type".
Result<Value> value_of_text(std::string_view text, const Type& type, const std::string& path);
// What value_of_text reads back as the same value.
std::string text_of_value(const Value& value, const Type& type);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_CASES_VALUE_H_
