// The runner of the DMN Technology Compatibility Kit: test files of XML, each naming a model, its
// inputs and the results expected.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "rules/dmn_xml.h"
#include "rules/number.h"
#include "rules/print.h"
#include "rules/temporal.h"
#include "yipan/rules.h"

namespace yipan::rules {
namespace {

using dmn::attribute;
using dmn::local_name;
namespace fs = std::filesystem;

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  if (!in) return std::nullopt;
  return std::move(out).str();
}

bool is_nil(const pugi::xml_node& node) {
  for (const pugi::xml_attribute& a : node.attributes()) {
    const std::string_view name = a.name();
    if (name == "xsi:nil" || name.substr(name.find(':') + 1) == "nil") return a.as_bool();
  }
  return false;
}

std::string_view value_type(const pugi::xml_node& node) {
  for (const pugi::xml_attribute& a : node.attributes()) {
    const std::string_view name = a.name();
    if (name.substr(name.find(':') + 1) != "type" || name == "type") continue;
    const std::string_view type = a.value();
    return type.substr(type.find(':') + 1);
  }
  return {};
}

Value simple_value(const pugi::xml_node& node) {
  if (is_nil(node)) return Value();
  const std::string_view type = value_type(node);
  std::string text;
  for (const pugi::xml_node& piece : node.children()) text += piece.value();
  if (type == "string" || type.empty()) return Value::string(text);
  while (!text.empty() && isspace(static_cast<unsigned char>(text.back())) != 0) text.pop_back();
  while (!text.empty() && isspace(static_cast<unsigned char>(text[0])) != 0) text.erase(0, 1);
  if (type == "boolean") return Value::boolean(text == "true" || text == "1");
  if (type == "date" || type == "time" || type == "dateTime" || type == "duration") {
    return parse_temporal(text);
  }
  if (const auto number = Decimal::parse(text)) return Value::number(*number);
  return Value::string(text);
}

// <value>, <list><item>..., <component name=...>...
Value read_value(const pugi::xml_node& node) {
  std::vector<std::pair<std::string, Value>> members;
  for (const pugi::xml_node& child : node.children()) {
    const std::string_view name = local_name(child);
    if (name == "value") return simple_value(child);
    if (name == "list") {
      if (is_nil(child)) return Value();
      std::vector<Value> items;
      for (const pugi::xml_node& item : child.children()) {
        if (local_name(item) == "item") items.push_back(read_value(item));
      }
      return Value::list(std::move(items));
    }
    if (name == "component") {
      members.emplace_back(std::string(attribute(child, "name")),
                           is_nil(child) ? Value() : read_value(child));
    }
  }
  if (members.empty()) return Value();
  return Value::context(std::move(members));
}

// How many digits a number is written with, zeros in front not counted.
int digits_of(const Value& number) {
  int digits = 0;
  bool leading = true;
  for (char c : number.to_string()) {
    leading = leading && (c < '1' || c > '9');
    if (!leading && c >= '0' && c <= '9') ++digits;
  }
  return digits;
}

// What is written with more digits than a double holds must agree in all of them, and so must
// what is written with few. In between the kit's authors cut numbers off at eight decimals or more,
// or took them from double arithmetic (14 to 17 digits), whose own error is allowed for.
bool same_number(const Value& expected, const Value& actual) {
  constexpr int kDoubleDigitsMin = 14, kDoubleDigitsMax = 17, kCutOffDecimals = 8;
  if (compare_numbers(expected, actual) == 0) return true;
  const int scale = encoded_scale(expected);
  if (scale < kCutOffDecimals) return false;
  const Decimal e = expected.as_number(), a = actual.as_number();
  if (a.rounded(scale, Decimal::Rounding::half_up) == e ||
      a.rounded(scale, Decimal::Rounding::down) == e) {
    return true;
  }
  const int digits = digits_of(expected);
  if (digits < kDoubleDigitsMin || digits > kDoubleDigitsMax) return false;
  return (a - e).abs() <= e.abs() * Decimal::from_scaled(1, 12);
}

bool same_value(const Value& expected, const Value& actual) {
  if (expected.kind() != actual.kind()) return false;
  switch (expected.kind()) {
    case Kind::number:
      return same_number(expected, actual);
    case Kind::list: {
      const auto a = expected.as_list(), b = actual.as_list();
      return std::equal(a.begin(), a.end(), b.begin(), b.end(), same_value);
    }
    case Kind::context:
      if (expected.entry_count() != actual.entry_count()) return false;
      for (size_t i = 0; i < expected.entry_count(); ++i) {
        const Value* other = actual.find(expected.entry_key(i).as_string());
        if (other == nullptr || !same_value(expected.entry_value(i), *other)) return false;
      }
      return true;
    default:
      return expected.same_as(actual);
  }
}

class Folder {
 public:
  Folder(const fs::path& path, const Clock& clock, TckReport* report)
      : path_(path), clock_(clock), report_(report) {}

