// Files and TempDir on a POSIX system.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <ftw.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "yipan/file.h"

namespace yipan {
namespace {

tl::unexpected<Error> failed(int error, std::string_view zh, std::string_view en,
                             const std::string& path) {
  return fail(file_error(error, zh, en, path));
}

// Repeats a system call that a signal interrupted.
template <typename Call>
auto retry(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

class PosixFile : public File {
 public:
  PosixFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;
  // On Linux the descriptor is gone even if close() was interrupted: it must not be repeated. What
  // close() could still report is reported by sync_data().
  ~PosixFile() override { ::close(fd_); }

  Result<size_t> read_at(uint64_t offset, char* buffer, size_t size) override {
    size_t done = 0;
    while (done < size) {
      const ssize_t got = retry([&] {
        return ::pread(fd_, buffer + done, size - done, static_cast<off_t>(offset + done));
      });
      if (got < 0) return failed(errno, "无法读取文件", "cannot read the file", path_);
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    return done;
  }

  Result<> write_at(uint64_t offset, std::string_view data) override {
    while (!data.empty()) {
      const ssize_t put = retry(
          [&] { return ::pwrite(fd_, data.data(), data.size(), static_cast<off_t>(offset)); });
      if (put < 0) return failed(errno, "无法写入文件", "cannot write the file", path_);
      if (put == 0) return failed(ENOSPC, "无法写入文件", "cannot write the file", path_);
      data.remove_prefix(static_cast<size_t>(put));
      offset += static_cast<uint64_t>(put);
    }
    return {};
  }

  Result<> sync_data() override {
    if (retry([&] { return ::fdatasync(fd_); }) == 0) return {};
    return failed(errno, "无法确认数据已写入磁盘", "cannot make sure the data is on the disk",
                  path_);
  }

  Result<> truncate(uint64_t size) override {
    if (retry([&] { return ::ftruncate(fd_, static_cast<off_t>(size)); }) == 0) return {};
    return failed(errno, "无法调整文件大小", "cannot change the size of the file", path_);
  }

  Result<uint64_t> size() override {
    struct stat info {};
    if (::fstat(fd_, &info) != 0) {
      return failed(errno, "无法查询文件大小", "cannot ask for the size of the file", path_);
    }
    return static_cast<uint64_t>(info.st_size);
  }

 private:
  int fd_;
  std::string path_;
};

int flags_of(Open mode) {
  switch (mode) {
    case Open::read:
      return O_RDONLY;
    case Open::read_write:
      return O_RDWR;
    case Open::create:
      return O_RDWR | O_CREAT;
    case Open::create_new:
      return O_RDWR | O_CREAT | O_EXCL;
  }
  return O_RDONLY;
}

// A path with a NUL inside would reach the system cut short, and so name another file.
bool is_cut_short(const std::string& path) { return path.find('\0') != std::string::npos; }

Result<std::unique_ptr<File>> open_file(const std::string& path, int flags) {
  const int fd = is_cut_short(path)
                     ? (errno = EINVAL, -1)
                     : retry([&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0644); });
  if (fd < 0) return failed(errno, "无法打开文件", "cannot open the file", path);
  return std::make_unique<PosixFile>(fd, path);
}

Error locked_by(File& file, const std::string& path) {
  char text[24];
  const Result<size_t> got = file.read_at(0, text, sizeof text);
  const std::string_view found(text, got ? *got : 0);
  const std::string_view digits = found.substr(0, found.find_first_not_of("0123456789"));
  const std::string_view pid = digits.empty() ? "?" : digits;
  return Error("base.file.locked")
      .zh(fmt::format("正被另一个程序使用（进程号 {}）", pid))
      .en(fmt::format("it is in use by another program (process {})", pid))
      .file(path)
      .remedy(fmt::format("请等该程序结束，或先停止它（ps -p {} 可查看是什么程序），再重试", pid),
              fmt::format("wait until that program ends, or stop it first (ps -p {} shows what it "
                          "is), then try again",
                          pid));
}

class PosixFiles : public Files {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, Open mode) override {
    return open_file(path, flags_of(mode));
  }

  Result<> rename(const std::string& from, const std::string& to) override {
    if (!is_cut_short(from) && !is_cut_short(to)) {
      if (::rename(from.c_str(), to.c_str()) == 0) return {};
    } else {
      errno = EINVAL;
    }
    return failed(errno, fmt::format("无法改名为 {}", to), fmt::format("cannot rename to {}", to),
                  from);
  }

  Result<> remove(const std::string& path) override {
    if (!is_cut_short(path)) {
      if (std::remove(path.c_str()) == 0) return {};
    } else {
      errno = EINVAL;
    }
    return failed(errno, "无法删除", "cannot remove it", path);
  }

  Result<> make_directories(const std::string& path) override {
    for (size_t end = path.find('/', 1); true; end = path.find('/', end + 1)) {
      YIPAN_TRY(make_directory(path.substr(0, end)));
      if (end == std::string::npos) return {};
    }
  }

  Result<> sync_directory(const std::string& path) override {
    YIPAN_ASSIGN(const int fd, open_directory(path));
    const int synced = retry([&] { return ::fsync(fd); });
    const int error = errno;
    ::close(fd);
    // EINVAL: this file system (some network and FUSE ones) has no such call to make.
    if (synced == 0 || error == EINVAL) return {};
    return failed(error, "无法确认文件夹已写入磁盘", "cannot make sure the folder is on the disk",
                  path);
  }

  Result<bool> exists(const std::string& path) override {
    struct stat info {};
    if (is_cut_short(path)) {
      errno = EINVAL;
    } else if (::stat(path.c_str(), &info) == 0) {
      return true;
    }
    if (errno == ENOENT || errno == ENOTDIR) return false;
    return failed(errno, "无法查询文件是否存在", "cannot ask whether the file exists", path);
  }

  Result<std::vector<std::string>> list(const std::string& directory) override {
    YIPAN_ASSIGN(const int fd, open_directory(directory));
    DIR* entries = ::fdopendir(fd);
    if (entries == nullptr) {
      const int error = errno;
      ::close(fd);
      return failed(error, "无法列出文件夹", "cannot list the folder", directory);
    }
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(entries)) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
      errno = 0;
    }
    const int error = errno;
    ::closedir(entries);
    if (error != 0) return failed(error, "无法列出文件夹", "cannot list the folder", directory);
    std::sort(names.begin(), names.end());
    return names;
  }

