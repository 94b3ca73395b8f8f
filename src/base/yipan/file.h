// Files, passed in, so that tests can make every write, sync and rename fail or be lost.
//
// Files::posix() is the real one. FaultyFiles (tests/support/faulty_files.h) keeps files in memory
// and injects EIO, ENOSPC, power cuts, torn and lost writes. All paths are UTF-8; nothing throws.
//
// Errors carry the path as their place and errno (os_errno()) as their cause. Codes:
//   base.file.not_found  ENOENT, ENOTDIR      base.file.exists    EEXIST
//   base.file.denied     EACCES, EPERM        base.file.read_only EROFS
//   base.file.no_space   ENOSPC, EDQUOT       base.file.io        EIO
//   base.file.locked     another holds it     base.file.too_big   read_file's limit
//   base.file.failed     any other
//
// What is on the disk after a power cut:
//   - written bytes and a new size, once sync_data() of that file has returned; before that, any
//     part of them, in any order, may be there or not;
//   - a name (made by open, lost by remove, changed by rename), once sync_directory() of the folder
//     that holds it has returned; a rename is never half done. A file that is renamed before its
//     sync_data() may come back empty under the new name;
//   - a folder, once make_directories() has returned (it syncs the parents of those it made).
// After sync_data() or sync_directory() has failed, what was written since the last sync may be
// lost even if a second call succeeds (the kernel drops the pages): stop, reopen and recover.
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

// A file system. May be used from several threads at once.
class Files {
 public:
  virtual ~Files() = default;
  virtual Result<std::unique_ptr<File>> open(const std::string& path, Open mode) = 0;
  virtual Result<> rename(const std::string& from, const std::string& to) = 0;  // replaces `to`
  virtual Result<> remove(const std::string& path) = 0;  // a file or an empty folder
  virtual Result<> make_directories(const std::string& path) = 0;
  virtual Result<> sync_directory(const std::string& path) = 0;
  virtual Result<bool> exists(const std::string& path) = 0;
  virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;  // names, sorted
  // An exclusive advisory lock (flock) held until the returned object dies. The file is made if it
  // is missing, holds the pid of the holder as a line of text, and is never removed. Error
  // "base.file.locked" names the holder's pid if it is known.
  virtual Result<std::unique_ptr<File>> lock(const std::string& path) = 0;
  static Files& posix();
};

// The error with the code from the table above for an errno, for those who implement Files.
Error file_error(int errno_value, std::string_view zh, std::string_view en, std::string_view path);

// The folder that holds `path`: "a/b" -> "a", "a" -> ".", "/a" -> "/".
std::string parent_directory(std::string_view path);

Result<std::string> read_file(Files& files, const std::string& path,
                              uint64_t size_max = uint64_t{1} << 30);
// `path`.tmp -> write -> fdatasync -> rename -> fsync of the directory: old or new, never half. If
// it fails, `path` is as it was, unless the last of these steps failed: then it is new, but may be
// old again after a power cut. One writer of a path at a time.
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
