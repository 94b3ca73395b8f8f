// A tree of files and folders in memory that remembers which of its changes have reached the disk.
#ifndef YIPAN_TESTS_SUPPORT_DURABLE_TREE_H_
#define YIPAN_TESTS_SUPPORT_DURABLE_TREE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/clock.h"

namespace yipan::testing {

// Of a change since the last sync that saved everything:
enum class Fate : uint8_t {
  pending,   // the next sync saves it
  doubtful,  // a sync failed on it: no later sync saves it, yet it may be on the disk
  certain,   // saved, but it comes after a doubtful one
};

// A node is a file or a folder. Names live in folders, so that a node can be renamed or, removed,
// live on while it is open.
struct Node {
  struct Write {
    uint64_t offset = 0;
    std::string data;
    bool is_truncation = false;  // to `offset` bytes
    Fate fate = Fate::pending;
  };
  struct Naming {
    std::string name;
    std::shared_ptr<Node> node;  // nullptr: the name is removed
    uint64_t group = 0;          // namings that happen together or not at all
    Fate fate = Fate::pending;
  };
  using Entries = std::map<std::string, std::shared_ptr<Node>>;

  explicit Node(bool folder) : is_folder(folder) {}

  void write(uint64_t offset, std::string_view data);
  void truncate(uint64_t size);
  void name(const std::string& entry, std::shared_ptr<Node> node, uint64_t group);
  void sync();  // data of a file, names of a folder
  void sync_failed();

  const bool is_folder;
  bool is_locked = false;
  std::string content;
  std::string durable_content;
  std::vector<Write> writes;
  Entries entries;
  Entries durable_entries;
  std::vector<Naming> namings;
};

// One of the trees that a power cut may leave of this one. Nothing in it is pending.
std::shared_ptr<Node> after_power_cut(const Node& root, Random& random);

}  // namespace yipan::testing

#endif  // YIPAN_TESTS_SUPPORT_DURABLE_TREE_H_
