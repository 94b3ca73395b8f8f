#include "support/durable_tree.h"

#include <algorithm>
#include <set>
#include <utility>

#include "yipan/check.h"

namespace yipan::testing {
namespace {

constexpr uint64_t kSector = 512;

void put(std::string_view data, uint64_t offset, std::string* content) {
  if (data.empty()) return;
  if (content->size() < offset + data.size()) content->resize(offset + data.size(), '\0');
  content->replace(offset, data.size(), data);
}

void redo(const Node::Write& write, std::string* content) {
  if (write.is_truncation) {
    content->resize(write.offset, '\0');
  } else {
    put(write.data, write.offset, content);
  }
}

void redo(const Node::Naming& naming, Node::Entries* entries) {
  if (naming.node == nullptr) {
    entries->erase(naming.name);
  } else {
    (*entries)[naming.name] = naming.node;
  }
}

// A sync saves what is pending. Up to the first change in doubt it can be folded into what is
// durable; what comes after must stay in order behind it.
template <typename Change, typename Durable>
void save(std::vector<Change>* changes, Durable* durable) {
  for (Change& change : *changes) {
    if (change.fate == Fate::pending) change.fate = Fate::certain;
  }
  const auto first_doubt = std::find_if(changes->begin(), changes->end(), [](const Change& change) {
    return change.fate == Fate::doubtful;
  });
  std::for_each(changes->begin(), first_doubt,
                [&](const Change& change) { redo(change, durable); });
  changes->erase(changes->begin(), first_doubt);
}

template <typename Change>
void cast_in_doubt(std::vector<Change>* changes) {
  for (Change& change : *changes) {
    if (change.fate == Fate::pending) change.fate = Fate::doubtful;
  }
}

// How kind the disk was as a whole. Most faults show when nearly all or nearly nothing is kept, so
// these are drawn as often as a mixture.
double draw_share_kept(Random& random) {
  constexpr double kShares[] = {0.0, 0.1, 0.5, 0.9, 1.0};
  return kShares[random.below(std::size(kShares))];
}

// Keeps each sector of the write, by its place in the file, with the probability `share`.
void put_sectors(const Node::Write& write, double share, Random& random, std::string* content) {
  const uint64_t end = write.offset + write.data.size();
  for (uint64_t at = write.offset; at < end;) {
    const uint64_t next = std::min(end, (at / kSector + 1) * kSector);
    if (random.chance(share)) {
      put(std::string_view(write.data).substr(at - write.offset, next - at), at, content);
    }
    at = next;
  }
}

void put_in_doubt(const Node::Write& write, double share, Random& random, std::string* content) {
  if (write.is_truncation) {
    if (random.chance(share)) redo(write, content);
    return;
  }
  const uint64_t end = write.offset + write.data.size();
  switch (random.below(4)) {
    case 0:  // whole or not at all
      if (random.chance(share)) redo(write, content);
      break;
    case 1:  // some sectors
      put_sectors(write, share, random, content);
      break;
    case 2:  // some first bytes
      if (random.chance(share)) {
        const size_t kept = random.below(write.data.size() + 1);
        put(std::string_view(write.data).substr(0, kept), write.offset, content);
      }
      break;
    default:  // the file has grown, the data has not come
      if (random.chance(share) && content->size() < end) content->resize(end, '\0');
      break;
  }
}

class Crash {
 public:
  explicit Crash(Random& random) : random_(random), share_(draw_share_kept(random)) {}

  // A node may be reached by two names (a rename half saved in two folders): it stays one node.
  std::shared_ptr<Node> copy(const Node& node) {
    std::shared_ptr<Node>& made = made_[&node];
    if (made != nullptr) return made;
    made = std::make_shared<Node>(node.is_folder);
    const std::shared_ptr<Node> out = made;  // made_ may move while the entries are copied
    if (node.is_folder) {
      for (const auto& [name, child] : surviving_entries(node)) {
        out->entries.emplace(name, copy(*child));
      }
      out->durable_entries = out->entries;
    } else {
      out->content = surviving_content(node);
      out->durable_content = out->content;
    }
    return out;
  }

 private:
  std::string surviving_content(const Node& node) {
    std::string content = node.durable_content;
    for (const Node::Write& write : node.writes) {
      if (write.fate == Fate::certain) {
        redo(write, &content);
      } else {
        put_in_doubt(write, share_, random_, &content);
      }
    }
    return content;
  }

  Node::Entries surviving_entries(const Node& node) {
    Node::Entries entries = node.durable_entries;
    for (const Node::Naming& naming : node.namings) {
      if (naming.fate == Fate::certain || is_kept(naming.group)) redo(naming, &entries);
    }
    return entries;
  }

  bool is_kept(uint64_t group) {
    const auto [at, is_new] = kept_.emplace(group, false);
    if (is_new) at->second = random_.chance(share_);
    return at->second;
  }

  Random& random_;
  double share_;
  std::map<const Node*, std::shared_ptr<Node>> made_;
  std::map<uint64_t, bool> kept_;
};

}  // namespace

void Node::write(uint64_t offset, std::string_view data) {
  CHECK(!is_folder);
  put(data, offset, &content);
  writes.push_back({offset, std::string(data), false, Fate::pending});
}

void Node::truncate(uint64_t size) {
  CHECK(!is_folder);
  content.resize(size, '\0');
  writes.push_back({size, {}, true, Fate::pending});
}

void Node::name(const std::string& entry, std::shared_ptr<Node> node, uint64_t group) {
  CHECK(is_folder);
  namings.push_back({entry, std::move(node), group, Fate::pending});
  redo(namings.back(), &entries);
}

void Node::sync() {
  save(&writes, &durable_content);
  save(&namings, &durable_entries);
}

void Node::sync_failed() {
  cast_in_doubt(&writes);
  cast_in_doubt(&namings);
}

std::shared_ptr<Node> after_power_cut(const Node& root, Random& random) {
  return Crash(random).copy(root);
}

}  // namespace yipan::testing
