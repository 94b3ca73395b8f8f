// Checkpoints (C2SP tlog-checkpoint, "Note text").
#include <fmt/format.h>

#include "ledger/encoding.h"
#include "yipan/ledger.h"

namespace yipan::ledger {
namespace {

Error malformed(size_t line, std::string_view zh, std::string_view en) {
  return Error("ledger.checkpoint.malformed")
      .zh(fmt::format("检查点格式不对：{}", zh))
      .en(fmt::format("the checkpoint is malformed: {}", en))
      .line(line)
      .remedy("请向账本方重新索取检查点", "ask the log for its checkpoint again");
}

}  // namespace

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
  if (text.empty() || text.back() != '\n') {
    return fail(malformed(1, "没有以换行结尾", "it does not end in a newline"));
  }
  text.remove_suffix(1);
  const std::vector<std::string_view> lines = split(text, '\n');
  if (lines.size() < 3) return fail(malformed(lines.size(), "少于三行", "fewer than three lines"));
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) return fail(malformed(i + 1, "有空行", "a line is empty"));
  }
  Checkpoint out;
  out.origin = lines[0];
  const std::optional<uint64_t> size = parse_decimal(lines[1]);
  if (!size) return fail(malformed(2, "大小不是十进制数", "the size is not a decimal number"));
  out.size = *size;
  const std::optional<Hash256> root = hash_from_base64(lines[2]);
  if (!root) return fail(malformed(3, "树根不是 32 字节", "the root is not 32 bytes of base64"));
  out.root = *root;
  for (size_t i = 3; i < lines.size(); ++i) out.extensions.emplace_back(lines[i]);
  return out;
}

std::string Checkpoint::to_string() const {
  std::string out = fmt::format("{}\n{}\n{}\n", origin, size, base64(root.view()));
  for (const std::string& line : extensions) out += line + "\n";
  return out;
}

}  // namespace yipan::ledger
