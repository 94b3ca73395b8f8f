#include "intake/package.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "intake/bytes.h"
#include "yipan/intake.h"
#include "yipan/json.h"

namespace yipan::intake {
namespace {

constexpr uint64_t kPackageBytesMax = uint64_t{16} << 20;

Error at(std::string_view code, const std::string& file, const std::string& pointer) {
  return Error(code).file(file).element(pointer).remedy(
      "写法见 docs/formats/sources.md", "docs/formats/sources.md says how to write it");
}

// Frictionless Data Package, "path": relative, without "..", so that a package cannot reach out.
bool is_safe(const std::string& path) {
  if (path.empty() || path[0] == '/' || path.find('\\') != std::string::npos) return false;
  size_t begin = 0;
  while (begin <= path.size()) {
    size_t end = std::min(path.find('/', begin), path.size());
    if (path.substr(begin, end - begin) == "..") return false;
    begin = end + 1;
  }
  return path.find("://") == std::string::npos;
}

struct ResourceReader {
  const Json& json;
  std::string pointer;
  const std::string& file;

  Result<std::string> text(const char* key, bool needed) const {
    auto found = json.find(key);
    if (found == json.end()) {
      if (!needed) return std::string();
      return fail(at("intake.package.missing", file, pointer)
                      .zh(fmt::format("缺少 {}", key))
                      .en(fmt::format("{} is missing", key)));
    }
    if (!found->is_string()) {
      return fail(at("intake.package.type", file, pointer + "/" + key)
                      .zh(fmt::format("{} 应为文字", key))
                      .en(fmt::format("{} should be a string", key)));
    }
    return found->get<std::string>();
  }
  Result<std::string> path(const char* key, bool needed) const {
    YIPAN_ASSIGN(std::string value, text(key, needed));
    if (value.empty() || is_safe(value)) return value;
    return fail(at("intake.package.path", file, pointer + "/" + key)
                    .zh(fmt::format("路径“{}”须在数据包文件夹之内", value))
                    .en(fmt::format("the path {} has to lie inside the package's folder", value)));
  }
};

Result<PackageResource> read_resource(const Json& json, size_t index, const std::string& file) {
  std::string pointer = fmt::format("/resources/{}", index);
  if (!json.is_object()) {
    return fail(at("intake.package.type", file, pointer)
                    .zh("资源应为对象")
                    .en("a resource should be an object"));
  }
  ResourceReader in{json, pointer, file};
  PackageResource out;
  YIPAN_ASSIGN(out.name, in.text("name", true));
  YIPAN_ASSIGN(out.path, in.path("path", true));
  YIPAN_ASSIGN(out.table, in.text("table", false));
  YIPAN_ASSIGN(out.mapping, in.path("mapping", false));
  YIPAN_ASSIGN(out.sheet, in.text("sheet", false));
  YIPAN_ASSIGN(out.reason, in.text("reason", false));
  YIPAN_ASSIGN(out.format, in.text("format", false));
  YIPAN_ASSIGN(out.dataset, in.text("dataset", false));
  if (out.table.empty()) out.table = out.name;
  if (out.dataset.empty()) out.dataset = out.name;
  return out;
}

// ---- importing
// -----------------------------------------------------------------------------------

struct PackageImport {
  const Context& context;
  const PackageOptions& options;
  std::string folder;
  PackageFile package;
  PackageOutcome outcome;

