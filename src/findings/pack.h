// A question pack as it is read: everything checked that can be checked without a board.
#ifndef YIPAN_FINDINGS_PACK_H_
#define YIPAN_FINDINGS_PACK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "findings/law.h"
#include "findings/model_shape.h"
#include "findings/sections.h"
#include "findings/template.h"
#include "yipan/findings.h"

namespace yipan::findings {

struct Role {
  std::string id;
  Text title;
  std::vector<std::string> kinds;
  std::vector<std::string> names;
  bool per_area = false;
};

struct FactSpec {
  std::string name;
  Text title;
  std::string table;
  std::string decision;
  rules::ElementId element = 0;
  uint64_t line = 0;  // of question.toml
  Section query;
  std::optional<Section> evidence;
  // Texts of the catalogue that its decision may name, as far as the model's text shows.
  std::vector<std::string> codes;
};
struct FigureSpec {
  std::string id;
  Text title;
  std::string unit;
  int decimals = 0;
  std::string speech;
  std::string norm;
  std::string by_area;
  uint64_t line = 0;
  Section query;
};
struct ViewSpec {
  std::string id;
  Text title;
  std::string kind;
  std::string x;
  std::vector<std::string> y;
  std::vector<Text> y_title;
  std::string unit;
  int decimals = 0;
  std::string area;
  std::string norm;
  uint64_t line = 0;
  Section query;
};

struct CatalogueRow {
  std::string code;
  std::string rule;
  Severity severity = Severity::yellow;
  Bilingual title;
  Bilingual claim;
  Bilingual norm;
  Bilingual remedy;
  std::vector<Citation> citations;
  std::string citation_status;
  std::string lead;
  std::vector<std::string> support;
  uint64_t line = 0;  // of judge.dmn
};

struct Pack {
  std::string folder;     // "01-real-economy"
  std::string directory;  // its path
  int number = 0;
  Text title;
  Text asks;
  std::string asks_in;
  Bilingual answer;
  uint64_t answer_line = 0;
  std::vector<std::string> measures;
  std::vector<FigureSpec> figures;
  std::vector<ViewSpec> views;
  std::vector<FactSpec> facts;
  std::vector<rules::Source> sources;
  std::shared_ptr<const rules::Model> model;
  ModelShape shape;
  std::map<std::string, CatalogueRow, std::less<>> catalogue;
  std::string method_md;

  std::string file(std::string_view name) const { return directory + "/" + std::string(name); }
};

struct RulebookData {
  Date as_of;
  Law law;
  std::vector<Role> roles;
  std::vector<rules::Parameter> parameters;                 // those in force on as_of
  std::vector<std::pair<std::string, Error>> gaps;          // names of the others, and why
  std::map<std::string, rules::Value, std::less<>> values;  // of the parameters on as_of
  std::vector<std::shared_ptr<const Pack>> packs;           // by folder
  std::vector<PackProblem> problems;
  std::string hash;

  const Role* role(std::string_view id) const;
};

// Collects the problems of one file.
class Problems {
 public:
  Problems(std::string file, std::vector<Error>* out) : file_(std::move(file)), out_(out) {}
  void add(Error error, uint64_t line = 0) {
    error.file(file_);
    if (line != 0) error.line(line);
    out_->push_back(std::move(error));
  }
  const std::string& file() const { return file_; }
  std::vector<Error>* all() { return out_; }

 private:
  std::string file_;
  std::vector<Error>* out_;
};

// question.toml; what it says about sections is checked by the loader.
void read_question(std::string_view text, Pack* pack, Problems* problems);
// Compiles judge.dmn and evaluates its catalogue.
void read_judge(Files& files, const RulebookData& book, Pack* pack, std::vector<Error>* problems);
void read_catalogue(const RulebookData& book, Pack* pack, Problems* problems);
// Only question.toml and judge.dmn's faults are fatal to others' checks; all are collected.
std::shared_ptr<Pack> load_pack(Files& files, const RulebookData& book,
                                const std::string& directory, const std::string& folder,
                                std::vector<Error>* problems);

Result<std::vector<Role>> load_roles(Files& files, const std::string& path);
// All parameters of `directory`/*.toml but roles.toml.
Result<std::vector<rules::Parameter>> load_standards(Files& files, const std::string& directory);
// Law, roles and parameters; no packs.
Result<std::shared_ptr<RulebookData>> load_foundations(Files& files, const std::string& directory,
                                                       Date as_of);

}  // namespace yipan::findings

#endif  // YIPAN_FINDINGS_PACK_H_