  Result<std::unique_ptr<File>> lock(const std::string& path) override {
    const int fd = is_cut_short(path) ? (errno = EINVAL, -1) : retry([&] {
      return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    });
    if (fd < 0) return failed(errno, "无法打开锁文件", "cannot open the lock file", path);
    auto file = std::make_unique<PosixFile>(fd, path);
    if (retry([&] { return ::flock(fd, LOCK_EX | LOCK_NB); }) != 0) {
      if (errno == EWOULDBLOCK) return fail(locked_by(*file, path));
      return failed(errno, "无法加锁", "cannot lock the file", path);
    }
    YIPAN_TRY(file->truncate(0));
    YIPAN_TRY(file->write_at(0, fmt::format("{}\n", ::getpid())));
    return file;
  }

 private:
  // Also makes the new name durable: nobody else knows which of the folders are new.
  Result<> make_directory(const std::string& path) {
    if (is_cut_short(path)) {
      errno = EINVAL;
    } else {
      if (::mkdir(path.c_str(), 0755) == 0) return sync_directory(parent_directory(path));
      struct stat info {};
      if (errno == EEXIST && ::stat(path.c_str(), &info) == 0) {
        if (S_ISDIR(info.st_mode)) return {};
        errno = ENOTDIR;
      }
    }
    return failed(errno, "无法新建文件夹", "cannot make the folder", path);
  }

  Result<int> open_directory(const std::string& path) {
    const int fd = is_cut_short(path) ? (errno = EINVAL, -1) : retry([&] {
      return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    });
    if (fd < 0) return failed(errno, "无法打开文件夹", "cannot open the folder", path);
    return fd;
  }
};

int remove_one(const char* path, const struct stat*, int, FTW*) {
  std::remove(path);
  return 0;  // what cannot be removed must not keep the rest from being removed
}

void remove_tree(const std::string& path) {
  constexpr int kOpenMax = 16;
  if (!path.empty()) ::nftw(path.c_str(), remove_one, kOpenMax, FTW_DEPTH | FTW_PHYS);
}

}  // namespace

Files& Files::posix() {
  static PosixFiles files;
  return files;
}

Result<TempDir> TempDir::make(const std::string& parent) {
  const char* given = std::getenv("TMPDIR");
  const std::string_view standard = given != nullptr && *given != '\0' ? given : "/tmp";
  const std::string base(parent.empty() ? standard : std::string_view(parent));
  std::string path = fmt::format("{}/yipan-XXXXXX", base);
  if (::mkdtemp(path.data()) == nullptr) {
    return failed(errno, "无法新建临时文件夹", "cannot make a temporary folder", base);
  }
  return TempDir(std::move(path));
}

TempDir::TempDir(TempDir&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }

TempDir& TempDir::operator=(TempDir&& other) noexcept {
  if (this != &other) {
    remove_tree(path_);
    path_ = std::move(other.path_);
    other.path_.clear();
  }
  return *this;
}

TempDir::~TempDir() { remove_tree(path_); }

}  // namespace yipan
