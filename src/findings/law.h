// The law registry: which source and article a rule rests on, in our own paraphrase, and how far we
// have checked it (docs/formats/law.md).
//
//   YIPAN_ASSIGN(const Law law, load_law(files, "rulebook/law"));
//   YIPAN_ASSIGN(const Cited c, law.resolve("government-investment-regulations-2019#12"));
//   c.label.zh;                        // 《政府投资条例》第十二条
//   c.status;                          // LawStatus::verified
//   const LawRule* rule = law.rule("P05");
//
// A Law does not change once it is loaded; pointers into it live as long as it does.
#ifndef YIPAN_FINDINGS_LAW_H_
#define YIPAN_FINDINGS_LAW_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/date.h"
#include "yipan/result.h"

namespace yipan {
class Files;
}

namespace yipan::findings {

struct LawText {  // in the two languages of the screen; both or neither are given
  std::string zh;
  std::string en;
};

// How far a citation is checked, strongest first: the weakest of several is the greatest.
enum class LawStatus : uint8_t { verified, secondary, local, speech, unverified };
std::string_view to_string(LawStatus status);  // as in the files
LawText title_of(LawStatus status);            // 已核对原文 / checked against the text
std::optional<LawStatus> law_status(std::string_view text);

enum class LawLevel : uint8_t {
  law,
  administrative_regulation,
  ministry_rule,
  normative_document,
  standard,
  local_regulation,
  speech,
  city_choice
};
std::string_view to_string(LawLevel level);  // as in the files: "administrative-regulation"
std::optional<LawLevel> law_level(std::string_view text);

struct LawArticle {
  std::string id;  // "12", "11.3", "34(1)", "4.0.3", a word
  LawText title;   // 第十二条 / Article 12
  LawText paraphrase;
  LawStatus status = LawStatus::unverified;
};

struct LawSource {
  std::string id;
  LawText title;
  std::string number;  // 国务院令第712号, or ""
  LawText issuer;
  LawLevel level = LawLevel::law;
  std::string jurisdiction;  // "cn", "cn-guangzhou", "us-ma"
  std::optional<Date> promulgated;
  std::optional<Date> effective_from;
  std::optional<Date> effective_until;  // the first day out of force
  LawText version;                      // which text was read; may be empty
  std::string text_status;              // checked, secondary, unverified
  std::vector<LawArticle> articles;

  // A bound that is not known is taken as open.
  bool in_force(Date day) const;
  LawStatus status() const;  // of the document as a whole
};

struct LawRule {
  std::string id;              // "P05"
  std::vector<int> questions;  // numbers
  LawText title;
  LawText condition;                   // when it is violated
  std::vector<std::string> citations;  // the first is the main one
  std::vector<std::string> supporting;
  LawStatus status = LawStatus::unverified;  // the weakest of `citations`
  LawText consequence;                       // may be empty
  std::vector<std::string> consequence_citations;
  std::vector<std::string> parameters;  // names of dated parameters
  LawText note;                         // may be empty
  std::string file;                     // where it stands
  uint64_t line = 0;
};

// A citation found in the registry.
struct Cited {
  std::string id;  // as it was cited
  LawText label;  // 《政府投资条例》第十二条 / Regulations on Government Investment, Article 12
  LawStatus status = LawStatus::unverified;
  const LawSource* source = nullptr;    // never null
  const LawArticle* article = nullptr;  // null: the whole document is cited
};

class Law {
 public:
  const std::vector<LawSource>& sources() const { return sources_; }  // by id
  const std::vector<LawRule>& rules() const { return rules_; }        // by id

  const LawSource* source(std::string_view id) const;          // nullptr if there is none
  const LawArticle* article(std::string_view citation) const;  // "source#article"
  const LawRule* rule(std::string_view id) const;

  // Error "findings.law.citation" says whether the source or the article is missing and names what
  // there is.
  Result<Cited> resolve(std::string_view citation) const;
  // The weakest status of several citations; `verified` of none.
  Result<LawStatus> weakest(const std::vector<std::string>& citations) const;

 private:
  friend Law make_law(std::vector<LawSource> sources, std::vector<LawRule> rules,
                      std::vector<Error>* problems);
  std::vector<LawSource> sources_;
  std::vector<LawRule> rules_;
};

// Reads `directory`/sources/*.toml and `directory`/rules/*.toml. The error "findings.law.invalid"
// counts the problems and has the first as its cause; `problems`, if given, receives them all, in
// the order of the files, each with file, line and remedy.
Result<Law> load_law(Files& files, const std::string& directory,
                     std::vector<Error>* problems = nullptr);

// The parts of load_law, on text. What could be read is returned whatever is added to `problems`.
std::optional<LawSource> parse_law_source(std::string_view text, std::string_view file,
                                          std::vector<Error>* problems);
std::vector<LawRule> parse_law_rules(std::string_view text, std::string_view file,
                                     std::vector<Error>* problems);
// Sorts, and checks what only the whole shows: ids given twice, citations, the status of rules.
Law make_law(std::vector<LawSource> sources, std::vector<LawRule> rules,
             std::vector<Error>* problems);

}  // namespace yipan::findings

#endif  // YIPAN_FINDINGS_LAW_H_
