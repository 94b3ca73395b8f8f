#include "support/faulty_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <mutex>

#include "support/durable_tree.h"

namespace yipan::testing {
namespace {

constexpr uint64_t kNever = std::numeric_limits<uint64_t>::max();

tl::unexpected<Error> failed(int error, std::string_view zh, std::string_view en,
                             const std::string& path) {
  return fail(file_error(error, zh, en, path));
}

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (size_t start = 0; start <= path.size();) {
    const size_t end = std::min(path.find('/', start), path.size());
    std::string part = path.substr(start, end - start);
    if (!part.empty() && part != ".") parts.push_back(std::move(part));
    start = end + 1;
  }
  return parts;
}

}  // namespace

struct FaultyFiles::State {
  // Where a path leads: the folder that holds it (nullptr if there is none), the name there, and
  // the node (nullptr if there is none of that name).
  struct Found {
    std::shared_ptr<Node> folder;
    std::string name;
    std::shared_ptr<Node> node;
  };

  Found find(const std::string& path) const {
    const std::vector<std::string> parts = parts_of(path);
    Found found = {nullptr, "", root};
    for (const std::string& part : parts) {
      if (found.node == nullptr || !found.node->is_folder) return {nullptr, part, nullptr};
      const auto at = found.node->entries.find(part);
      const bool is_there = at != found.node->entries.end();
      found = {found.node, part, is_there ? at->second : nullptr};
    }
    return found;
  }

  // Takes the next number; 0, or the errno with which the operation must fail.
  int begin() {
    const uint64_t n = operations++;
    if (n >= power_cut_before) power_is_off = true;
    if (power_is_off) return happened(EIO);
    if (n == fail_at) return happened(fail_at_error);
    if (n >= fail_from) return happened(fail_from_error);
    return 0;
  }

  int begin_read() {
    const uint64_t n = reads++;
    if (power_is_off) return happened(EIO);
    return n == fail_read_at ? happened(fail_read_error) : 0;
  }

  int happened(int error) {
    fault_happened = true;
    return error;
  }

  mutable std::mutex mutex;
  std::shared_ptr<Node> root = std::make_shared<Node>(true);
  uint64_t operations = 0;
  uint64_t reads = 0;
  uint64_t last_group = 0;
  uint64_t fail_at = kNever;
  int fail_at_error = 0;
  std::optional<size_t> fail_at_bytes;
  uint64_t fail_from = kNever;
  int fail_from_error = 0;
  uint64_t fail_read_at = kNever;
  int fail_read_error = 0;
  uint64_t power_cut_before = kNever;
  bool power_is_off = false;
  bool fault_happened = false;
};

class FaultyFiles::OpenFile : public File {
 public:
  OpenFile(std::shared_ptr<State> state, std::shared_ptr<Node> node, std::string path,
           bool is_writable, bool is_lock)
      : state_(std::move(state)),
        node_(std::move(node)),
        path_(std::move(path)),
        is_writable_(is_writable),
        is_lock_(is_lock) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() override {
    const std::lock_guard guard(state_->mutex);
    if (is_lock_) node_->is_locked = false;
  }

  Result<size_t> read_at(uint64_t offset, char* buffer, size_t size) override {
    const std::lock_guard guard(state_->mutex);
    if (const int error = state_->begin_read(); error != 0) {
      return failed(error, "无法读取文件", "cannot read the file", path_);
    }
    const std::string& content = node_->content;
    if (offset >= content.size()) return size_t{0};
    const size_t count = std::min<size_t>(size, content.size() - offset);
    std::memcpy(buffer, content.data() + offset, count);
    return count;
  }

  Result<> write_at(uint64_t offset, std::string_view data) override {
    const std::lock_guard guard(state_->mutex);
    const uint64_t n = state_->operations;
    int error = state_->begin();
    if (error == 0 && !is_writable_) error = EBADF;
    if (error == 0) {
      node_->write(offset, data);
      return {};
    }
    const bool is_cut_short = n == state_->fail_at && !state_->power_is_off && is_writable_;
    if (is_cut_short && state_->fail_at_bytes) {
      node_->write(offset, data.substr(0, *state_->fail_at_bytes));
    }
    return failed(error, "无法写入文件", "cannot write the file", path_);
  }

  Result<> sync_data() override {
    const std::lock_guard guard(state_->mutex);
    if (const int error = state_->begin(); error != 0) {
      if (!state_->power_is_off) node_->sync_failed();
      return failed(error, "无法确认数据已写入磁盘", "cannot make sure the data is on the disk",
                    path_);
    }
    node_->sync();
    return {};
  }

