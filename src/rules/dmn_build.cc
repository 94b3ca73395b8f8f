#include "rules/dmn_build.h"

#include <fmt/format.h>

#include <algorithm>

#include "rules/builtins.h"

namespace yipan::rules::dmn {

ModelBuilder::ModelBuilder(const CompileOptions& options)
    : options_(options),
      data_(std::make_unique<Model::Data>()),
      ast_(std::make_shared<Ast>()),
      faults_(ast_.get()),
      compiler_(&data_->program),
      parameters_(&builtin_scope()) {
  data_->program.ast = ast_;
  data_->limits = options.limits;
}

void ModelBuilder::fault(std::string_view code, const Document& document, uint64_t line,
                         std::string_view element, std::string_view zh, std::string_view en,
                         std::string_view remedy_zh, std::string_view remedy_en) {
  Error error(code);
  error.zh(zh).en(en).file(document.def.file);
  if (line != 0) error.line(line);
  if (!element.empty()) error.element(element);
  if (!remedy_zh.empty()) error.remedy(remedy_zh, remedy_en);
  faults_.add(Severity::error, std::move(error));
}

void ModelBuilder::read_sources(const std::vector<Source>& sources) {
  for (const Source& source : sources) {
    auto def = read(source, &faults_, options_.limits.nesting);
    if (!def) continue;
    auto document = std::make_unique<Document>();
    document->def = std::move(*def);
    if (find_document(document->def.namespace_uri) != nullptr) {
      fault("rules.dmn.namespace", *document, 1, "",
            fmt::format("两个文件的命名空间相同：{}", document->def.namespace_uri),
            fmt::format("two files have the namespace {}", document->def.namespace_uri),
            "请只给出其中一个，或改其命名空间", "give only one of them, or change its namespace");
      continue;
    }
    documents_.push_back(std::move(document));
  }
}

ModelBuilder::Document* ModelBuilder::find_document(std::string_view ns) const {
  for (const auto& d : documents_) {
    if (d->def.namespace_uri == ns) return d.get();
  }
  return nullptr;
}

// Elements of one name with validities are versions of one element; the one in force is taken.
void ModelBuilder::select_versions(Document* document) {
  std::map<std::pair<int, std::string>, std::vector<const Drg*>> by_name;
  std::vector<std::pair<int, std::string>> order;
  for (const Drg& drg : document->def.elements) {
    auto& versions = by_name[{static_cast<int>(drg.form), drg.name}];
    if (versions.empty()) order.emplace_back(static_cast<int>(drg.form), drg.name);
    versions.push_back(&drg);
  }
  for (const auto& key : order) {
    const auto& versions = by_name[key];
    const bool dated = std::any_of(versions.begin(), versions.end(),
                                   [](const Drg* d) { return d->validity.has_value(); });
    if (dated) {
      select_version(document, versions);
      continue;
    }
    for (const Drg* drg : versions) register_element(document, *drg);
    if (versions.size() > 1 && !versions[1]->name.empty()) {
      fault("rules.dmn.duplicate", *document, versions[1]->line, versions[1]->id,
            fmt::format("“{}”定义了两次", versions[1]->name),
            fmt::format("'{}' is defined twice", versions[1]->name), "请改名，或为各版本写明有效期",
            "rename one, or give each version a validity");
    }
  }
}

namespace {

bool covers(const Validity& v, Date day) {
  return (!v.from || *v.from <= day) && (!v.until || day < *v.until);
}

std::string spell(const std::vector<const Drg*>& versions) {
  std::string out;
  for (const Drg* d : versions) {
    const Validity v = d->validity.value_or(Validity{});
    if (!out.empty()) out += ", ";
    out += fmt::format("[{}, {})", v.from ? v.from->to_string() : "...",
                       v.until ? v.until->to_string() : "...");
  }
  return out;
}

}  // namespace

void ModelBuilder::select_version(Document* document, const std::vector<const Drg*>& versions) {
  const Drg& first = *versions.front();
  const Drg* chosen = nullptr;
  size_t fitting = 0;
  for (const Drg* d : versions) {
    if (options_.as_of && covers(d->validity.value_or(Validity{}), *options_.as_of)) {
      ++fitting;
      chosen = d;
    }
  }
  if (!options_.as_of) {
    fault("rules.version.date", *document, first.line, first.id,
          fmt::format("“{}”有分时期的版本，编译时须给出基准日", first.name),
          fmt::format("'{}' has dated versions: an as-of date is needed", first.name),
          "请给出 as_of 日期", "give an as-of date");
  } else if (fitting == 0) {
    const std::string day = options_.as_of->to_string();
    fault(
        "rules.version.gap", *document, first.line, first.id,
        fmt::format("“{}”没有覆盖 {} 的版本；现有 {}", first.name, day, spell(versions)),
        fmt::format("no version of '{}' covers {}; there are {}", first.name, day, spell(versions)),
        "请补上这一时期的版本", "add a version for that time");
  } else if (fitting > 1) {
    const std::string day = options_.as_of->to_string();
    fault("rules.version.overlap", *document, first.line, first.id,
          fmt::format("“{}”在 {} 有 {} 个版本同时有效", first.name, day, fitting),
          fmt::format("{} versions of '{}' are in force on {}", fitting, first.name, day),
          "请改正有效期", "correct the validities");
  }
  if (chosen == nullptr) chosen = versions.back();
  register_element(document, *chosen);
  const auto node = static_cast<uint32_t>(nodes_.size() - 1);
  for (const Drg* d : versions) document->by_id[d->id] = node;
}

void ModelBuilder::register_element(Document* document, const Drg& drg) {
  const auto index = static_cast<uint32_t>(nodes_.size());
  Node& node = nodes_.emplace_back();
  node.document = document;
  node.drg = &drg;
  node.element = static_cast<uint32_t>(data_->elements.size());
  Element& e = data_->elements.emplace_back();
  e.type = static_cast<Element::Type>(drg.form);
  e.info.id = node.element;
  e.info.name = drg.name;
  e.info.xml_id = drg.id;
  e.info.namespace_uri = document->def.namespace_uri;
  e.info.label = drg.description;
  if (!drg.id.empty()) {
    const bool fresh = document->by_id.emplace(drg.id, index).second;
    if (!fresh) {
      fault("rules.dmn.duplicate", *document, drg.line, drg.id,
            fmt::format("两个元素的 id 都是 {}", drg.id),
            fmt::format("two elements have the id {}", drg.id), "请改其中一个的 id",
            "change one of the ids");
    }
  }
}

// href="#id", or "namespace#id".
uint32_t ModelBuilder::find_node(Document* document, const Drg::Href& href, const Drg& from) {
  const size_t hash = href.href.rfind('#');
  const std::string ns = hash == std::string::npos ? "" : href.href.substr(0, hash);
  const std::string id = hash == std::string::npos ? href.href : href.href.substr(hash + 1);
  Document* target = ns.empty() ? document : find_document(ns);
  if (target != nullptr) {
    if (auto found = target->by_id.find(id); found != target->by_id.end()) return found->second;
  }
  fault("rules.dmn.reference", *document, href.line, from.id,
        fmt::format("“{}”引用了不存在的元素 {}", from.name, href.href),
        fmt::format("'{}' refers to {}, which does not exist", from.name, href.href),
        "请检查引用，以及被导入的文件是否一并给出",
        "check the reference and that the imported file is given");
  return kNone;
}

void ModelBuilder::resolve_parameters() {
  for (const Parameter& p : options_.parameters) {
    Name* name = ast_->make_name(Name::Form::constant, p.name, Types::any());
    if (!options_.as_of) {
      faults_.add(
          Severity::error,
          Error("rules.parameter.date")
              .zh(fmt::format("参数“{}”随时间变化，编译时须给出基准日", p.name))
              .en(fmt::format("the parameter '{}' is dated: an as-of date is needed", p.name))
              .remedy("请给出 as_of 日期", "give an as-of date"));
    } else if (const auto value = in_force(p, *options_.as_of); !value) {
      faults_.add(Severity::error, value.error());
    } else {
      name->value = (*value)->value;
      name->type = Types::of_kind(name->value.kind());
    }
    parameters_.add(name);
  }
}

void ModelBuilder::build_all() {
  for (uint32_t i = 0; i < nodes_.size(); ++i) build(i);
}

Compilation ModelBuilder::run(const std::vector<Source>& sources) {
  read_sources(sources);
  Compilation out;
  if (documents_.empty()) {
    out.diagnostics = faults_.take();
    return out;
  }
  for (auto& document : documents_) {
    for (const Import& import : document->def.imports) {
      if (find_document(import.namespace_uri) != nullptr) continue;
      fault("rules.dmn.import", *document, import.line, "",
            fmt::format("没有给出被导入的模型 {}", import.namespace_uri),
            fmt::format("the imported model {} was not given", import.namespace_uri),
            "请把被导入的文件一并给出", "give the imported file too");
    }
    select_versions(document.get());
  }
  for (auto& document : documents_) declare_types(document.get());
  for (auto& document : documents_) fill_types(document.get());
  resolve_parameters();
  build_all();
  return finish();
}

Compilation ModelBuilder::finish() {
  Compilation out;
  out.diagnostics = faults_.take();
  data_->name = documents_.front()->def.name;
  data_->namespace_uri = documents_.front()->def.namespace_uri;
  data_->program.units = ast_->take_units();
  out.model = std::make_shared<Model>(std::move(data_));
  return out;
}

}  // namespace yipan::rules::dmn

