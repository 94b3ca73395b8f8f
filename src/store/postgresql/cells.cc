#include "store/postgresql/cells.h"

#include <fmt/core.h>

#include <bit>
#include <charconv>
#include <cmath>

#include "store/iso_time.h"
#include "store/wkb.h"

namespace yipan::store {
namespace {

constexpr uint16_t kNumericNegative = 0x4000;
constexpr uint16_t kNumericSpecial = 0xC000;  // NaN 0xC000, infinity 0xD000, minus it 0xF000

bool is_integer_oid(Oid oid) {
  return oid == kOidInt8 || oid == kOidInt4 || oid == kOidInt2 || oid == kOidOid;
}
bool is_text_oid(Oid oid) {
  return oid == kOidText || oid == kOidVarchar || oid == kOidBpchar || oid == kOidName ||
         oid == kOidUnknown;
}

int64_t read_integer(Oid oid, std::string_view bytes) {
  switch (oid) {
    case kOidInt8:
      return static_cast<int64_t>(get_be64(bytes.data()));
    case kOidInt4:
      return static_cast<int32_t>(get_be32(bytes.data()));
    case kOidInt2:
      return static_cast<int16_t>(get_be16(bytes.data()));
    default:
      return get_be32(bytes.data());
  }
}

double read_real(Oid oid, std::string_view bytes) {
  if (oid == kOidFloat8) return std::bit_cast<double>(get_be64(bytes.data()));
  return std::bit_cast<float>(get_be32(bytes.data()));
}

std::optional<int64_t> read_time(Oid oid, std::string_view bytes) {
  if (oid == kOidDate) {
    const int64_t days = static_cast<int32_t>(get_be32(bytes.data())) + kPostgresEpochDays;
    return is_date_in_range(days) ? std::optional(days) : std::nullopt;
  }
  const auto since_2000 = static_cast<int64_t>(get_be64(bytes.data()));
  int64_t micros = 0;
  if (__builtin_add_overflow(since_2000, kPostgresEpochDays * kMicrosPerDay, &micros)) return {};
  return is_instant_in_range(micros) ? std::optional(micros) : std::nullopt;
}

bool append_numeric(std::string_view bytes, Type wanted, Column* column) {
  const std::string text = numeric_to_string(bytes);
  if (wanted == Type::text) {
    column->append_bytes(text);
    return true;
  }
  if (wanted == Type::real) {
    double value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ec != std::errc() || !std::isfinite(value)) return false;
    column->append_real(value);
    return true;
  }
  if (wanted != Type::integer && wanted != Type::boolean) return false;
  const size_t point = std::min(text.find('.'), text.size());
  if (text.find_first_not_of('0', std::min(point + 1, text.size())) != std::string::npos) {
    return false;
  }
  int64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + point, value);
  if (end.ec != std::errc() || end.ptr != text.data() + point) return false;
  column->append_int(wanted == Type::boolean ? value != 0 : value);
  return true;
}

bool append_integer(int64_t value, Type wanted, Column* column) {
  switch (wanted) {
    case Type::integer:
      column->append_int(value);
      return true;
    case Type::boolean:
      column->append_int(value != 0);
      return true;
    case Type::real:
      column->append_real(static_cast<double>(value));
      return true;
    case Type::text:
      column->append_bytes(fmt::format("{}", value));
      return true;
    default:
      return false;
  }
}

bool append_time(Oid oid, std::string_view bytes, Type wanted, Column* column) {
  const auto value = read_time(oid, bytes);
  if (!value) return false;
  const Type own = oid == kOidDate ? Type::date : Type::instant;
  if (wanted == own) {
    column->append_int(*value);
    return true;
  }
  if (wanted != Type::text) return false;
  char text[kInstantSize];
  if (own == Type::date) {
    write_iso_date(*value, text);
    column->append_bytes({text, kDateSize});
  } else {
    write_iso_instant(*value, text);
    column->append_bytes({text, kInstantSize});
  }
  return true;
}

bool append_text(std::string_view text, Type wanted, Column* column) {
  if (wanted == Type::text) {
    column->append_bytes(text);
    return true;
  }
  if (wanted != Type::date && wanted != Type::instant) return false;
  const auto value = wanted == Type::date ? read_iso_date(text) : read_iso_instant(text);
  if (value) column->append_int(*value);
  return value.has_value();
}

