// IANA time zones from the system's TZif files (RFC 8536), without std::chrono's (GCC 12 has none).
// Zones are read when first named and kept; the table only grows, so that a Zone is a number.
#include "rules/zone.h"

#include <algorithm>
#include <deque>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>

#include "rules/temporal.h"

namespace yipan::rules {
namespace {

constexpr std::string_view kZoneInfo = "/usr/share/zoneinfo/";

std::optional<std::string> read_small_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream out;
  out << in.rdbuf();
  if (!in) return std::nullopt;
  return std::move(out).str();
}

bool is_zone_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() == '/' || name.back() == '/') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  });
}

int64_t big_endian(std::string_view bytes) {
  uint64_t value = (static_cast<unsigned char>(bytes[0]) & 0x80U) != 0 ? ~uint64_t{0} : 0;
  for (char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return static_cast<int64_t>(value);
}

struct Entry {
  std::string name;
  internal::ZoneRules rules;
};

// The zones met so far. Entries never move and never change once they are in.
class Zones {
 public:
  std::optional<uint32_t> find(std::string_view name) {
    const std::lock_guard lock(mutex_);
    if (auto known = by_name_.find(name); known != by_name_.end()) return known->second;
    if (!is_zone_name(name)) return std::nullopt;
    auto file = read_small_file(std::string(kZoneInfo) + std::string(name));
    if (!file) return std::nullopt;
    auto rules = internal::parse_tzif(*file);
    if (!rules) return std::nullopt;
    entries_.push_back({std::string(name), std::move(*rules)});
    const auto index = static_cast<uint32_t>(entries_.size() - 1);
    by_name_.emplace(std::string(name), index);
    return index;
  }
  const Entry& at(uint32_t index) {
    const std::lock_guard lock(mutex_);
    return entries_[index];
  }

 private:
  std::mutex mutex_;
  std::deque<Entry> entries_;
  std::map<std::string, uint32_t, std::less<>> by_name_;
};

Zones& zones() {
  static Zones instance;
  return instance;
}

}  // namespace

namespace internal {

int32_t ZoneRules::offset_at_utc(int64_t utc_seconds) const {
  if (transitions.empty() || utc_seconds < transitions.front()) return first_offset;
  if (utc_seconds >= transitions.back() && footer.present) return footer.offset_at(utc_seconds);
  const auto after = std::upper_bound(transitions.begin(), transitions.end(), utc_seconds);
  return offsets[static_cast<size_t>(after - transitions.begin()) - 1];
}

// The offset in force at a wall-clock time. In a gap, the one before it; in an overlap, the earlier
// instant's (java.time does the same).
int32_t ZoneRules::offset_at_local(int64_t local_seconds) const {
  const int32_t before = offset_at_utc(local_seconds - 86'400);
  const int32_t after = offset_at_utc(local_seconds + 86'400);
  if (before == after) {
    const int32_t now = offset_at_utc(local_seconds - before);
    return now;
  }
  if (offset_at_utc(local_seconds - before) == before) return before;
  if (offset_at_utc(local_seconds - after) == after) return after;
  return before;
}

namespace {

struct Header {
  size_t isutcnt = 0, isstdcnt = 0, leapcnt = 0, timecnt = 0, typecnt = 0, charcnt = 0;
  size_t body_size(size_t time_size) const {
    return timecnt * (time_size + 1) + typecnt * 6 + charcnt + leapcnt * (time_size + 4) +
           isstdcnt + isutcnt;
  }
};

constexpr size_t kHeaderSize = 44;

std::optional<Header> parse_header(std::string_view bytes) {
  if (bytes.size() < kHeaderSize || bytes.substr(0, 4) != "TZif") return std::nullopt;
  size_t counts[6];
  for (size_t i = 0; i < 6; ++i) {
    counts[i] = static_cast<size_t>(big_endian(bytes.substr(20 + i * 4, 4)));
    if (counts[i] > 100'000) return std::nullopt;
  }
  return Header{counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
}

}  // namespace

std::optional<ZoneRules> parse_tzif(std::string_view file) {
  auto header = parse_header(file);
  if (!header) return std::nullopt;
  const char version = file[4];
  size_t time_size = 4, at = kHeaderSize;
  if (version >= '2') {
    at += header->body_size(4);
    if (at > file.size()) return std::nullopt;
    header = parse_header(file.substr(at));
    if (!header) return std::nullopt;
    at += kHeaderSize;
    time_size = 8;
  }
  const size_t end = at + header->body_size(time_size);
  if (end > file.size() || header->typecnt == 0) return std::nullopt;
  const std::string_view indices = file.substr(at + header->timecnt * time_size);
  const std::string_view types = indices.substr(header->timecnt);
  ZoneRules rules;
  rules.first_offset = static_cast<int32_t>(big_endian(types.substr(0, 4)));
  for (size_t i = 0; i < header->timecnt; ++i) {
    const auto type = static_cast<unsigned char>(indices[i]);
    if (type >= header->typecnt) return std::nullopt;
    rules.transitions.push_back(big_endian(file.substr(at + i * time_size, time_size)));
    rules.offsets.push_back(static_cast<int32_t>(big_endian(types.substr(type * 6U, 4))));
  }
  if (version >= '2' && end + 1 < file.size() && file[end] == '\n') {
    const size_t stop = file.find('\n', end + 1);
    if (stop != std::string_view::npos) {
      rules.footer = parse_posix_tz(file.substr(end + 1, stop - end - 1));
    }
  }
  if (rules.transitions.empty() && rules.footer.present) {
    rules.first_offset = rules.footer.standard;
  }
  return rules;
}

}  // namespace internal

Zone Zone::offset_seconds(int32_t east) { return Zone(static_cast<uint32_t>(0x40000000 + east)); }

std::optional<Zone> Zone::named(std::string_view iana_name) {
  const auto index = zones().find(iana_name);
  if (!index) return std::nullopt;
  return Zone(0x80000000U | *index);
}

std::string_view Zone::name() const {
  if (!is_named()) return {};
  return zones().at(code_ & 0x7FFFFFFFU).name;
}

int32_t Zone::offset_at_local(int64_t local_seconds) const {
  if (is_none()) return 0;
  if (is_offset()) return static_cast<int32_t>(code_) - 0x40000000;
  return zones().at(code_ & 0x7FFFFFFFU).rules.offset_at_local(local_seconds);
}

std::string Zone::to_string() const {
  if (is_none()) return {};
  if (is_named()) return "@" + std::string(name());
  const int32_t offset = offset_at_local(0);
  if (offset == 0) return "Z";
  const int32_t all = offset < 0 ? -offset : offset;
  auto two = [](int32_t n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
  std::string out = (offset < 0 ? "-" : "+") + two(all / 3600) + ":" + two(all / 60 % 60);
  if (all % 60 != 0) out += ":" + two(all % 60);
  return out;
}

const std::string& tzdata_version() {
  static const std::string version = [] {
    std::ifstream plain(std::string(kZoneInfo) + "+VERSION");
    std::string line;
    if (plain && std::getline(plain, line) && !line.empty()) return line;
    std::ifstream compact(std::string(kZoneInfo) + "tzdata.zi");
    constexpr std::string_view kMark = "# version ";
    if (compact && std::getline(compact, line) && line.rfind(kMark, 0) == 0) {
      return line.substr(kMark.size());
    }
    return std::string();
  }();
  return version;
}

}  // namespace yipan::rules
