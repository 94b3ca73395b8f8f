#include "yipan/file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

namespace yipan {
namespace {

// The codes that yipan/file.h promises.
std::string_view code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "base.file.not_found";
    case EEXIST:
      return "base.file.exists";
    case EACCES:
    case EPERM:
      return "base.file.denied";
    case EROFS:
      return "base.file.read_only";
    case ENOSPC:
    case EDQUOT:
      return "base.file.no_space";
    case EIO:
      return "base.file.io";
    default:
      return "base.file.failed";
  }
}

}  // namespace

Error file_error(int errno_value, std::string_view zh, std::string_view en, std::string_view path) {
  return Error(code_of(errno_value)).zh(zh).en(en).file(path).os(errno_value);
}

std::string parent_directory(std::string_view path) {
  const size_t slash = path.find_last_of('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(slash == 0 ? "/" : path.substr(0, slash));
}

Result<std::string> read_file(Files& files, const std::string& path, uint64_t size_max) {
  YIPAN_ASSIGN(const std::unique_ptr<File> file, files.open(path, Open::read));
  YIPAN_ASSIGN(const uint64_t size, file->size());
  std::string content;
  // What the file says of its size is a hint only: it may grow, and /proc says 0.
  size_t capacity = static_cast<size_t>(std::min(size, size_max)) + 1;
  while (content.size() <= size_max) {
    const size_t have = content.size();
    content.resize(have + capacity);
    YIPAN_ASSIGN(const size_t got, file->read_at(have, content.data() + have, capacity));
    content.resize(have + got);
    if (got < capacity) break;
    capacity = std::max<size_t>(content.size(), 4096);
  }
  if (content.size() <= size_max) return content;
  return fail(Error("base.file.too_big")
                  .zh(fmt::format("文件超过上限 {} 字节", size_max))
                  .en(fmt::format("the file is larger than the limit of {} bytes", size_max))
                  .file(path)
                  .remedy("请拆分该文件，或提高读取上限", "split the file, or raise the limit"));
}

namespace {

Result<> write_and_sync(Files& files, const std::string& path, std::string_view content) {
  YIPAN_ASSIGN(const std::unique_ptr<File> file, files.open(path, Open::create));
  YIPAN_TRY(file->truncate(0));
  YIPAN_TRY(file->write_at(0, content));
  return file->sync_data();
}

}  // namespace

Result<> write_file_atomic(Files& files, const std::string& path, std::string_view content) {
  const std::string temporary = path + ".tmp";
  Result<> done = write_and_sync(files, temporary, content);
  if (done) done = files.rename(temporary, path);
  if (!done) {
    // The first error is the one to tell; a temporary file left behind is overwritten next time.
    static_cast<void>(files.remove(temporary));
    return done;
  }
  return files.sync_directory(parent_directory(path));
}

}  // namespace yipan
