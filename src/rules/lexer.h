// Tokens of FEEL (DMN 1.5, 10.3.1.2, rules 22 to 39). Names are not tokens: a name is a run of
// tokens that the parser matches against what is in scope (10.3.1.4), so "a-b" is three tokens.
#ifndef YIPAN_RULES_LEXER_H_
#define YIPAN_RULES_LEXER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yipan::rules {

struct Token {
  enum class Type : uint8_t { end, word, number, string, at_string, symbol, bad };
  Type type = Type::end;
  uint32_t begin = 0;  // byte offsets into the text
  uint32_t end = 0;
  std::string_view text;          // as written
  std::string decoded;            // of a string: without quotes, escapes resolved
  const char* problem = nullptr;  // of a bad token: what is wrong, in English, for the message

  bool is(std::string_view symbol_or_word) const {
    return (type == Type::symbol || type == Type::word) && text == symbol_or_word;
  }
};

// Always ends with an end token. `text` must outlive the result and be well-formed UTF-8.
std::vector<Token> tokenize(std::string_view text);

// A name as a list of token texts, for matching; spaces do not count ("a+b" is "a + b").
std::vector<std::string> name_tokens(std::string_view name);
// Trimmed, inner white space made one space: how a name is stored and printed.
std::string normalize_name(std::string_view name);

bool is_name_start(char32_t c);
bool is_name_part(char32_t c);
bool is_feel_space(char32_t c);

struct LineColumn {
  uint32_t line = 1;
  uint32_t column = 1;  // in code points
};
LineColumn line_column(std::string_view text, size_t offset);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_LEXER_H_
