// Matching: depth-first over (instruction, position), remembering what was tried.
#include "rules/xpath_regex.h"

namespace yipan::rules {

struct Regex::Run {
  const std::u32string& text;
  Groups* groups;
  uint64_t* budget;
  struct Back {   // where to go on when a way fails
    uint32_t pc;  // kRestore: put back a group's end instead
    int32_t at;
    uint32_t slot = 0;
  };
  static constexpr uint32_t kRestore = 0xFFFFFFFFU;
  std::vector<Back> stack;
  std::vector<uint64_t> tried;  // bit per (pc, position); empty if not used
  size_t positions = 0;

  // False if this state failed before.
  bool fresh(uint32_t pc, int32_t at) {
    if (tried.empty()) return true;
    const size_t bit = pc * positions + static_cast<size_t>(at);
    uint64_t& word = tried[bit >> 6];
    const uint64_t mask = uint64_t{1} << (bit & 63);
    if ((word & mask) != 0) return false;
    word |= mask;
    return true;
  }
};

namespace {

constexpr size_t kTriedBitsMax = size_t{1} << 28;  // 32 MB

}  // namespace

// Carries out one instruction at (pc, at); false if this way ends.
bool Regex::step(Run* run, const Instruction& in, uint32_t* pc, int32_t* at) const {
  using Code = Instruction::Code;
  const std::u32string& text = run->text;
  const auto size = static_cast<int32_t>(text.size());
  const auto here = static_cast<size_t>(*at);
  bool good = false;
  switch (in.code) {
    case Code::character:
      good = *at < size &&
             (text[here] == in.c || (ignore_case_ && same_ignoring_case(text[here], in.c)));
      ++*at;
      break;
    case Code::any:
      good = *at < size;
      ++*at;
      break;
    case Code::any_but_newline:
      good = *at < size && text[here] != U'\n' && text[here] != U'\r';
      ++*at;
      break;
    case Code::set:
      good = *at < size && sets_[in.x].matches(text[here]);
      ++*at;
      break;
    case Code::split:
      run->stack.push_back({in.y, *at});
      *pc = in.x;
      return true;
    case Code::jump:
      *pc = in.x;
      return true;
    case Code::save:
      run->stack.push_back({Run::kRestore, (*run->groups)[in.x], in.x});
      (*run->groups)[in.x] = *at;
      good = true;
      break;
    case Code::begin:
      good = *at == 0 || (multi_line_ && text[here - 1] == U'\n' && *at < size);
      break;
    case Code::end:
      good = *at == size || (multi_line_ && text[here] == U'\n');
      break;
    case Code::back_reference: {
      const int32_t from = (*run->groups)[in.x * 2], to = (*run->groups)[in.x * 2 + 1];
      good = true;
      for (int32_t i = from; good && from >= 0 && i < to; ++i, ++*at) {
        if (*at >= size) return false;
        const char32_t a = text[static_cast<size_t>(i)], b = text[static_cast<size_t>(*at)];
        good = a == b || (ignore_case_ && same_ignoring_case(a, b));
      }
      break;
    }
    case Code::match:
      return true;
  }
  ++*pc;
  return good;
}

Regex::Result Regex::try_at(Run* run, size_t start) const {
  run->stack.clear();
  run->stack.push_back({0, static_cast<int32_t>(start)});
  while (!run->stack.empty()) {
    const Run::Back back = run->stack.back();
    run->stack.pop_back();
    if (back.pc == Run::kRestore) {
      (*run->groups)[back.slot] = back.at;
      continue;
    }
    uint32_t pc = back.pc;
    int32_t at = back.at;
    for (;;) {
      if (*run->budget == 0) return Result::too_many_steps;
      --*run->budget;
      const Instruction& in = code_[pc];
      if (in.code == Instruction::Code::match) return Result::yes;
      if ((in.code == Instruction::Code::split || in.code == Instruction::Code::jump) &&
          !run->fresh(pc, at)) {
        break;
      }
      if (!step(run, in, &pc, &at)) break;
    }
  }
  return Result::no;
}

Regex::Result Regex::search(const std::u32string& text, size_t from, Groups* groups,
                            uint64_t* budget) const {
  Run run{text, groups, budget, {}, {}, text.size() + 1};
  const size_t bits = code_.size() * (text.size() + 1);
  // With back-references the same place may succeed later with other groups; then a loop that
  // takes nothing must still end, which the budget sees to.
  if (!has_back_references_ && bits <= kTriedBitsMax && bits <= *budget * 64) {
    run.tried.assign((bits + 63) / 64, 0);
  }
  for (size_t start = from; start <= text.size(); ++start) {
    groups->assign(group_count_ * 2, -1);
    const Result result = try_at(&run, start);
    if (result != Result::no) return result;
  }
  return Result::no;
}

}  // namespace yipan::rules
