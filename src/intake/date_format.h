// Dates as people write them. A format is written with these letters (docs/formats/mapping.md):
//
//   YYYY four digits   YY two digits (1950-2049)   M one or two digits   MM two digits
//   D one or two digits   DD two digits   MMM, MMMM English month name   h, m, s a time, left off
//   excel  a spreadsheet's day number, 1900 system (1 = 1900-01-01, with the 29 February 1900 that
//          never was)    excel1904  the 1904 system
//
// Anything else stands for itself; white space and full-width forms are folded first. A format
// without a day gives the first of the month, one without a month the first of January.
#ifndef YIPAN_INTAKE_DATE_FORMAT_H_
#define YIPAN_INTAKE_DATE_FORMAT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/date.h"

namespace yipan::intake {

class DateFormat {
 public:
  // Nothing if the format has no year, or a letter twice.
  static std::optional<DateFormat> compile(std::string_view text);
  enum class Match : uint8_t {
    no,  // the text is not of this form
    yes,
    no_day,  // of this form, but there is no such day: 2023-02-30
  };
  Match parse(std::string_view text, Date* out) const;
  bool partial() const { return !has_day_; }  // month or year only
  const std::string& text() const { return text_; }

 private:
  enum class Part : uint8_t { literal, year4, year2, month, month2, month_name, day, day2, time2 };
  struct Token {
    Part part;
    std::string literal;
  };
  enum class Kind : uint8_t { tokens, excel1900, excel1904 };
  struct Fields {
    int64_t year = 0;
    int month = 1;
    int day = 1;
  };
  static bool read(const Token& token, std::string_view* rest, Fields* fields);
  std::string text_;
  std::vector<Token> tokens_;
  Kind kind_ = Kind::tokens;
  bool has_day_ = false;
};

// The forms that need no mapping: ISO, YYYY/M/D, YYYY.M.D, YYYY年M月D日, YYYYMMDD, each with a time
// behind it or not; and the month alone (YYYY年M月, YYYY-MM, YYYY.M). D/M and M/D are never
// guessed.
const std::vector<DateFormat>& common_date_formats();

// Days since 1970-01-01 of a spreadsheet's serial number; nothing below 0, for 60 in the 1900
// system (the day that never was), or beyond 9999-12-31.
std::optional<int64_t> excel_days(double serial, bool system_1904);

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_DATE_FORMAT_H_
