#include <algorithm>
#include <bit>

#include "ledger/encoding.h"
#include "ledger/key_index.h"
#include "ledger/layout.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

constexpr size_t kPageBytes = 4096;
constexpr size_t kSlotsPerPage = 255;
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

Result<std::vector<KeySlot>> KeyRun::page(uint64_t number) const {
  std::string bytes(kPageBytes, '\0');
  YIPAN_ASSIGN(const size_t got, file_->read_at(number * kPageBytes, bytes.data(), kPageBytes));
  const uint32_t slots = got == kPageBytes ? read_be32(bytes, 4) : 0;
  const uint64_t expected = std::min<uint64_t>(kSlotsPerPage, count_ - number * kSlotsPerPage);
  if (got != kPageBytes || !bytes.starts_with(kPageMagic) || slots != expected ||
      read_be64(bytes, kCheckOffset) != page_check(bytes, number)) {
    return fail(corrupt(path_, number * kPageBytes));
  }
  std::vector<KeySlot> out(slots);
  for (size_t i = 0; i < slots; ++i) {
    out[i] = {read_be64(bytes, 8 + 16 * i), read_be64(bytes, 16 + 16 * i)};
  }
  return out;
}

Result<> KeyRun::find(uint64_t hash, std::vector<uint64_t>* indices) const {
  // Equal hashes may begin in the page before the first fence that equals the hash.
  const auto fence = std::lower_bound(fences_.begin(), fences_.end(), hash);
  auto number = static_cast<uint64_t>(fence - fences_.begin());
  if (number > 0) --number;
  for (; number < fences_.size() && fences_[number] <= hash; ++number) {
    YIPAN_ASSIGN(const std::vector<KeySlot> slots, page(number));
    auto at = std::lower_bound(slots.begin(), slots.end(), KeySlot{hash, 0});
    for (; at != slots.end() && at->hash == hash; ++at) indices->push_back(at->index);
    if (at != slots.end()) break;
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
