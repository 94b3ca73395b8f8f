#include "intake/bytes.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace yipan::intake {
namespace {

constexpr size_t kGzipInputBytes = size_t{1} << 18;
constexpr uint64_t kRatioFreeBytes = uint64_t{16} << 20;

class MemoryFile : public File {
 public:
  explicit MemoryFile(std::string_view content) : content_(content) {}
  Result<size_t> read_at(uint64_t offset, char* buffer, size_t size) override {
    if (offset >= content_.size()) return size_t{0};
    size_t n = std::min<size_t>(size, content_.size() - offset);
    std::memcpy(buffer, content_.data() + offset, n);
    return n;
  }
  Result<> write_at(uint64_t, std::string_view) override { return read_only(); }
  Result<> sync_data() override { return {}; }
  Result<> truncate(uint64_t) override { return read_only(); }
  Result<uint64_t> size() override { return uint64_t{content_.size()}; }

 private:
  static Result<> read_only() {
    return fail(Error("intake.file.read_only").zh("内存文件只读").en("file is read only"));
  }
  std::string_view content_;
};

class FileStream : public ByteStream {
 public:
  explicit FileStream(std::unique_ptr<File> file) : file_(std::move(file)) {}
  Result<size_t> read(char* buffer, size_t size) override {
    YIPAN_ASSIGN(size_t n, file_->read_at(offset_, buffer, size));
    offset_ += n;
    return n;
  }

