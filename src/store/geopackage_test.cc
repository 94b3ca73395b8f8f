// The SQLite file is a GeoPackage that other programs open.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "store/store_test_util.h"
#include "support/postgres.h"

namespace yipan::store {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string output_of(const std::string& command) {
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {};
  std::string output;
  char block[4096];
  while (std::fgets(block, sizeof block, pipe) != nullptr) output += block;
  pclose(pipe);
  return output;
}

class GeoPackageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = database_.open();
    ASSERT_OK(opened);
    db_ = std::move(*opened);
    table_ = all_types_table("things");
    ASSERT_OK(db_->create_table(table_));
  }
  void write(int from_row_count) {
    auto writer = db_->bulk("things", table_.columns);
    ASSERT_OK(writer);
    ASSERT_OK((*writer)->append(all_types_batch(from_row_count)));
    ASSERT_OK((*writer)->finish());
  }
  std::string path() const { return database_.options().url.substr(7); }

  test::ScratchDatabase database_{Dialect::sqlite};
  std::unique_ptr<Connection> db_;
  TableSpec table_;
};

TEST_F(GeoPackageTest, HasTheHeadersAndTablesOfTheSpecification) {
  EXPECT_EQ(*db_->query_int("SELECT application_id FROM pragma_application_id"), 0x47504B47);
  EXPECT_EQ(*db_->query_int("SELECT user_version FROM pragma_user_version"), 10300);
  EXPECT_EQ(*db_->query_int("SELECT count(*) FROM gpkg_spatial_ref_sys WHERE srs_id IN "
                            "(-1, 0, 4326, 4490, 3857)"),
            5);
  EXPECT_EQ(*db_->query_text("SELECT data_type FROM gpkg_contents WHERE table_name = 'things'"),
            "features");
  EXPECT_EQ(*db_->query_text("SELECT geometry_type_name FROM gpkg_geometry_columns"), "POINT");
  // A second table of the same title, without geometry; one that is not listed.
  TableSpec plain = table_;
  plain.name = "plain";
  plain.columns.pop_back();
  ASSERT_OK(db_->create_table(plain));
  EXPECT_EQ(*db_->query_text("SELECT data_type FROM gpkg_contents WHERE table_name = 'plain'"),
            "attributes");
  EXPECT_EQ(*db_->query_text("SELECT identifier FROM gpkg_contents WHERE table_name = 'plain'"),
            "各种类型 (plain)");
  plain.name = "hidden";
  plain.listed = false;
  ASSERT_OK(db_->create_table(plain));
  EXPECT_EQ(*db_->query_int("SELECT count(*) FROM gpkg_contents WHERE table_name = 'hidden'"), 0);
  ASSERT_OK(db_->drop_table("plain"));
  ASSERT_OK(db_->drop_table("things"));
  EXPECT_EQ(*db_->query_int("SELECT count(*) FROM gpkg_contents"), 0);
  EXPECT_EQ(*db_->query_int("SELECT count(*) FROM gpkg_geometry_columns"), 0);
}

TEST_F(GeoPackageTest, TheRtreeFollowsEveryChange) {
  const auto in_tree = [&] { return **db_->query_int("SELECT count(*) FROM rtree_things_geom"); };
  const auto with_shape = [&] {
    return **db_->query_int("SELECT count(*) FROM things WHERE geom IS NOT NULL");
  };
  write(300);
  ASSERT_OK(db_->create_indexes(table_));
  EXPECT_EQ(in_tree(), with_shape());
  ASSERT_OK(db_->execute("DELETE FROM things WHERE n < 50"));
  EXPECT_EQ(in_tree(), with_shape());
  ASSERT_OK(db_->execute("UPDATE things SET geom = NULL WHERE n < 100"));
  EXPECT_EQ(in_tree(), with_shape());
  ASSERT_OK(db_->execute("UPDATE things SET geom = $1 WHERE n < 100",
                         {Value(Geometry{wkb_point(7, 8)})}));
  EXPECT_EQ(in_tree(), with_shape());
  ASSERT_OK(db_->execute("DELETE FROM things WHERE n = 299 OR n < 50"));
  ASSERT_OK(db_->execute("UPDATE things SET id = id || '改'"));
  write(50);
  EXPECT_EQ(in_tree(), with_shape());
  EXPECT_EQ(*db_->query_int("SELECT count(*) FROM rtree_things_geom WHERE minx <= 7 AND maxx >= 7 "
                            "AND miny <= 8 AND maxy >= 8"),
            50);
  ASSERT_OK(db_->refresh_statistics({"things"}));
  EXPECT_EQ(*db_->query_int("SELECT CAST(min_y AS BIGINT) FROM gpkg_contents"), -298);
  ASSERT_OK(db_->drop_table("things"));
  EXPECT_FALSE(*db_->has_table("rtree_things_geom"));
}

