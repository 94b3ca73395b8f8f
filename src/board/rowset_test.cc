#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "board/row_hash.h"
#include "board/rowset_format.h"
#include "board/test_support.h"
#include "board/value_check.h"
#include "yipan/clock.h"
#include "yipan/text.h"

namespace yipan::board {
namespace {

const std::vector<Type> kTypes = {Type::boolean, Type::integer, Type::real,     Type::text,
                                  Type::date,    Type::instant, Type::geometry, Type::bytes};

RowsetHeader header_of_all_types() {
  RowsetHeader header;
  header.table = "things";
  header.types = kTypes;
  for (const Type type : kTypes) header.fields.push_back("f_" + std::string(to_string(type)));
  return header;
}

std::string point(double x, double y) {
  std::string out("\x01\x01\0\0\0", 5);
  out.append(reinterpret_cast<const char*>(&x), 8);
  out.append(reinterpret_cast<const char*>(&y), 8);
  return out;
}

int64_t random_int(Random* random) {
  switch (random->below(4)) {
    case 0:
      return 7;
    case 1:
      return random->between(-100, 100);
    case 2:
      return random->between(-1'000'000'000, 1'000'000'000);
    default:
      return static_cast<int64_t>(random->next());
  }
}

void append_random(Random* random, Column* column) {
  if (random->chance(0.2)) return column->append_null();
  switch (column->type()) {
    case Type::boolean:
      return column->append_int(static_cast<int64_t>(random->below(2)));
    case Type::integer:
      return column->append_int(random_int(random));
    case Type::real:
      return column->append_real(random->normal(0, 1e6));
    case Type::date:
      return column->append_int(random->between(kDayMin, kDayMax));
    case Type::instant:
      return column->append_int(random->between(kDayMin * kMicrosPerDay, kDayMax * kMicrosPerDay));
    case Type::text: {
      std::string text;
      while (random->chance(0.7)) text += random->chance(0.5) ? "盘" : "a";
      return column->append_bytes(text);
    }
    case Type::geometry:
      return column->append_bytes(point(random->normal(117, 1), random->normal(34, 1)));
    case Type::bytes:
      return column->append_bytes(std::string(random->below(5), '\xFF'));
  }
}

void append_random_rows(Random* random, size_t rows, Batch* batch, std::vector<uint64_t>* source) {
  for (size_t i = 0; i < rows; ++i) {
    for (Column& column : batch->columns) append_random(random, &column);
    source->push_back(source->empty() ? 2 : source->back() + 1 + random->below(3));
  }
}

bool same_value(const Column& a, size_t i, const Column& b, size_t k) {
  if (a.is_null(i) || b.is_null(k)) return a.is_null(i) == b.is_null(k);
  if (is_varlen(a.type())) return a.bytes_at(i) == b.bytes_at(k);
  if (a.type() == Type::real) return a.real_at(i) == b.real_at(k);
  return a.int_at(i) == b.int_at(k);
}

std::string write_rowset(const RowsetHeader& header, const Batch& batch,
                         const std::vector<uint64_t>& source, size_t step) {
  std::string bytes;
  MemoryBlob blob(&bytes);
  RowsetWriter writer(&blob, header);
  for (size_t from = 0; from < source.size(); from += step) {
    Batch part(header.types);
    std::vector<uint64_t> rows;
    for (size_t i = from; i < std::min(source.size(), from + step); ++i) {
      for (size_t c = 0; c < part.columns.size(); ++c) {
        part.columns[c].append_from(batch.columns[c], i);
      }
      rows.push_back(source[i]);
    }
    EXPECT_TRUE(writer.append(part, rows).has_value());
  }
  EXPECT_EQ(writer.finish().value(), source.size());
  return bytes;
}

// All of it, or the error.
Result<std::pair<Batch, std::vector<uint64_t>>> read_rowset(const std::string& bytes) {
  YIPAN_ASSIGN(const auto reader, RowsetReader::open(std::make_unique<MemoryFile>(bytes)));
  Batch all(reader->header().types);
  std::vector<uint64_t> source;
  Batch batch;
  std::vector<uint64_t> rows;
  while (true) {
    YIPAN_ASSIGN(const bool more, reader->next(&batch, &rows));
    if (!more) return std::pair(std::move(all), std::move(source));
    for (size_t i = 0; i < rows.size(); ++i) {
      for (size_t c = 0; c < all.columns.size(); ++c) {
        all.columns[c].append_from(batch.columns[c], i);
      }
    }
    source.insert(source.end(), rows.begin(), rows.end());
  }
}

TEST(RowsetTest, WhatIsWrittenIsReadWhateverTheCallersBatches) {
  const uint64_t seed = 20261123;
  SCOPED_TRACE(seed);
  Random random(seed);
  const RowsetHeader header = header_of_all_types();
  for (const size_t rows : {0, 1, 63, 64, 65, 4095, 4096, 4097, 9000}) {
    Batch batch(kTypes);
    std::vector<uint64_t> source;
    append_random_rows(&random, rows, &batch, &source);
    const std::string bytes = write_rowset(header, batch, source, 9000);
    EXPECT_EQ(bytes, write_rowset(header, batch, source, 4096)) << rows;
    EXPECT_EQ(bytes, write_rowset(header, batch, source, 1000)) << rows;
    const auto read = read_rowset(bytes);
    ASSERT_TRUE(read.has_value()) << read.error().to_string_en();
    EXPECT_EQ(read->second, source);
    for (size_t c = 0; c < kTypes.size(); ++c) {
      for (size_t i = 0; i < rows; ++i) {
        ASSERT_TRUE(same_value(batch.columns[c], i, read->first.columns[c], i))
            << "column " << c << ", row " << i;
      }
    }
  }
}

TEST(RowsetTest, EveryFlippedByteIsFound) {
  Random random(7);
  Batch batch(kTypes);
  std::vector<uint64_t> source;
  append_random_rows(&random, 20, &batch, &source);
  const std::string bytes = write_rowset(header_of_all_types(), batch, source, 20);
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << random.below(8)));
    ASSERT_FALSE(read_rowset(damaged).has_value()) << at;
  }
  for (size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(read_rowset(bytes.substr(0, size)).has_value()) << size;
  }
  const auto error = read_rowset(bytes + "x").error();
  EXPECT_EQ(error.code(), "board.rowset.corrupt");
  EXPECT_EQ(error.message_en(), "the rowset is corrupt: bytes after the end");
  EXPECT_EQ(error.message_zh(), "行集损坏：bytes after the end");
}

