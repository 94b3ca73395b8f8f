#include "report/markdown.h"

#include <algorithm>

#include "yipan/text.h"

namespace yipan::report {
namespace {

using Kind = MarkdownBlock::Kind;
constexpr size_t kDepthMax = 6;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

size_t indent_of(std::string_view line) {
  const size_t n = line.find_first_not_of(' ');
  return n == std::string_view::npos ? 0 : n;
}

// "- x", "* x", "+ x": 2; "12. x": 4; no item: 0.
size_t marker_length(std::string_view line, bool* numbered) {
  *numbered = false;
  if (line.size() >= 2 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ') {
    return 2;
  }
  size_t digits = 0;
  while (digits < line.size() && digits < 9 && is_digit(line[digits])) ++digits;
  if (digits > 0 && digits + 1 < line.size() && (line[digits] == '.' || line[digits] == ')') &&
      line[digits + 1] == ' ') {
    *numbered = true;
    return digits + 2;
  }
  return 0;
}

std::vector<std::string> cells_of(std::string_view line) {
  line = trim(line);
  if (line.starts_with('|')) line.remove_prefix(1);
  if (line.ends_with('|')) line.remove_suffix(1);
  std::vector<std::string> out(1);
  bool code = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '`') code = !code;
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      out.back().push_back('|');
      ++i;
    } else if (line[i] == '|' && !code) {
      out.emplace_back();
    } else {
      out.back().push_back(line[i]);
    }
  }
  for (std::string& c : out) c = std::string(trim(c));
  return out;
}

bool is_table_rule(std::string_view line) {
  line = trim(line);
  return line.find('-') != std::string_view::npos && line.find('|') != std::string_view::npos &&
         line.find_first_not_of("|-: ") == std::string_view::npos;
}