TEST_F(GeoPackageTest, AnIntegerKeyIsTheFileKeyToo) {
  TableSpec table;
  table.name = "numbered";
  table.columns = {{"no", Type::integer, true, ""}, {"fid", Type::text, false, ""}};
  table.primary_key = {"no"};
  ASSERT_OK(db_->create_table(table));
  ASSERT_OK(db_->execute("INSERT INTO numbered (no, fid) VALUES (7, 'x')"));
  EXPECT_EQ(*db_->query_int("SELECT rowid FROM numbered"), 7);
  table.name = "named";
  table.primary_key = {"fid"};
  ASSERT_OK(db_->create_table(table));
  ASSERT_OK(db_->execute("INSERT INTO named (no, fid) VALUES (7, 'x')"));
  EXPECT_EQ(*db_->query_int("SELECT fid_ FROM named"), 1);
}

TEST_F(GeoPackageTest, OgrinfoOpensItWithoutWarnings) {
  if (output_of("ogrinfo --version").find("GDAL") == std::string::npos) {
    GTEST_SKIP() << "ogrinfo (gdal-bin) is not installed";
  }
  write(300);
  ASSERT_OK(db_->create_indexes(table_));
  ASSERT_OK(db_->refresh_statistics({"things"}));
  TableSpec plain = table_;
  plain.name = "plain";
  plain.columns.pop_back();
  ASSERT_OK(db_->create_table(plain));
  db_.reset();
  const std::string list = output_of("ogrinfo -ro '" + path() + "'");
  EXPECT_THAT(list, HasSubstr("things"));
  EXPECT_THAT(list, HasSubstr("plain"));
  const std::string all = output_of("ogrinfo -ro -al '" + path() + "' things");
  EXPECT_THAT(all, Not(HasSubstr("Warning")));
  EXPECT_THAT(all, Not(HasSubstr("ERROR")));
  EXPECT_THAT(all, HasSubstr("Feature Count: 300"));
  EXPECT_THAT(all, HasSubstr("Geometry: Point"));
  EXPECT_THAT(all, HasSubstr("FID Column = fid"));
  EXPECT_THAT(all, HasSubstr("flag: Integer(Boolean)"));
  EXPECT_THAT(all, HasSubstr("d: Date"));
  EXPECT_THAT(all, HasSubstr("4490"));
  EXPECT_THAT(all, HasSubstr("Extent: (0.000000, -298.000000) - (298.000000, 30.000000)"));
  const std::string box =
      output_of("ogrinfo -ro -al -so -spat 9.5 -20 12.5 -1 '" + path() + "' things");
  EXPECT_THAT(box, HasSubstr("Feature Count: 2"));
}

TEST_F(GeoPackageTest, ForeignFilesAreReadAsTheyAre) {
  const std::string other = path() + ".other.gpkg";
  const std::string made =
      output_of("echo 'id,at,n\n1,2022-11-30T08:30:00Z,3' > '" + path() +
                ".csv' && ogr2ogr -f GPKG '" + other + "' '" + path() +
                ".csv' -oo AUTODETECT_TYPE=YES -dialect SQLite -sql "
                "\"SELECT *, MakePoint(1, 2) AS geom FROM 'test.gpkg'\" -nln t -a_srs EPSG:4326");
  auto db = open({.url = "sqlite:" + other, .read_only = true});
  if (!db) GTEST_SKIP() << "ogr2ogr made no file: " << made;
  const Batch all = read_all(db->get(), "SELECT n, at, geom FROM t");
  ASSERT_EQ(all.rows(), 1U);
  EXPECT_EQ(all.columns[0].int_at(0), 3);
  EXPECT_EQ(all.columns[1].type(), Type::instant);
  EXPECT_EQ(Instant::from_micros(all.columns[1].int_at(0)).to_string(), "2022-11-30T08:30:00Z");
  EXPECT_EQ(hex(all.columns[2].bytes_at(0)), hex(wkb_point(1, 2)));
}

}  // namespace
}  // namespace yipan::store