  void run() {
    std::vector<fs::path> tests;
    for (const auto& entry : fs::directory_iterator(path_)) {
      const std::string name = entry.path().filename().string();
      if (entry.path().extension() == ".dmn") add_model(entry.path());
      if (entry.path().extension() == ".xml" && name.find("-test-") != std::string::npos) {
        tests.push_back(entry.path());
      }
    }
    std::sort(tests.begin(), tests.end());
    for (const fs::path& test : tests) run_file(test);
  }

 private:
  struct ModelFile {
    Source source;
    std::string namespace_uri;
    std::vector<std::string> imports;
  };

  void add_model(const fs::path& path) {
    auto text = read_file(path);
    if (!text) return;
    ModelFile file{{path.filename().string(), std::move(*text)}, "", {}};
    pugi::xml_document document;
    if (document.load_string(file.source.text.c_str())) {
      const pugi::xml_node root = document.document_element();
      file.namespace_uri = attribute(root, "namespace");
      for (const pugi::xml_node& child : root.children()) {
        if (local_name(child) == "import") {
          file.imports.emplace_back(attribute(child, "namespace"));
        }
      }
    }
    files_.emplace(file.source.name, std::move(file));
  }

  // The model of a test file and what it imports, directly or not.
  std::vector<Source> sources(const std::string& name) const {
    std::vector<const ModelFile*> wanted;
    const auto main = files_.find(name);
    if (main == files_.end()) return {};
    wanted.push_back(&main->second);
    for (size_t i = 0; i < wanted.size(); ++i) {
      for (const std::string& ns : wanted[i]->imports) {
        for (const auto& [_, file] : files_) {
          const bool known = std::find(wanted.begin(), wanted.end(), &file) != wanted.end();
          if (file.namespace_uri == ns && !known) wanted.push_back(&file);
        }
      }
    }
    std::vector<Source> out;
    for (const ModelFile* file : wanted) out.push_back(file->source);
    return out;
  }

  double seconds_since(int64_t start) const {
    return static_cast<double>(clock_.monotonic_micros() - start) / 1e6;
  }

  void run_file(const fs::path& path) {
    const auto text = read_file(path);
    pugi::xml_document document;
    if (!text || !document.load_string(text->c_str(), pugi::parse_default | pugi::parse_ws_pcdata))
      return;
    const pugi::xml_node root = document.document_element();
    std::string model_name;
    for (const pugi::xml_node& child : root.children()) {
      if (local_name(child) == "modelName") model_name = child.text().get();
    }
    const int64_t start = clock_.monotonic_micros();
    const Compilation built = compile_model(sources(model_name));
    report_->seconds_compile += seconds_since(start);
    EvaluatorOptions options;
    options.clock = &clock_;
    Evaluator evaluator(built.model, options);
    for (const pugi::xml_node& test : root.children()) {
      if (local_name(test) == "testCase") run_case(built.model, &evaluator, test);
    }
  }

  void set_inputs(const Model& model, Evaluator* evaluator, const pugi::xml_node& test) {
    for (const pugi::xml_node& node : test.children()) {
      if (local_name(node) != "inputNode") continue;
      const std::string_view name = attribute(node, "name"), ns = attribute(node, "namespace");
      auto element = model.find_input(name, ns);
      if (!element) element = model.find_decision(name, ns);
      if (element) evaluator->set(*element, read_value(node));
    }
  }

  Value evaluate(const Model& model, Evaluator* evaluator, const pugi::xml_node& test,
                 const pugi::xml_node& node) {
    const std::string_view kind = attribute(test, "type"), ns = attribute(node, "namespace");
    const std::string_view invocable = attribute(test, "invocableName");
    const std::string_view name = attribute(node, "name");
    if (kind == "decisionService") {
      const auto service = model.find_service(invocable);
      if (!service) return Value();
      const Value result = evaluator->evaluate_service(*service);
      const bool single = !result.is(Kind::context) || result.find(name) == nullptr;
      return single ? result : *result.find(name);
    }
    if (kind == "bkm") {
      const auto knowledge = model.find_knowledge(invocable);
      std::vector<Value> arguments;
      for (const pugi::xml_node& in : test.children()) {
        if (local_name(in) == "inputNode") arguments.push_back(read_value(in));
      }
      return knowledge ? evaluator->call(*knowledge, std::move(arguments)) : Value();
    }
    const auto decision = model.find_decision(name, ns);
    return decision ? evaluator->evaluate(*decision) : Value();
  }

