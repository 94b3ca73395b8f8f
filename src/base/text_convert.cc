#include <fmt/core.h>
#include <iconv.h>

#include <cerrno>
#include <utility>

#include "base/text_scan.h"
#include "yipan/text.h"

namespace yipan {
namespace {

using text::Scan;
using text::Sequence;

constexpr std::string_view kBom = "\xEF\xBB\xBF";
constexpr size_t kBlockBytes = size_t{64} << 10;  // one conversion at a time stays in the cache

// glibc's converter between two encodings. Each holds its own handle, so that threads do not meet.
class Converter {
 public:
  Converter(std::string_view from, std::string_view to)
      : handle_(iconv_open(std::string(to).c_str(), std::string(from).c_str())) {}
  ~Converter() {
    if (valid()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  bool valid() const { return handle_ != iconv_t(-1); }

  // Appends all of `bytes`, or as far as it goes; the bytes that were taken. Three bytes of output
  // for two of input is the most that any pair of encodings here needs beyond ASCII.
  size_t convert(std::string_view bytes, std::string* out) {
    const size_t begin = out->size();
    out->resize(begin + bytes.size() * 2 + 16);
    char* in = const_cast<char*>(bytes.data());
    char* at = out->data() + begin;
    size_t in_left = bytes.size();
    size_t out_left = out->size() - begin;
    iconv(handle_, &in, &in_left, &at, &out_left);
    out->resize(out->size() - out_left);
    return bytes.size() - in_left;
  }

 private:
  iconv_t handle_;
};

bool needs_converter(Encoding encoding) {
  return encoding != Encoding::utf8 && encoding != Encoding::utf8_bom;
}

// The converter and its tables are part of the C library's installation.
Error no_converter(Encoding encoding) {
  return Error("base.text.no_converter")
      .zh(fmt::format("本机缺少 {} 编码的转换表", to_string(encoding)))
      .en(fmt::format("this machine has no converter for {}", to_string(encoding)))
      .remedy("请安装 C 库的 gconv 模块（Debian：libc6 自带），或先把文件另存为 UTF-8",
              "install the C library's gconv modules (Debian: part of libc6), or save the file as "
              "UTF-8 first");
}

}  // namespace

struct Decoder::State {
  explicit State(Encoding encoding) : from(encoding) {
    if (needs_converter(from)) converter.emplace(to_string(from), "UTF-8");
  }

  // Appends the whole characters of `bytes` to *out; the bytes taken, or the first that is wrong.
  Result<size_t> decode(std::string_view bytes, std::string* out);
  Result<size_t> stop(Error error) {
    failure = error;
    return fail(std::move(error));
  }

  Encoding from;
  std::optional<Converter> converter;
  std::string carry;    // the beginning of a character that was cut
  uint64_t offset = 0;  // of the stream's first byte that is not decoded yet
  uint64_t line = 1;
  bool at_start = true;
  std::optional<Error> failure;
};

Result<size_t> Decoder::State::decode(std::string_view bytes, std::string* out) {
  if (converter && !converter->valid()) return stop(no_converter(from));
  const size_t begin = out->size();
  const Scan scan = text::scan(bytes, from);
  size_t taken = scan.offset;
  if (converter) {
    taken = converter->convert(bytes.substr(0, scan.offset), out);
  } else {
    out->append(bytes.substr(0, scan.offset));
  }
  if (at_start && out->size() > begin) {
    at_start = false;
    if (from != Encoding::utf8 && from != Encoding::gb18030 &&
        std::string_view(*out).substr(begin).starts_with(kBom)) {
      out->erase(begin, kBom.size());
    }
  }
  line += text::line_breaks(std::string_view(*out).substr(begin));
  offset += taken;
  if (taken < scan.offset || scan.state == Sequence::State::wrong) {
    return stop(text::broken(from, offset, line, text::bytes_at(bytes, taken), false));
  }
  return taken;
}

Decoder::Decoder(Encoding from) : state_(std::make_unique<State>(from)) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

Result<> Decoder::feed(std::string_view bytes, std::string* out) {
  State& state = *state_;
  if (state.failure) return fail(*state.failure);
  if (!state.carry.empty() && !bytes.empty()) {
    // Eight more bytes end any character, unless there are no more.
    const size_t carried = state.carry.size();
    state.carry.append(bytes.substr(0, 8));
    YIPAN_ASSIGN(const size_t taken, state.decode(state.carry, out));
    if (taken == 0) return {};
    bytes.remove_prefix(taken - carried);
    state.carry.clear();
  }
  while (!bytes.empty()) {
    const std::string_view block = bytes.substr(0, kBlockBytes);
    YIPAN_ASSIGN(const size_t taken, state.decode(block, out));
    bytes.remove_prefix(taken);
    // A character cut at the end of a block begins the next block, unless that was the last.
    if (taken < block.size() && bytes.size() == block.size() - taken) {
      state.carry.assign(bytes);
      return {};
    }
  }
  return {};
}

Result<> Decoder::finish() {
  State& state = *state_;
  if (state.failure) return fail(*state.failure);
  if (state.carry.empty()) return {};
  state.failure =
      text::broken(state.from, state.offset, state.line, text::bytes_at(state.carry, 0), true);
  return fail(*state.failure);
}

Result<std::string> to_utf8(std::string_view bytes, Encoding from) {
  std::string out;
  out.reserve(from == Encoding::utf8 ? bytes.size() : bytes.size() + bytes.size() / 2 + 16);
  Decoder decoder(from);
  YIPAN_TRY(decoder.feed(bytes, &out));
  YIPAN_TRY(decoder.finish());
  return out;
}

Result<std::string> from_utf8(std::string_view utf8, Encoding to) {
  const Scan scan = text::scan_utf8(utf8);
  if (scan.state != Sequence::State::whole) {
    const size_t line = text::line_breaks(utf8.substr(0, scan.offset)) + 1;
    return fail(text::broken(Encoding::utf8, scan.offset, line, text::bytes_at(utf8, scan.offset),
                             scan.state == Sequence::State::cut));
  }
  if (to == Encoding::utf8) return std::string(utf8);
  if (to == Encoding::utf8_bom) return std::string(kBom).append(utf8);
  Converter converter("UTF-8", to_string(to));
  if (!converter.valid()) return fail(no_converter(to));
  std::string out;
  if (to != Encoding::gb18030) converter.convert(kBom, &out);
  for (size_t pos = 0; pos < utf8.size();) {
    // A block ends at the end of a character.
    size_t end = pos + kBlockBytes < utf8.size() ? pos + kBlockBytes : utf8.size();
    while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xC0) == 0x80) --end;
    const size_t taken = converter.convert(utf8.substr(pos, end - pos), &out);
    pos += taken;
    if (pos < end) {
      const size_t line = text::line_breaks(utf8.substr(0, pos)) + 1;
      return fail(text::broken(to, pos, line, text::bytes_at(utf8, pos), false));
    }
  }
  return out;
}

}  // namespace yipan
