#include "intake/zip_archive.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <cstring>

namespace yipan::intake {
namespace {

constexpr uint64_t kRatioFreeBytes = uint64_t{16} << 20;
constexpr uint64_t kEntriesMax = 100000;

// libzip's view of a yipan::File.
struct FileView {
  std::unique_ptr<File> file;
  uint64_t size = 0;
  uint64_t at = 0;
  zip_error_t error{};
};

int64_t seek_view(FileView* view, void* data, uint64_t length) {
  int64_t to = zip_source_seek_compute_offset(view->at, view->size, data, length, &view->error);
  if (to < 0) return -1;
  view->at = static_cast<uint64_t>(to);
  return 0;
}

int64_t stat_view(const FileView* view, void* data) {
  auto* stat = static_cast<zip_stat_t*>(data);
  zip_stat_init(stat);
  stat->size = view->size;
  stat->valid |= ZIP_STAT_SIZE;
  return sizeof(*stat);
}

zip_int64_t view_call(void* user, void* data, zip_uint64_t length, zip_source_cmd_t command) {
  auto* view = static_cast<FileView*>(user);
  switch (command) {
    case ZIP_SOURCE_SUPPORTS:
      return zip_source_make_command_bitmap(
          ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
          ZIP_SOURCE_FREE, ZIP_SOURCE_SEEK, ZIP_SOURCE_TELL, ZIP_SOURCE_SUPPORTS, -1);
    case ZIP_SOURCE_OPEN:
      view->at = 0;
      return 0;
    case ZIP_SOURCE_READ: {
      auto n = view->file->read_at(view->at, static_cast<char*>(data), length);
      if (!n) {
        zip_error_set(&view->error, ZIP_ER_READ, n.error().os_errno());
        return -1;
      }
      view->at += *n;
      return static_cast<zip_int64_t>(*n);
    }
    case ZIP_SOURCE_CLOSE:
      return 0;
    case ZIP_SOURCE_STAT:
      return stat_view(view, data);
    case ZIP_SOURCE_ERROR:
      return zip_error_to_data(&view->error, data, length);
    case ZIP_SOURCE_FREE:
      delete view;
      return 0;
    case ZIP_SOURCE_SEEK:
      return seek_view(view, data, length);
    case ZIP_SOURCE_TELL:
      return static_cast<zip_int64_t>(view->at);
    default:
      zip_error_set(&view->error, ZIP_ER_OPNOTSUPP, 0);
      return -1;
  }
}

}  // namespace

struct ZipArchive::State {
  zip_t* zip = nullptr;
  std::string name;
  Limits limits;
  uint64_t archive_bytes = 0;
  uint64_t unzipped_bytes = 0;  // of all entries together

  Error broken(std::string_view why_zh, std::string_view why_en) const {
    return Error("intake.zip.broken")
        .zh(fmt::format("文件已损坏：{}", why_zh))
        .en(fmt::format("the file is broken: {}", why_en))
        .file(name)
        .remedy("请重新取得文件，或在电子表格软件中打开后另存",
                "get it again, or open it in the spreadsheet program and save it anew");
  }
};

namespace {

class EntryStream : public ByteStream {
 public:
  EntryStream(zip_file_t* file, std::function<Result<>(size_t)> count,
              std::function<Error(std::string_view)> broken)
      : file_(file), count_(std::move(count)), broken_(std::move(broken)) {}
  ~EntryStream() override { zip_fclose(file_); }
  Result<size_t> read(char* buffer, size_t size) override {
    zip_int64_t n = zip_fread(file_, buffer, size);
    if (n < 0) return fail(broken_(zip_error_strerror(zip_file_get_error(file_))));
    YIPAN_TRY(count_(static_cast<size_t>(n)));
    return static_cast<size_t>(n);
  }

