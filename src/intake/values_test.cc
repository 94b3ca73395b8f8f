// Numbers, dates, units, mappings, coordinates: the small parts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "intake/crs.h"
#include "intake/date_format.h"
#include "intake/geometry.h"
#include "intake/key_check.h"
#include "intake/mapping.h"
#include "intake/plan.h"
#include "yipan/clock.h"
#include "yipan/units.h"

namespace yipan::intake {
namespace {

using ::testing::HasSubstr;

std::string number(std::string_view text, NumberStyle style = {}) {
  ScaledNumber n;
  switch (parse_number(text, style, &n)) {
    case NumberFault::none:
      return std::to_string(n.mantissa) + "e" + std::to_string(n.exponent);
    case NumberFault::syntax:
      return "syntax";
    case NumberFault::grouping:
      return "grouping";
    case NumberFault::too_long:
      return "too long";
  }
  return "";
}

TEST(NumberTest, Forms) {
  EXPECT_EQ(number("12"), "12e0");
  EXPECT_EQ(number("-0.50"), "-50e-2");
  EXPECT_EQ(number("9.65E7"), "965e5");
  EXPECT_EQ(number("1,234,567.8"), "12345678e-1");
  EXPECT_EQ(number("(1,234)"), "-1234e0");
  EXPECT_EQ(number("−5"), "-5e0");
  EXPECT_EQ(number("1.234,5", {',', '.'}), "12345e-1");
  EXPECT_EQ(number("100000000000000000000"), "100000000000000000e3");
  EXPECT_EQ(number("1234567890123456789"), "too long");
  EXPECT_EQ(number("12,34,567"), "grouping");
  EXPECT_EQ(number("1,23"), "grouping");
  for (const char* bad : {"", "-", ".", "1.2.3", "1e", "e5", "1 2", "0x10", "nan", "++1"}) {
    EXPECT_EQ(number(bad), "syntax") << bad;
  }
}

TEST(NumberTest, UnitsConvertExactly) {
  auto factor = [](const char* from, const char* to) {
    return *unit_factor(*find_unit(from), *find_unit(to));
  };
  int64_t out = 0;
  EXPECT_EQ(scale_to_int({12345, -1}, factor("万元", "fen"), Rounding::exact, &out),
            IntFault::none);
  EXPECT_EQ(out, 1234500000);
  EXPECT_EQ(scale_to_int({1234567, -7}, factor("万元", "fen"), Rounding::exact, &out),
            IntFault::fraction);
  EXPECT_EQ(scale_to_int({25, -1}, {}, Rounding::half_even, &out), IntFault::none);
  EXPECT_EQ(out, 2);
  EXPECT_EQ(scale_to_int({-35, -1}, {}, Rounding::half_even, &out), IntFault::none);
  EXPECT_EQ(out, -4);
  EXPECT_EQ(scale_to_int({1, 30}, {}, Rounding::exact, &out), IntFault::overflow);
  EXPECT_EQ(scale_to_real({3, 0}, factor("亩", "m2")), 2000.0);
  EXPECT_EQ(scale_to_real({1, -1}, {}), 0.1);
  EXPECT_EQ(unit_factor(*find_unit("亩"), *find_unit("fen")), std::nullopt);
}

std::string date(const char* format, std::string_view text) {
  auto f = DateFormat::compile(format);
  if (!f) return "no format";
  Date d;
  switch (f->parse(text, &d)) {
    case DateFormat::Match::yes:
      return d.to_string();
    case DateFormat::Match::no_day:
      return "no day";
    case DateFormat::Match::no:
      return "no";
  }
  return "";
}

TEST(DateFormatTest, Forms) {
  EXPECT_EQ(date("YYYY年M月", "2022年11月"), "2022-11-01");
  EXPECT_EQ(date("YYYY.M.D", "2022.11.3"), "2022-11-03");
  EXPECT_EQ(date("D/M/YY", "3/11/22"), "2022-11-03");
  EXPECT_EQ(date("D-MMM-YY", "3-Sept-51"), "1951-09-03");
  EXPECT_EQ(date("YYYY", "1950"), "1950-01-01");
  EXPECT_EQ(date("YYYY-MM-DD", "2023-02-30"), "no day");
  EXPECT_EQ(date("YYYY-MM-DD", "2023-2-3"), "no");
  EXPECT_EQ(date("M-D", "1-2"), "no format");
  EXPECT_EQ(date("YYYY-YY", "1-2"), "no format");
}

// The 1900 system has a 29 February 1900 that never was (ECMA-376, part 1, 18.17.4.1).
TEST(DateFormatTest, SpreadsheetSerials) {
  EXPECT_EQ(date("excel", "1"), "1900-01-01");
  EXPECT_EQ(date("excel", "59"), "1900-02-28");
  EXPECT_EQ(date("excel", "60"), "no day");
  EXPECT_EQ(date("excel", "61"), "1900-03-01");
  EXPECT_EQ(date("excel", "44868.5"), "2022-11-03");
  EXPECT_EQ(date("excel1904", "0"), "1904-01-01");
  EXPECT_EQ(date("excel", "-1"), "no day");
}

TEST(MappingTest, ErrorsNameFileLineAndKey) {
  auto error = [](std::string_view text) {
    auto m = parse_mapping(text, "投资.mapping.toml");
    EXPECT_FALSE(m.has_value()) << text;
    return m ? Error("none") : m.error();
  };
  Error e = error("table = \"projects\"\n[columns.id]\nfrom = \"编号\"\nunits = \"亩\"\n");
  EXPECT_EQ(e.code(), "intake.mapping.key");
  EXPECT_EQ(e.place().file, "投资.mapping.toml");
  EXPECT_EQ(e.place().line, 4U);
  EXPECT_EQ(e.message_en(), "there is no key columns.id.units");
  EXPECT_THAT(e.remedy_zh(), HasSubstr("constant"));
  e = error("[columns.id]\nfrom = \"a\"\nunit = \"斗\"\n");
  EXPECT_EQ(e.message_zh(), "不认识单位“斗”");
  EXPECT_EQ(e.place().line, 3U);
  e = error("[columns.id]\nfrom = \"a\"\nconstant = 1\n");
  EXPECT_EQ(e.code(), "intake.mapping.from");
  e = error("[source]\nencoding = \"latin-9\"\n");
  EXPECT_THAT(e.message_en(), HasSubstr("source.encoding should be: utf-8"));
  e = error("[columns]\nid = \n");
  EXPECT_EQ(e.code(), "intake.mapping.syntax");
  EXPECT_EQ(e.place().line, 2U);
  e = error("[columns.d]\nfrom = \"a\"\ndates = [\"DD/MM\"]\n");
  EXPECT_THAT(e.message_en(), HasSubstr("a date format of YYYY, M, D"));
}

TEST(Gcj02Test, TheInverseIsExactToABillionthOfADegree) {
  const uint64_t seed = 2006;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  Random random(seed);
  for (int i = 0; i < 20000; ++i) {
    LonLat p{73.5 + random.unit() * 61, 4 + random.unit() * 49};
    LonLat back = gcj02_to_wgs84(wgs84_to_gcj02(p));
    ASSERT_LT(std::fabs(back.lon_deg - p.lon_deg), 1e-9);
    ASSERT_LT(std::fabs(back.lat_deg - p.lat_deg), 1e-9);
  }
  LonLat beijing = wgs84_to_gcj02({116.404, 39.915});  // a published pair of the transform
  EXPECT_NEAR(beijing.lon_deg, 116.41024449916938, 1e-9);
  EXPECT_NEAR(beijing.lat_deg, 39.91640428150164, 1e-9);
  LonLat boston = wgs84_to_gcj02({-71.06, 42.36});
  EXPECT_EQ(boston.lon_deg, -71.06);
}

TEST(CrsTest, NamesAndGuesses) {
  for (const char* same : {"", "wgs84", "CGCS2000", "EPSG:4490", "urn:ogc:def:crs:OGC:1.3:CRS84",
                           "urn:ogc:def:crs:EPSG::4326"}) {
    auto crs = CrsTransform::make(same);
    ASSERT_TRUE(crs.has_value()) << same;
    EXPECT_TRUE((*crs)->identity()) << same;
  }
  EXPECT_EQ((*CrsTransform::make("gcj02"))->name(), "GCJ-02");
  auto unknown = CrsTransform::make("EPSG:999999");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().code(), "intake.crs.unknown");
  EXPECT_EQ(guess_crs(116.3, 39.9), std::nullopt);
  EXPECT_EQ(guess_crs(39500000, 4000000)->crs, "EPSG:4527");  // zone 39
  EXPECT_EQ(guess_crs(20500000, 4000000)->crs, "EPSG:4498");  // 6-degree zone 20
  EXPECT_EQ(guess_crs(761210, 2957494)->crs, "EPSG:2249");
  EXPECT_EQ(guess_crs(13000000, 4800000)->crs, "EPSG:3857");
  EXPECT_THAT(guess_crs(39.9, 116.3)->en, HasSubstr("latitude before longitude"));
}

TEST(CrsTest, GaussKruegerComesToDegrees) {
  auto crs = CrsTransform::make("EPSG:4527");  // CGCS2000 / 3-degree zone 39: 117 E
  ASSERT_TRUE(crs.has_value());
  double x = 39500000;
  double y = 3796000;
  ASSERT_TRUE((*crs)->apply(&x, &y));
  EXPECT_NEAR(x, 117.0, 1e-9);
  EXPECT_NEAR(y, 34.3, 0.02);
  x = 0;
  y = 0;
  EXPECT_FALSE((*crs)->apply(&x, &y));
}

TEST(GeometryTest, PromotedOrientedMeasuredAndRepaired) {
  GeometryReader reader;
  auto crs = std::move(CrsTransform::make("").value());
  std::string wkb;
  GeometryNotes notes;
  ASSERT_TRUE(reader.read("POLYGON Z((117 34 1, 117 34.01 1, 117.01 34.01 1, 117 34 1))", true,
                          {"multipolygon", false}, crs.get(), &wkb, &notes));
  EXPECT_TRUE(notes.flattened);
  EXPECT_EQ(reader.to_wkt(wkb).value(),
            "MULTIPOLYGON (((117 34, 117.01 34.01, 117 34.01, 117 34)))");
  EXPECT_NEAR(geodesic_area_m2(wkb), 0.5 * 1109 * 923, 2000);
  ASSERT_TRUE(reader.read("POLYGON((0 0, 2 2, 2 0, 0 2, 0 0))", true, {"multipolygon", true},
                          crs.get(), &wkb, &notes));
  EXPECT_THAT(notes.repaired, HasSubstr("Self-intersection (1.0000000, 1.0000000)"));
  auto empty = reader.read("POLYGON EMPTY", true, {"", false}, crs.get(), &wkb, &notes);
  EXPECT_EQ(empty.error().code(), "intake.geometry.empty");
  auto swapped = reader.read("POINT(39.9 116.3)", true, {"", false}, crs.get(), &wkb, &notes);
  EXPECT_THAT(swapped.error().remedy_en(), HasSubstr("swap them"));
}

TEST(KeyCheckTest, RunsOnDiskFindTheSameAsMemory) {
  Random random(7);
  KeyCheck memory(Files::posix());
  KeyCheck disk(Files::posix(), 100);
  for (uint64_t i = 0; i < 1000; ++i) {
    uint64_t hash = random.below(5000);
    ASSERT_TRUE(memory.add(hash, i));
    ASSERT_TRUE(disk.add(hash, i));
  }
  auto expected = memory.candidates().value();
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(disk.candidates().value(), expected);
}

}  // namespace
}  // namespace yipan::intake
