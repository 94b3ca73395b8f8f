#include "report/zip_writer.h"

#include <fmt/format.h>
#include <zip.h>

#include <memory>

namespace yipan::report {
namespace {

// 1980-01-01 00:00, the first that a zip can hold, in DOS form: no time zone has a say.
constexpr zip_uint16_t kDosDate = (0 << 9) | (1 << 5) | 1;

tl::unexpected<Error> failed(std::string_view what) {
  return fail(Error("report.zip")
                  .zh(fmt::format("不能生成压缩文件：{}", what))
                  .en(fmt::format("the archive cannot be made: {}", what))
                  .remedy("请检查内存是否充足", "check that there is enough memory"));
}

struct SourceFree {
  void operator()(zip_source_t* s) const { zip_source_free(s); }
};

}  // namespace

Result<std::string> zip_bytes(const std::vector<std::pair<std::string, std::string>>& entries) {
  zip_error_t error;
  zip_error_init(&error);
  std::unique_ptr<zip_source_t, SourceFree> memory(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (memory == nullptr) return failed(zip_error_strerror(&error));
  zip_source_keep(memory.get());
  zip_t* archive = zip_open_from_source(memory.get(), ZIP_TRUNCATE, &error);
  if (archive == nullptr) {
    zip_source_free(memory.get());
    return failed(zip_error_strerror(&error));
  }
  for (const auto& [name, content] : entries) {
    zip_source_t* source = zip_source_buffer(archive, content.data(), content.size(), 0);
    const zip_int64_t index =
        source == nullptr ? -1 : zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
      if (source != nullptr) zip_source_free(source);
      const std::string what = zip_strerror(archive);
      zip_discard(archive);
      return failed(what);
    }
    const auto at = static_cast<zip_uint64_t>(index);
    zip_set_file_compression(archive, at, ZIP_CM_DEFLATE, 6);
    zip_file_set_dostime(archive, at, 0, kDosDate, 0);
  }
  if (zip_close(archive) != 0) {
    const std::string what = zip_strerror(archive);
    zip_discard(archive);
    return failed(what);
  }
  std::string out;
  if (zip_source_open(memory.get()) != 0) return failed("zip_source_open");
  zip_source_seek(memory.get(), 0, SEEK_END);
  const zip_int64_t size = zip_source_tell(memory.get());
  zip_source_seek(memory.get(), 0, SEEK_SET);
  if (size < 0) return failed("zip_source_tell");
  out.resize(static_cast<size_t>(size));
  const zip_int64_t read = zip_source_read(memory.get(), out.data(), out.size());
  zip_source_close(memory.get());
  if (read != size) return failed("zip_source_read");
  return out;
}

}  // namespace yipan::report
