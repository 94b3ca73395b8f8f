// The same random tables and the same random queries give the same batches on both databases, to
// the last bit.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <array>

#include "store/store_test_util.h"
#include "support/postgres.h"
#include "yipan/clock.h"

namespace yipan::store {
namespace {

constexpr uint64_t kSeed = 1'669'161'600;
constexpr int kTables = 6;
constexpr int kQueriesEach = 60;

const std::vector<ColumnSpec>& columns() {
  static const std::vector<ColumnSpec> specs = {
      {"id", Type::integer, true, ""}, {"n", Type::integer, false, ""},
      {"m", Type::integer, false, ""}, {"x", Type::real, false, ""},
      {"y", Type::real, false, ""},    {"s", Type::text, false, ""},
      {"t", Type::text, false, ""},    {"f", Type::boolean, false, ""},
      {"d", Type::date, false, ""},    {"e", Type::date, false, ""},
      {"at", Type::instant, false, ""}};
  return specs;
}

std::string random_text(Random* random) {
  static constexpr std::array<std::string_view, 12> kParts = {"a", "B", "z", "甲", "乙", "项目",
                                                              "_", "%", " ", "é",  "🏠",  "9"};
  std::string text;
  for (int64_t i = random->between(0, 4); i > 0; --i) text += kParts[random->below(kParts.size())];
  return text;
}

Batch random_batch(Random* random, int rows) {
  std::vector<Type> types;
  for (const ColumnSpec& column : columns()) types.push_back(column.type);
  Batch batch(types);
  for (int row = 0; row < rows; ++row) {
    batch.columns[0].append_int(row);
    for (size_t c = 1; c < types.size(); ++c) {
      Column& column = batch.columns[c];
      if (random->chance(0.2)) {
        column.append_null();
      } else if (types[c] == Type::integer) {
        column.append_int(random->chance(0.1)
                              ? random->between(-1'000'000'000'000, 1'000'000'000'000)
                              : random->between(-9, 9));
      } else if (types[c] == Type::real) {
        column.append_real(random->chance(0.5) ? static_cast<double>(random->between(-20, 20)) / 8
                                               : random->normal(0, 1000));
      } else if (types[c] == Type::text) {
        column.append_bytes(random_text(random));
      } else if (types[c] == Type::boolean) {
        column.append_int(random->chance(0.5) ? 1 : 0);
      } else if (types[c] == Type::date) {
        column.append_int(random->between(18'000, 20'000));
      } else {
        column.append_int(random->between(0, 2'000'000'000'000'000));
      }
    }
  }
  return batch;
}

// Random expressions of each type, in the common subset of docs/formats/sql.md.
class Writer {
 public:
  explicit Writer(Random* random) : random_(random) {}

  std::string integer(int depth) {
    if (depth <= 0) return pick({"n", "m", "id", "7", "-3", "0"});
    switch (random_->below(12)) {
      case 0:
        return fmt::format("({} + {})", integer(depth - 1), integer(depth - 1));
      case 1:
        return fmt::format("({} - {})", integer(depth - 1), integer(depth - 1));
      case 2:
        return fmt::format("({} * 3)", integer(depth - 1));
      case 3:
        return fmt::format("({} / 4)", integer(depth - 1));
      case 4:
        return fmt::format("({} % 5)", integer(depth - 1));
      case 5:
        return fmt::format("days_between({}, {})", date(depth - 1), date(depth - 1));
      case 6:
        return fmt::format("{}({}, {})",
                           pick({"months_between", "years_between", "working_days_between"}),
                           date(depth - 1), date(depth - 1));
      case 7:
        return fmt::format("{}({})", pick({"year_of", "month_of"}), date(depth - 1));
      case 8:
        return fmt::format("length({})", text(depth - 1));
      case 9:
        return fmt::format("coalesce({}, {})", integer(depth - 1), integer(depth - 1));
      case 10:
        return fmt::format("CASE WHEN {} THEN {} ELSE {} END", condition(depth - 1),
                           integer(depth - 1), integer(depth - 1));
      default:
        return fmt::format("{}({}, {})", pick({"least_of", "greatest_of"}), integer(depth - 1),
                           integer(depth - 1));
    }
  }

  std::string real(int depth) {
    if (depth <= 0) return pick({"x", "y"});
    switch (random_->below(7)) {
      case 0:
        return fmt::format("({} + {})", real(depth - 1), real(depth - 1));
      case 1:
        return fmt::format("({} * {})", real(depth - 1), real(depth - 1));
      case 2:
        return fmt::format("share({}, {})", real(depth - 1), integer(depth - 1));
      case 3:
        return fmt::format("round_to({}, {})", real(depth - 1), random_->between(-2, 6));
      case 4:
        return fmt::format("abs({})", real(depth - 1));
      case 5:
        return fmt::format("share({}, {})", integer(depth - 1), integer(depth - 1));
      default:
        return fmt::format("greatest_of({}, {})", real(depth - 1), real(depth - 1));
    }
  }

  std::string text(int depth) {
    if (depth <= 0) return pick({"s", "t"});
    switch (random_->below(4)) {
      case 0:
        return fmt::format("({} || {})", text(depth - 1), text(depth - 1));
      case 1:
        return fmt::format("substr({}, {}, {})", text(depth - 1), random_->between(1, 4),
                           random_->between(0, 5));
      case 2:
        return fmt::format("replace({}, 'a', '甲')", text(depth - 1));
      default:
        return fmt::format("coalesce({}, '无')", text(depth - 1));
    }
  }

  std::string date(int depth) {
    if (depth <= 0) return pick({"d", "e"});
    return random_->chance(0.5)
               ? fmt::format("add_days({}, {})", date(depth - 1), random_->between(-400, 400))
               : fmt::format("coalesce({}, {})", date(depth - 1), date(depth - 1));
  }

  std::string condition(int depth) {
    switch (random_->below(9)) {
      case 0:
        return fmt::format("{} < {}", integer(depth), integer(depth));
      case 1:
        return fmt::format("{} >= {}", real(depth), integer(depth));
      case 2:
        return fmt::format("{} {} {}", text(depth), pick({"<", ">=", "=", "<>"}), text(depth));
      case 3:
        return fmt::format("{} <= {}", date(depth), date(depth));
      case 4:
        return fmt::format("{} IS NOT NULL", text(depth));
      case 5:
        return fmt::format("{} LIKE '%a%'", text(depth));
      case 6:
        return "f";
      case 7:
        return depth > 0 ? fmt::format("({} OR NOT {})", condition(depth - 1), condition(depth - 1))
                         : "at > '2000-01-01T00:00:00.000000Z'";
      default:
        return fmt::format("{} IN (1, 2, {})", integer(depth), integer(0));
    }
  }

  std::string pick(std::initializer_list<const char*> choices) {
    return *(choices.begin() + random_->below(choices.size()));
  }

 private:
  Random* random_;
};

struct Query {
  std::string sql;
  std::vector<Type> types;
};

Query row_query(Random* random) {
  Writer w(random);
  const int depth = static_cast<int>(random->between(0, 3));
  const std::string sql = fmt::format(
      "SELECT id, {} AS a, {} AS b, {} AS c, {} AS g, s, d, f, at FROM r WHERE {} "
      "ORDER BY {} NULLS FIRST, {} NULLS LAST, id",
      w.integer(depth), w.real(depth), w.text(depth), w.date(depth), w.condition(depth),
      w.text(depth), w.real(depth));
  return {sql,
          {Type::integer, Type::integer, Type::real, Type::text, Type::date, Type::text, Type::date,
           Type::boolean, Type::instant}};
}

Query group_query(Random* random) {
  Writer w(random);
  const int depth = static_cast<int>(random->between(0, 2));
  const std::string key = w.integer(1);
  const std::string sql = fmt::format(
      "SELECT {0} AS k, count(*), count(DISTINCT {1}), sum({2}), mean({3}), median({3}), "
      "text_list({1}), max({1}), min({4}), round_to(regr_slope(q.x, q.n), 3), share(sum({2}), "
      "count(*)), "
      "count(*) FILTER (WHERE {5}) FROM r AS q "
      "GROUP BY {0} HAVING count(*) > 0 ORDER BY {0} NULLS FIRST",
      key, w.text(depth), w.integer(depth), w.real(depth), w.date(depth), w.condition(depth));
  return {sql,
          {Type::integer, Type::integer, Type::integer, Type::integer, Type::real, Type::real,
           Type::text, Type::text, Type::date, Type::real, Type::real, Type::integer}};
}

void load(Connection* db, const Batch& batch) {
  TableSpec table;
  table.name = "r";
  table.columns = columns();
  table.primary_key = {"id"};
  ASSERT_OK(db->create_table(table));
  auto writer = db->bulk("r", table.columns);
  ASSERT_OK(writer);
  ASSERT_OK((*writer)->append(batch));
  ASSERT_OK((*writer)->finish());
}

TEST(AgreementTest, RandomQueriesGiveTheSameOnBoth) {
  if (test::postgres_cluster().url.empty()) {
    GTEST_SKIP() << "PostgreSQL: " << test::postgres_cluster().reason;
  }
  Random random(kSeed);
  size_t rows_compared = 0;
  size_t both_failed = 0;
  for (int table = 0; table < kTables; ++table) {
    test::ScratchDatabase sqlite(Dialect::sqlite);
    test::ScratchDatabase postgresql(Dialect::postgresql);
    auto a = sqlite.open();
    auto b = postgresql.open();
    ASSERT_OK(a);
    ASSERT_OK(b);
    const Batch batch = random_batch(&random, static_cast<int>(random.between(0, 300)));
    load(a->get(), batch);
    load(b->get(), batch);
    for (int i = 0; i < kQueriesEach; ++i) {
      const Query query = i % 2 == 0 ? row_query(&random) : group_query(&random);
      SCOPED_TRACE(fmt::format("seed {} table {} query {}\n{}", kSeed, table, i, query.sql));
      auto left = (*a)->query(query.sql, {}, query.types);
      auto right = (*b)->query(query.sql, {}, query.types);
      if (!left && !right) {
        ++both_failed;
        continue;
      }
      ASSERT_OK(left);
      ASSERT_OK(right);
      left->reset();
      right->reset();
      const Batch x = read_all(a->get(), query.sql, {}, query.types);
      const Batch y = read_all(b->get(), query.sql, {}, query.types);
      expect_same(x, y);
      if (HasFatalFailure() || HasNonfatalFailure()) return;
      rows_compared += x.rows();
    }
  }
  EXPECT_GT(rows_compared, 3000U);
  EXPECT_LT(both_failed, 20U);
}

}  // namespace
}  // namespace yipan::store
