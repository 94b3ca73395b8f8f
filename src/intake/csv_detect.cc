// Encoding and delimiter of a text file, by looking at it.
#include <algorithm>
#include <map>

#include "intake/csv.h"

namespace yipan::intake {
namespace {

// How far a file is valid in one encoding, and how many 3-byte UTF-8 characters were met.
struct Reach {
  bool whole = true;
  uint64_t bytes = 0;
  uint64_t wide_characters = 0;
};

constexpr size_t kBlockBytes = size_t{1} << 18;

uint64_t count_wide(std::string_view text) {
  return static_cast<uint64_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xF0) == 0xE0;
  }));
}

Result<Reach> utf8_reach(const Input& input, const Limits& limits) {
  YIPAN_ASSIGN(auto stream, open_stream(input, limits));
  std::string block(kBlockBytes + 4, '\0');
  size_t kept = 0;
  Reach reach;
  for (;;) {
    YIPAN_ASSIGN(size_t n, stream->read(block.data() + kept, kBlockBytes));
    std::string_view text(block.data(), kept + n);
    size_t bad = find_invalid_utf8(text);
    size_t good = bad == std::string_view::npos ? text.size() : bad;
    reach.bytes += good;
    if (reach.wide_characters < 1000) reach.wide_characters += count_wide(text.substr(0, good));
    const bool cut = bad != std::string_view::npos && text.size() - bad < 4 && n > 0;
    if (bad != std::string_view::npos && !cut) {
      reach.whole = false;
      return reach;
    }
    if (n == 0) return reach;
    kept = text.size() - good;
    std::copy(text.begin() + static_cast<std::ptrdiff_t>(good), text.end(), block.begin());
  }
}

Result<Reach> gb18030_reach(const Input& input, const Limits& limits) {
  YIPAN_ASSIGN(auto stream, open_stream(input, limits));
  std::string block(kBlockBytes, '\0');
  std::string out;
  Decoder decoder(Encoding::gb18030);
  Reach reach;
  for (;;) {
    YIPAN_ASSIGN(size_t n, stream->read(block.data(), block.size()));
    out.clear();
    Result<> fed = n == 0 ? decoder.finish() : decoder.feed({block.data(), n}, &out);
    if (!fed) {
      reach.whole = false;
      reach.bytes = fed.error().place().byte_offset.value_or(reach.bytes);
      return reach;
    }
    reach.bytes += n;
    if (n == 0) return reach;
  }
}

// Cells per row of the first rows, if cut by this delimiter.
double score(std::string_view sample, const std::string& delimiter) {
  Limits limits;
  Input input = memory_input("", sample);
  auto stream = open_stream(input, limits);
  if (!stream) return 0;
  CsvRows rows(std::move(*stream), "", Encoding::utf8, delimiter, limits);
  std::map<size_t, size_t> widths;
  RawRecord record;
  size_t count = 0;
  for (; count < 200; ++count) {
    Result<Step> step = rows.next(&record);
    if (!step || *step == Step::end) break;
    ++widths[record.cells.size()];
  }
  double best = 0;
  for (auto [width, times] : widths) {
    if (width < 2) continue;
    double even = static_cast<double>(times) / static_cast<double>(count);
    best = std::max(best,
                    even * even * (1.0 + 0.01 * static_cast<double>(std::min<size_t>(width, 99))));
  }
  return best;
}

}  // namespace

Result<Encoding> detect_file_encoding(const Input& input, const Limits& limits) {
  YIPAN_ASSIGN(auto stream, open_stream(input, limits));
  char head[4] = {0, 0, 0, 0};
  YIPAN_ASSIGN(size_t n, stream->read(head, 3));
  std::string_view mark(head, n);
  if (mark.substr(0, 2) == "\xFF\xFE") return Encoding::utf16le;
  if (mark.substr(0, 2) == "\xFE\xFF") return Encoding::utf16be;
  const bool bom = mark == "\xEF\xBB\xBF";
  YIPAN_ASSIGN(Reach utf8, utf8_reach(input, limits));
  if (bom) return Encoding::utf8_bom;
  if (utf8.whole) return Encoding::utf8;
  YIPAN_ASSIGN(Reach gb, gb18030_reach(input, limits));
  if (gb.whole) return Encoding::gb18030;
  // Two well-formed Chinese characters by chance are rare in GB18030 text; many are not chance.
  if (utf8.wide_characters >= 2 && utf8.bytes >= gb.bytes) return Encoding::utf8;
  return utf8.wide_characters >= 16 || gb.bytes <= utf8.bytes ? Encoding::utf8 : Encoding::gb18030;
}

std::string detect_delimiter(std::string_view sample_utf8) {
  std::string best = ",";
  double score_best = 0;
  for (const char* candidate : {",", "\t", ";", "|", "，", "；"}) {
    double s = score(sample_utf8, candidate);
    if (s > score_best * 1.0001) {
      score_best = s;
      best = candidate;
    }
  }
  return best;
}

}  // namespace yipan::intake
