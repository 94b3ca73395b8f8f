#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <numbers>

#include "yipan/analysis.h"

namespace yipan::analysis {
namespace {

void put(double value, std::string* out) {
  out->append(reinterpret_cast<const char*>(&value), sizeof value);
}
std::string point(double x, double y) {
  std::string out("\x01\x01\0\0\0", 5);
  put(x, &out);
  put(y, &out);
  return out;
}
std::string polygon(const std::vector<std::pair<double, double>>& ring) {
  std::string out("\x01\x03\0\0\0\x01\0\0\0", 9);
  const auto count = static_cast<uint32_t>(ring.size());
  out.append(reinterpret_cast<const char*>(&count), sizeof count);
  for (const auto& [x, y] : ring) {
    put(x, &out);
    put(y, &out);
  }
  return out;
}

TEST(InteriorPointsTest, LieInside) {
  Column shapes(Type::geometry);
  shapes.append_bytes(point(117.2, 34.3));
  shapes.append_null();
  // A horseshoe, whose centroid lies outside of it.
  shapes.append_bytes(
      polygon({{0, 0}, {10, 0}, {10, 10}, {8, 10}, {8, 2}, {2, 2}, {2, 10}, {0, 10}, {0, 0}}));
  shapes.append_bytes(std::string("\x01\x06\0\0\0\0\0\0\0", 9));  // an empty MULTIPOLYGON
  const auto places = interior_points(shapes);
  ASSERT_TRUE(places.has_value()) << places.error().to_string_en();
  EXPECT_EQ((*places)[0], (LonLat{117.2, 34.3}));
  EXPECT_FALSE((*places)[1].has_value());
  ASSERT_TRUE((*places)[2].has_value());
  const LonLat at = *(*places)[2];
  EXPECT_TRUE(at.lat < 2 || at.lon < 2 || at.lon > 8) << at.lon << " " << at.lat;
  EXPECT_TRUE(at.lon > 0 && at.lon < 10 && at.lat > 0 && at.lat < 10);
  EXPECT_FALSE((*places)[3].has_value());
}

TEST(InteriorPointsTest, WhatCannotBeReadIsNamed) {
  Column shapes(Type::geometry);
  shapes.append_bytes(point(1, 2));
  shapes.append_bytes("nonsense");
  const auto places = interior_points(shapes);
  ASSERT_FALSE(places.has_value());
  EXPECT_EQ(places.error().code(), "analysis.geometry.invalid");
  EXPECT_EQ(places.error().place().row, 2U);
  EXPECT_NE(places.error().message_zh().find("看不懂第 2 个图形"), std::string::npos);
  EXPECT_FALSE(places.error().remedy_zh().empty());
}

TEST(LocalPlaneTest, IsTrueNearItsOrigin) {
  const LocalPlane plane({117.2, 34.3});
  const PlanePoint origin = plane.project({117.2, 34.3});
  EXPECT_NEAR(origin.x_m, 0, 1e-6);
  EXPECT_NEAR(origin.y_m, 0, 1e-6);
  // Lengths of a degree at 34.3 N on GRS80: series of Snyder, Map Projections, 1987, p. 25.
  const double lat = 34.3 * std::numbers::pi / 180;
  const double east_m = 111412.84 * std::cos(lat) - 93.5 * std::cos(3 * lat);
  const double north_m = 111132.95 - 559.85 * std::cos(2 * lat) + 1.17 * std::cos(4 * lat);
  EXPECT_NEAR(plane.project({117.21, 34.3}).x_m, east_m / 100, 0.05);
  EXPECT_NEAR(plane.project({117.2, 34.31}).y_m, north_m / 100, 0.05);
}

TEST(LocalPlaneTest, IsTrueToAThousandthOver100Km) {
  const LocalPlane plane({117.2, 34.3});
  // Half a degree each way: 46 km and 55 km. Distances between two far points, by both ways of
  // reckoning: in the plane, and as a chord on the ellipsoid around a third origin.
  const LonLat a{116.7, 33.8};
  const LonLat b{117.7, 34.8};
  const PlanePoint pa = plane.project(a);
  const PlanePoint pb = plane.project(b);
  const double flat_m = std::hypot(pa.x_m - pb.x_m, pa.y_m - pb.y_m);
  const PlanePoint near = LocalPlane(a).project(b);
  const double other_m = std::hypot(near.x_m, near.y_m);
  EXPECT_NEAR(flat_m / other_m, 1.0, 0.001);
  EXPECT_GT(flat_m, 140'000);
}

TEST(MiddleTest, IsOfTheBox) {
  EXPECT_FALSE(middle_of({}).has_value());
  EXPECT_FALSE(middle_of({std::nullopt}).has_value());
  EXPECT_EQ(middle_of({LonLat{0, 1}, std::nullopt, LonLat{4, 3}, LonLat{1, 5}}), (LonLat{2, 3}));
}

std::string square(double west, double south, double side) {
  return polygon({{west, south},
                  {west + side, south},
                  {west + side, south + side},
                  {west, south + side},
                  {west, south}});
}

TEST(PlacesInTest, EdgesCountAndOverlapsGiveBoth) {
  Column shapes(Type::geometry);
  shapes.append_bytes(square(0, 0, 2));
  shapes.append_null();
  shapes.append_bytes(square(1, 1, 2));
  const auto held = places_in(
      shapes, {LonLat{0.5, 0.5}, std::nullopt, LonLat{1.5, 1.5}, LonLat{3, 3}, LonLat{3.1, 3}});
  ASSERT_TRUE(held.has_value()) << held.error().to_string_en();
  const std::vector<Held> expected = {{0, 0}, {2, 0}, {2, 2}, {3, 2}};
  EXPECT_EQ(*held, expected);
}

// The R-tree must find what a comparison with every polygon finds.
TEST(PlacesInTest, EqualsEveryPairOfAGrid) {
  Column shapes(Type::geometry);
  constexpr int kSide = 12;
  for (int i = 0; i < kSide * kSide; ++i) shapes.append_bytes(square(i % kSide, i / kSide, 1.5));
  std::vector<std::optional<LonLat>> places;
  for (int i = 0; i < 400; ++i) places.push_back(LonLat{(i % 20) * 0.71, (i / 20) * 0.63});
  const auto held = places_in(shapes, places);
  ASSERT_TRUE(held.has_value());
  std::vector<Held> expected;
  for (size_t p = 0; p < places.size(); ++p) {
    for (size_t s = 0; s < shapes.size(); ++s) {
      const double west = static_cast<double>(s % kSide);
      const double south = static_cast<double>(s / kSide);
      const bool in = places[p]->lon >= west && places[p]->lon <= west + 1.5 &&
                      places[p]->lat >= south && places[p]->lat <= south + 1.5;
      if (in) expected.push_back({p, s});
    }
  }
  EXPECT_EQ(*held, expected);
}

TEST(CoveredSharesTest, OverlappingCoversCountOnce) {
  Column shapes(Type::geometry);
  shapes.append_bytes(square(0, 0, 2));
  shapes.append_bytes(square(10, 10, 2));
  shapes.append_null();
  shapes.append_bytes(point(1, 1));
  Column covers(Type::geometry);
  covers.append_bytes(square(-1, -1, 2));
  covers.append_bytes(square(-1, -1, 2));
  covers.append_null();
  const auto shares = covered_shares(shapes, covers);
  ASSERT_TRUE(shares.has_value()) << shares.error().to_string_en();
  EXPECT_NEAR((*shares)[0].value_or(-1), 0.25, 1e-12);
  EXPECT_EQ((*shares)[1], std::optional<double>(0.0));
  EXPECT_FALSE((*shares)[2].has_value());
  EXPECT_FALSE((*shares)[3].has_value());
}

TEST(CoveredSharesTest, WithoutCoversNothingIsCovered) {
  Column shapes(Type::geometry);
  shapes.append_bytes(square(0, 0, 2));
  const auto shares = covered_shares(shapes, Column(Type::geometry));
  ASSERT_TRUE(shares.has_value()) << shares.error().to_string_en();
  EXPECT_EQ((*shares)[0], std::optional<double>(0.0));
}

TEST(OverlapsTest, SharesOfEachCover) {
  Column shapes(Type::geometry);
  shapes.append_bytes(square(0, 0, 2));      // a quarter in each of two covers
  shapes.append_null();
  shapes.append_bytes(square(-0.5, -0.5, 1));  // wholly in the first
  Column covers(Type::geometry);
  covers.append_bytes(square(-1, -1, 2));
  covers.append_null();
  covers.append_bytes(square(1, 1, 2));
  covers.append_bytes(square(1.9, 1.9, 2));  // a corner of 0.25 %
  const auto found = overlaps(shapes, covers, 0.01);
  ASSERT_TRUE(found.has_value()) << found.error().to_string_en();
  ASSERT_EQ(found->size(), 3U);
  EXPECT_EQ((*found)[0].cover, 0U);
  EXPECT_NEAR((*found)[0].share, 0.25, 1e-12);
  EXPECT_EQ((*found)[1].cover, 2U);
  EXPECT_NEAR((*found)[1].share, 0.25, 1e-12);
  EXPECT_EQ((*found)[2].polygon, 2U);
  EXPECT_EQ((*found)[2].share, 1.0);
}

}  // namespace
}  // namespace yipan::analysis
