// From one Frictionless Table Schema document to a TableSchema, gathering every problem.
#ifndef YIPAN_BOARD_SCHEMA_PARSE_H_
#define YIPAN_BOARD_SCHEMA_PARSE_H_

#include <string>
#include <string_view>
#include <vector>

#include "yipan/board.h"
#include "yipan/json.h"

namespace yipan::board {

// Builds an Error of a schema: code "board.schema.<what>", file and JSON pointer.
Error schema_error(std::string_view what, const std::string& file, std::string_view pointer,
                   std::string_view zh, std::string_view en);
std::string pointer_step(std::string_view name);  // "/a~1b"

// What could be read of the document; problems are appended. docs/formats/schema.md.
TableSchema parse_table(const Json& doc, const std::string& file, std::vector<Error>* problems);

// Names across tables: doubled tables, foreign keys. `files` names each table's file.
void check_tables(const std::vector<TableSchema>& tables, const std::vector<std::string>& files,
                  std::vector<Error>* problems);

// Referenced tables first; circles and ties by name.
std::vector<TableSchema> in_dependency_order(std::vector<TableSchema> tables);

Json table_to_json(const TableSchema& table);  // what parse_table() reads; no floating point

// One error for all of them; the first one's place.
Error join_problems(const std::vector<Error>& problems);

}  // namespace yipan::board

#endif  // YIPAN_BOARD_SCHEMA_PARSE_H_