  // A case passes if all its results do.
  void run_case(const std::shared_ptr<const Model>& model, Evaluator* evaluator,
                const pugi::xml_node& test) {
    const size_t failures = report_->failures.size();
    bool external = false;
    for (const pugi::xml_node& node : test.children()) {
      if (local_name(node) != "resultNode") continue;
      Value expected;
      for (const pugi::xml_node& child : node.children()) {
        if (local_name(child) == "expected") expected = read_value(child);
      }
      if (model == nullptr) {
        fail(test, node, expected, "the model could not be read");
        continue;
      }
      evaluator->clear();
      set_inputs(*model, evaluator, test);
      const int64_t start = clock_.monotonic_micros();
      const Value actual = evaluate(*model, evaluator, test, node);
      report_->seconds_evaluate += seconds_since(start);
      external = judge(*evaluator, test, node, expected, actual) || external;
    }
    if (report_->failures.size() != failures) {
      ++report_->failed;
    } else if (external) {
      ++report_->external;
    } else {
      ++report_->passed;
    }
  }

  // True if the result needs an external function and was refused.
  bool judge(const Evaluator& evaluator, const pugi::xml_node& test, const pugi::xml_node& node,
             const Value& expected, const Value& actual) {
    const bool error_wanted = attribute(node, "errorResult") == "true";
    const bool reasoned = !error_wanted || !actual.is_null() || evaluator.warning_count() != 0;
    if (same_value(expected, actual) && reasoned) return false;
    std::string why;
    for (const Warning& w : evaluator.warnings()) {
      if (w.code == "rules.external") return true;
      if (why.empty()) why = "  [" + w.en + " @ " + w.expression + "]";
    }
    if (!reasoned) why = "  [null without a reason]";
    fail(test, node, expected, internal::print_value(actual, true) + why);
    return false;
  }

  void fail(const pugi::xml_node& test, const pugi::xml_node& node, const Value& expected,
            std::string actual) {
    report_->failures.push_back({path_.filename().string(), std::string(attribute(test, "id")),
                                 std::string(attribute(node, "name")),
                                 internal::print_value(expected, true), std::move(actual)});
  }

  fs::path path_;
  const Clock& clock_;
  TckReport* report_;
  std::map<std::string, ModelFile> files_;
};

}  // namespace

Result<TckReport> run_tck(const std::string& directory, const Clock& clock) {
  TckReport report;
  std::error_code error;
  std::vector<fs::path> folders;
  for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".dmn") folders.push_back(it->path().parent_path());
  }
  std::sort(folders.begin(), folders.end());
  folders.erase(std::unique(folders.begin(), folders.end()), folders.end());
  if (error || folders.empty()) {
    return fail(Error("rules.tck.none")
                    .zh("这个目录下没有 TCK 用例（*.dmn 与 *-test-*.xml）")
                    .en("there are no TCK folders (*.dmn and *-test-*.xml) below this directory")
                    .file(directory)
                    .remedy("请给出 dmn-tck 的 TestCases 目录", "give dmn-tck's TestCases folder"));
  }
  for (const fs::path& folder : folders) {
    const uint64_t passed = report.passed, failed = report.failed, external = report.external;
    Folder(folder, clock, &report).run();
    report.folders.push_back({folder.filename().string(), report.passed - passed,
                              report.failed - failed, report.external - external});
  }
  return report;
}

std::string to_text(const TckReport& report) {
  std::string out;
  for (const TckFailure& f : report.failures) {
    out += fmt::format("{} {} {}: expected {}, actual {}\n", f.folder, f.test_case, f.node,
                       f.expected, f.actual);
  }
  if (report.external != 0) {
    out += fmt::format("{} refused: they need external Java functions\n", report.external);
  }
  out += fmt::format("{} passed, {} failed\n", report.passed, report.failed);
  return out;
}

std::string to_text_by_folder(const TckReport& report) {
  std::string out;
  for (const TckFolder& f : report.folders) {
    out += fmt::format("{} {} of {}", f.name, f.passed, f.passed + f.failed + f.external);
    if (f.external != 0) out += fmt::format(", {} refused", f.external);
    out += "\n";
  }
  return out;
}

}  // namespace yipan::rules
