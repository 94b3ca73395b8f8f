#include <algorithm>
#include <bit>

#include "ledger/encoding.h"
#include "ledger/key_index.h"
#include "ledger/layout.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

constexpr size_t kSlotsPerPage = 255;
constexpr uint64_t kFindsBeforeFilter = 256;
constexpr uint64_t kFilterKeysMax = uint64_t{1} << 22;
constexpr size_t kKeysPerWord = 8;
constexpr size_t kCheckOffset = kPageBytes - 8;
constexpr size_t kFooterBytes = 48;
constexpr std::string_view kPageMagic = "YPK1";
constexpr std::string_view kFooterMagic = "YPKF";

// Every step is a bijection of the lane, so one changed word always changes the sum.
uint64_t page_check(std::string_view page, uint64_t number) {
  std::array<uint64_t, 4> lanes = {number, number + 1, number + 2, number + 3};
  for (size_t i = 0; i < kCheckOffset / 8; ++i) {
    uint64_t& lane = lanes[i % 4];
    lane = std::rotl(lane ^ read_be64(page, 8 * i), 27) * 0x9E3779B97F4A7C15u;
  }
  return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}

KeySlot slot_at(std::string_view page, size_t i) {
  return {read_be64(page, 8 + 16 * i), read_be64(page, 16 + 16 * i)};
}

// The word by the high bits, four bits in it by the low ones.
size_t filter_word(uint64_t hash, size_t words) {
  return static_cast<size_t>(static_cast<unsigned __int128>(hash) * words >> 64);
}

uint64_t filter_bits(uint64_t hash) {
  return uint64_t{1} << (hash & 63) | uint64_t{1} << (hash >> 6 & 63) |
         uint64_t{1} << (hash >> 12 & 63) | uint64_t{1} << (hash >> 18 & 63);
}

Error corrupt(const std::string& path, uint64_t offset) {
  return Error("ledger.index.corrupt")
      .zh("幂等键索引损坏")
      .en("the index of idempotency keys is damaged")
      .file(path)
      .byte_offset(offset)
      .remedy("索引可由账本重建：停止写入，删除 index 文件夹，再打开账本",
              "it can be rebuilt from the log: stop the writer, delete the folder index, open "
              "the ledger");
}

}  // namespace

uint64_t key_hash64(std::string_view idempotency_key) {
  return read_be64(sha256(idempotency_key).view(), 0);
}

Result<std::shared_ptr<const KeyRun>> KeyRun::open(Files& files, const std::string& path,
                                                   uint64_t from, uint64_t to) {
  auto run = std::make_shared<KeyRun>();
  run->path_ = path;
  run->from_ = from;
  run->to_ = to;
  YIPAN_ASSIGN(run->file_, files.open(path, Open::read));
  YIPAN_ASSIGN(const uint64_t size, run->file_->size());
  // size = pages * 4096 + pages * 8 + 48
  if (size < kFooterBytes || (size - kFooterBytes) % (kPageBytes + 8) != 0) {
    return fail(corrupt(path, size));
  }
  const uint64_t pages = (size - kFooterBytes) / (kPageBytes + 8);
  std::string trailer(size - pages * kPageBytes, '\0');
  YIPAN_ASSIGN(const size_t got,
               run->file_->read_at(pages * kPageBytes, trailer.data(), trailer.size()));
  const size_t footer = trailer.size() - kFooterBytes;
  if (got != trailer.size() || trailer.compare(footer, 4, kFooterMagic) != 0 ||
      read_be32(trailer, footer + 4) != pages ||
      sha256(std::string_view(trailer).substr(0, footer + 16)).view() !=
          std::string_view(trailer).substr(footer + 16)) {
    return fail(corrupt(path, pages * kPageBytes));
  }
  run->count_ = read_be64(trailer, footer + 8);
  for (uint64_t i = 0; i < pages; ++i) run->fences_.push_back(read_be64(trailer, 8 * i));
  return std::shared_ptr<const KeyRun>(std::move(run));
}

Result<std::string_view> KeyRun::read_page(uint64_t number,
                                           std::array<char, kPageBytes>* buffer) const {
  YIPAN_ASSIGN(const size_t got, file_->read_at(number * kPageBytes, buffer->data(), kPageBytes));
  const std::string_view page(buffer->data(), got);
  const uint64_t expected = std::min<uint64_t>(kSlotsPerPage, count_ - number * kSlotsPerPage);
  if (got != kPageBytes || !page.starts_with(kPageMagic) || read_be32(page, 4) != expected ||
      read_be64(page, kCheckOffset) != page_check(page, number)) {
    return fail(corrupt(path_, number * kPageBytes));
  }
  return page;
}