bool append_geometry(std::string_view ewkb, Column* column) {
  std::string wkb;
  wkb.reserve(ewkb.size());
  if (!append_iso_wkb(ewkb, &wkb)) return false;
  column->append_bytes(wkb);
  return true;
}

}  // namespace

std::optional<Type> type_of_oid(Oid oid, Oid geometry_oid) {
  if (is_integer_oid(oid)) return Type::integer;
  if (is_text_oid(oid)) return Type::text;
  switch (oid) {
    case kOidBool:
      return Type::boolean;
    case kOidFloat4:
    case kOidFloat8:
      return Type::real;
    case kOidDate:
      return Type::date;
    case kOidTimestamp:
    case kOidTimestamptz:
      return Type::instant;
    case kOidBytea:
      return Type::bytes;
    default:
      return oid == geometry_oid && oid != 0 ? std::optional(Type::geometry) : std::nullopt;
  }
}

bool is_supported(Oid oid, Oid geometry_oid) {
  return oid == kOidNumeric || type_of_oid(oid, geometry_oid).has_value();
}

std::string_view name_of_oid(Oid oid) {
  if (is_integer_oid(oid)) return "integer";
  if (is_text_oid(oid)) return "text";
  switch (oid) {
    case kOidBool:
      return "boolean";
    case kOidFloat4:
    case kOidFloat8:
      return "real";
    case kOidDate:
      return "date";
    case kOidTimestamp:
    case kOidTimestamptz:
      return "instant";
    case kOidBytea:
      return "bytes";
    case kOidNumeric:
      return "numeric";
    default:
      return "geometry";
  }
}

// numeric on the wire (PostgreSQL, numeric_send): digits, weight, sign and display scale, each
// int16, then the digits in base 10,000.
Type type_of_numeric(std::string_view bytes) {
  return get_be16(bytes.data() + 6) == 0 ? Type::integer : Type::real;
}

std::string numeric_to_string(std::string_view bytes) {
  const int digits = get_be16(bytes.data());
  const int weight = static_cast<int16_t>(get_be16(bytes.data() + 2));
  const uint16_t sign = get_be16(bytes.data() + 4);
  const int scale = get_be16(bytes.data() + 6);
  if ((sign & kNumericSpecial) == kNumericSpecial) return sign == kNumericSpecial ? "NaN" : "Inf";
  const auto digit = [&](int i) {
    return i >= 0 && i < digits ? get_be16(bytes.data() + 8 + i * 2) : 0;
  };
  std::string text = sign == kNumericNegative ? "-" : "";
  if (weight < 0) text += '0';
  for (int i = 0; i <= weight; ++i) {
    text += i == 0 ? fmt::format("{}", digit(i)) : fmt::format("{:04}", digit(i));
  }
  if (scale == 0) return text;
  std::string decimals;
  for (int i = weight + 1; static_cast<int>(decimals.size()) < scale; ++i) {
    decimals += fmt::format("{:04}", digit(i));
  }
  decimals.resize(static_cast<size_t>(scale));
  return text + "." + decimals;
}

bool append_cell(Oid oid, Oid geometry_oid, std::string_view bytes, Type wanted, Column* column) {
  if (is_integer_oid(oid)) return append_integer(read_integer(oid, bytes), wanted, column);
  if (is_text_oid(oid)) return append_text(bytes, wanted, column);
  switch (oid) {
    case kOidFloat4:
    case kOidFloat8: {
      const double value = read_real(oid, bytes);
      if (wanted != Type::real || !std::isfinite(value)) return false;
      column->append_real(value + 0.0);  // -0.0 is 0.0
      return true;
    }
    case kOidBool:
      return wanted == Type::boolean || wanted == Type::integer
                 ? append_integer(bytes[0] != 0 ? 1 : 0, wanted, column)
                 : false;
    case kOidDate:
    case kOidTimestamp:
    case kOidTimestamptz:
      return append_time(oid, bytes, wanted, column);
    case kOidNumeric:
      return append_numeric(bytes, wanted, column);
    case kOidBytea:
      if (wanted != Type::bytes) return false;
      column->append_bytes(bytes);
      return true;
    default:
      return oid == geometry_oid && wanted == Type::geometry && append_geometry(bytes, column);
  }
}

}  // namespace yipan::store