namespace yipan::rules {

Compilation compile_model(const std::vector<Source>& sources, const CompileOptions& options) {
  return dmn::ModelBuilder(options).run(sources);
}

bool Compilation::ok() const {
  return model != nullptr &&
         std::none_of(diagnostics.begin(), diagnostics.end(),
                      [](const Diagnostic& d) { return d.severity == Severity::error; });
}

Result<const DatedValue*> in_force(const Parameter& parameter, Date as_of) {
  const DatedValue* best = nullptr;
  const DatedValue* first = nullptr;
  for (const DatedValue& v : parameter.values) {
    if (first == nullptr || v.from < first->from) first = &v;
    if (v.from <= as_of && (best == nullptr || v.from >= best->from)) best = &v;
  }
  if (best != nullptr) return best;
  const std::string from = first != nullptr ? first->from.to_string() : "-";
  return fail(Error("rules.parameter.gap")
                  .zh(fmt::format("参数“{}”在 {} 没有取值：最早的取值自 {} 起", parameter.name,
                                  as_of.to_string(), from))
                  .en(fmt::format("the parameter '{}' has no value on {}: the first is from {}",
                                  parameter.name, as_of.to_string(), from))
                  .remedy("请补上更早的取值及其依据", "add the earlier value and its citation"));
}

}  // namespace yipan::rules
