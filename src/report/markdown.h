// A safe subset of Markdown (CommonMark 0.31): headings, paragraphs, lists, block quotes, fenced
// and indented code, tables of pipes, **strong**, *emphasis*, `code`, links. HTML in it is shown as
// text; a link leads only to http, https or mailto; images are their descriptions.
#ifndef YIPAN_REPORT_MARKDOWN_H_
#define YIPAN_REPORT_MARKDOWN_H_

#include <string>
#include <string_view>
#include <vector>

#include "report/markup.h"

namespace yipan::report {

struct MarkdownBlock {
  enum class Kind : uint8_t { heading, paragraph, item, numbered, quote, code, table };
  Kind kind = Kind::paragraph;
  int level = 1;                               // heading: 1 to 6; item: depth from 0
  std::string text;                            // with inline marks; code: as it is
  std::vector<std::vector<std::string>> rows;  // table: the first is the header
};
std::vector<MarkdownBlock> parse_markdown(std::string_view markdown);

// `heading_shift` is added to the levels of headings, which end at h6.
void markdown_to_html(std::string_view markdown, int heading_shift, Markup* out);
std::string plain_inline(std::string_view text);  // without the marks

}  // namespace yipan::report

#endif  // YIPAN_REPORT_MARKDOWN_H_