  Result<> truncate(uint64_t size) override {
    const std::lock_guard guard(state_->mutex);
    int error = state_->begin();
    if (error == 0 && !is_writable_) error = EINVAL;
    if (error != 0) {
      return failed(error, "无法调整文件大小", "cannot change the size of the file", path_);
    }
    node_->truncate(size);
    return {};
  }

  Result<uint64_t> size() override {
    const std::lock_guard guard(state_->mutex);
    if (state_->power_is_off) {
      return failed(state_->happened(EIO), "无法查询文件大小",
                    "cannot ask for the size of the file", path_);
    }
    return node_->content.size();
  }

 private:
  std::shared_ptr<State> state_;
  std::shared_ptr<Node> node_;
  std::string path_;
  bool is_writable_;
  bool is_lock_;
};

FaultyFiles::FaultyFiles() : state_(std::make_shared<State>()) {}
FaultyFiles::~FaultyFiles() = default;

void FaultyFiles::fail_at(uint64_t n, int error, std::optional<size_t> bytes_written) {
  const std::lock_guard guard(state_->mutex);
  state_->fail_at = n;
  state_->fail_at_error = error;
  state_->fail_at_bytes = bytes_written;
}

void FaultyFiles::fail_from(uint64_t n, int error) {
  const std::lock_guard guard(state_->mutex);
  state_->fail_from = n;
  state_->fail_from_error = error;
}

void FaultyFiles::fail_read_at(uint64_t n, int error) {
  const std::lock_guard guard(state_->mutex);
  state_->fail_read_at = n;
  state_->fail_read_error = error;
}

void FaultyFiles::cut_power_before(uint64_t n) {
  const std::lock_guard guard(state_->mutex);
  state_->power_cut_before = n;
}

void FaultyFiles::cut_power_now() {
  const std::lock_guard guard(state_->mutex);
  state_->power_is_off = true;
}

void FaultyFiles::clear_faults() {
  const std::lock_guard guard(state_->mutex);
  state_->fail_at = state_->fail_from = state_->fail_read_at = state_->power_cut_before = kNever;
  state_->power_is_off = false;
  state_->fault_happened = false;
}

uint64_t FaultyFiles::operations() const {
  const std::lock_guard guard(state_->mutex);
  return state_->operations;
}

uint64_t FaultyFiles::reads() const {
  const std::lock_guard guard(state_->mutex);
  return state_->reads;
}

bool FaultyFiles::fault_happened() const {
  const std::lock_guard guard(state_->mutex);
  return state_->fault_happened;
}

std::unique_ptr<FaultyFiles> FaultyFiles::after_crash(Random& random) const {
  const std::lock_guard guard(state_->mutex);
  auto out = std::make_unique<FaultyFiles>();
  out->state_->root = after_power_cut(*state_->root, random);
  return out;
}

Result<std::unique_ptr<File>> FaultyFiles::open(const std::string& path, Open mode) {
  const std::lock_guard guard(state_->mutex);
  const auto refuse = [&](int error) {
    return failed(error, "无法打开文件", "cannot open the file", path);
  };
  if (state_->power_is_off) return refuse(state_->happened(EIO));
  State::Found found = state_->find(path);
  if (found.node != nullptr) {
    if (mode == Open::create_new) return refuse(EEXIST);
    if (found.node->is_folder) return refuse(EISDIR);
  } else {
    if (found.folder == nullptr || mode == Open::read || mode == Open::read_write) {
      return refuse(ENOENT);
    }
    if (const int error = state_->begin(); error != 0) return refuse(error);
    found.node = std::make_shared<Node>(false);
    found.folder->name(found.name, found.node, ++state_->last_group);
  }
  return std::make_unique<OpenFile>(state_, found.node, path, mode != Open::read, false);
}

