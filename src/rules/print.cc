#include "rules/print.h"

#include <fmt/format.h>

#include "rules/temporal.h"
#include "rules/value.h"

namespace yipan::rules {
namespace internal {

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += c;
    }
  }
  return out + "\"";
}

namespace {

bool plain_key(std::string_view key) {
  if (key.empty()) return false;
  for (char c : key) {
    const auto u = static_cast<unsigned char>(c);
    if (u < 128 && (isalnum(u) == 0) && c != '_' && c != ' ') return false;
  }
  return isdigit(static_cast<unsigned char>(key[0])) == 0;
}

std::string print_range(const Value& range) {
  const std::string low = print_value(range.low(), true), high = print_value(range.high(), true);
  switch (range.range_form()) {
    case Value::RangeForm::less:
      return "(< " + high + ")";
    case Value::RangeForm::less_equal:
      return "(<= " + high + ")";
    case Value::RangeForm::greater:
      return "(> " + low + ")";
    case Value::RangeForm::greater_equal:
      return "(>= " + low + ")";
    case Value::RangeForm::equal:
      return "(= " + low + ")";
    case Value::RangeForm::not_equal:
      return "(!= " + low + ")";
    case Value::RangeForm::interval:
      break;
  }
  return (range.low_included() ? "[" : "(") + low + ".." + high +
         (range.high_included() ? "]" : ")");
}

std::string print_list(const Value& list) {
  std::string out = "[";
  for (const Value& item : list.as_list()) {
    if (out.size() > 1) out += ", ";
    out += print_value(item, true);
  }
  return out + "]";
}

std::string print_context(const Value& context) {
  std::string out = "{";
  for (size_t i = 0; i < context.entry_count(); ++i) {
    if (i != 0) out += ", ";
    const std::string_view key = context.entry_key(i).as_string();
    out += plain_key(key) ? std::string(key) : quote(key);
    out += ": " + print_value(context.entry_value(i), true);
  }
  return out + "}";
}

}  // namespace

std::string print_value(const Value& value, bool quoted) {
  const auto temporal = [quoted](const std::string& text) {
    return quoted ? "@\"" + text + "\"" : text;
  };
  switch (value.kind()) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return value.as_boolean() ? "true" : "false";
    case Kind::number:
      return value.as_number().to_string();
    case Kind::date:
      return temporal(value.as_date().to_string());
    case Kind::time:
      return temporal(format_time(value.as_time()));
    case Kind::date_time:
      return temporal(format_date_time(value.as_date_time()));
    case Kind::days_duration:
      return temporal(format_duration(value.as_duration()));
    case Kind::months_duration:
      return temporal(format_months(value.as_months()));
    case Kind::string:
      return quoted ? quote(value.as_string()) : std::string(value.as_string());
    case Kind::range:
      return print_range(value);
    case Kind::list:
      return print_list(value);
    case Kind::context:
      return print_context(value);
    case Kind::function:
      return "function";
  }
  return {};
}

}  // namespace internal

namespace {

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", c);
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace

std::string Value::to_json() const {
  switch (kind_) {
    case Kind::null:
    case Kind::boolean:
    case Kind::number:
      return to_string();
    case Kind::list: {
      std::string out = "[";
      for (const Value& item : as_list()) {
        if (out.size() > 1) out += ',';
        out += item.to_json();
      }
      return out + "]";
    }
    case Kind::context: {
      std::string out = "{";
      for (size_t i = 0; i < entry_count(); ++i) {
        if (i != 0) out += ',';
        out += json_string(entry_key(i).as_string()) + ":" + entry_value(i).to_json();
      }
      return out + "}";
    }
    default:
      return json_string(to_string());
  }
}

}  // namespace yipan::rules
