// An entry as it stands in its bytes, without copies: what fsck and the key index need of millions.
#ifndef YIPAN_LEDGER_ENTRY_SCAN_H_
#define YIPAN_LEDGER_ENTRY_SCAN_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/ledger.h"

namespace yipan::ledger {

inline constexpr size_t kEntryBytesMax = 65535;

// Views into the entry's bytes; strings are still quoted and escaped, absent members are empty.
struct EntryView {
  std::string_view body;
  std::string_view evidence;  // the members of the array, without brackets; hex strings and commas
  std::string_view key;
  std::string_view on;
  std::string_view what;
  std::string_view when;
  std::string_view who;
  size_t evidence_count() const { return (evidence.size() + 1) / 67; }
  Hash256 evidence_at(size_t i) const;
};
// Everything is checked but for the calendar in `when` (Entry::decode does that too).
Result<EntryView> scan_entry(std::string_view bytes);

// The idempotency key of an entry that has been checked before; empty if it has none.
std::string idempotency_key_of(const EntryView& view);

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_ENTRY_SCAN_H_
