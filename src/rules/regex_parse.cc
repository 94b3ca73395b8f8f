// Patterns to programs. One pass: a recursive descent that emits instructions.
#include <algorithm>

#include "rules/xpath_regex.h"
#include "yipan/text.h"

namespace yipan::rules {

class RegexCompiler {
 public:
  RegexCompiler(std::u32string pattern, Regex* out, bool dot_all, std::string* problem)
      : p_(std::move(pattern)), out_(out), dot_all_(dot_all), problem_(problem) {}

  bool run() {
    emit({Code::save, 0, 0, 0});
    if (!alternatives()) return false;
    if (at_ != p_.size()) return wrong("unmatched )");
    emit({Code::save, 0, 1, 0});
    emit({Code::match, 0, 0, 0});
    return true;
  }

  bool literal() {  // flag q
    emit({Code::save, 0, 0, 0});
    for (char32_t c : p_) emit({Code::character, c, 0, 0});
    emit({Code::save, 0, 1, 0});
    emit({Code::match, 0, 0, 0});
    return true;
  }

 private:
  using Code = Regex::Instruction::Code;
  static constexpr size_t kSizeMax = 100'000;
  static constexpr int kDepthMax = 200;

  bool wrong(const char* what) {
    if (problem_->empty()) *problem_ = what;
    return false;
  }
  char32_t peek(size_t n = 0) const { return at_ + n < p_.size() ? p_[at_ + n] : U'\0'; }
  bool done() const { return at_ >= p_.size(); }
  bool take(char32_t c) {
    if (done() || p_[at_] != c) return false;
    ++at_;
    return true;
  }
  uint32_t here() const { return static_cast<uint32_t>(out_->code_.size()); }
  void emit(Regex::Instruction in) { out_->code_.push_back(in); }

  // a|b|c: split L1, next; L1: a; jump end; ...
  bool alternatives() {
    if (++depth_ > kDepthMax) return wrong("nested too deep");
    std::vector<uint32_t> jumps;
    for (;;) {
      const uint32_t start = here();
      if (!branch()) return false;
      if (!take(U'|')) break;
      insert(start, {Code::split, 0, start + 1, 0});
      jumps.push_back(here());
      emit({Code::jump, 0, 0, 0});
      out_->code_[start].y = here();
    }
    for (uint32_t j : jumps) out_->code_[j].x = here();
    --depth_;
    return true;
  }

  // Puts an instruction in front of a piece: targets behind it move.
  void insert(uint32_t where, Regex::Instruction in) {
    auto& code = out_->code_;
    for (size_t i = where; i < code.size(); ++i) shift(&code[i], where, 1);
    code.insert(code.begin() + where, in);
  }
  static void shift(Regex::Instruction* in, uint32_t from, uint32_t by) {
    if (in->code != Code::split && in->code != Code::jump) return;
    if (in->x >= from) in->x += by;
    if (in->code == Code::split && in->y >= from) in->y += by;
  }

  bool branch() {
    while (!done() && peek() != U'|' && peek() != U')') {
      const uint32_t start = here();
      bool quantifiable = true;
      if (!atom(&quantifiable) || !quantifier(start, quantifiable)) return false;
      if (out_->code_.size() > kSizeMax) return wrong("pattern too large");
    }
    return true;
  }

