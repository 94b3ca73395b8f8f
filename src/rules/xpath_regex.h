// XPath 2.0 / XML Schema regular expressions (XQuery and XPath Functions, 7.6.1; XML Schema 1.1
// part 2, appendix G), as FEEL's matches, replace and split use them: class subtraction, \i \c \p,
// blocks, back-references, reluctant quantifiers, flags s m i x q.
//
// Compiled to a small program; matched by backtracking with a memory of what has failed, so that
// without back-references the time is bounded by program size times text length, and with them
// by a budget of steps.
#ifndef YIPAN_RULES_XPATH_REGEX_H_
#define YIPAN_RULES_XPATH_REGEX_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yipan::rules {

struct CharClass {
  struct Range {
    char32_t first, last;
  };
  struct Escape {
    enum class Type : uint8_t { space, name_start, name, digit, word, category, block };
    Type type = Type::space;
    bool negated = false;
    uint32_t value = 0;  // category mask or block code
  };
  bool negated = false;
  bool ignore_case = false;
  std::vector<Range> ranges;
  std::vector<Escape> escapes;
  std::unique_ptr<CharClass> minus;

  bool matches(char32_t c) const;
};
// "Lu", "L", "IsBasicLatin": nothing if there is no such category or block.
std::optional<CharClass::Escape> category_escape(std::string_view name);
bool same_ignoring_case(char32_t a, char32_t b);

class Regex {
 public:
  // nullptr if pattern or flags are wrong; *problem says what.
  static std::unique_ptr<Regex> compile(std::string_view pattern, std::string_view flags,
                                        std::string* problem);

  enum class Result : uint8_t { no, yes, too_many_steps };
  // Positions (in code points) of group i at [2i] and [2i+1]; group 0 is the whole; -1 if unused.
  using Groups = std::vector<int32_t>;
  // The leftmost match at or after `from`. Each try costs steps from *budget.
  Result search(const std::u32string& text, size_t from, Groups* groups, uint64_t* budget) const;
  size_t group_count() const { return group_count_; }

  struct Instruction {
    enum class Code : uint8_t {
      character,
      any,
      any_but_newline,
      set,
      split,
      jump,
      save,
      begin,
      end,
      back_reference,
      match
    };
    Code code = Code::match;
    char32_t c = 0;  // character
    uint32_t x = 0;  // target, set, slot, group; of split: the preferred way
    uint32_t y = 0;  // of split: the other way
  };

 private:
  friend class RegexCompiler;
  struct Run;
  Result try_at(Run* run, size_t start) const;
  bool step(Run* run, const Instruction& in, uint32_t* pc, int32_t* at) const;

  std::vector<Instruction> code_;
  std::vector<CharClass> sets_;
  size_t group_count_ = 1;
  bool ignore_case_ = false;
  bool multi_line_ = false;
  bool has_back_references_ = false;
};

}  // namespace yipan::rules

#endif  // YIPAN_RULES_XPATH_REGEX_H_
