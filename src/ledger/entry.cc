// Entries: docs/formats/ledger-entry.md.
#include <fmt/format.h>

#include <algorithm>

#include "ledger/canonical_scan.h"
#include "ledger/encoding.h"
#include "ledger/entry_scan.h"
#include "yipan/check.h"
#include "yipan/json.h"
#include "yipan/ledger.h"

namespace yipan::ledger {
namespace {

constexpr size_t kWhatBytesMax = 128;
constexpr size_t kKeyBytesMax = 1024;
constexpr size_t kHexBytes = 64;

Error malformed(size_t offset, std::string_view zh, std::string_view en) {
  return Error("ledger.entry.malformed")
      .zh(fmt::format("账本条目格式不对：{}", zh))
      .en(fmt::format("the ledger entry is malformed: {}", en))
      .byte_offset(offset)
      .remedy("条目须是 docs/formats/ledger-entry.md 所述的规范 JSON",
              "an entry is canonical JSON as docs/formats/ledger-entry.md says");
}

Error refused(std::string_view field, std::string_view zh, std::string_view en) {
  return Error("ledger.entry.field")
      .zh(fmt::format("条目的 {} {}", field, zh))
      .en(fmt::format("the entry's {} {}", field, en))
      .element(field)
      .remedy("请更正后再提交", "correct it and submit again");
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_'; }

bool is_kind(std::string_view what) {
  if (what.empty() || what.size() > kWhatBytesMax) return false;
  bool start = true;
  for (const char c : what) {
    if (start ? !is_lower(c) : !is_word(c) && c != '.') return false;
    start = c == '.';
  }
  return !start;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// In scanned text a control character below 0x20 is an escape other than \" and \\ .
bool has_escaped_control(std::string_view quoted) {
  for (size_t i = 0; i + 1 < quoted.size(); ++i) {
    if (quoted[i] == 0x7f) return true;
    if (quoted[i] != '\\') continue;
    ++i;
    if (quoted[i] != '"' && quoted[i] != '\\') return true;
  }
  return false;
}

Result<> check_text(std::string_view field, std::string_view text) {
  if (find_invalid_utf8(text) != std::string_view::npos) {
    return fail(refused(field, "不是有效的 UTF-8", "is not valid UTF-8"));
  }
  if (has_control(text)) {
    return fail(refused(field, "含有控制字符", "holds a control character"));
  }
  return {};
}

Result<> check_fields(const Entry& entry) {
  if (entry.who.empty()) return fail(refused("who", "不能为空", "must not be empty"));
  if (!is_kind(entry.what)) {
    return fail(refused("what", "应形如 dataset.import", "is not of the form dataset.import"));
  }
  if (entry.idempotency_key.size() > kKeyBytesMax) {
    return fail(refused("key", "超过 1024 字节", "is longer than 1,024 bytes"));
  }
  YIPAN_TRY(check_text("who", entry.who));
  YIPAN_TRY(check_text("on", entry.on));
  YIPAN_TRY(check_text("key", entry.idempotency_key));
  if (entry.body.empty()) return {};
  CanonicalScan scan(entry.body);
  if (find_invalid_utf8(entry.body) != std::string_view::npos || !scan.object(1) ||
      !scan.at_end()) {
    return fail(refused("body", "不是规范的 JSON 对象", "is not a canonical JSON object")
                    .byte_offset(scan.offset()));
  }
  return {};
}

// "YYYY-MM-DDThh:mm:ss[.ffffff]Z" in shape.
bool is_instant_shape(std::string_view quoted) {
  if (quoted.size() != 22 && quoted.size() != 29) return false;
  constexpr std::string_view kShape = "\"0000-00-00T00:00:00.000000Z\"";
  for (size_t i = 0; i < quoted.size(); ++i) {
    const char expected = quoted.size() == 22 && i >= 20 ? kShape[i + 7] : kShape[i];
    const bool digit = quoted[i] >= '0' && quoted[i] <= '9';
    if (expected == '0' ? !digit : quoted[i] != expected) return false;
  }
  return quoted.size() == 22 || quoted.substr(21, 6) != "000000";
}

bool scan_evidence(CanonicalScan* scan, std::string_view bytes, std::string_view* out) {
  const size_t from = scan->offset();
  do {
    const auto hash = scan->string();
    if (!hash || hash->size() != kHexBytes + 2 ||
        !hash_from_lower_hex(hash->substr(1, kHexBytes))) {
      return false;
    }
  } while (scan->literal(","));
  *out = bytes.substr(from, scan->offset() - from);
  return scan->literal("]");
}

bool take_string(CanonicalScan* scan, std::string_view* out) {
  const auto text = scan->string();
  if (!text || text->size() <= 2 || has_escaped_control(*text)) return false;
  *out = *text;
  return true;
}

bool scan_members(CanonicalScan* scan, std::string_view bytes, EntryView* out) {
  if (!scan->literal("{\"body\":")) return false;
  const auto body = scan->object(1);
  if (!body) return false;
  out->body = *body;
  if (scan->literal(",\"evidence\":[") && !scan_evidence(scan, bytes, &out->evidence)) return false;
  if (scan->literal(",\"key\":") && !take_string(scan, &out->key)) return false;
  if (scan->literal(",\"on\":") && !take_string(scan, &out->on)) return false;
  if (!scan->literal(",\"what\":") || !take_string(scan, &out->what)) return false;
  if (!is_kind(out->what.substr(1, out->what.size() - 2))) return false;
  if (!scan->literal(",\"when\":") || !take_string(scan, &out->when)) return false;
  if (!is_instant_shape(out->when)) return false;
  if (!scan->literal(",\"who\":") || !take_string(scan, &out->who)) return false;
  return scan->literal("}") && scan->at_end();
}

}  // namespace

Hash256 EntryView::evidence_at(size_t i) const {
  const auto hash = Hash256::from_hex(evidence.substr(i * 67 + 1, kHexBytes));
  CHECK(hash.has_value());
  return *hash;
}

std::string idempotency_key_of(const EntryView& view) {
  return view.key.empty() ? std::string() : unescape(view.key);
}

Result<EntryView> scan_entry(std::string_view bytes) {
  if (bytes.size() > kEntryBytesMax) {
    return fail(malformed(kEntryBytesMax, "超过 65535 字节", "longer than 65,535 bytes"));
  }
  if (const size_t at = find_invalid_utf8(bytes); at != std::string_view::npos) {
    return fail(malformed(at, "不是有效的 UTF-8", "not valid UTF-8"));
  }
  CanonicalScan scan(bytes);
  EntryView view;
  if (!scan_members(&scan, bytes, &view) ||
      (!view.key.empty() && idempotency_key_of(view).size() > kKeyBytesMax)) {
    return fail(
        malformed(scan.offset(), "不是规范的条目 JSON", "not the canonical JSON of an entry"));
  }
  return view;
}

Result<std::string> Entry::encode() const {
  YIPAN_TRY(check_fields(*this));
  std::string out = "{\"body\":";
  out += body.empty() ? "{}" : body;
  const char* separator = ",\"evidence\":[\"";
  for (const Hash256& hash : evidence) {
    out += separator + hash.hex();
    separator = "\",\"";
  }
  if (!evidence.empty()) out += "\"]";
  const auto member = [&out](std::string_view name, std::string_view value) {
    out += ",\"";
    out += name;
    out += "\":";
    append_json_string(value, &out);
  };
  if (!idempotency_key.empty()) member("key", idempotency_key);
  if (!on.empty()) member("on", on);
  member("what", what);
  const std::string at = when.to_string();
  if (!is_instant_shape("\"" + at + "\"")) {
    return fail(refused("when", "不在公元 0 至 9999 年间", "is not within the years 0 to 9999"));
  }
  member("when", at);
  member("who", who);
  out += '}';
  if (out.size() > kEntryBytesMax) {
    return fail(Error("ledger.entry.too_big")
                    .zh(fmt::format("条目有 {} 字节，上限是 65535", out.size()))
                    .en(fmt::format("the entry has {} bytes, the limit is 65,535", out.size()))
                    .remedy("请把大块内容作为证据文件存入，条目只写其哈希",
                            "put large content into an evidence blob and name its hash"));
  }
  return out;
}

Result<Entry> Entry::decode(std::string_view bytes) {
  YIPAN_ASSIGN(const EntryView view, scan_entry(bytes));
  const std::string_view at = view.when.substr(1, view.when.size() - 2);
  const Result<Instant> when = Instant::parse(at);
  if (!when || when->to_string() != at) {
    return fail(malformed(static_cast<size_t>(at.data() - bytes.data()), "没有这样的时刻",
                          "there is no such instant"));
  }
  Entry out;
  out.who = unescape(view.who);
  out.when = *when;
  out.what = unescape(view.what);
  if (!view.on.empty()) out.on = unescape(view.on);
  out.body = view.body;
  for (size_t i = 0; i < view.evidence_count(); ++i) out.evidence.push_back(view.evidence_at(i));
  out.idempotency_key = idempotency_key_of(view);
  return out;
}

}  // namespace yipan::ledger
