// Canonical JSON (RFC 8785, restricted) for what is hashed and signed.
//
// nlohmann::json is used at the edges (reading configuration, writing answers); what goes into the
// ledger is written by this header so that equal content has equal bytes: object keys sorted by
// UTF-16 code units, no white space, integers only (no floating point: put a decimal in a string),
// and these within +-(2^53 - 1), which every JSON reader keeps exactly (RFC 8785, 3.2.2.3).
#ifndef YIPAN_JSON_H_
#define YIPAN_JSON_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "yipan/result.h"

namespace yipan {

using Json = nlohmann::json;

// Error "base.json.syntax" with line and column; "base.json.depth" beyond `depth_max` levels;
// "base.json.duplicate" if an object has a key twice. Strict RFC 8259 in UTF-8, except that a byte
// order mark is skipped. Integers outside int64 and uint64, and reals that a double cannot hold,
// are syntax errors, never rounded. At most 512 levels. Never throws.
Result<Json> parse_json(std::string_view text, std::string_view file = {}, int depth_max = 64);
// Error "base.json.not_canonical" if the value holds a floating point number, an integer beyond
// +-(2^53 - 1), binary or invalid UTF-8; its place is the JSON pointer of the culprit.
Result<std::string> canonical_json(const Json& value);
// Appends text as a JSON string with quotes, escaping as RFC 8785 says. Bytes that are not UTF-8
// are written as U+FFFD, so that what comes out is always JSON.
void append_json_string(std::string_view text, std::string* out);

}  // namespace yipan

#endif  // YIPAN_JSON_H_
