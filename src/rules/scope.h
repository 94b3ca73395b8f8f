// What names mean at a place in a text, and the longest match of a run of tokens against them
// (DMN 1.5, 10.3.1.4 and 10.3.2.11).
#ifndef YIPAN_RULES_SCOPE_H_
#define YIPAN_RULES_SCOPE_H_

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/ast.h"
#include "rules/lexer.h"

namespace yipan::rules {

class Scope {
 public:
  explicit Scope(const Scope* parent = nullptr) : parent_(parent) {}

  void add(Name* name);
  void add_as(std::string_view text, Name* name);
  // The item of a filter: its members hide names further out.
  void set_item(Name* item) { item_ = item; }

  const Scope* parent() const { return parent_; }
  Name* item() const { return item_; }

  // The longest name of this scope alone (not its parents) that begins at tokens[at]; the number of
  // tokens it takes in *length, 0 if none.
  Name* match(const std::vector<Token>& tokens, size_t at, size_t* length) const;
  Name* find(std::string_view text) const;               // exactly this name, in this scope alone
  void list_names(std::vector<std::string>* out) const;  // of this scope alone, for messages

 private:
  struct Entry {
    std::vector<std::string> tokens;
    Name* name;
  };
  const Scope* parent_;
  Name* item_ = nullptr;
  std::unordered_map<std::string, std::vector<Entry>> by_first_;
};

// The longest of `members` that begins at tokens[at]; *length tokens.
const Type::Member* match_member(const std::vector<Type::Member>& members,
                                 const std::vector<Token>& tokens, size_t at, size_t* length);

}  // namespace yipan::rules

#endif  // YIPAN_RULES_SCOPE_H_
