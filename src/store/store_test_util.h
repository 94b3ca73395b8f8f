// For the tests of this library: a table with every type, and comparing batches.
#ifndef YIPAN_STORE_STORE_TEST_UTIL_H_
#define YIPAN_STORE_STORE_TEST_UTIL_H_

#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <string>

#include "yipan/store.h"
#include "yipan/text.h"

#define EXPECT_OK(expr)                                                                 \
  do {                                                                                  \
    const auto& ok_ = (expr);                                                           \
    EXPECT_TRUE(ok_.has_value()) << (ok_ ? std::string() : ok_.error().to_string_en()); \
  } while (false)
#define ASSERT_OK(expr)                                                                 \
  do {                                                                                  \
    const auto& ok_ = (expr);                                                           \
    ASSERT_TRUE(ok_.has_value()) << (ok_ ? std::string() : ok_.error().to_string_en()); \
  } while (false)

namespace yipan::store {

inline std::string wkb_point(double x, double y) {
  std::string wkb("\1\1\0\0\0", 5);
  wkb.append(reinterpret_cast<const char*>(&x), 8);
  wkb.append(reinterpret_cast<const char*>(&y), 8);
  return wkb;
}

inline TableSpec all_types_table(const std::string& name) {
  TableSpec table;
  table.name = name;
  table.columns = {{"id", Type::text, true, ""},  {"n", Type::integer, false, ""},
                   {"x", Type::real, false, ""},  {"flag", Type::boolean, false, ""},
                   {"d", Type::date, false, ""},  {"at", Type::instant, false, ""},
                   {"b", Type::bytes, false, ""}, {"geom", Type::geometry, false, "POINT"}};
  table.primary_key = {"id"};
  table.title = "各种类型";
  table.description = "every type once";
  return table;
}

// Every third value of each column but id and n is null; the last row may be made bad.
inline Batch all_types_batch(int rows, const std::string& last_id = "最后", double last_x = 2.5,
                             const std::string& last_wkb = wkb_point(120, 30)) {
  Batch batch({Type::text, Type::integer, Type::real, Type::boolean, Type::date, Type::instant,
               Type::bytes, Type::geometry});
  for (int i = 0; i < rows; ++i) {
    const bool last = i == rows - 1;
    batch.columns[0].append_bytes(last ? last_id : "编号" + std::to_string(i));
    batch.columns[1].append_int(i);
    for (size_t c = 2; c < 8; ++c) {
      Column& column = batch.columns[c];
      if ((static_cast<size_t>(i) + c) % 3 == 0 && !last) {
        column.append_null();
      } else if (column.type() == Type::real) {
        column.append_real(last ? last_x : i / 7.0);
      } else if (column.type() == Type::bytes) {
        column.append_bytes(std::string(static_cast<size_t>(i % 5), '\0'));
      } else if (column.type() == Type::geometry) {
        column.append_bytes(last ? last_wkb : wkb_point(i, -i));
      } else {
        column.append_int(column.type() == Type::boolean ? i % 2
                          : column.type() == Type::date  ? 19'000 - 30 * i
                                                         : 1'600'000'000'000'123 - i * 999'999LL);
      }
    }
  }
  return batch;
}

inline void append_batch(const Batch& from, Batch* to) {
  if (to->columns.empty()) *to = Batch(from.types());
  for (size_t c = 0; c < from.columns.size(); ++c) {
    for (size_t row = 0; row < from.rows(); ++row) {
      to->columns[c].append_from(from.columns[c], row);
    }
  }
}

inline Batch read_all(Connection* db, const std::string& sql, const Values& parameters = {},
                      const std::vector<Type>& types = {}) {
  Batch all;
  auto rows = db->query(sql, parameters, types);
  EXPECT_TRUE(rows.has_value()) << (rows ? std::string() : rows.error().to_string_en());
  if (!rows) return all;
  Batch batch;
  while (true) {
    auto more = (*rows)->next(&batch, 97);
    EXPECT_TRUE(more.has_value()) << (more ? std::string() : more.error().to_string_en());
    if (!more || !*more) break;
    append_batch(batch, &all);
  }
  if (all.columns.empty()) {
    std::vector<Type> out;
    for (const OutColumn& column : (*rows)->columns()) out.push_back(column.type);
    all = Batch(out);
  }
  return all;
}

inline std::string cell_text(const Column& column, size_t row) {
  if (column.is_null(row)) return "null";
  if (is_varlen(column.type())) {
    return column.type() == Type::text ? std::string(column.bytes_at(row))
                                       : hex(column.bytes_at(row));
  }
  if (column.type() == Type::real) {
    return std::to_string(column.real_at(row)) + "/" +
           std::to_string(std::bit_cast<uint64_t>(column.real_at(row) + 0.0));
  }
  return std::to_string(column.int_at(row));
}

// To the last bit.
inline void expect_same(const Batch& a, const Batch& b) {
  ASSERT_EQ(a.types(), b.types());
  ASSERT_EQ(a.rows(), b.rows());
  for (size_t c = 0; c < a.columns.size(); ++c) {
    for (size_t row = 0; row < a.rows(); ++row) {
      ASSERT_EQ(cell_text(a.columns[c], row), cell_text(b.columns[c], row))
          << "column " << c << " row " << row;
    }
  }
}

}  // namespace yipan::store

#endif  // YIPAN_STORE_STORE_TEST_UTIL_H_
