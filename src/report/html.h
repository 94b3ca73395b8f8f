// report.html, and its parts, one file each.
#ifndef YIPAN_REPORT_HTML_H_
#define YIPAN_REPORT_HTML_H_

#include <set>
#include <string>

#include "report/markup.h"
#include "report/outline.h"

namespace yipan::report {

std::string html_report(const Outline& outline);

// ---- parts -------------------------------------------------------------------------------------

std::string_view style_sheet();

struct Page {
  const Outline& outline;
  Markup* out;
  std::set<const Finding*> shown;  // have a row, so that one can link to them
};

struct Column {
  Text title;
  bool number = false;
};
// <div class="scroll"><table><caption/><thead/>: the caller writes rows, then ends it. The caption
// is for screen readers only where a heading says the same above it.
void begin_table(Markup* out, const Text& caption, const std::vector<Column>& columns,
                 bool caption_shown = false);
void end_table(Markup* out);
void number_cell(Markup* out, std::string_view text);
void error_list(Markup* out, const std::vector<Error>& errors);  // place, what, remedy
void severity_badge(Markup* out, Severity severity);
void finding_link(const Page& page, const Finding& finding, const Text& text);
std::string group_id(const Group& group, bool lead);

void cover(Page* page);            // one screen: the answers
void missing_packs(Page* page);    // named, with what is wrong
void changes_section(Page* page);  // overdue, new, reopened, cleared
void chapter_section(Page* page, const Chapter& chapter);
void findings_part(Page* page, const Chapter& chapter);
void departments_section(Page* page);
void citations_section(Page* page);

}  // namespace yipan::report

#endif  // YIPAN_REPORT_HTML_H_