 private:
  std::unique_ptr<File> file_;
  uint64_t offset_ = 0;
};

// RFC 1952, several members allowed, as `zcat` reads them.
class GzipStream : public ByteStream {
 public:
  GzipStream(std::unique_ptr<File> file, std::string name, const Limits& limits)
      : file_(std::move(file)), name_(std::move(name)), limits_(limits), input_(kGzipInputBytes) {
    CHECK(inflateInit2(&z_, 15 + 16) == Z_OK);
  }
  ~GzipStream() override { inflateEnd(&z_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  Result<size_t> read(char* buffer, size_t size) override {
    z_.next_out = reinterpret_cast<Bytef*>(buffer);
    z_.avail_out = static_cast<uInt>(std::min<size_t>(size, 1u << 30));
    const size_t wanted = z_.avail_out;
    while (z_.avail_out == wanted) {
      if (z_.avail_in == 0) {
        YIPAN_TRY(fill());
      }
      if (z_.avail_in == 0) {
        if (between_members_) break;
        return fail(broken("文件不完整", "the file ends too early"));
      }
      YIPAN_TRY(step());
    }
    produced_ += wanted - z_.avail_out;
    YIPAN_TRY(check_limits());
    return wanted - z_.avail_out;
  }

 private:
  Result<> fill() {
    YIPAN_ASSIGN(size_t n, file_->read_at(consumed_, input_.data(), input_.size()));
    consumed_ += n;
    z_.next_in = reinterpret_cast<Bytef*>(input_.data());
    z_.avail_in = static_cast<uInt>(n);
    return {};
  }
  Result<> step() {
    if (between_members_) {
      // Padding zeros after the last member are allowed.
      while (z_.avail_in > 0 && *z_.next_in == 0) {
        ++z_.next_in;
        --z_.avail_in;
      }
      if (z_.avail_in == 0) return {};
      inflateReset(&z_);
    }
    between_members_ = false;
    int code = inflate(&z_, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
      between_members_ = true;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      return fail(broken(z_.msg != nullptr ? z_.msg : "?", z_.msg != nullptr ? z_.msg : "?"));
    }
    return {};
  }
  Result<> check_limits() const {
    const uint64_t ratio_max = limits_.unzip_ratio_max;
    bool bomb = produced_ > kRatioFreeBytes && produced_ / ratio_max > consumed_;
    if (produced_ <= limits_.unzipped_bytes_max && !bomb) return {};
    return fail(Error("intake.limit.unzipped")
                    .zh(fmt::format("压缩文件解开后过大：{} 字节解出 {} 以上", consumed_,
                                    size_text(produced_)))
                    .en(fmt::format("the compressed file unpacks to too much: {} bytes gave more "
                                    "than {}",
                                    consumed_, size_text(produced_)))
                    .file(name_)
                    .remedy("请确认文件来源；确需导入的，先解压再导入",
                            "make sure where it comes from; if it is right, unpack it first"));
  }
  Error broken(std::string_view zh, std::string_view en) const {
    return Error("intake.gzip.broken")
        .zh(fmt::format("压缩文件已损坏：{}", zh))
        .en(fmt::format("the compressed file is broken: {}", en))
        .file(name_)
        .byte_offset(consumed_ - z_.avail_in)
        .remedy("请重新下载或重新压缩", "download it or compress it again");
  }

  std::unique_ptr<File> file_;
  std::string name_;
  Limits limits_;
  std::vector<char> input_;
  z_stream z_{};
  uint64_t consumed_ = 0;
  uint64_t produced_ = 0;
  bool between_members_ = false;  // at the end of a member, before another begins
};

}  // namespace

Input file_input(Files& files, const std::string& path, std::string_view name) {
  return Input{std::string(name), [&files, path] { return files.open(path, Open::read); }};
}

Input memory_input(std::string_view name, std::string_view content) {
  return Input{std::string(name), [content]() -> Result<std::unique_ptr<File>> {
                 return std::make_unique<MemoryFile>(content);
               }};
}

bool is_gzip(std::string_view first) {
  return first.size() >= 2 && first[0] == '\x1f' && first[1] == '\x8b';
}

Result<std::string> first_bytes(const Input& input, size_t count) {
  YIPAN_ASSIGN(std::unique_ptr<File> file, input.open());
  std::string bytes(count, '\0');
  size_t have = 0;
  while (have < count) {
    YIPAN_ASSIGN(size_t n, file->read_at(have, bytes.data() + have, count - have));
    if (n == 0) break;
    have += n;
  }
  bytes.resize(have);
  return bytes;
}

Result<std::unique_ptr<ByteStream>> open_stream(const Input& input, const Limits& limits) {
  YIPAN_ASSIGN(std::string head, first_bytes(input, 2));
  YIPAN_ASSIGN(std::unique_ptr<File> file, input.open());
  if (is_gzip(head)) return std::make_unique<GzipStream>(std::move(file), input.name, limits);
  return std::make_unique<FileStream>(std::move(file));
}

Result<std::string> read_all(const Input& input, const Limits& limits, uint64_t size_max) {
  YIPAN_ASSIGN(std::unique_ptr<ByteStream> stream, open_stream(input, limits));
  std::string out;
  constexpr size_t kStep = size_t{1} << 20;
  for (;;) {
    size_t have = out.size();
    out.resize(have + kStep);
    YIPAN_ASSIGN(size_t n, stream->read(out.data() + have, kStep));
    out.resize(have + n);
    if (n == 0) return out;
    if (out.size() <= size_max) continue;
    return fail(Error("intake.limit.document")
                    .zh(fmt::format("文件超过 {}，这种格式须整体读入", size_text(size_max)))
                    .en(fmt::format("the file is larger than {}, and this format has to be read "
                                    "whole",
                                    size_text(size_max)))
                    .file(input.name)
                    .remedy("请拆分文件，或改用 CSV、GeoJSON 或 GeoPackage",
                            "split the file, or use CSV, GeoJSON or GeoPackage"));
  }
}

std::string base_name(std::string_view path) {
  size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string directory_of(std::string_view path) {
  size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

std::string size_text(uint64_t bytes) {
  const char* unit = "bytes";
  double value = static_cast<double>(bytes);
  for (const char* next : {"KiB", "MiB", "GiB", "TiB"}) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return fmt::format("{:.4g} {}", value, unit);
}

}  // namespace yipan::intake
