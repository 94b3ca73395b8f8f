// A file system in memory that fails when told to, and that knows what a power cut would leave.
//
// Every operation that changes something has a number, from 0: creating a file, write_at, truncate,
// sync_data, rename, remove, making a folder, sync_directory. A test runs its work once to count
// them, and then once for each of them:
//
//   for (uint64_t n = 0; n <= total; ++n) {
//     FaultyFiles files;
//     files.cut_power_before(n);
//     run_the_work(files);                            // fails from operation n on
//     Random random(seed + n);
//     auto disk = files.after_crash(random);          // what the disk holds when power is back
//     expect_recovers(*disk);
//   }
//
// What is durable is as yipan/file.h says, with nothing given beyond it: of a write that was not
// synced, any sectors of 512 bytes or any first bytes may be there; a file may have grown without
// its data, and then reads as zeros; a name whose folder was not synced may be the old or the new
// one. After a sync that failed, what it should have saved stays in doubt whatever follows. A
// rename inside a folder is never half done; one from folder to folder needs both synced.
//
// Folders must be made before files are put in them. Paths are taken from the root, with or without
// a leading '/'. Safe to use from several threads; the operations' numbers then depend on the
// schedule.
#ifndef YIPAN_TESTS_SUPPORT_FAULTY_FILES_H_
#define YIPAN_TESTS_SUPPORT_FAULTY_FILES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "yipan/clock.h"
#include "yipan/file.h"

namespace yipan::testing {

class FaultyFiles : public Files {
 public:
  FaultyFiles();
  ~FaultyFiles() override;

  // Operation n fails with `error` (EIO, ENOSPC, ...); those before and after it work. If it is a
  // write and `bytes_written` is given, that many of its bytes are written before it fails.
  void fail_at(uint64_t n, int error, std::optional<size_t> bytes_written = std::nullopt);
  // Operation n and all after it fail with `error`: a disk that is full and stays so.
  void fail_from(uint64_t n, int error);
  // The nth read_at (numbered by themselves) fails with `error`.
  void fail_read_at(uint64_t n, int error);
  // From operation n on (after operation n) nothing works any more, reading neither.
  void cut_power_before(uint64_t n);
  void cut_power_after(uint64_t n) { cut_power_before(n + 1); }
  void cut_power_now();
  void clear_faults();  // whatever was told above; power is back without a crash

  uint64_t operations() const;  // how many were begun, those that failed too
  uint64_t reads() const;
  bool fault_happened() const;  // since the faults were told

  // What a disk with these files may hold after the power cut; every call draws another outcome.
  std::unique_ptr<FaultyFiles> after_crash(Random& random) const;

  Result<std::unique_ptr<File>> open(const std::string& path, Open mode) override;
  Result<> rename(const std::string& from, const std::string& to) override;
  Result<> remove(const std::string& path) override;
  Result<> make_directories(const std::string& path) override;
  Result<> sync_directory(const std::string& path) override;
  Result<bool> exists(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& directory) override;
  Result<std::unique_ptr<File>> lock(const std::string& path) override;

 private:
  struct State;
  class OpenFile;
  std::shared_ptr<State> state_;
};

}  // namespace yipan::testing

#endif  // YIPAN_TESTS_SUPPORT_FAULTY_FILES_H_
