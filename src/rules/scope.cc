#include "rules/scope.h"

namespace yipan::rules {
namespace {

bool matches_at(const std::vector<std::string>& name, const std::vector<Token>& tokens, size_t at) {
  if (at + name.size() > tokens.size()) return false;
  for (size_t i = 0; i < name.size(); ++i) {
    if (tokens[at + i].type == Token::Type::end || tokens[at + i].text != name[i]) return false;
  }
  return true;
}

}  // namespace

void Scope::add(Name* name) { add_as(name->text, name); }

void Scope::add_as(std::string_view text, Name* name) {
  std::vector<std::string> tokens = name_tokens(text);
  if (tokens.empty()) return;
  auto& entries = by_first_[tokens.front()];
  for (Entry& e : entries) {
    if (e.tokens == tokens) {
      e.name = name;
      return;
    }
  }
  entries.push_back({std::move(tokens), name});
}

Name* Scope::match(const std::vector<Token>& tokens, size_t at, size_t* length) const {
  *length = 0;
  if (by_first_.empty()) return nullptr;
  const auto found = by_first_.find(std::string(tokens[at].text));
  if (found == by_first_.end()) return nullptr;
  Name* best = nullptr;
  for (const Entry& e : found->second) {
    if (e.tokens.size() > *length && matches_at(e.tokens, tokens, at)) {
      best = e.name;
      *length = e.tokens.size();
    }
  }
  return best;
}

Name* Scope::find(std::string_view text) const {
  const std::vector<std::string> tokens = name_tokens(text);
  if (tokens.empty()) return nullptr;
  const auto found = by_first_.find(tokens.front());
  if (found == by_first_.end()) return nullptr;
  for (const Entry& e : found->second) {
    if (e.tokens == tokens) return e.name;
  }
  return nullptr;
}

const Type::Member* match_member(const std::vector<Type::Member>& members,
                                 const std::vector<Token>& tokens, size_t at, size_t* length) {
  const Type::Member* best = nullptr;
  *length = 0;
  for (const Type::Member& m : members) {
    const std::vector<std::string> name = name_tokens(m.name);
    if (name.size() > *length && matches_at(name, tokens, at)) {
      best = &m;
      *length = name.size();
    }
  }
  return best;
}

void Scope::list_names(std::vector<std::string>* out) const {
  for (const auto& [first, entries] : by_first_) {
    for (const Entry& e : entries) out->push_back(e.name->text);
  }
}

}  // namespace yipan::rules
