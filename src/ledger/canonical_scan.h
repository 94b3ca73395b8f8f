// Checks canonical JSON (docs/formats/ledger-entry.md) in one pass without building values: the
// ledger reads millions of entries, and must refuse whatever is not the one encoding of its
// content.
#ifndef YIPAN_LEDGER_CANONICAL_SCAN_H_
#define YIPAN_LEDGER_CANONICAL_SCAN_H_

#include <optional>
#include <string>
#include <string_view>

namespace yipan::ledger {

class CanonicalScan {
 public:
  explicit CanonicalScan(std::string_view text) : text_(text) {}

  // Each moves past what it names and returns the raw text of it, or nothing if it is not there or
  // not canonical; offset() is then where the trouble is.
  std::optional<std::string_view> value(int depth = 0);
  std::optional<std::string_view> object(int depth = 0);
  std::optional<std::string_view> string();  // with its quotes
  bool literal(std::string_view expected);
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  size_t offset() const { return at_; }

 private:
  bool scan_value(int depth);
  bool scan_object(int depth);
  bool scan_array(int depth);
  bool scan_string();
  bool scan_escape();
  bool scan_number();

  std::string_view text_;
  size_t at_ = 0;
};

// The characters of a canonical JSON string (with its quotes, already scanned).
std::string unescape(std::string_view quoted);

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_CANONICAL_SCAN_H_
