// Files, passed in, so that tests can make every write, sync and rename fail or be lost.
//
// Files::posix() is the real one. FaultyFiles (in tests/) wraps one and injects EIO, ENOSPC, torn
// and dropped writes. All paths are UTF-8. No function throws; errors carry errno and the path.
#ifndef YIPAN_FILE_H_
#define YIPAN_FILE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/result.h"

namespace yipan {

// An open file. Positions are explicit; one writer at a time, any number of readers.
class File {
 public:
  virtual ~File() = default;
  virtual Result<size_t> read_at(uint64_t offset, char* buffer, size_t size) = 0;  // short at end
  virtual Result<> write_at(uint64_t offset, std::string_view data) = 0;           // all or error
  virtual Result<> sync_data() = 0;                                               // fdatasync
  virtual Result<> truncate(uint64_t size) = 0;
  virtual Result<uint64_t> size() = 0;
};

enum class Open : uint8_t { read, read_write, create, create_new };  // create: made if missing

class Files {
 public:
  virtual ~Files() = default;
  virtual Result<std::unique_ptr<File>> open(const std::string& path, Open mode) = 0;
  virtual Result<> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<> remove(const std::string& path) = 0;
  virtual Result<> make_directories(const std::string& path) = 0;
  virtual Result<> sync_directory(const std::string& path) = 0;
  virtual Result<bool> exists(const std::string& path) = 0;
  virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;  // names, sorted
  // An exclusive advisory lock (flock) held until the returned object dies. Error
  // "base.file.locked" names the holder's pid if it is known.
  virtual Result<std::unique_ptr<File>> lock(const std::string& path) = 0;
  static Files& posix();
};

Result<std::string> read_file(Files& files, const std::string& path,
                              uint64_t size_max = uint64_t{1} << 30);
// temporary name -> write -> fdatasync -> rename -> fsync of the directory: old or new, never half.
Result<> write_file_atomic(Files& files, const std::string& path, std::string_view content);

// A folder that is removed, with all in it, when this object dies. For tests and staging.
class TempDir {
 public:
  static Result<TempDir> make(const std::string& parent = "");  // "": $TMPDIR or /tmp
  TempDir(TempDir&&) noexcept;
  TempDir& operator=(TempDir&&) noexcept;
  ~TempDir();
  const std::string& path() const { return path_; }

 private:
  explicit TempDir(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace yipan

#endif  // YIPAN_FILE_H_
