// The dictionary of strings: open addressing, strings kept in chunks so that they do not move.
#include <cstring>

#include "rules/columns_run.h"

namespace yipan::rules::columns {
namespace {

constexpr size_t kChunk = 1U << 16;

uint64_t load(const char* p, size_t n) {
  uint64_t out = 0;
  std::memcpy(&out, p, n);
  return out;
}

uint64_t mix(uint64_t a, uint64_t b) {
  const unsigned __int128 product =
      static_cast<unsigned __int128>(a ^ 0x9E3779B97F4A7C15ULL) * (b ^ 0xD6E8FEB86659FD93ULL);
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// Most strings of a table are short: two loads and a multiplication.
uint64_t hash_of(std::string_view text) {
  const char* p = text.data();
  size_t n = text.size();
  uint64_t h = n;
  while (n > 16) {
    h = mix(h ^ load(p, 8), load(p + 8, 8));
    p += 16;
    n -= 16;
  }
  if (n >= 8) return mix(h ^ load(p, 8), load(p + n - 8, 8));
  if (n >= 4) return mix(h ^ load(p, 4), load(p + n - 4, 4));
  return mix(h ^ (n > 0 ? load(p, n) : 0), n);
}

}  // namespace

Dictionary::Dictionary(const std::vector<std::string>& literals) {
  table_.assign(1024, 0);
  for (const std::string& text : literals) code(text);
  literals_ = entries_.size();
}

const char* Dictionary::keep(std::string_view text) {
  if (chunks_.empty() || chunk_size_ - chunk_used_ < text.size()) {
    chunk_size_ = text.size() > kChunk ? text.size() : kChunk;
    chunks_.push_back(std::make_unique<char[]>(chunk_size_));
    chunk_used_ = 0;
  }
  char* at = chunks_.back().get() + chunk_used_;
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  chunk_used_ += text.size();
  return at;
}

void Dictionary::grow() {
  table_.assign(table_.size() * 2, 0);
  const size_t mask = table_.size() - 1;
  for (size_t c = 0; c < entries_.size(); ++c) {
    size_t at = entries_[c].hash & mask;
    while (table_[at] != 0) at = (at + 1) & mask;
    table_[at] = static_cast<uint32_t>(c + 1);
  }
}

int64_t Dictionary::code(std::string_view text) {
  const uint64_t hash = hash_of(text);
  const size_t mask = table_.size() - 1;
  size_t at = hash & mask;
  while (table_[at] != 0) {
    const Entry& e = entries_[table_[at] - 1];
    if (e.hash == hash && e.size == text.size() &&
        (e.size == 0 || std::memcmp(e.data, text.data(), e.size) == 0)) {
      return table_[at] - 1;
    }
    at = (at + 1) & mask;
  }
  entries_.push_back({keep(text), text.size(), hash});
  table_[at] = static_cast<uint32_t>(entries_.size());
  const auto made = static_cast<int64_t>(entries_.size() - 1);
  if (entries_.size() * 2 > table_.size()) grow();
  return made;
}

void Dictionary::forget() {
  std::vector<std::string> literals;
  for (size_t c = 0; c < literals_; ++c) {
    literals.emplace_back(entries_[c].data, entries_[c].size);
  }
  *this = Dictionary(literals);
}

}  // namespace yipan::rules::columns
