#include "ledger/files_of_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/encoding.h"
#include "yipan/check.h"

namespace yipan::ledger {
namespace {

constexpr size_t kSmallFileMax = 1 << 20;

Error bad_key_file(const std::string& path, const Error* cause) {
  Error error = Error("ledger.key.file")
                    .zh("公钥文件不完整或被改动")
                    .en("the file of public keys is incomplete or altered")
                    .file(path)
                    .remedy("请从备份恢复该文件", "restore this file from a backup");
  return cause == nullptr ? error : std::move(error).because(*cause);
}

// "N.p": the folder of the partial files of a tile.
std::string partial_folder(const TileName& tile) {
  return tile_path({tile.level, tile.n, kTileWidth}) + ".p";
}

}  // namespace

Result<> TileWriter::write(const TileName& name, std::string_view content) {
  const std::string folder = directory_ + "/" + tile_folder(name);
  if (!known_folders_.contains(folder)) {
    if (Result<> made = make_folders(files_, directory_, tile_folder(name)); !made) {
      in_doubt_ = true;
      return made;
    }
    if (name.width == kTileWidth) known_folders_.insert(folder);
  }
  YIPAN_ASSIGN(const std::unique_ptr<File> file,
               files_.open(directory_ + "/" + tile_path(name), Open::create));
  YIPAN_TRY(file->write_at(0, content));
  YIPAN_ASSIGN(const uint64_t size, file->size());
  if (size > content.size()) return file->truncate(content.size());
  return {};
}

Result<> TileWriter::replace(const TileName& name, std::string_view content) {
  const std::string path = directory_ + "/" + tile_path(name);
  const std::string temporary = path + ".tmp";
  YIPAN_ASSIGN(const std::unique_ptr<File> file, files_.open(temporary, Open::create));
  YIPAN_TRY(file->truncate(0));
  YIPAN_TRY(file->write_at(0, content));
  YIPAN_TRY(file->sync_data());
  return files_.rename(temporary, path);
}

Result<> TileWriter::repair(const TileName& name, std::string_view content) {
  YIPAN_ASSIGN(const std::optional<std::string> present,
               read_optional(files_, directory_ + "/" + tile_path(name)));
  if (present && *present == content) return {};
  return write(name, content);
}

Result<> TileWriter::write_partials(const Frontier& frontier) {
  for (const TileName& name : partials_of(frontier.size())) {
    YIPAN_TRY(write(name, frontier.partial(name.level)));
  }
  return {};
}

// `content` is that of a partial tile at least as wide as `name`.
Result<> TileWriter::repair_partial(const TileName& name, std::string_view content) {
  size_t bytes = name.width * kHashBytes;
  if (name.level == kEntries) {
    YIPAN_ASSIGN(const auto entries, split_bundle(content, name.width));
    const std::string_view last = entries[name.width - 1];
    bytes = static_cast<size_t>(last.data() - content.data()) + last.size();
  }
  return repair(name, content.substr(0, bytes));
}

Result<> TileWriter::repair_partials(const Frontier& frontier, uint64_t published_size) {
  for (const TileName& name : partials_of(frontier.size())) {
    const std::string content = frontier.partial(name.level);
    const std::string folder = directory_ + "/" + partial_folder(name);
    std::vector<std::string> widths;
    YIPAN_ASSIGN(const bool exists, files_.exists(folder));
    if (exists) {
      YIPAN_ASSIGN(widths, files_.list(folder));
    }
    const unsigned published = width_at(name.level, name.n, published_size);
    if (published > 0) widths.push_back(std::to_string(published));
    for (const std::string& text : widths) {
      const std::optional<uint64_t> width = parse_decimal(text);
      if (width && *width >= 1 && *width <= name.width) {
        YIPAN_TRY(repair_partial({name.level, name.n, static_cast<unsigned>(*width)}, content));
      } else {
        YIPAN_TRY(files_.remove(folder + "/" + text));
      }
    }
  }
  return {};
}

void TileWriter::remove_partials(const TileName& full) {
  const std::string folder = directory_ + "/" + partial_folder(full);
  const Result<bool> exists = files_.exists(folder);
  if (!exists || !*exists) return;
  const Result<std::vector<std::string>> names = files_.list(folder);
  if (!names) return;
  // What cannot be removed stays: it is still right, only of no use.
  for (const std::string& name : *names) static_cast<void>(files_.remove(folder + "/" + name));
  static_cast<void>(files_.remove(folder));
}

Result<> TileWriter::sync(const TileName& name) {
  YIPAN_ASSIGN(const std::unique_ptr<File> file,
               files_.open(directory_ + "/" + tile_path(name), Open::read_write));
  YIPAN_TRY(file->sync_data());
  std::string folder = tile_folder(name);
  while (unsynced_folders_.insert(folder).second && folder.find('/') != std::string::npos) {
    folder.resize(folder.rfind('/'));
  }
  return {};
}

Result<> TileWriter::sync_folders() {
  for (const std::string& folder : unsynced_folders_) {
    YIPAN_TRY(files_.sync_directory(directory_ + "/" + folder));
  }
  unsynced_folders_.clear();
  return files_.sync_directory(directory_);
}

Result<> make_folders(Files& files, const std::string& base, const std::string& relative) {
  for (size_t end = 0; end != relative.npos;) {
    end = relative.find('/', end == 0 ? 0 : end + 1);
    const std::string path = base + "/" + relative.substr(0, end);
    YIPAN_ASSIGN(const bool exists, files.exists(path));
    if (exists) continue;
    if (Result<> made = files.make_directories(path); !made) {
      static_cast<void>(files.remove(path));
      return made;
    }
  }
  return {};
}

std::string checkpoint_path(const std::string& directory) { return directory + "/checkpoint"; }
std::string key_path(const std::string& directory) { return directory + "/log.vkey"; }
std::string witnesses_path(const std::string& directory) { return directory + "/witnesses.vkeys"; }
std::string cosigned_folder(const std::string& directory) { return directory + "/cosigned"; }

Result<std::optional<std::string>> read_optional(Files& files, const std::string& path) {
  Result<std::string> content = read_file(files, path);
  if (content) return std::optional<std::string>(*std::move(content));
  if (content.error().code() == "base.file.not_found") return std::optional<std::string>();
  return fail(std::move(content).error());
}

std::string witnesses_text(std::vector<VerifierKey> keys) {
  std::vector<std::string> lines;
  for (const VerifierKey& key : keys) lines.push_back(key.to_string() + "\n");
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  std::string out;
  for (const std::string& line : lines) out += line;
  return out;
}

Result<std::vector<VerifierKey>> read_witnesses(Files& files, const std::string& directory) {
  std::vector<VerifierKey> out;
  const std::string path = witnesses_path(directory);
  YIPAN_ASSIGN(const std::optional<std::string> text, read_optional(files, path));
  if (!text) return out;
  if (text->size() > kSmallFileMax) return fail(bad_key_file(path, nullptr));
  for (const std::string_view line : split(*text, '\n')) {
    if (line.empty()) continue;
    auto key = VerifierKey::parse(line);
    if (!key) return fail(bad_key_file(path, &key.error()));
    out.push_back(*std::move(key));
  }
  if (witnesses_text(out) != *text) return fail(bad_key_file(path, nullptr));
  return out;
}

Result<std::optional<VerifierKey>> read_log_key(Files& files, const std::string& directory) {
  const std::string path = key_path(directory);
  YIPAN_ASSIGN(const std::optional<std::string> text, read_optional(files, path));
  if (!text) return std::optional<VerifierKey>();
  if (text->empty() || text->back() != '\n') return fail(bad_key_file(path, nullptr));
  auto key = VerifierKey::parse(std::string_view(*text).substr(0, text->size() - 1));
  if (!key) return fail(bad_key_file(path, &key.error()));
  return std::optional<VerifierKey>(*std::move(key));
}

Result<std::vector<uint64_t>> cosigned_sizes(Files& files, const std::string& directory) {
  std::vector<uint64_t> out;
  YIPAN_ASSIGN(const bool exists, files.exists(cosigned_folder(directory)));
  if (!exists) return out;
  YIPAN_ASSIGN(const std::vector<std::string> names, files.list(cosigned_folder(directory)));
  for (const std::string& name : names) {
    if (const auto size = parse_digits20(name)) out.push_back(*size);
  }
  return out;
}

}  // namespace yipan::ledger