Result<> FaultyFiles::rename(const std::string& from, const std::string& to) {
  const std::lock_guard guard(state_->mutex);
  const auto refuse = [&](int error) {
    return failed(error, "无法改名为 " + to, "cannot rename to " + to, from);
  };
  if (const int error = state_->begin(); error != 0) return refuse(error);
  const State::Found source = state_->find(from);
  const State::Found target = state_->find(to);
  if (source.node == nullptr || target.folder == nullptr) return refuse(ENOENT);
  if (source.folder == nullptr) return refuse(EBUSY);
  if (target.node == source.node) return {};
  if (target.node != nullptr && target.node->is_folder) {
    if (!source.node->is_folder) return refuse(EISDIR);
    if (!target.node->entries.empty()) return refuse(ENOTEMPTY);
  } else if (target.node != nullptr && source.node->is_folder) {
    return refuse(ENOTDIR);
  }
  const uint64_t group = ++state_->last_group;
  target.folder->name(target.name, source.node, group);
  source.folder->name(source.name, nullptr, group);
  return {};
}

Result<> FaultyFiles::remove(const std::string& path) {
  const std::lock_guard guard(state_->mutex);
  int error = state_->begin();
  const State::Found found = state_->find(path);
  if (error == 0 && found.node == nullptr) error = ENOENT;
  if (error == 0 && found.folder == nullptr) error = EBUSY;
  if (error == 0 && !found.node->entries.empty()) error = ENOTEMPTY;
  if (error != 0) return failed(error, "无法删除", "cannot remove it", path);
  found.folder->name(found.name, nullptr, ++state_->last_group);
  return {};
}

Result<> FaultyFiles::make_directories(const std::string& path) {
  const std::lock_guard guard(state_->mutex);
  const auto refuse = [&](int error) {
    return failed(error, "无法新建文件夹", "cannot make the folder", path);
  };
  if (state_->power_is_off) return refuse(state_->happened(EIO));
  std::string so_far;
  for (const std::string& part : parts_of(path)) {
    so_far += '/' + part;
    const State::Found found = state_->find(so_far);
    if (found.node != nullptr) {
      if (!found.node->is_folder) return refuse(ENOTDIR);
      continue;
    }
    if (const int error = state_->begin(); error != 0) return refuse(error);
    found.folder->name(found.name, std::make_shared<Node>(true), ++state_->last_group);
    if (const int error = state_->begin(); error != 0) {
      if (!state_->power_is_off) found.folder->sync_failed();
      return refuse(error);
    }
    found.folder->sync();
  }
  return {};
}

Result<> FaultyFiles::sync_directory(const std::string& path) {
  const std::lock_guard guard(state_->mutex);
  int error = state_->begin();
  const std::shared_ptr<Node> node = state_->find(path).node;
  if (error != 0) {
    if (node != nullptr && !state_->power_is_off) node->sync_failed();
  } else if (node == nullptr) {
    error = ENOENT;
  } else if (!node->is_folder) {
    error = ENOTDIR;
  }
  if (error != 0) {
    return failed(error, "无法确认文件夹已写入磁盘", "cannot make sure the folder is on the disk",
                  path);
  }
  node->sync();
  return {};
}

Result<bool> FaultyFiles::exists(const std::string& path) {
  const std::lock_guard guard(state_->mutex);
  if (state_->power_is_off) {
    return failed(state_->happened(EIO), "无法查询文件是否存在",
                  "cannot ask whether the file exists", path);
  }
  return state_->find(path).node != nullptr;
}

Result<std::vector<std::string>> FaultyFiles::list(const std::string& directory) {
  const std::lock_guard guard(state_->mutex);
  const std::shared_ptr<Node> node = state_->find(directory).node;
  const int error = state_->power_is_off ? state_->happened(EIO)
                    : node == nullptr    ? ENOENT
                    : !node->is_folder   ? ENOTDIR
                                         : 0;
  if (error != 0) return failed(error, "无法列出文件夹", "cannot list the folder", directory);
  std::vector<std::string> names;
  for (const auto& [name, child] : node->entries) names.push_back(name);
  return names;
}

Result<std::unique_ptr<File>> FaultyFiles::lock(const std::string& path) {
  YIPAN_TRY(open(path, Open::create));
  std::unique_ptr<OpenFile> file;
  {
    const std::lock_guard guard(state_->mutex);
    const std::shared_ptr<Node> node = state_->find(path).node;
    if (node->is_locked) {
      return fail(Error("base.file.locked")
                      .zh("正被另一个程序使用（进程号 1）")
                      .en("it is in use by another program (process 1)")
                      .file(path)
                      .remedy("请等该程序结束后重试", "wait until that program ends"));
    }
    node->is_locked = true;
    file = std::make_unique<OpenFile>(state_, node, path, true, true);
  }
  YIPAN_TRY(file->truncate(0));
  YIPAN_TRY(file->write_at(0, "1\n"));
  return file;
}

}  // namespace yipan::testing
