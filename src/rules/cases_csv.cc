#include "rules/cases_csv.h"

#include "yipan/text.h"

namespace yipan::rules {
namespace {

class Reader {
 public:
  Reader(std::string_view text, std::string_view file) : text_(text), file_(file) {}

  Result<std::vector<CsvRow>> run() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    std::vector<CsvRow> out;
    for (uint64_t number = 1; at_ < text_.size(); ++number) {
      CsvRow row;
      row.row = number;
      YIPAN_TRY(read_row(&row));
      const bool blank = row.fields.size() == 1 && row.fields[0].empty() && !row.quoted[0];
      if (!blank) out.push_back(std::move(row));
    }
    return out;
  }

 private:
  bool at_line_end() const {
    return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
  }

  Result<> read_row(CsvRow* row) {
    for (;;) {
      std::string field;
      const bool quoted = at_ < text_.size() && text_[at_] == '"';
      if (quoted) {
        YIPAN_TRY(read_quoted(row->row, &field));
      } else {
        while (!at_line_end() && text_[at_] != ',') field += text_[at_++];
      }
      row->fields.push_back(std::move(field));
      row->quoted.push_back(quoted);
      if (at_ < text_.size() && text_[at_] == ',') {
        ++at_;
        continue;
      }
      if (at_ < text_.size() && text_[at_] == '\r') ++at_;
      if (at_ < text_.size() && text_[at_] == '\n') ++at_;
      return {};
    }
  }

  Result<> read_quoted(uint64_t row, std::string* field) {
    ++at_;
    for (;;) {
      const size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos) {
        return fail(Error("rules.csv.quote")
                        .zh("引号没有结束")
                        .en("a quote is not closed")
                        .file(file_)
                        .row(row)
                        .remedy("请补上引号；字段里的引号要写两次",
                                "close it; a quote inside a field is written twice"));
      }
      *field += text_.substr(at_, quote - at_);
      at_ = quote + 1;
      if (at_ >= text_.size() || text_[at_] != '"') break;
      *field += '"';
      ++at_;
    }
    if (at_line_end() || text_[at_] == ',') return {};
    return fail(Error("rules.csv.quote")
                    .zh("结束引号之后还有文字")
                    .en("there is text after a closing quote")
                    .file(file_)
                    .row(row)
                    .remedy("字段里的引号要写两次", "a quote inside a field is written twice"));
  }

  std::string_view text_;
  std::string_view file_;
  size_t at_ = 0;
};

}  // namespace

Result<std::vector<CsvRow>> parse_csv(std::string_view text, std::string_view file) {
  if (const size_t bad = find_invalid_utf8(text); bad != std::string_view::npos) {
    return fail(
        Error("rules.csv.encoding")
            .zh("文件不是合法的 UTF-8")
            .en("the file is not well-formed UTF-8")
            .file(file)
            .byte_offset(bad)
            .remedy("请存为 UTF-8（Excel：CSV UTF-8）", "save it as UTF-8 (Excel: CSV UTF-8)"));
  }
  return Reader(text, file).run();
}

void append_csv_field(std::string_view field, std::string* out) {
  // A byte order mark at the start of a file would be taken for the file's.
  // A byte order mark at the start of a file is not part of it: in quotes it is.
  const bool plain = !field.starts_with("\xEF\xBB\xBF") &&
                     field.find_first_of(",\"\r\n") == std::string_view::npos &&
                     !field.starts_with("\xEF\xBB\xBF") &&
                     (field.empty() || (field.front() != ' ' && field.back() != ' '));
  if (plain) {
    *out += field;
    return;
  }
  *out += '"';
  for (const char c : field) {
    if (c == '"') *out += '"';
    *out += c;
  }
  *out += '"';
}

}  // namespace yipan::rules
