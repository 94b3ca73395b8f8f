// A writer of well-formed XML: HTML in its XML form, SVG and OOXML. Text is escaped where it is
// written; what no XML may hold (control characters, bytes that are not UTF-8) becomes U+FFFD.
#ifndef YIPAN_REPORT_MARKUP_H_
#define YIPAN_REPORT_MARKUP_H_

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/findings.h"

namespace yipan::report {

using findings::Text;

std::string escaped(std::string_view text);  // for element content and attribute values

struct Attribute {
  std::string_view name;
  std::string value;
};

class Markup {
 public:
  // Names must outlive the element: literals.
  Markup& open(std::string_view name, std::initializer_list<Attribute> attributes = {});
  Markup& close();
  Markup& leaf(std::string_view name, std::initializer_list<Attribute> attributes = {});
  Markup& text(std::string_view text);
  Markup& raw(std::string_view markup);  // well-formed already
  // <name ...>text</name>
  Markup& element(std::string_view name, std::initializer_list<Attribute> attributes,
                  std::string_view text);
  // Both languages, one of which is shown; once, if they are equal. An empty one is the other.
  Markup& both(const Text& text);
  Markup& both(std::string_view zh, std::string_view en);
  Markup& element(std::string_view name, std::initializer_list<Attribute> attributes,
                  const Text& text);
  const std::string& str() const { return out_; }
  std::string take();  // CHECKs that every element is closed

 private:
  void begin(std::string_view name, std::initializer_list<Attribute> attributes);
  std::string out_;
  std::vector<std::string_view> open_;
};

}  // namespace yipan::report

#endif  // YIPAN_REPORT_MARKUP_H_