  Result<std::string> locate(const std::string& path) const {
    std::string here = folder + "/" + path;
    YIPAN_ASSIGN(bool there, context.files->exists(here));
    if (there || options.data_directory.empty()) return here;
    return options.data_directory + "/" + path;
  }
  size_t order_of(const PackageResource& r) const {
    const auto& all = context.board->schemas().all();
    auto found = std::find_if(all.begin(), all.end(), [&](auto& t) { return t.name == r.table; });
    return static_cast<size_t>(found - all.begin());
  }
  Result<ImportOptions> options_for(const PackageResource& r) const {
    ImportOptions o;
    YIPAN_ASSIGN(o.path, locate(r.path));
    if (!r.mapping.empty()) {
      YIPAN_ASSIGN(o.mapping_path, locate(r.mapping));
    }
    o.dataset = package.name + "/" + r.dataset;
    o.table = r.table;
    o.sheet = r.sheet;
    o.who = options.who;
    o.reason = !options.reason.empty() ? options.reason : r.reason;
    o.side_directory = options.side_directory.empty() ? folder : options.side_directory;
    o.accept_partial = options.accept_partial;
    o.dry_run = options.dry_run;
    o.synthetic = package.synthetic;
    o.limits = options.limits;
    if (options.progress) {
      o.progress = [this, name = r.name](const Progress& p) { options.progress(name, p); };
    }
    return o;
  }
  Result<bool> one(const PackageResource& r) {
    YIPAN_ASSIGN(ImportOptions o, options_for(r));
    if (r.format == "oc4ids") {
      YIPAN_ASSIGN(PackageOutcome inner, import_oc4ids(context, o));
      for (ImportOutcome& i : inner.resources) outcome.resources.push_back(std::move(i));
      return inner.complete;
    }
    auto result = import_file(context, o);
    if (!result) {
      return fail(Error("intake.package.resource")
                      .zh(fmt::format("资源“{}”不能导入；已导入 {} 个资源", r.name,
                                      outcome.resources.size()))
                      .en(fmt::format("the resource {} cannot be imported; {} came in before it",
                                      r.name, outcome.resources.size()))
                      .file(r.path)
                      .because(result.error())
                      .remedy(result.error().remedy_zh(), result.error().remedy_en()));
    }
    const bool refused = result->status == Status::refused;
    outcome.resources.push_back(std::move(*result));
    return !refused;
  }
};

}  // namespace

Result<PackageFile> parse_package(std::string_view text, const std::string& file) {
  YIPAN_ASSIGN(Json json, parse_json(text, file));
  PackageFile out;
  auto resources = json.is_object() ? json.find("resources") : json.end();
  if (!json.is_object() || resources == json.end() || !resources->is_array()) {
    return fail(at("intake.package.resources", file, "/resources")
                    .zh("datapackage.json 须有 resources 列表")
                    .en("datapackage.json needs a list of resources"));
  }
  ResourceReader top{json, "", file};
  YIPAN_ASSIGN(out.name, top.text("name", true));
  auto synthetic = json.find("synthetic");
  if (synthetic != json.end()) {
    if (!synthetic->is_boolean()) {
      return fail(at("intake.package.type", file, "/synthetic")
                      .zh("synthetic 应为 true 或 false")
                      .en("synthetic should be true or false"));
    }
    out.synthetic = synthetic->get<bool>();
  }
  std::set<std::string> names;
  for (size_t i = 0; i < resources->size(); ++i) {
    YIPAN_ASSIGN(PackageResource r, read_resource((*resources)[i], i, file));
    if (!names.insert(r.name).second) {
      return fail(at("intake.package.name", file, fmt::format("/resources/{}/name", i))
                      .zh(fmt::format("有两个资源叫“{}”", r.name))
                      .en(fmt::format("two resources are called {}", r.name)));
    }
    out.resources.push_back(std::move(r));
  }
  return out;
}

Result<PackageOutcome> import_package(const Context& context, const PackageOptions& options) {
  std::string path = options.path;
  if (path.size() < 5 || path.substr(path.size() - 5) != ".json") path += "/datapackage.json";
  PackageImport run{context, options, directory_of(path), {}, {}};
  YIPAN_ASSIGN(std::string text, read_file(*context.files, path, kPackageBytesMax));
  YIPAN_ASSIGN(run.package, parse_package(text, base_name(path)));
  run.outcome.name = run.package.name;
  run.outcome.synthetic = run.package.synthetic;
  auto& list = run.package.resources;
  std::stable_sort(list.begin(), list.end(),
                   [&](auto& a, auto& b) { return run.order_of(a) < run.order_of(b); });
  for (const PackageResource& r : list) {
    YIPAN_ASSIGN(bool in, run.one(r));
    if (!in) return run.outcome;
  }
  run.outcome.complete = true;
  return run.outcome;
}

}  // namespace yipan::intake
