// A table being generated: rows of typed cells in the order of its schema.
//
//   Row row = table.add("P0001");
//   row.set("name", "...").set("started_on", date).set("spent_fen", fen);
//
// Setting an unknown field or a value of the wrong type is a broken invariant of the generator
// (CHECK); what the schema's constraints say is held by generate_test over the written files.
#ifndef YIPAN_GENERATE_TABLE_H_
#define YIPAN_GENERATE_TABLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "generate/schema.h"
#include "yipan/date.h"

namespace yipan::generate {

// Dates are days since 1970-01-01; datetimes microseconds; booleans 0 or 1.
using Cell = std::variant<std::monostate, int64_t, double, std::string>;

class Table;

// A handle to one row; stays valid when rows are added.
class Row {
 public:
  Row(Table* table, size_t number) : table_(table), number_(number) {}
  Row& set(std::string_view field, std::string_view value);
  Row& set(std::string_view field, const char* value) {
    return set(field, std::string_view(value));
  }
  Row& set(std::string_view field, const std::string& value) {
    return set(field, std::string_view(value));
  }
  Row& set(std::string_view field, int64_t value);
  Row& set(std::string_view field, int value) { return set(field, int64_t{value}); }
  Row& set(std::string_view field, double value);
  Row& set(std::string_view field, bool value);
  Row& set(std::string_view field, Date value);
  Row& set(std::string_view field, Instant value);
  Row& clear(std::string_view field);

  bool has(std::string_view field) const;
  const std::string& text(std::string_view field) const;  // "" if empty
  int64_t integer(std::string_view field) const;          // 0 if empty
  double number(std::string_view field) const;            // 0 if empty
  Date date(std::string_view field) const;                // must not be empty
  bool flag(std::string_view field) const { return integer(field) != 0; }
  std::vector<std::string> key() const;  // the primary key as text
  size_t number_in_table() const { return number_; }
  const std::string& table_name() const;

 private:
  Cell& cell(std::string_view field) const;
  Table* table_;
  size_t number_;
};

class Table {
 public:
  explicit Table(const TableSpec* spec) : spec_(spec) {}
  const TableSpec& spec() const { return *spec_; }
  Row add();                     // marked synthetic
  Row add(std::string_view id);  // and its id set
  Row row(size_t number) { return Row(this, number); }
  size_t size() const { return rows_.size(); }
  const std::vector<Cell>& cells(size_t number) const { return rows_[number]; }

 private:
  friend class Row;
  const TableSpec* spec_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace yipan::generate

#endif  // YIPAN_GENERATE_TABLE_H_
