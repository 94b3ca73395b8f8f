// From documents to a compiled model: types, names, requirements, expressions, in one pass that
// collects every fault.
#ifndef YIPAN_RULES_DMN_BUILD_H_
#define YIPAN_RULES_DMN_BUILD_H_

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/compiler.h"
#include "rules/dmn_model.h"
#include "rules/element.h"
#include "rules/faults.h"
#include "rules/parser.h"
#include "rules/scope.h"

namespace yipan::rules::dmn {

class ModelBuilder {
 public:
  explicit ModelBuilder(const CompileOptions& options);
  Compilation run(const std::vector<Source>& sources);

 private:
  struct Document {  // a file with what its names mean
    Definitions def;
    std::unique_ptr<Scope> types;
    std::map<std::string, Type*> items;
    std::unordered_map<std::string, uint32_t> by_id;  // local id -> node
    std::vector<std::unique_ptr<Name>> spaces;
    std::vector<std::unique_ptr<Scope>> space_scopes;
  };
  struct Node {  // an element of the graph while it is built
    Document* document = nullptr;
    const Drg* drg = nullptr;
    uint32_t element = 0;
    enum class State : uint8_t { fresh, building, done } state = State::fresh;
    const Type* declared = nullptr;
    const Type* type = nullptr;
  };

  // dmn_build.cc
  void read_sources(const std::vector<Source>& sources);
  void select_versions(Document* document);
  void select_version(Document* document, const std::vector<const Drg*>& versions);
  void register_element(Document* document, const Drg& drg);
  void resolve_parameters();
  void build_all();
  Document* find_document(std::string_view ns) const;
  uint32_t find_node(Document* document, const Drg::Href& href, const Drg& from);
  void fault(std::string_view code, const Document& document, uint64_t line,
             std::string_view element, std::string_view zh, std::string_view en,
             std::string_view remedy_zh = {}, std::string_view remedy_en = {});
  Compilation finish();

  // dmn_types.cc
  void declare_types(Document* document);
  void fill_types(Document* document);
  void fill_type(Document* document, const Item& item, Type* out);
  void fill_base(Document* document, const Item& item, Type* out);
  const Type* component_type(Document* document, const Item& item);
  const Type* resolve_type(Document* document, const std::string& ref, uint64_t line,
                           std::string_view element);
  void add_constraint(Document* document, const Item& item, const Text& text, Type* out);

  // dmn_elements.cc
  void build(uint32_t node);
  void build_input(Node* node);
  void build_decision(Node* node);
  void build_knowledge(Node* node);
  void build_service(Node* node);
  void add_citations(Node* node);
  Scope* scope_for(Node* node);
  void require(Node* node, uint32_t other, Scope* scope);
  Name* name_of(uint32_t node);
  void collect_inside(uint32_t node, const std::vector<uint32_t>& stop, std::vector<uint32_t>* out);

  // dmn_lower.cc
  struct Place {
    Document* document;
    std::string element;
  };
  Expr* lower(const Place& place, const Boxed& boxed, const Scope& scope);
  Expr* lower_literal(const Place& place, const Boxed& boxed, const Scope& scope);
  Expr* lower_context(const Place& place, const Boxed& boxed, const Scope& scope);
  Expr* lower_relation(const Place& place, const Boxed& boxed, const Scope& scope);
  Expr* lower_invocation(const Place& place, const Boxed& boxed, const Scope& scope);
  Expr* lower_function(const Place& place, const Boxed& boxed, const Scope& scope);
  Expr* lower_conditional(const Place& place, const Boxed& boxed, const Scope& scope);
  Expr* lower_filter(const Place& place, const Boxed& boxed, const Scope& scope);
  Expr* lower_iterator(const Place& place, const Boxed& boxed, const Scope& scope);
  Expr* lower_table(const Place& place, const Boxed& boxed, const Scope& scope);
  void lower_output(const Place& place, const Table::Output& from, const Scope& scope,
                    TableAst* to);
  Expr* lower_list(const Place& place, const Boxed& boxed, const Scope& scope);
  Expr* checked(Expr* e, const Type* type);
  Expr* make(Ex kind, const Place& place, const Boxed& boxed);
  Expr* null_literal(const Place& place, const Boxed& boxed);
  uint32_t unit(const Place& place, const Text& text, const std::string& id);

  const CompileOptions& options_;
  std::unique_ptr<Model::Data> data_;
  std::shared_ptr<Ast> ast_;
  Faults faults_;
  Compiler compiler_;
  std::vector<std::unique_ptr<Document>> documents_;
  std::deque<Node> nodes_;
  Scope parameters_;
  std::vector<std::unique_ptr<Scope>> scopes_;
  std::vector<uint32_t> path_;  // nodes being built, for the message about a cycle
  std::map<std::pair<const Document*, const Type*>, int> filling_;
};

}  // namespace yipan::rules::dmn

#endif  // YIPAN_RULES_DMN_BUILD_H_
