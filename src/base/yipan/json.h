// Canonical JSON (RFC 8785, restricted) for what is hashed and signed.
//
// nlohmann::json is used at the edges (reading configuration, writing answers); what goes into the
// ledger is written by this header so that equal content has equal bytes: object keys sorted by
// UTF-16 code units, no white space, integers only (no floating point: put a decimal in a string).
#ifndef YIPAN_JSON_H_
#define YIPAN_JSON_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "yipan/result.h"

namespace yipan {

using Json = nlohmann::json;

// Error "base.json.syntax" with line and column; "base.json.depth" beyond `depth_max` levels;
// "base.json.duplicate" if an object has a key twice. Never throws.
Result<Json> parse_json(std::string_view text, std::string_view file = {}, int depth_max = 64);
// Error "base.json.not_canonical" if the value holds a floating point number or invalid UTF-8.
Result<std::string> canonical_json(const Json& value);
// Appends text as a JSON string with quotes, escaping as RFC 8785 says.
void append_json_string(std::string_view text, std::string* out);

}  // namespace yipan

#endif  // YIPAN_JSON_H_