class BlockParser {
 public:
  explicit BlockParser(std::string_view markdown) : lines_(split(markdown, '\n')) {
    for (std::string_view& line : lines_) {
      if (line.ends_with('\r')) line.remove_suffix(1);
    }
  }
  std::vector<MarkdownBlock> run() {
    while (at_ < lines_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const std::string_view line = lines_[at_];
    const std::string_view body = line.substr(indent_of(line));
    bool numbered = false;
    if (trim(line).empty()) {
      open_ = false;
      ++at_;
    } else if (body.starts_with("```") || body.starts_with("~~~")) {
      fence(body.substr(0, 3));
    } else if (const size_t level = heading_level(body); level > 0) {
      std::string_view title = trim(body.substr(level));
      while (title.ends_with('#')) title.remove_suffix(1);
      add(Kind::heading, static_cast<int>(level), trim(title));
      open_ = false;
      ++at_;
    } else if (at_ + 1 < lines_.size() && line.find('|') != std::string_view::npos &&
               is_table_rule(lines_[at_ + 1])) {
      table();
    } else if (is_rule(body)) {
      open_ = false;
      ++at_;
    } else if (const size_t marker = marker_length(body, &numbered); marker > 0) {
      const size_t depth = std::min(indent_of(line) / 2, kDepthMax);
      add(numbered ? Kind::numbered : Kind::item, static_cast<int>(depth),
          trim(body.substr(marker)));
      open_ = true;
      ++at_;
    } else if (body.starts_with('>')) {
      text_line(Kind::quote, trim(body.substr(1)));
    } else if (indent_of(line) >= 4 && !open_) {
      indented_code();
    } else {
      text_line(Kind::paragraph, trim(body));
    }
  }
  static size_t heading_level(std::string_view body) {
    size_t n = 0;
    while (n < body.size() && body[n] == '#') ++n;
    return n >= 1 && n <= 6 && (n == body.size() || body[n] == ' ') ? n : 0;
  }
  static bool is_rule(std::string_view body) {
    const std::string_view t = trim(body);
    return t.size() >= 3 && t.find_first_not_of(t.substr(0, 1)) == std::string_view::npos &&
           (t[0] == '-' || t[0] == '*' || t[0] == '_');
  }
  void add(Kind kind, int level, std::string_view text) {
    out_.push_back({kind, level, std::string(text), {}});
  }
  // Goes on with the paragraph, item or quote before it, if that is still open.
  void text_line(Kind kind, std::string_view text) {
    if (open_ && !out_.empty() && (kind == Kind::paragraph || out_.back().kind == kind)) {
      std::string& last = out_.back().text;
      const bool wide = !last.empty() && (last.back() & '\x80') != 0 && !text.empty() &&
                        (text.front() & '\x80') != 0;
      if (!wide) last += ' ';  // no blank between two Chinese lines
      last += text;
    } else {
      add(kind, 0, text);
    }
    open_ = true;
    ++at_;
  }
  void fence(std::string_view mark) {
    std::string code;
    for (++at_; at_ < lines_.size() && !trim(lines_[at_]).starts_with(mark); ++at_) {
      code.append(lines_[at_]);
      code.push_back('\n');
    }
    ++at_;
    add(Kind::code, 0, code);
    open_ = false;
  }
  void indented_code() {
    std::string code;
    for (; at_ < lines_.size() && indent_of(lines_[at_]) >= 4; ++at_) {
      code.append(lines_[at_].substr(4));
      code.push_back('\n');
    }
    add(Kind::code, 0, code);
  }
  void table() {
    add(Kind::table, 0, "");
    out_.back().rows.push_back(cells_of(lines_[at_]));
    for (at_ += 2; at_ < lines_.size() && lines_[at_].find('|') != std::string_view::npos; ++at_) {
      out_.back().rows.push_back(cells_of(lines_[at_]));
    }
    open_ = false;
  }

  std::vector<std::string_view> lines_;
  std::vector<MarkdownBlock> out_;
  size_t at_ = 0;
  bool open_ = false;
};

// ---- inline --------------------------------------------------------------------------------

// What inline marks become; a nullptr `out` collects plain text.
class Inline {
 public:
  Inline(Markup* out, std::string* plain) : out_(out), plain_(plain) {}
  void run(std::string_view text, int depth = 0) {
    std::string run_of_text;
    const auto flush = [&] {
      if (run_of_text.empty()) return;
      put(run_of_text);
      run_of_text.clear();
    };
    for (size_t i = 0; i < text.size();) {
      const size_t taken = depth < 8 ? mark(text.substr(i), depth, flush) : 0;
      if (taken > 0) {
        i += taken;
      } else {
        if (text[i] == '\\' && i + 1 < text.size() && is_punctuation(text[i + 1])) ++i;
        run_of_text.push_back(text[i++]);
      }
    }
    flush();
  }

 private:
  static bool is_punctuation(char c) {
    return std::string_view("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~").find(c) != std::string_view::npos;
  }
  void put(std::string_view text) {
    if (out_ != nullptr) out_->text(text);
    if (plain_ != nullptr) plain_->append(text);
  }
  // Bytes of `text` that a mark at its beginning takes; 0 if there is none.
  template <typename Flush>
  size_t mark(std::string_view text, int depth, const Flush& flush) {
    if (text[0] == '`') return code(text, flush);
    if (text.starts_with("**")) return wrapped(text, "**", "strong", depth, flush);
    if (text[0] == '*' && text.size() > 1 && text[1] != ' ') {
      return wrapped(text, "*", "em", depth, flush);
    }
    if (text.starts_with("![")) {
      const size_t n = link(text.substr(1), depth, flush, true);
      return n == 0 ? 0 : n + 1;
    }
    if (text[0] == '[') return link(text, depth, flush, false);
    return 0;
  }
  template <typename Flush>
  size_t code(std::string_view text, const Flush& flush) {
    const size_t end = text.find('`', 1);
    if (end == std::string_view::npos || end == 1) return 0;
    flush();
    const std::string_view body = text.substr(1, end - 1);
    if (out_ != nullptr) out_->element("code", {}, body);
    if (plain_ != nullptr) plain_->append(body);
    return end + 1;
  }
  template <typename Flush>
  size_t wrapped(std::string_view text, std::string_view fence, std::string_view name, int depth,
                 const Flush& flush) {
    const size_t end = text.find(fence, fence.size());
    if (end == std::string_view::npos || end == fence.size()) return 0;
    flush();
    if (out_ != nullptr) out_->open(name);
    run(text.substr(fence.size(), end - fence.size()), depth + 1);
    if (out_ != nullptr) out_->close();
    return end + fence.size();
  }
  template <typename Flush>
  size_t link(std::string_view text, int depth, const Flush& flush, bool image) {
    const size_t middle = text.find("](");
    if (middle == std::string_view::npos ||
        text.substr(1, middle - 1).find('[') != std::string_view::npos) {
      return 0;
    }
    const size_t end = text.find(')', middle);
    if (end == std::string_view::npos) return 0;
    flush();
    const std::string_view target = text.substr(middle + 2, end - middle - 2);
    const bool leads = !image && (target.starts_with("http://") || target.starts_with("https://") ||
                                  target.starts_with("mailto:"));
    if (leads && out_ != nullptr) {
      out_->open("a", {{"href", std::string(target)}, {"rel", "noreferrer noopener"}});
    }
    run(text.substr(1, middle - 1), depth + 1);
    if (leads && out_ != nullptr) out_->close();
    return end + 1;
  }

