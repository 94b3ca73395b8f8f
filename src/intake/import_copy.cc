// The file goes into the evidence first; everything is read from there.
#include <fmt/format.h>
#include <sys/stat.h>

#include "intake/import.h"

namespace yipan::intake {
namespace {

constexpr size_t kCopyBytes = size_t{1} << 20;

// What would differ if someone wrote to the file meanwhile. Nothing where there is no such file on
// disk (a test's files).
struct FileState {
  bool known = false;
  int64_t size = 0, seconds = 0, nanos = 0;
  uint64_t inode = 0;
  friend bool operator==(const FileState&, const FileState&) = default;
};

FileState state_of(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {};
  return {true, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_ino};
}

}  // namespace

Result<Hash256> Importer::copy_file(const std::string& path) {
  const FileState before = state_of(path);
  YIPAN_ASSIGN(auto file, context_.files->open(path, Open::read));
  YIPAN_ASSIGN(uint64_t size, file->size());
  YIPAN_ASSIGN(auto blob, context_.ledger->new_blob());
  std::string block(kCopyBytes, '\0');
  uint64_t done = 0;
  for (;;) {
    YIPAN_ASSIGN(size_t n, file->read_at(done, block.data(), block.size()));
    if (n == 0) break;
    YIPAN_TRY(blob->write({block.data(), n}));
    done += n;
    progress(Progress::Phase::copying, done, size);
  }
  if (done == size && before == state_of(path)) return blob->commit();
  return fail(Error("intake.file.changed")
                  .zh("文件在导入过程中被改动")
                  .en("the file was changed while it was imported")
                  .file(base_name(path))
                  .remedy("请等保存或传输结束后再导入",
                          "wait until it has been saved or sent whole, then import it again"));
}

}  // namespace yipan::intake
