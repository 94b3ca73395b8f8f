// Where a reader's bytes come from: a file that can be opened again, plain or .gz.
#ifndef YIPAN_INTAKE_BYTES_H_
#define YIPAN_INTAKE_BYTES_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "yipan/file.h"
#include "yipan/intake.h"

namespace yipan::intake {

// A file as readers see it: a name for messages, and a way to open it from its beginning as often
// as is needed (header detection, columns and rows are separate passes).
struct Input {
  std::string name;  // as the person gave it, without folders
  std::function<Result<std::unique_ptr<File>>()> open;
};
Input file_input(Files& files, const std::string& path, std::string_view name);
// Over bytes in memory, which must outlive the readers. For fuzzing and tests.
Input memory_input(std::string_view name, std::string_view content);

// Bytes in order. read() returns 0 at the end only.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  virtual Result<size_t> read(char* buffer, size_t size) = 0;
};

bool is_gzip(std::string_view first_bytes);
// The first bytes of the file as it is, before decompression.
Result<std::string> first_bytes(const Input& input, size_t count);
// The content; a .gz file (told by its first bytes) is inflated, within the limits.
Result<std::unique_ptr<ByteStream>> open_stream(const Input& input, const Limits& limits);
// The whole content. Error "intake.limit.document" beyond `size_max`.
Result<std::string> read_all(const Input& input, const Limits& limits, uint64_t size_max);

std::string base_name(std::string_view path);
std::string directory_of(std::string_view path);  // "." if there is none
std::string size_text(uint64_t bytes);            // "1 MiB"

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_BYTES_H_