  Markup* out_;
  std::string* plain_;
};

void inline_html(std::string_view text, Markup* out) { Inline(out, nullptr).run(text); }

void table_html(const MarkdownBlock& block, Markup* out) {
  out->open("div", {{"class", "scroll"}}).open("table");
  out->open("thead").open("tr");
  for (const std::string& c : block.rows[0]) {
    out->open("th", {{"scope", "col"}});
    inline_html(c, out);
    out->close();
  }
  out->close().close().open("tbody");
  for (size_t r = 1; r < block.rows.size(); ++r) {
    out->open("tr");
    for (size_t c = 0; c < block.rows[0].size(); ++c) {
      out->open("td");
      if (c < block.rows[r].size()) inline_html(block.rows[r][c], out);
      out->close();
    }
    out->close();
  }
  out->close().close().close();
}

bool is_item(const MarkdownBlock& block) {
  return block.kind == Kind::item || block.kind == Kind::numbered;
}

// Items from `at` on as a list, with deeper ones nested; returns where it ends.
size_t list_html(const std::vector<MarkdownBlock>& blocks, size_t at, Markup* out) {
  const int level = blocks[at].level;
  const Kind kind = blocks[at].kind;
  out->open(kind == Kind::numbered ? "ol" : "ul");
  while (at < blocks.size() && blocks[at].kind == kind && blocks[at].level == level) {
    out->open("li");
    inline_html(blocks[at].text, out);
    ++at;
    while (at < blocks.size() && is_item(blocks[at]) && blocks[at].level > level) {
      at = list_html(blocks, at, out);
    }
    out->close();
  }
  out->close();
  return at;
}

constexpr std::string_view kHeadings[] = {"h1", "h2", "h3", "h4", "h5", "h6"};

}  // namespace

std::vector<MarkdownBlock> parse_markdown(std::string_view markdown) {
  return BlockParser(markdown).run();
}

void markdown_to_html(std::string_view markdown, int heading_shift, Markup* out) {
  const std::vector<MarkdownBlock> blocks = parse_markdown(markdown);
  for (size_t i = 0; i < blocks.size();) {
    const MarkdownBlock& b = blocks[i];
    if (is_item(b)) {
      i = list_html(blocks, i, out);
      continue;
    }
    ++i;
    if (b.kind == Kind::table) {
      table_html(b, out);
    } else if (b.kind == Kind::code) {
      out->open("pre").element("code", {}, b.text).close();
    } else {
      const int level = std::clamp(b.level + heading_shift, 1, 6);
      out->open(b.kind == Kind::heading ? kHeadings[level - 1]
                                        : (b.kind == Kind::quote ? "blockquote" : "p"));
      inline_html(b.text, out);
      out->close();
    }
  }
}

std::string plain_inline(std::string_view text) {
  std::string out;
  Inline(nullptr, &out).run(text);
  return out;
}

}  // namespace yipan::report
