// fsck of the public part: entry bundles against level-0 tiles, tiles against the tiles above, the
// top against the checkpoint's root; partial files that are kept against the full ones; and
// evidence.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "ledger/encoding.h"
#include "ledger/entry_scan.h"
#include "ledger/fsck_context.h"

namespace yipan::ledger {
namespace {

bool is_three_digits(std::string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class TreeCheck {
 public:
  explicit TreeCheck(FsckContext* context) : c_(*context), size_(context->checkpoint->size) {}

  void run() {
    const uint64_t bundles = (size_ + kTileWidth - 1) / kTileWidth;
    for (uint64_t n = 0; n < bundles; ++n) {
      check_leaves(n);
      if (c_.options.progress && (n % 256 == 255 || n + 1 == bundles)) {
        c_.options.progress(std::min(size_, (n + 1) * kTileWidth), size_);
      }
    }
    for (int level = 1; level <= kLevelMax; ++level) {
      if (!level_[level].empty()) check_tile(level);
    }
    c_.report.entries = size_;
    check_root();
  }

 private:
  struct Read {
    std::string path;
    std::string content;
  };

  // The partial file, or the full one in its place; nothing (and a problem) if there is neither.
  std::optional<Read> read(const TileName& name) {
    Read out{c_.path(tile_path(name)), {}};
    Result<std::string> content = read_file(c_.files, out.path);
    if (!content && name.width < kTileWidth && FsckContext::is_gone(content.error())) {
      const TileName full{name.level, name.n, kTileWidth};
      const std::string full_path = c_.path(tile_path(full));
      if (Result<std::string> other = read_file(c_.files, full_path); other) {
        out.path = full_path;
        content = std::move(other);
      }
    }
    if (!content) {
      c_.problem(std::move(content).error());
      return std::nullopt;
    }
    out.content = *std::move(content);
    c_.report.bytes += out.content.size();
    ++c_.report.tiles;
    return out;
  }

  bool is_partial_path(const std::string& path) { return path.find(".p/") != path.npos; }

  // The hashes of a tile on disk; empty (and a problem) if it has the wrong size.
  std::vector<Hash256> hashes_of(const Read& file, unsigned width) {
    const bool exact = is_partial_path(file.path) || width == kTileWidth;
    const size_t expected = (exact ? width : kTileWidth) * kHashBytes;
    std::vector<Hash256> out;
    if (file.content.size() != expected) {
      c_.problem(fsck_error("ledger.tile.malformed",
                            fmt::format("瓦片应有 {} 字节，实为 {}", expected, file.content.size()),
                            fmt::format("the tile should have {} bytes, it has {}", expected,
                                        file.content.size()))
                     .file(file.path)
                     .byte_offset(std::min(expected, file.content.size())));
      return out;
    }
    for (size_t i = 0; i < width; ++i) out.push_back(hash_at(file.content, i));
    return out;
  }

  std::vector<std::string_view> entries_of(const Read& file, unsigned width) {
    Result<std::vector<std::string_view>> entries = split_bundle(file.content, width);
    if (!entries) {
      c_.problem(std::move(entries).error().file(file.path));
      return {};
    }
    if (entries->size() != width && (is_partial_path(file.path) || width == kTileWidth)) {
      c_.problem(fsck_error("ledger.bundle.malformed", "条目包的条目数不对",
                            "the bundle has another number of entries")
                     .file(file.path)
                     .byte_offset(file.content.size()));
    }
    entries->resize(width);
    return *std::move(entries);
  }

  void check_leaves(uint64_t n) {
    const unsigned width = width_at(0, n, size_);
    const std::optional<Read> bundle = read({kEntries, n, width});
    const std::optional<Read> tile = read({0, n, width});
    std::vector<Hash256> leaves;
    std::vector<std::string_view> entries;
    if (bundle) entries = entries_of(*bundle, width);
    for (const std::string_view entry : entries) leaves.push_back(leaf_hash(entry));
    std::vector<Hash256> stored;
    if (tile) stored = hashes_of(*tile, width);
    std::vector<Hash256>& trusted = leaves.empty() ? stored : leaves;
    if (!leaves.empty() && !stored.empty() && leaves != stored) {
      if (blame_bundle(n, leaves, stored)) {
        blame(leaves, stored, bundle->path, &entries, n);
        trusted = stored;
      } else {
        blame(leaves, stored, tile->path, nullptr, n);
      }
    }
    if (bundle) check_partials({kEntries, n, width}, bundle->content);
    if (tile) check_partials({0, n, width}, tile->content);
    for (size_t i = 0; i < entries.size(); ++i) {
      if (stored.empty() || leaves[i] == stored[i]) {
        check_entry(n * kTileWidth + i, entries[i], *bundle);
      }
    }
    if (trusted.empty()) {
      broken_ = true;
      trusted.resize(width);
    }
    push_tile(0, n, trusted);
  }

  // Bundle and tile differ. The tile above (or, at the edge, the root) says which of them is right.
  bool blame_bundle(uint64_t n, const std::vector<Hash256>& leaves,
                    const std::vector<Hash256>& stored) {
    if (leaves.size() < kTileWidth) {
      return root_with_edge(stored) == c_.checkpoint->root;
    }
    const unsigned at = static_cast<unsigned>(n % kTileWidth);
    const TileName above{1, n / kTileWidth, width_at(1, n / kTileWidth, size_)};
    Result<std::string> content = read_file(c_.files, c_.path(tile_path(above)));
    if (!content) {
      content = read_file(c_.files, c_.path(tile_path({1, n / kTileWidth, kTileWidth})));
    }
    if (!content || content->size() < (at + 1) * kHashBytes) return true;
    return root_of(leaves) != hash_at(*content, at);
  }

  // The tree's root if these are the leaves of the last, partial tile.
  Hash256 root_with_edge(const std::vector<Hash256>& edge) {
    std::vector<Hash256> below;
    for (int level = 0; level <= kLevelMax; ++level) {
      std::vector<Hash256> nodes = level == 0 ? edge : level_[level];
      nodes.insert(nodes.end(), below.begin(), below.end());
      if (!nodes.empty()) below.assign(1, root_of(nodes));
    }
    return below.empty() ? empty_root() : below[0];
  }

  void blame(const std::vector<Hash256>& leaves, const std::vector<Hash256>& stored,
             const std::string& path, const std::vector<std::string_view>* entries, uint64_t n) {
    for (size_t i = 0; i < leaves.size(); ++i) {
      if (leaves[i] == stored[i]) continue;
      const uint64_t index = n * kTileWidth + i;
      Error error = fsck_error("ledger.fsck.leaf", fmt::format("条目 {} 的哈希不符", index),
                               fmt::format("the hash of entry {} does not fit", index));
      size_t offset = i * kHashBytes;
      if (entries != nullptr) {
        const char* start = (*entries)[0].data() - 2;
        offset = static_cast<size_t>((*entries)[i].data() - start);
      }
      c_.problem(
          std::move(error).file(path).element(fmt::format("entry {}", index)).byte_offset(offset));
    }
  }

  // A tile of this level is complete (or the last of a partial edge): its root goes up.
  void push_tile(int level, uint64_t n, const std::vector<Hash256>& hashes) {
    if (hashes.size() < kTileWidth) {
      if (level == 0) level_[0] = hashes;
      return;
    }
    count_[level] = n + 1;
    level_[level + 1].push_back(root_of(hashes));
    if (level_[level + 1].size() == kTileWidth) check_tile(level + 1);
  }

  void check_tile(int level) {
    std::vector<Hash256> hashes = level_[level];
    const uint64_t n = count_[level];
    const auto width = static_cast<unsigned>(hashes.size());
    if (const std::optional<Read> tile = read({level, n, width})) {
      const std::vector<Hash256> stored = hashes_of(*tile, width);
      for (size_t i = 0; i < stored.size(); ++i) {
        if (stored[i] == hashes[i]) continue;
        c_.problem(fsck_error("ledger.fsck.tile", "瓦片中的哈希与下层不符",
                              "a hash in the tile does not fit the tiles below it")
                       .file(tile->path)
                       .byte_offset(i * kHashBytes));
      }
      check_partials({level, n, width}, tile->content);
    }
    if (width < kTileWidth) return;
    level_[level].clear();
    push_tile(level, n, hashes);
  }

  void check_root() {
    c_.report.root = root_with_edge(level_[0]);
    if (broken_ || c_.report.root == c_.checkpoint->root) return;
    c_.problem(fsck_error("ledger.fsck.root", "瓦片算出的树根与检查点不符",
                          "the tiles lead to another root than the checkpoint's")
                   .file(c_.path("checkpoint")));
  }

  void check_entry(uint64_t index, std::string_view bytes, const Read& bundle) {
    if (!c_.is_own) return;
    Result<EntryView> view = scan_entry(bytes);
    if (!view) {
      const auto at = static_cast<uint64_t>(bytes.data() - bundle.content.data());
      c_.problem(std::move(view)
                     .error()
                     .file(bundle.path)
                     .byte_offset(at)
                     .element(fmt::format("entry {}", index)));
      return;
    }
    for (size_t i = 0; i < c_.runs.size() && !view->key.empty(); ++i) {
      if (index < c_.runs[i]->from() || index >= c_.runs[i]->to()) continue;
      c_.run_sums[i] += slot_sum({key_hash64(idempotency_key_of(*view)), index});
    }
    if (!c_.options.check_blobs) return;
    for (size_t i = 0; i < view->evidence_count(); ++i) check_evidence(index, view->evidence_at(i));
  }

  void check_evidence(uint64_t index, const Hash256& hash) {
    if (c_.blobs.contains(hash)) return;
    const std::string hex = hash.hex();
    const std::string path = c_.path("blobs/" + hex.substr(0, 2) + "/" + hex);
    const Result<bool> exists = c_.files.exists(path);  // it may be newer than our listing
    if (exists && *exists) return;
    c_.problem(fsck_error("ledger.fsck.evidence", fmt::format("条目 {} 所引的证据不在", index),
                          fmt::format("the evidence that entry {} names is not there", index))
                   .file(path)
                   .element(fmt::format("entry {}", index)));
  }

  // Partial files of tile n that are kept: each must be a prefix of the full content.
  void check_partials(const TileName& name, std::string_view content) {
    const std::string full = tile_path({name.level, name.n, kTileWidth});
    const std::string folder = full.substr(0, full.rfind('/'));
    const std::string stem = full.substr(full.rfind('/') + 1);
    if (!names_in(name.level, folder).contains(stem + ".p")) return;
    const Result<std::vector<std::string>> widths = c_.files.list(c_.path(full + ".p"));
    if (!widths) return;  // removed meanwhile
    for (const std::string& text : *widths) {
      const std::optional<uint64_t> width = parse_decimal(text);
      const std::string path = c_.path(full + ".p/" + text);
      if (!width || *width == 0 || *width >= kTileWidth) {
        if (c_.is_own) unexpected(path);
      } else if (*width <= name.width) {
        compare_partial(path, name.level, static_cast<unsigned>(*width), content);
      }
    }
  }

  void compare_partial(const std::string& path, int level, unsigned width,
                       std::string_view content) {
    size_t bytes = width * kHashBytes;
    if (level == kEntries) {
      const Result<std::vector<std::string_view>> entries = split_bundle(content, width);
      if (!entries) return;  // the bundle has been reported
      bytes = static_cast<size_t>((*entries)[width - 1].data() - content.data()) +
              (*entries)[width - 1].size();
    }
    const Result<std::string> partial = read_file(c_.files, path);
    if (!partial) return;
    c_.report.bytes += partial->size();
    const std::string_view expected = content.substr(0, bytes);
    if (*partial == expected) return;
    const auto [at, other] =
        std::mismatch(partial->begin(), partial->end(), expected.begin(), expected.end());
    c_.problem(fsck_error("ledger.fsck.partial", "保留的部分瓦片与完整的不符",
                          "a partial file that is kept does not fit the full one")
                   .file(path)
                   .byte_offset(static_cast<uint64_t>(at - partial->begin())));
  }

  const std::set<std::string>& names_in(int level, const std::string& folder) {
    auto& [known, names] = listings_[level];
    if (known == folder) return names;
    known = folder;
    names.clear();
    const Result<std::vector<std::string>> listed = c_.files.list(c_.path(folder));
    if (!listed) return names;
    names.insert(listed->begin(), listed->end());
    for (const std::string& name : *listed) {
      std::string_view stem = name;
      if (stem.ends_with(".tmp")) continue;  // left by a crash during trimming
      if (stem.ends_with(".p")) stem.remove_suffix(2);
      if (stem.size() == 4 && stem[0] == 'x') stem.remove_prefix(1);
      if (c_.is_own && !is_three_digits(stem)) unexpected(c_.path(folder + "/" + name));
    }
    return names;
  }

  void unexpected(const std::string& path) {
    c_.problem(fsck_error("ledger.fsck.unexpected", "账本中不该有这个文件",
                          "this file does not belong in a ledger")
                   .file(path));
  }

  FsckContext& c_;
  const uint64_t size_;
  bool broken_ = false;  // some leaves are unknown, so the root cannot fit
  std::array<std::vector<Hash256>, kLevelMax + 2> level_;
  std::array<uint64_t, kLevelMax + 2> count_{};  // complete tiles of each level
  std::map<int, std::pair<std::string, std::set<std::string>>> listings_;
};

}  // namespace

void fsck_tree(FsckContext* context) { TreeCheck(context).run(); }

}  // namespace yipan::ledger
