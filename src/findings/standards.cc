// rulebook/standards: dated parameters and roles.
#include <algorithm>

#include "findings/toml_reader.h"

namespace yipan::findings {
namespace {

Error several(std::string_view code, const std::string& path, const std::vector<Error>& problems) {
  return Error(code)
      .zh(fmt::format("有 {} 处问题", problems.size()))
      .en(fmt::format("there are {} problems", problems.size()))
      .file(path)
      .because(problems.front());
}

}  // namespace

const Role* RulebookData::role(std::string_view id) const {
  const auto found =
      std::find_if(roles.begin(), roles.end(), [&](const Role& role) { return role.id == id; });
  return found == roles.end() ? nullptr : &*found;
}

Result<std::vector<Role>> load_roles(Files& files, const std::string& path) {
  YIPAN_ASSIGN(const std::string text, read_file(files, path));
  YIPAN_ASSIGN(const toml::table parsed, parse_toml(text, path, "findings.roles.toml"));
  std::vector<Error> errors;
  Problems problems(path, &errors);
  TomlReader reader(parsed, "", &problems);
  std::vector<Role> out;
  for (const toml::table* table : reader.tables("role")) {
    TomlReader item(*table, "[[role]] ", &problems);
    Role role;
    role.id = item.text("id", true);
    role.title = item.both("title", true);
    role.kinds = item.texts("kinds", true);
    role.names = item.texts("names", true);
    role.per_area = item.boolean("per_area");
    item.finish();
    const bool twice =
        std::any_of(out.begin(), out.end(), [&](const Role& other) { return other.id == role.id; });
    if (twice) item.wrong("id", "没有用过的编号", "an id that is not used yet");
    out.push_back(std::move(role));
  }
  reader.finish();
  if (!errors.empty()) return fail(several("findings.roles.invalid", path, errors));
  return out;
}

Result<std::vector<rules::Parameter>> load_standards(Files& files, const std::string& directory) {
  YIPAN_ASSIGN(const std::vector<std::string> names, files.list(directory));
  std::vector<rules::Parameter> out;
  for (const std::string& name : names) {
    if (!name.ends_with(".toml") || name == "roles.toml") continue;
    const std::string path = directory + "/" + name;
    YIPAN_ASSIGN(const std::string text, read_file(files, path));
    YIPAN_ASSIGN(std::vector<rules::Parameter> read, rules::parse_parameters(text, path));
    for (rules::Parameter& parameter : read) {
      for (const rules::Parameter& other : out) {
        if (other.name != parameter.name) continue;
        return fail(Error("findings.standards.twice")
                        .zh(fmt::format("参数“{}”在两个文件里", parameter.name))
                        .en(fmt::format("the parameter '{}' is in two files", parameter.name))
                        .file(path)
                        .element(parameter.name)
                        .remedy("只留一处", "keep one of them"));
      }
      out.push_back(std::move(parameter));
    }
  }
  return out;
}

Result<std::shared_ptr<RulebookData>> load_foundations(Files& files, const std::string& directory,
                                                       Date as_of) {
  auto book = std::make_shared<RulebookData>();
  book->as_of = as_of;
  YIPAN_ASSIGN(book->law, load_law(files, directory + "/law"));
  YIPAN_ASSIGN(book->roles, load_roles(files, directory + "/standards/roles.toml"));
  YIPAN_ASSIGN(auto parameters, load_standards(files, directory + "/standards"));
  for (rules::Parameter& parameter : parameters) {
    const auto value = rules::in_force(parameter, as_of);
    if (!value) {
      book->gaps.emplace_back(parameter.name, value.error());
      continue;
    }
    book->values.emplace(parameter.name, (*value)->value);
    book->parameters.push_back(std::move(parameter));
  }
  return book;
}

}  // namespace yipan::findings