struct BadCase {
  Type type;
  std::string bytes;
  double real;
  int64_t number;
  std::string why;
};

TEST(RowsetTest, ValuesThatNoDatabaseHoldsAreRefusedWithRowAndColumn) {
  const std::vector<BadCase> cases = {
      {Type::text, "a\xE7\x9B", 0, 0, "it is not UTF-8 text"},
      {Type::text, std::string("a\0b", 3), 0, 0, "the text holds a zero byte"},
      {Type::real, "", std::nan(""), 0, "it is not a finite number"},
      {Type::real, "", std::numeric_limits<double>::infinity(), 0, "it is not a finite number"},
      {Type::date, "", 0, kDayMax + 1, "the date is outside the years 1 to 9999"},
      {Type::boolean, "", 0, 2, "it is not true or false"},
      {Type::geometry, "nonsense", 0, 0, "not little-endian"},
      {Type::geometry, point(1, NAN), 0, 0, "a coordinate is not finite"},
      {Type::geometry, point(1, 2) + "x", 0, 0, "bytes after its end"}};
  for (const BadCase& bad : cases) {
    RowsetHeader header{"t", {"good", "bad"}, {Type::integer, bad.type}};
    Batch batch(header.types);
    for (int i = 0; i < 2; ++i) batch.columns[0].append_int(i);
    batch.columns[1].append_null();
    if (is_varlen(bad.type)) {
      batch.columns[1].append_bytes(bad.bytes);
    } else if (bad.type == Type::real) {
      batch.columns[1].append_real(bad.real);
    } else {
      batch.columns[1].append_int(bad.number);
    }
    std::string bytes;
    MemoryBlob blob(&bytes);
    RowsetWriter writer(&blob, header);
    const auto done = writer.append(batch, {5, 9});
    ASSERT_FALSE(done.has_value()) << bad.why;
    EXPECT_EQ(done.error().code(), "board.rowset.value");
    EXPECT_EQ(done.error().message_en(), "no database can hold this value: " + bad.why);
    EXPECT_EQ(done.error().place().row, 9U);
    EXPECT_EQ(done.error().place().column, "bad");
    EXPECT_FALSE(done.error().remedy_zh().empty());
  }
}

