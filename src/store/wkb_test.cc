#include "store/wkb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "store/geopackage_blob.h"
#include "store/store_test_util.h"
#include "yipan/clock.h"

namespace yipan::store {
namespace {

using ::testing::HasSubstr;

// Builds WKB in either byte order and either form.
class Maker {
 public:
  Maker(bool big_endian, bool extended, int32_t srid = 0)
      : big_endian_(big_endian), extended_(extended), srid_(srid) {}

  Maker& head(uint32_t type, bool z = false, bool m = false) {
    bytes_.push_back(big_endian_ ? '\0' : '\1');
    const bool with_srid = extended_ && srid_ != 0 && bytes_.size() == 1;
    if (extended_) {
      type |= (z ? 0x80000000U : 0) | (m ? 0x40000000U : 0) | (with_srid ? 0x20000000U : 0);
    } else {
      type += (z ? 1000 : 0) + (m ? 2000 : 0);
    }
    u32(type);
    if (with_srid) u32(static_cast<uint32_t>(srid_));
    return *this;
  }
  Maker& u32(uint32_t value) {
    if (big_endian_) value = __builtin_bswap32(value);
    bytes_.append(reinterpret_cast<const char*>(&value), 4);
    return *this;
  }
  Maker& numbers(std::initializer_list<double> values) {
    for (const double value : values) {
      uint64_t bits = std::bit_cast<uint64_t>(value);
      if (big_endian_) bits = __builtin_bswap64(bits);
      bytes_.append(reinterpret_cast<const char*>(&bits), 8);
    }
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  bool big_endian_;
  bool extended_;
  int32_t srid_;
  std::string bytes_;
};

// One geometry of each type, collections nested.
std::vector<std::string> samples(bool big_endian, bool extended) {
  const auto make = [&] { return Maker(big_endian, extended, 4490); };
  const double nan = std::nan("");
  return {
      make().head(1).numbers({1, 2}).bytes(),
      make().head(1).numbers({nan, nan}).bytes(),
      make().head(1, true).numbers({1, 2, 3}).bytes(),
      make().head(1, true, true).numbers({1, 2, 3, 4}).bytes(),
      make().head(2).u32(0).bytes(),
      make().head(2).u32(2).numbers({0, 0, 5, -5}).bytes(),
      make().head(3).u32(1).u32(4).numbers({0, 0, 1, 0, 1, 1, 0, 0}).bytes(),
      make().head(4).u32(2).head(1).numbers({1, 1}).head(1).numbers({-3, 9}).bytes(),
      make().head(5).u32(1).head(2).u32(2).numbers({0, 0, 5, 5}).bytes(),
      make().head(6).u32(1).head(3).u32(1).u32(4).numbers({0, 0, 1, 0, 1, 1, 0, 0}).bytes(),
      make().head(7).u32(2).head(1).numbers({7, 7}).head(7).u32(1).head(2).u32(0).bytes(),
      make().head(8).u32(3).numbers({0, 0, 1, 1, 2, 0}).bytes(),
      make().head(9).u32(1).head(8).u32(3).numbers({0, 0, 1, 1, 2, 0}).bytes(),
      make().head(10).u32(1).head(8).u32(3).numbers({0, 0, 1, 1, 0, 0}).bytes(),
      make().head(11).u32(1).head(9).u32(0).bytes(),
      make().head(12).u32(1).head(10).u32(0).bytes(),
  };
}

TEST(WkbTest, EveryFormBecomesLittleEndianIso) {
  const auto plain = samples(false, false);
  for (const bool big_endian : {false, true}) {
    for (const bool extended : {false, true}) {
      const auto made = samples(big_endian, extended);
      for (size_t i = 0; i < made.size(); ++i) {
        SCOPED_TRACE(i);
        std::string out = "x";
        const auto info = append_iso_wkb(made[i], &out);
        ASSERT_OK(info);
        EXPECT_EQ(hex(out.substr(1)), hex(plain[i]));
        EXPECT_EQ(info->srid, extended ? 4490 : 0);
      }
    }
  }
}

TEST(WkbTest, BlobsCarryTheEnvelope) {
  for (const std::string& wkb : samples(false, false)) {
    const auto blob = wkb_to_geopackage(wkb, 4490);
    ASSERT_OK(blob);
    const auto header = read_geopackage_header(*blob);
    ASSERT_OK(header);
    EXPECT_EQ(header->srid, 4490);
    const auto info = inspect_wkb(wkb);
    EXPECT_EQ(header->is_empty, info->is_empty);
    EXPECT_EQ(header->has_envelope, !info->is_empty);
    EXPECT_EQ(std::memcmp(&header->envelope, &info->envelope, sizeof(Envelope)), 0);
    EXPECT_EQ(hex(*geopackage_to_wkb(*blob)), hex(wkb));
  }
  const auto points =
      Maker(false, false).head(4).u32(2).head(1).numbers({1, 1}).head(1).numbers({-3, 9});
  const Envelope e = inspect_wkb(points.bytes())->envelope;
  EXPECT_EQ(e.min_x, -3);
  EXPECT_EQ(e.max_x, 1);
  EXPECT_EQ(e.min_y, 1);
  EXPECT_EQ(e.max_y, 9);
}

TEST(WkbTest, EveryTruncationIsRefusedWithItsPlace) {
  for (const std::string& wkb : samples(false, false)) {
    for (size_t size = 0; size < wkb.size(); ++size) {
      const auto info = inspect_wkb(std::string_view(wkb).substr(0, size));
      ASSERT_FALSE(info) << size;
      EXPECT_EQ(info.error().code(), "store.geometry.invalid");
      EXPECT_LE(*info.error().place().byte_offset, size);
    }
    const auto info = inspect_wkb(wkb + "z");
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error().place().byte_offset, wkb.size());
    EXPECT_THAT(info.error().message_en(), HasSubstr("left over"));
  }
}

TEST(WkbTest, SaysWhatIsWrong) {
  const auto message = [](const Maker& maker) {
    const auto info = inspect_wkb(maker.bytes());
    EXPECT_FALSE(info);
    return info ? std::string() : info.error().message_en();
  };
  const auto make = [] { return Maker(false, false); };
  EXPECT_THAT(message(make().head(13).u32(0)), HasSubstr("unknown type 13"));
  EXPECT_THAT(message(make().head(2).u32(1).numbers({0, 0})), HasSubstr("wrong number of points"));
  EXPECT_THAT(message(make().head(3).u32(1).u32(4).numbers({0, 0, 1, 0, 1, 1, 0, 9})),
              HasSubstr("not closed"));
  EXPECT_THAT(message(make().head(3).u32(1).u32(3).numbers({0, 0, 1, 0, 0, 0})),
              HasSubstr("under four points"));
  EXPECT_THAT(message(make().head(4).u32(1).head(2).u32(0)), HasSubstr("no LINESTRING may stand"));
  EXPECT_THAT(message(make().head(7).u32(1).head(1, true).numbers({1, 2, 3})),
              HasSubstr("differ in dimension"));
  EXPECT_THAT(message(make().head(1).numbers({INFINITY, 2})), HasSubstr("not a finite number"));
  EXPECT_THAT(message(make().head(2).u32(0xFFFFFFFF)), HasSubstr("cut off"));
  Maker deep = make();
  for (int i = 0; i < 40; ++i) deep.head(7).u32(1);
  deep.head(1).numbers({1, 2});
  EXPECT_THAT(message(deep), HasSubstr("deeper than 32 levels"));
  EXPECT_EQ(inspect_wkb(make().head(1).numbers({1, NAN}).bytes()).error().place().byte_offset, 5U);
}

TEST(WkbTest, ForeignBlobsAreRead) {
  // Big-endian header, envelope of x, y and z.
  std::string blob("GP\0\4\0\0\x11\x8a", 8);
  blob += Maker(true, false).numbers({1, 1, 2, 2, 3, 3}).bytes();
  blob += Maker(true, false).head(1, true).numbers({1, 2, 3}).bytes();
  const auto header = read_geopackage_header(blob);
  ASSERT_OK(header);
  EXPECT_EQ(header->srid, 4490);
  EXPECT_EQ(header->envelope.max_y, 2);
  EXPECT_EQ(header->size, 56U);
  for (const std::string& bad :
       {std::string("GP"), std::string("XX\0\1\0\0\0\0", 8), std::string("GP\1\1\0\0\0\0", 8),
        std::string("GP\0\x0b\0\0\0\0", 8), std::string("GP\0\x21\0\0\0\0", 8),
        std::string("GP\0\3\0\0\0\0short", 13), std::string("GP\0\1\0\0\0\0", 8)}) {
    const auto refused = geopackage_to_wkb(bad);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), "store.geometry.blob");
    EXPECT_THAT(refused.error().message_zh(), HasSubstr("GeoPackage"));
  }
}

TEST(WkbTest, DamagedBytesNeverPassAsSomethingElse) {
  constexpr uint64_t kSeed = 42;
  Random random(kSeed);
  for (const std::string& wkb : samples(false, false)) {
    for (int i = 0; i < 500; ++i) {
      std::string damaged = wkb;
      damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
      std::string once;
      if (!append_iso_wkb(damaged, &once)) continue;
      std::string twice;
      ASSERT_OK(append_iso_wkb(once, &twice));
      ASSERT_EQ(hex(once), hex(twice)) << "seed " << kSeed;
    }
  }
}

TEST(WkbTest, TypeNames) {
  for (uint32_t type = 1; type <= 12; ++type) {
    EXPECT_EQ(wkb_type_of_name(wkb_type_name(type)), type);
  }
  EXPECT_EQ(wkb_type_of_name("GEOMETRY"), 0U);
  EXPECT_EQ(wkb_type_of_name("SQUARE"), ~0U);
  EXPECT_EQ(wkb_type_name(13), "");
}

}  // namespace
}  // namespace yipan::store
