// A model's files: itself and what it imports.
#include <algorithm>
#include <map>
#include <pugixml.hpp>

#include "rules/dmn_xml.h"
#include "yipan/file.h"
#include "yipan/rules.h"

namespace yipan::rules {
namespace {

struct Head {  // what must be known of a file to follow imports
  std::string namespace_uri;
  std::vector<std::string> imports;
};

Head head_of(const std::string& text) {
  Head head;
  pugi::xml_document document;
  if (!document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8)) {
    return head;
  }
  const pugi::xml_node root = document.document_element();
  head.namespace_uri = dmn::attribute(root, "namespace");
  for (const pugi::xml_node& child : root.children()) {
    if (dmn::local_name(child) == "import") {
      head.imports.emplace_back(dmn::attribute(child, "namespace"));
    }
  }
  return head;
}

class Gatherer {
 public:
  Gatherer(Files& files, const std::vector<std::string>& others) : files_(files), others_(others) {}

  Result<std::vector<Source>> gather(const std::string& path) {
    constexpr uint64_t kModelBytesMax = 64U << 20U;
    YIPAN_ASSIGN(std::string text, read_file(files_, path, kModelBytesMax));
    Head head = head_of(text);
    std::vector<std::string> wanted = head.imports;
    seen_.push_back(head.namespace_uri);
    std::vector<Source> out;
    out.push_back({path, std::move(text)});
    if (wanted.empty()) return out;
    YIPAN_TRY(read_candidates(path));
    for (size_t i = 0; i < wanted.size(); ++i) {
      const std::string ns = wanted[i];
      if (std::find(seen_.begin(), seen_.end(), ns) != seen_.end()) continue;
      seen_.push_back(ns);
      const auto found = candidates_.find(ns);
      if (found == candidates_.end()) continue;
      const Head inner = head_of(found->second.text);
      wanted.insert(wanted.end(), inner.imports.begin(), inner.imports.end());
      out.push_back(found->second);
    }
    return out;
  }

 private:
  // The files given come before the folder's.
  Result<> read_candidates(const std::string& model) {
    constexpr uint64_t kModelBytesMax = 64U << 20U;
    std::vector<std::string> paths = others_;
    const std::string folder = parent_directory(model);
    YIPAN_ASSIGN(const std::vector<std::string> names, files_.list(folder));
    for (const std::string& name : names) {
      if (name.ends_with(".dmn")) paths.push_back(folder == "." ? name : folder + "/" + name);
    }
    for (const std::string& path : paths) {
      if (path == model) continue;
      auto text = read_file(files_, path, kModelBytesMax);
      if (!text) continue;
      const Head head = head_of(*text);
      candidates_.emplace(head.namespace_uri, Source{path, std::move(*text)});
    }
    return {};
  }

  Files& files_;
  const std::vector<std::string>& others_;
  std::vector<std::string> seen_;
  std::map<std::string, Source> candidates_;
};

}  // namespace

Result<std::vector<Source>> read_model(Files& files, const std::string& path,
                                       const std::vector<std::string>& others) {
  return Gatherer(files, others).gather(path);
}

}  // namespace yipan::rules