TEST(RowsetTest, TextCutInsideACharacterIsNotTextThoughItsNeighbourCompletesIt) {
  Column column(Type::text);
  column.append_bytes("\xE7\x9B");
  column.append_bytes("\x98");
  const auto bad = find_bad_value(column);
  ASSERT_TRUE(bad.has_value());
  EXPECT_EQ(bad->row, 0U);
}

TEST(RowHashTest, IsSha256OfTheDocumentedForm) {
  Batch batch({Type::integer, Type::text, Type::real});
  batch.columns[0].append_int(-2);
  batch.columns[1].append_bytes("盘");
  batch.columns[2].append_real(1.5);
  const std::string form = unhex(
                               "00feffffffffffffff"
                               "0103000000e79b98"
                               "02000000000000f83f")
                               .value();
  EXPECT_EQ(row_hash(batch, 0), sha256(form));
}

TEST(RowHashTest, MinusZeroIsZeroAndNullFieldsAtTheEndDoNotCount) {
  Batch a({Type::real, Type::text});
  a.columns[0].append_real(-0.0);
  a.columns[1].append_null();
  Batch b({Type::real});
  b.columns[0].append_real(0.0);
  EXPECT_EQ(row_hash(a, 0), row_hash(b, 0));
  Batch c({Type::real, Type::text});
  c.columns[0].append_real(0.0);
  c.columns[1].append_bytes("");
  EXPECT_NE(row_hash(a, 0), row_hash(c, 0));  // "" is not null
}

TEST(RowHashTest, ValuesCannotMoveFromOneFieldToTheNext) {
  Batch a({Type::text, Type::text});
  a.columns[0].append_bytes("ab");
  a.columns[1].append_bytes("c");
  Batch b({Type::text, Type::text});
  b.columns[0].append_bytes("a");
  b.columns[1].append_bytes("bc");
  EXPECT_NE(row_hash(a, 0), row_hash(b, 0));
}

TEST(KeyTest, JoiningAndSplittingAreInverse) {
  for (const std::vector<std::string>& parts : std::vector<std::vector<std::string>>{
           {"a|b"}, {"a|b", "c\\d"}, {"", ""}, {"\\|", "|", "x"}}) {
    const auto split = split_key(join_key(parts), parts.size());
    ASSERT_TRUE(split.has_value());
    EXPECT_EQ(*split, parts);
  }
  EXPECT_EQ(join_key({"a|b", "2022"}), "a\\|b|2022");
  const auto wrong = split_key("a|b|c", 2);
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().message_en(), "the key 'a|b|c' has 3 parts, 2 are needed");
}

TEST(ValueTextTest, IsTheSameEverywhere) {
  Batch batch(kTypes);
  batch.columns[0].append_int(1);
  batch.columns[1].append_int(-12);
  batch.columns[2].append_real(0.1);
  batch.columns[3].append_bytes("一盘棋");
  batch.columns[4].append_int(19326);
  batch.columns[5].append_int(int64_t{19326} * kMicrosPerDay);
  batch.columns[6].append_bytes(point(117.25, 34.5));
  batch.columns[7].append_bytes("\x01\xFF");
  const std::vector<std::string> expected = {
      "true", "-12", "0.1", "一盘棋", "2022-11-30", "2022-11-30T00:00:00Z", "POINT (117.25 34.5)",
      "01ff"};
  for (size_t c = 0; c < kTypes.size(); ++c)
    EXPECT_EQ(value_text(batch.columns[c], 0), expected[c]);
}

}  // namespace
}  // namespace yipan::board