Result<std::vector<KeySlot>> KeyRun::page(uint64_t number) const {
  std::array<char, kPageBytes> buffer;
  YIPAN_ASSIGN(const std::string_view bytes, read_page(number, &buffer));
  std::vector<KeySlot> out(read_be32(bytes, 4));
  for (size_t i = 0; i < out.size(); ++i) out[i] = slot_at(bytes, i);
  return out;
}

Result<> KeyRun::build_filter() const {
  std::vector<uint64_t> filter(count_ / kKeysPerWord + 1);
  for (uint64_t number = 0; number < pages(); ++number) {
    YIPAN_ASSIGN(const std::vector<KeySlot> slots, page(number));
    for (const KeySlot& slot : slots) {
      filter[filter_word(slot.hash, filter.size())] |= filter_bits(slot.hash);
    }
  }
  filter_ = std::move(filter);
  return {};
}

Result<bool> KeyRun::may_hold(uint64_t hash) const {
  const std::lock_guard lock(filter_mutex_);
  if (filter_.empty()) {
    if (count_ > kFilterKeysMax || ++finds_ < kFindsBeforeFilter) return true;
    YIPAN_TRY(build_filter());
  }
  const uint64_t bits = filter_bits(hash);
  return (filter_[filter_word(hash, filter_.size())] & bits) == bits;
}

Result<> KeyRun::find(uint64_t hash, std::vector<uint64_t>* indices) const {
  YIPAN_ASSIGN(const bool possible, may_hold(hash));
  if (!possible) return {};
  // Equal hashes may begin in the page before the first fence that equals the hash.
  const auto fence = std::lower_bound(fences_.begin(), fences_.end(), hash);
  auto number = static_cast<uint64_t>(fence - fences_.begin());
  if (number > 0) --number;
  std::array<char, kPageBytes> buffer;
  for (; number < fences_.size() && fences_[number] <= hash; ++number) {
    YIPAN_ASSIGN(const std::string_view bytes, read_page(number, &buffer));
    const size_t slots = read_be32(bytes, 4);
    size_t low = 0;
    for (size_t high = slots; low < high;) {
      const size_t middle = (low + high) / 2;
      if (slot_at(bytes, middle).hash < hash) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (; low < slots && slot_at(bytes, low).hash == hash; ++low) {
      indices->push_back(slot_at(bytes, low).index);
    }
    if (low < slots) break;
  }
  return {};
}

Result<KeyRunWriter> KeyRunWriter::create(Files& files, const std::string& directory, uint64_t from,
                                          uint64_t to) {
  KeyRunWriter out;
  out.files_ = &files;
  out.directory_ = directory;
  out.from_ = from;
  out.to_ = to;
  out.path_ = directory + "/" + digits20(from) + "-" + digits20(to) + ".keys";
  YIPAN_ASSIGN(out.file_, files.open(out.path_ + ".tmp", Open::create));
  YIPAN_TRY(out.file_->truncate(0));
  return out;
}

Result<> KeyRunWriter::add(const KeySlot& slot) {
  if (in_page_ == 0) {
    fences_.push_back(slot.hash);
    page_ = kPageMagic;
    append_be32(0, &page_);
  }
  append_be64(slot.hash, &page_);
  append_be64(slot.index, &page_);
  ++count_;
  if (++in_page_ < kSlotsPerPage) return {};
  return write_page();
}

Result<> KeyRunWriter::write_page() {
  std::string count;
  append_be32(static_cast<uint32_t>(in_page_), &count);
  page_.replace(4, 4, count);
  page_.resize(kCheckOffset, '\0');
  append_be64(page_check(page_, fences_.size() - 1), &page_);
  YIPAN_TRY(file_->write_at(offset_, page_));
  offset_ += page_.size();
  in_page_ = 0;
  return {};
}

Result<std::shared_ptr<const KeyRun>> KeyRunWriter::finish() {
  if (in_page_ > 0) YIPAN_TRY(write_page());
  std::string trailer;
  for (const uint64_t fence : fences_) append_be64(fence, &trailer);
  trailer += kFooterMagic;
  append_be32(static_cast<uint32_t>(fences_.size()), &trailer);
  append_be64(count_, &trailer);
  trailer += sha256(trailer).view();
  YIPAN_TRY(file_->write_at(offset_, trailer));
  YIPAN_TRY(file_->sync_data());
  file_.reset();
  YIPAN_TRY(files_->rename(path_ + ".tmp", path_));
  YIPAN_TRY(files_->sync_directory(directory_));
  return KeyRun::open(*files_, path_, from_, to_);
}

}  // namespace yipan::ledger
