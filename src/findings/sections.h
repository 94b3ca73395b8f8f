// The SQL files of a pack: sections that begin with a comment, and :names in them.
//
//   -- fact: investment_followed
//   -- types: key text, signed_on date
//   SELECT i.id AS key, ... WHERE i.signed_on <= :as_of
#ifndef YIPAN_FINDINGS_SECTIONS_H_
#define YIPAN_FINDINGS_SECTIONS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "yipan/columns.h"
#include "yipan/result.h"

namespace yipan::findings {

// SQL with $1, $2, ... in place of :names. names[i] is bound to $(i + 1); each stands there once.
struct Statement {
  std::string sql;
  std::vector<std::string> names;
  std::vector<uint64_t> lines;  // of the first use of each name, from 1 in the text given
};
// Leaves texts, quoted names, comments and PostgreSQL's '::' alone. Errors "findings.sql.*" with a
// line: a text or comment without end, a second statement, a '$' outside of texts.
Result<Statement> substitute(std::string_view sql);

struct Section {
  std::string word;  // "fact", "evidence", "figure", "view"
  std::string name;
  uint64_t line = 0;                                // of the line that begins it
  uint64_t line_sql = 0;                            // of the first line of its SQL
  std::string text;                                 // as written, without the lines that begin it
  std::vector<std::pair<std::string, Type>> types;  // columns; empty if not stated
  Statement statement;
};
// All sections of a file. Problems are appended to *problems, each with file and line; the sections
// that are sound are returned.
std::vector<Section> split_sections(std::string_view text, const std::string& file,
                                    std::string_view word, std::vector<Error>* problems);

}  // namespace yipan::findings

#endif  // YIPAN_FINDINGS_SECTIONS_H_
