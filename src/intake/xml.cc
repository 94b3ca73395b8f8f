#include "intake/xml.h"

#include <expat.h>
#include <fmt/format.h>

namespace yipan::intake {
namespace {

std::string_view local(std::string_view name) {
  size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

std::string_view XmlAttributes::get(std::string_view name) const {
  for (const char** p = pairs_; *p != nullptr; p += 2) {
    if (name == p[0]) return p[1];
  }
  if (name.find(':') != std::string_view::npos) return {};
  for (const char** p = pairs_; *p != nullptr; p += 2) {
    if (local(p[0]) == name) return p[1];
  }
  return {};
}

struct XmlParser::State {
  XML_Parser parser = nullptr;
  XmlHandler* handler = nullptr;
  bool doctype = false;

  static void on_start(void* self, const XML_Char* name, const XML_Char** attributes) {
    static_cast<State*>(self)->handler->start(local(name), XmlAttributes(attributes));
  }
  static void on_end(void* self, const XML_Char* name) {
    static_cast<State*>(self)->handler->end(local(name));
  }
  static void on_text(void* self, const XML_Char* chars, int length) {
    static_cast<State*>(self)->handler->text({chars, static_cast<size_t>(length)});
  }
  static void on_doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    auto* state = static_cast<State*>(self);
    state->doctype = true;
    XML_StopParser(state->parser, XML_FALSE);
  }
};

XmlParser::XmlParser(XmlHandler* handler) : state_(std::make_unique<State>()) {
  state_->parser = XML_ParserCreate(nullptr);
  state_->handler = handler;
  XML_SetUserData(state_->parser, state_.get());
  XML_SetElementHandler(state_->parser, State::on_start, State::on_end);
  XML_SetCharacterDataHandler(state_->parser, State::on_text);
  XML_SetStartDoctypeDeclHandler(state_->parser, State::on_doctype);
}

XmlParser::~XmlParser() { XML_ParserFree(state_->parser); }

Result<> XmlParser::feed(std::string_view bytes, bool last) {
  XML_Status status = XML_Parse(state_->parser, bytes.data(), static_cast<int>(bytes.size()),
                                last ? XML_TRUE : XML_FALSE);
  if (status == XML_STATUS_OK) return {};
  if (state_->doctype) {
    return fail(Error("intake.xml.doctype")
                    .zh("XML 中含 DOCTYPE，出于安全不予读取")
                    .en("the XML has a DOCTYPE, which is not read for safety")
                    .remedy("请在电子表格软件中打开后另存",
                            "open it in the spreadsheet program and save it anew"));
  }
  const char* why = XML_ErrorString(XML_GetErrorCode(state_->parser));
  return fail(Error("intake.xml.syntax")
                  .zh(fmt::format("XML 有错：{}", why))
                  .en(fmt::format("the XML is broken: {}", why))
                  .line(XML_GetCurrentLineNumber(state_->parser),
                        XML_GetCurrentColumnNumber(state_->parser) + 1)
                  .remedy("请在电子表格软件中打开后另存",
                          "open it in the spreadsheet program and save it anew"));
}

}  // namespace yipan::intake
