// XML as a stream of events (expat). Names come without their prefix; document types are refused.
#ifndef YIPAN_INTAKE_XML_H_
#define YIPAN_INTAKE_XML_H_

#include <memory>
#include <string>
#include <string_view>

#include "yipan/result.h"

namespace yipan::intake {

class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  // By local name, or by "prefix:name" as written; "" if it is not there.
  std::string_view get(std::string_view name) const;

 private:
  const char** pairs_;
};

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view chars) = 0;
};

class XmlParser {
 public:
  explicit XmlParser(XmlHandler* handler);
  ~XmlParser();
  // Errors "intake.xml.syntax", "intake.xml.doctype" with line and column.
  Result<> feed(std::string_view bytes, bool last);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_XML_H_