  bool number(uint32_t* out) {
    if (peek() < U'0' || peek() > U'9') return false;
    *out = 0;
    while (peek() >= U'0' && peek() <= U'9') {
      *out = *out * 10 + static_cast<uint32_t>(peek() - U'0');
      if (*out > 10'000) return false;
      ++at_;
    }
    return true;
  }

  bool quantifier(uint32_t start, bool quantifiable) {
    uint32_t low = 0, high = kMany;
    if (take(U'*')) {
    } else if (take(U'+')) {
      low = 1;
    } else if (take(U'?')) {
      high = 1;
    } else if (take(U'{')) {
      if (!number(&low)) return wrong("bad quantifier");
      high = low;
      if (take(U',')) {
        high = kMany;
        if (peek() != U'}' && !number(&high)) return wrong("bad quantifier");
      }
      if (!take(U'}') || high < low) return wrong("bad quantifier");
    } else {
      return true;
    }
    if (!quantifiable) return wrong("nothing to repeat");
    const bool lazy = take(U'?');
    if (peek() == U'*' || peek() == U'+' || peek() == U'?') return wrong("double quantifier");
    return repeat(start, low, high, lazy);
  }

  void append_copy(const std::vector<Regex::Instruction>& piece, uint32_t from) {
    const uint32_t by = here() - from;
    for (Regex::Instruction in : piece) {
      if (in.code == Code::split || in.code == Code::jump) {
        in.x += by;
        if (in.code == Code::split) in.y += by;
      }
      emit(in);
    }
  }
  void emit_split(uint32_t into, uint32_t past, bool lazy) {
    emit({Code::split, 0, lazy ? past : into, lazy ? into : past});
  }

  // x{low,high}: low copies, then optional ones, or a loop.
  bool repeat(uint32_t start, uint32_t low, uint32_t high, bool lazy) {
    const std::vector<Regex::Instruction> piece(out_->code_.begin() + start, out_->code_.end());
    const size_t copies = high == kMany ? low + 1 : high;
    if (piece.size() * std::max<size_t>(copies, 1) > kSizeMax) return wrong("pattern too large");
    out_->code_.resize(start);
    for (uint32_t i = 0; i < low; ++i) append_copy(piece, start);
    if (high == kMany) {
      const uint32_t loop = here();
      emit_split(loop + 1, 0, lazy);
      append_copy(piece, start);
      emit({Code::jump, 0, loop, 0});
      (lazy ? out_->code_[loop].x : out_->code_[loop].y) = here();
      return true;
    }
    std::vector<uint32_t> splits;
    for (uint32_t i = low; i < high; ++i) {
      splits.push_back(here());
      emit_split(here() + 1, 0, lazy);
      append_copy(piece, start);
    }
    for (uint32_t s : splits) (lazy ? out_->code_[s].x : out_->code_[s].y) = here();
    return true;
  }

  bool atom(bool* quantifiable) {
    const char32_t c = p_[at_];
    switch (c) {
      case U'(':
        return group();
      case U'[': {
        CharClass set;
        ++at_;
        if (!char_class(&set, 0)) return false;
        emit_set(std::move(set));
        return true;
      }
      case U'.':
        ++at_;
        emit({dot_all_ ? Code::any : Code::any_but_newline, 0, 0, 0});
        return true;
      case U'^':
      case U'$':
        ++at_;
        *quantifiable = false;
        emit({c == U'^' ? Code::begin : Code::end, 0, 0, 0});
        return true;
      case U'\\':
        return escape();
      case U'*':
      case U'+':
      case U'?':
      case U'{':
        return wrong("nothing to repeat");
      case U'}':
      case U']':
        return wrong("unmatched bracket");
      default:
        ++at_;
        emit({Code::character, c, 0, 0});
        return true;
    }
  }

  bool group() {
    ++at_;
    if (peek() == U'?') {
      if (peek(1) != U':') return wrong("unknown group");
      at_ += 2;
      if (!alternatives()) return false;
      return take(U')') || wrong("group without end");
    }
    const auto number = static_cast<uint32_t>(out_->group_count_++);
    emit({Code::save, 0, number * 2, 0});
    if (!alternatives()) return false;
    if (!take(U')')) return wrong("group without end");
    emit({Code::save, 0, number * 2 + 1, 0});
    closed_.push_back(number);
    return true;
  }

  void emit_set(CharClass set) {
    set_case(&set);
    out_->sets_.push_back(std::move(set));
    emit({Code::set, 0, static_cast<uint32_t>(out_->sets_.size() - 1), 0});
  }
  void set_case(CharClass* set) {
    set->ignore_case = out_->ignore_case_;
    if (set->minus != nullptr) set_case(set->minus.get());
  }

  static std::optional<char32_t> single_escape(char32_t c) {
    switch (c) {
      case U'n':
        return U'\n';
      case U'r':
        return U'\r';
      case U't':
        return U'\t';
      default:
        constexpr std::u32string_view kSelf = U"\\|.?*+(){}-[]^$";
        if (kSelf.find(c) != std::u32string_view::npos) return c;
        return std::nullopt;
    }
  }

  // \s \i \c \d \w, \p{..} and their negations; at_ is behind the backslash.
  bool multi_escape(CharClass::Escape* out, bool* is_one) {
    using Type = CharClass::Escape::Type;
    *is_one = true;
    const char32_t c = peek();
    const char32_t lower = c >= U'A' && c <= U'Z' ? c + 32 : c;
    out->negated = c != lower;
    switch (lower) {
      case U's':
        out->type = Type::space;
        break;
      case U'i':
        out->type = Type::name_start;
        break;
      case U'c':
        out->type = Type::name;
        break;
      case U'd':
        out->type = Type::digit;
        break;
      case U'w':
        out->type = Type::word;
        break;
      case U'p':
        return category(out);
      default:
        *is_one = false;
        return true;
    }
    ++at_;
    return true;
  }

  bool category(CharClass::Escape* out) {
    const bool negated = out->negated;
    ++at_;
    if (!take(U'{')) return wrong("\\p without {");
    std::string name;
    while (!done() && peek() != U'}') append_utf8(p_[at_++], &name);
    if (!take(U'}')) return wrong("\\p without }");
    const auto found = category_escape(name);
    if (!found) return wrong("unknown category or block");
    *out = *found;
    out->negated = negated;
    return true;
  }

  bool escape() {
    ++at_;
    if (done()) return wrong("backslash at the end");
    if (peek() >= U'1' && peek() <= U'9') return back_reference();
    CharClass::Escape e;
    bool is_one = false;
    if (!multi_escape(&e, &is_one)) return false;
    if (is_one) {
      CharClass set;
      set.escapes.push_back(e);
      emit_set(std::move(set));
      return true;
    }
    const auto c = single_escape(peek());
    if (!c) return wrong("unknown escape");
    ++at_;
    emit({Code::character, *c, 0, 0});
    return true;
  }

  // \N: a group that is already closed; as many digits as name one.
  bool back_reference() {
    uint32_t number = static_cast<uint32_t>(peek() - U'0');
    ++at_;
    while (peek() >= U'0' && peek() <= U'9') {
      const uint32_t longer = number * 10 + static_cast<uint32_t>(peek() - U'0');
      if (longer >= out_->group_count_) break;
      number = longer;
      ++at_;
    }
    if (std::find(closed_.begin(), closed_.end(), number) == closed_.end()) {
      return wrong("back-reference to no group");
    }
    out_->has_back_references_ = true;
    emit({Code::back_reference, 0, number, 0});
    return true;
  }

  // Behind the `[`.
  bool char_class(CharClass* out, int depth) {
    if (depth > 50) return wrong("nested too deep");
    out->negated = take(U'^');
    bool any = false;
    while (!done() && peek() != U']') {
      if (peek() == U'-' && peek(1) == U'[') {
        if (!any) return wrong("empty class");
        at_ += 2;
        out->minus = std::make_unique<CharClass>();
        if (!char_class(out->minus.get(), depth + 1)) return false;
        return take(U']') || wrong("class goes on after its subtraction");
      }
      if (!class_part(out)) return false;
      any = true;
    }
    if (!any) return wrong("empty class");
    return take(U']') || wrong("class without end");
  }

  bool class_char(char32_t* out) {
    if (peek() == U'[') return wrong("[ in a class");
    if (take(U'\\')) {
      const auto c = done() ? std::nullopt : single_escape(peek());
      if (!c) return wrong("unknown escape in a class");
      *out = *c;
      ++at_;
      return true;
    }
    *out = p_[at_++];
    return true;
  }

  bool class_part(CharClass* out) {
    if (peek() == U'\\') {
      CharClass::Escape e;
      bool is_one = false;
      ++at_;
      if (!multi_escape(&e, &is_one)) return false;
      if (is_one) {
        out->escapes.push_back(e);
        return true;
      }
      --at_;
    }
    char32_t first = 0;
    if (!class_char(&first)) return false;
    const bool range = peek() == U'-' && peek(1) != U']' && peek(1) != U'[' && at_ + 1 < p_.size();
    if (!range) {
      out->ranges.push_back({first, first});
      return true;
    }
    ++at_;
    char32_t last = 0;
    if (!class_char(&last)) return false;
    if (last < first) return wrong("range upside down");
    out->ranges.push_back({first, last});
    return true;
  }

  static constexpr uint32_t kMany = 0xFFFFFFFFU;
  std::u32string p_;
  Regex* out_;
  bool dot_all_;
  std::string* problem_;
  size_t at_ = 0;
  int depth_ = 0;
  std::vector<uint32_t> closed_;
};

namespace {

// Flag x: white space does not count, except in classes.
std::u32string without_space(const std::u32string& pattern) {
  std::u32string out;
  int depth = 0;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char32_t c = pattern[i];
    if (depth == 0 && (c == U' ' || c == U'\t' || c == U'\n' || c == U'\r')) continue;
    out += c;
    if (c == U'\\' && i + 1 < pattern.size()) {
      if (depth > 0 || !(pattern[i + 1] == U' ')) out += pattern[++i];
      continue;
    }
    if (c == U'[') ++depth;
    if (c == U']' && depth > 0) --depth;
  }
  return out;
}

}  // namespace

std::unique_ptr<Regex> Regex::compile(std::string_view pattern, std::string_view flags,
                                      std::string* problem) {
  problem->clear();
  if (flags.find_first_not_of("smixq") != std::string_view::npos) {
    *problem = "unknown flag";
    return nullptr;
  }
  const auto has = [flags](char c) { return flags.find(c) != std::string_view::npos; };
  std::u32string decoded;
  for (size_t i = 0; i < pattern.size();) decoded += next_code_point(pattern, &i);
  auto out = std::make_unique<Regex>();
  out->ignore_case_ = has('i');
  out->multi_line_ = has('m');
  if (has('x') && !has('q')) decoded = without_space(decoded);
  RegexCompiler compiler(std::move(decoded), out.get(), has('s'), problem);
  if (!(has('q') ? compiler.literal() : compiler.run())) return nullptr;
  return out;
}

}  // namespace yipan::rules