 private:
  zip_file_t* file_;
  std::function<Result<>(size_t)> count_;
  std::function<Error(std::string_view)> broken_;
};

}  // namespace

ZipArchive::ZipArchive() : state_(std::make_unique<State>()) {}
ZipArchive::~ZipArchive() {
  if (state_->zip != nullptr) zip_discard(state_->zip);
}

Result<std::unique_ptr<ZipArchive>> ZipArchive::open(const Input& input, const Limits& limits) {
  std::unique_ptr<ZipArchive> out(new ZipArchive);
  State& s = *out->state_;
  s.name = input.name;
  s.limits = limits;
  auto view = std::make_unique<FileView>();
  YIPAN_ASSIGN(view->file, input.open());
  YIPAN_ASSIGN(view->size, view->file->size());
  s.archive_bytes = view->size;
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_function_create(view_call, view.get(), &error);
  CHECK(source != nullptr);
  view.release();  // now the source's
  s.zip = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (s.zip == nullptr) {
    const std::string why = zip_error_strerror(&error);
    const int code = zip_error_code_zip(&error);
    zip_source_free(source);
    if (code != ZIP_ER_NOZIP && code != ZIP_ER_EOF) {
      return fail(s.broken(why, why));
    }
    return fail(Error("intake.zip.truncated")
                    .zh("文件不完整：压缩目录缺失，多半是没有传完")
                    .en("the file is incomplete: its directory is missing, most likely because it "
                        "was not sent whole")
                    .file(input.name)
                    .remedy("请重新取得完整文件", "get the whole file again"));
  }
  const zip_int64_t count = zip_get_num_entries(s.zip, 0);
  if (count < 0 || static_cast<uint64_t>(count) > kEntriesMax) {
    return fail(s.broken("条目过多", "it has too many entries"));
  }
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(s.zip, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_GUESS);
    out->names_.emplace_back(name != nullptr ? name : "");
  }
  return out;
}

bool ZipArchive::has(const std::string& name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

Result<std::unique_ptr<ByteStream>> ZipArchive::open_entry(const std::string& name) {
  State& s = *state_;
  zip_file_t* file = zip_fopen(s.zip, name.c_str(), ZIP_FL_ENC_GUESS);
  if (file == nullptr) {
    std::string why = fmt::format("{}: {}", name, zip_error_strerror(zip_get_error(s.zip)));
    return fail(s.broken(why, why));
  }
  auto count = [&s](size_t n) -> Result<> {
    s.unzipped_bytes += n;
    const bool bomb = s.unzipped_bytes > kRatioFreeBytes &&
                      s.unzipped_bytes / s.limits.unzip_ratio_max > s.archive_bytes;
    if (!bomb && s.unzipped_bytes <= s.limits.unzipped_bytes_max) return {};
    return fail(Error("intake.limit.unzipped")
                    .zh(fmt::format("压缩文件解开后过大：{} 解出 {} 以上，可能是压缩炸弹",
                                    size_text(s.archive_bytes), size_text(s.unzipped_bytes)))
                    .en(fmt::format("the file unpacks to too much: {} gave more than {}; it may be "
                                    "a zip bomb",
                                    size_text(s.archive_bytes), size_text(s.unzipped_bytes)))
                    .file(s.name)
                    .remedy("请确认文件来源；确需导入的，另存为 CSV",
                            "make sure where it comes from; if it is right, save it as CSV"));
  };
  auto broken = [&s, name](std::string_view why) {
    return s.broken(fmt::format("{}：{}", name, why), fmt::format("{}: {}", name, why));
  };
  return std::make_unique<EntryStream>(file, std::move(count), std::move(broken));
}

Result<std::string> ZipArchive::read_entry(const std::string& name, uint64_t size_max) {
  YIPAN_ASSIGN(auto stream, open_entry(name));
  std::string out;
  char block[16384];
  for (;;) {
    YIPAN_ASSIGN(size_t n, stream->read(block, sizeof block));
    if (n == 0) return out;
    out.append(block, n);
    if (out.size() > size_max) {
      return fail(state_->broken(name + "过大", name + " is too large"));
    }
  }
}

}  // namespace yipan::intake
