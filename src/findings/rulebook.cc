// The rulebook: foundations, and the packs that can be run.
#include <fmt/format.h>

#include <algorithm>

#include "findings/pack.h"
#include "yipan/hash.h"

namespace yipan::findings {
namespace {

// Names below `directory` that a version of the rules is made of.
Result<> add_files(Files& files, const std::string& root, const std::string& relative,
                   std::string_view ending, Sha256* hash) {
  const std::string directory = root + "/" + relative;
  if (!files.exists(directory).value_or(false)) return {};
  YIPAN_ASSIGN(const std::vector<std::string> names, files.list(directory));
  for (const std::string& name : names) {
    if (!name.ends_with(ending)) continue;
    const auto text = read_file(files, directory + "/" + name);
    if (!text) continue;  // a folder; a file that cannot be read is a problem of whoever needs it
    hash->update(fmt::format("{}/{} {}\n", relative, name, text->size()));
    hash->update(*text);
  }
  return {};
}

Result<std::vector<std::string>> pack_folders(Files& files, const std::string& directory) {
  const std::string questions = directory + "/questions";
  YIPAN_ASSIGN(const std::vector<std::string> names, files.list(questions));
  std::vector<std::string> out;
  for (const std::string& name : names) {
    if (name.starts_with('.') || name.ends_with(".md")) continue;
    // A folder with a pack's first file, or at least with its rules.
    const std::string path = questions + "/" + name;
    if (files.exists(path + "/question.toml").value_or(false) ||
        files.exists(path + "/judge.dmn").value_or(false)) {
      out.push_back(name);
    }
  }
  return out;
}

Result<std::string> hash_of(Files& files, const std::string& directory,
                            const std::vector<std::string>& folders) {
  Sha256 hash;
  YIPAN_TRY(add_files(files, directory, "law/sources", ".toml", &hash));
  YIPAN_TRY(add_files(files, directory, "law/rules", ".toml", &hash));
  YIPAN_TRY(add_files(files, directory, "standards", ".toml", &hash));
  for (const std::string& folder : folders) {
    YIPAN_TRY(add_files(files, directory, "questions/" + folder, "", &hash));
  }
  return hash.finish().hex();
}

void check_number(RulebookData* book, const Pack& pack, std::vector<Error>* problems) {
  for (const auto& other : book->packs) {
    if (other->number != pack.number || pack.number == 0) continue;
    problems->push_back(
        Error("findings.pack.number")
            .zh(fmt::format("问题 {} 已有一包：{}", pack.number, other->folder))
            .en(fmt::format("question {} has a pack already: {}", pack.number, other->folder))
            .file(pack.file("question.toml"))
            .remedy("换一个编号", "choose another number"));
  }
}

}  // namespace

const std::vector<PackProblem>& Rulebook::problems() const { return data_->problems; }
size_t Rulebook::pack_count() const { return data_->packs.size(); }
std::string Rulebook::hash() const { return data_->hash; }

Result<Rulebook> load_rulebook(Files& files, const std::string& directory,
                               const RulebookOptions& options) {
  YIPAN_ASSIGN(auto book, load_foundations(files, directory, options.as_of));
  YIPAN_ASSIGN(const std::vector<std::string> folders, pack_folders(files, directory));
  YIPAN_ASSIGN(book->hash, hash_of(files, directory, folders));
  for (const std::string& folder : folders) {
    std::vector<Error> problems;
    auto pack = load_pack(files, *book, directory + "/questions/" + folder, folder, &problems);
    if (!options.questions.empty() && pack->number != 0 &&
        std::find(options.questions.begin(), options.questions.end(), pack->number) ==
            options.questions.end()) {
      continue;
    }
    check_number(book.get(), *pack, &problems);
    if (problems.empty()) {
      book->packs.push_back(std::move(pack));
    } else {
      book->problems.push_back({folder, pack->number, pack->title, std::move(problems)});
    }
  }
  return Rulebook(std::move(book));
}

}  // namespace yipan::findings
