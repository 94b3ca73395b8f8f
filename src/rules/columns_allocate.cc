// Registers to memory: what nobody needs is dropped, what is not needed any more makes room.
#include <algorithm>

#include "rules/columns_ir.h"

namespace yipan::rules::columns {
namespace {

template <typename Visit>
void each_operand(const VProgram& program, const Instr& i, Visit visit) {
  visit(i.a);
  visit(i.b);
  visit(i.c);
  if (i.op != VOp::table) return;
  const VTable& table = program.tables[i.aux];
  for (const Reg r : table.inputs) visit(r);
  for (const VTable::General& g : table.general) visit(g.truth);
}

VProgram::Place::Bank bank_of(Rep rep) {
  using Bank = VProgram::Place::Bank;
  switch (rep) {
    case Rep::none:
      return Bank::none;
    case Rep::boolean:
      return Bank::bytes;
    case Rep::decimal:
      return Bank::decimal;
    default:
      return Bank::wide;
  }
}

void drop_unused(VProgram* program, const std::vector<Reg>& outputs) {
  std::vector<bool> needed(program->regs.size(), false);
  for (const Reg r : outputs) needed[r] = true;
  std::vector<Instr> kept;
  for (size_t i = program->code.size(); i-- > 0;) {
    const Instr& instr = program->code[i];
    if (!needed[instr.dst]) continue;
    each_operand(*program, instr, [&](Reg r) { needed[r] = true; });
    kept.push_back(instr);
  }
  std::reverse(kept.begin(), kept.end());
  program->code = std::move(kept);
}

}  // namespace

void allocate(VProgram* program, const std::vector<Reg>& outputs, bool keep_all) {
  if (!keep_all) drop_unused(program, outputs);
  constexpr size_t kEver = SIZE_MAX;
  std::vector<size_t> last(program->regs.size(), 0);
  for (size_t i = 0; i < program->code.size(); ++i) {
    each_operand(*program, program->code[i], [&](Reg r) { last[r] = i; });
    last[program->code[i].dst] = std::max(last[program->code[i].dst], i);
  }
  for (const Reg r : outputs) last[r] = kEver;
  program->places.assign(program->regs.size(), {});
  std::vector<uint32_t> free[4];
  uint32_t used[4] = {0, 0, 0, 0};
  std::vector<bool> live(program->regs.size(), false);
  for (size_t i = 0; i < program->code.size(); ++i) {
    const Instr& instr = program->code[i];
    const auto bank = bank_of(program->regs[instr.dst].rep);
    auto& spare = free[static_cast<size_t>(bank)];
    VProgram::Place place{bank, 0};
    if (spare.empty()) {
      place.slot = used[static_cast<size_t>(bank)]++;
    } else {
      place.slot = spare.back();
      spare.pop_back();
    }
    program->places[instr.dst] = place;
    live[instr.dst] = true;
    // After the result has its place: it must not lie upon an operand.
    const auto release = [&](Reg r) {
      if (!live[r] || last[r] != i) return;
      live[r] = false;
      const auto& p = program->places[r];
      free[static_cast<size_t>(p.bank)].push_back(p.slot);
    };
    each_operand(*program, instr, release);
    release(instr.dst);
  }
  using Bank = VProgram::Place::Bank;
  program->slots_bytes = used[static_cast<size_t>(Bank::bytes)];
  program->slots_wide = used[static_cast<size_t>(Bank::wide)];
  program->slots_decimal = used[static_cast<size_t>(Bank::decimal)];
}

}  // namespace yipan::rules::columns
