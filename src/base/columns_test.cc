#include "yipan/columns.h"

#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "yipan/clock.h"

namespace yipan {
namespace {

const std::vector<Type> kAllTypes = {Type::boolean, Type::integer, Type::real,     Type::text,
                                     Type::date,    Type::instant, Type::geometry, Type::bytes};

void append_random(Random& random, Column* column) {
  if (random.chance(0.3)) return column->append_null();
  if (is_fixed_int(column->type())) return column->append_int(random.between(-5, 5));
  if (column->type() == Type::real) return column->append_real(random.unit());
  column->append_bytes(std::string(random.below(20), static_cast<char>(random.below(256))));
}

void expect_same_row(const Column& a, size_t i, const Column& b, size_t j) {
  ASSERT_EQ(a.is_null(i), b.is_null(j));
  if (is_fixed_int(a.type())) {
    EXPECT_EQ(a.int_at(i), b.int_at(j));
  } else if (a.type() == Type::real) {
    EXPECT_EQ(a.real_at(i), b.real_at(j));
  } else {
    EXPECT_EQ(a.bytes_at(i), b.bytes_at(j));
  }
}

TEST(Column, TypesHaveNames) {
  EXPECT_EQ(to_string(Type::boolean), "boolean");
  EXPECT_EQ(to_string(Type::bytes), "bytes");
  for (Type type : kAllTypes) {
    EXPECT_NE(to_string(type), "unknown");
    EXPECT_EQ(is_fixed_int(type) + is_varlen(type) + (type == Type::real), 1);
  }
}

TEST(Column, ANullHoldsZeroOrNothing) {
  for (Type type : kAllTypes) {
    Column column(type);
    column.append_null();
    ASSERT_EQ(column.size(), 1u);
    EXPECT_TRUE(column.is_null(0));
    EXPECT_EQ(column.null_count(), 1u);
    if (is_fixed_int(type)) {
      EXPECT_EQ(column.int_at(0), 0);
    } else if (type == Type::real) {
      EXPECT_EQ(column.real_at(0), 0.0);
    } else {
      EXPECT_EQ(column.bytes_at(0), "");
    }
  }
}

TEST(Column, AnEmptyTextIsNotANull) {
  Column column(Type::text);
  column.append_bytes("");
  column.append_null();
  column.append_bytes("安置房");
  EXPECT_FALSE(column.is_null(0));
  EXPECT_TRUE(column.is_null(1));
  EXPECT_EQ(column.bytes_at(2), "安置房");
  EXPECT_EQ(column.offsets(), (std::vector<uint32_t>{0, 0, 0, 9}));
}

TEST(Column, ValidityCrossesWordsOf64Rows) {
  Column column(Type::integer);
  for (int i = 0; i < 200; ++i) {
    if (i % 3 == 0) {
      column.append_null();
    } else {
      column.append_int(i);
    }
  }
  EXPECT_EQ(column.validity().size(), 4u);
  EXPECT_EQ(column.null_count(), 67u);
  for (size_t i = 0; i < 200; ++i) {
    EXPECT_EQ(column.is_null(i), i % 3 == 0) << i;
    EXPECT_EQ(column.int_at(i), i % 3 == 0 ? 0 : static_cast<int64_t>(i)) << i;
  }
}

TEST(Column, AppendFromTakesValuesAndNulls) {
  Random random(7);
  for (Type type : kAllTypes) {
    Column source(type);
    for (int i = 0; i < 300; ++i) append_random(random, &source);
    Column target(type);
    std::vector<size_t> rows;
    for (int i = 0; i < 300; ++i) rows.push_back(random.below(source.size()));
    for (size_t row : rows) target.append_from(source, row);
    size_t nulls = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      expect_same_row(target, i, source, rows[i]);
      nulls += target.is_null(i);
    }
    EXPECT_EQ(target.null_count(), nulls);
  }
}

TEST(ColumnDeathTest, AppendFromRefusesAnotherTypeAndRowsBeyondTheEnd) {
  Column text(Type::text);
  Column integer(Type::integer);
  integer.append_int(1);
  EXPECT_DEATH(text.append_from(integer, 0), "CHECK failed");
  EXPECT_DEATH(Column(Type::integer).append_from(integer, 1), "CHECK failed");
}

TEST(Column, ClearKeepsTheMemory) {
  Column text(Type::text);
  Column integer(Type::integer);
  for (int i = 0; i < 1000; ++i) {
    text.append_bytes("0123456789");
    integer.append_int(i);
  }
  const auto memory = [&] {
    return std::tuple(text.bytes().data(), text.bytes().capacity(), text.offsets().data(),
                      integer.ints().data(), integer.validity().data());
  };
  const auto before = memory();
  text.clear();
  integer.clear();
  EXPECT_EQ(text.size() + integer.size(), 0u);
  for (int i = 0; i < 1000; ++i) {
    text.append_bytes("abcdefghij");
    integer.append_null();
  }
  EXPECT_EQ(memory(), before);
  EXPECT_EQ(text.bytes_at(999), "abcdefghij");
  EXPECT_EQ(integer.null_count(), 1000u);
  EXPECT_TRUE(integer.is_null(0));
}

TEST(Column, ReserveMakesRoom) {
  Column column(Type::date);
  column.reserve(1000);
  EXPECT_GE(column.ints().capacity(), 1000u);
  const int64_t* before = column.ints().data();
  for (int i = 0; i < 1000; ++i) column.append_int(i);
  EXPECT_EQ(column.ints().data(), before);
}

TEST(Batch, HoldsColumnsOfItsTypes) {
  Batch batch(kAllTypes);
  EXPECT_EQ(batch.types(), kAllTypes);
  EXPECT_EQ(batch.rows(), 0u);
  Random random(11);
  for (int i = 0; i < 65; ++i) {
    for (Column& column : batch.columns) append_random(random, &column);
  }
  EXPECT_EQ(batch.rows(), 65u);
  size_t text_bytes = 0;
  for (const Column& column : batch.columns) text_bytes += column.bytes().size();
  // 2 words of validity for each column, 8 bytes a row for five, 66 offsets for three.
  EXPECT_EQ(batch.byte_size(), 8u * 2 * 8 + 5u * 65 * 8 + 3u * 66 * 4 + text_bytes);
  batch.clear();
  EXPECT_EQ(batch.rows(), 0u);
  EXPECT_EQ(batch.columns.size(), kAllTypes.size());
  EXPECT_EQ(Batch().rows(), 0u);
}

}  // namespace
}  // namespace yipan
