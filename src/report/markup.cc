#include "report/markup.h"

#include "yipan/check.h"
#include "yipan/text.h"

namespace yipan::report {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// XML 1.0, production [2] Char, below U+0020 only tab, line feed and carriage return.
void append_escaped(std::string_view valid, std::string* out) {
  for (size_t i = 0; i < valid.size(); ++i) {
    const char c = valid[i];
    switch (c) {
      case '<':
        out->append("&lt;");
        break;
      case '>':
        out->append("&gt;");
        break;
      case '&':
        out->append("&amp;");
        break;
      case '"':
        out->append("&quot;");
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r') {
          out->append(kReplacement);
        } else if (c == '\xEF' && valid.substr(i, 2) == "\xEF\xBF" && i + 2 < valid.size() &&
                   static_cast<unsigned char>(valid[i + 2]) >= 0xBE) {
          out->append(kReplacement);  // U+FFFE, U+FFFF
          i += 2;
        } else {
          out->push_back(c);
        }
    }
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  while (!text.empty()) {
    const size_t bad = find_invalid_utf8(text);
    append_escaped(text.substr(0, bad), &out);
    if (bad == std::string_view::npos) break;
    out.append(kReplacement);
    text.remove_prefix(bad + 1);
  }
  return out;
}

void Markup::begin(std::string_view name, std::initializer_list<Attribute> attributes) {
  out_.push_back('<');
  out_.append(name);
  for (const Attribute& a : attributes) {
    if (a.name.empty()) continue;
    out_.push_back(' ');
    out_.append(a.name);
    out_.append("=\"");
    out_.append(escaped(a.value));
    out_.push_back('"');
  }
}

Markup& Markup::open(std::string_view name, std::initializer_list<Attribute> attributes) {
  begin(name, attributes);
  out_.push_back('>');
  open_.push_back(name);
  return *this;
}

Markup& Markup::close() {
  CHECK(!open_.empty());
  out_.append("</");
  out_.append(open_.back());
  out_.push_back('>');
  open_.pop_back();
  return *this;
}

Markup& Markup::leaf(std::string_view name, std::initializer_list<Attribute> attributes) {
  begin(name, attributes);
  out_.append("/>");
  return *this;
}

Markup& Markup::text(std::string_view text) {
  out_.append(escaped(text));
  return *this;
}

Markup& Markup::raw(std::string_view markup) {
  out_.append(markup);
  return *this;
}

Markup& Markup::element(std::string_view name, std::initializer_list<Attribute> attributes,
                        std::string_view text_in) {
  return open(name, attributes).text(text_in).close();
}

Markup& Markup::both(std::string_view zh, std::string_view en) {
  if (zh == en || en.empty()) return text(zh);
  if (zh.empty()) return text(en);
  element("span", {{"lang", "zh"}}, zh);
  return element("span", {{"lang", "en"}}, en);
}

Markup& Markup::both(const Text& t) { return both(t.zh, t.en); }

Markup& Markup::element(std::string_view name, std::initializer_list<Attribute> attributes,
                        const Text& t) {
  return open(name, attributes).both(t).close();
}

std::string Markup::take() {
  CHECK(open_.empty());
  return std::move(out_);
}

}  // namespace yipan::report
