#include "cli/context.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "yipan/text.h"

namespace yipan::cli {

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void print_line(std::string_view text) {
  print(text);
  std::fputc('\n', stdout);
}

void print_error(const Context& context, const Error& error) {
  std::fflush(stdout);
  std::string text;
  if (context.json) {
    text = error.to_json();
  } else {
    text = context.lang == Lang::zh ? "错误：" + error.to_string_zh()
                                    : "error: " + error.to_string_en();
  }
  if (text.empty() || text.back() != '\n') text.push_back('\n');
  std::fwrite(text.data(), 1, text.size(), stderr);
}

Progress::Progress(const Context& context, std::string_view label)
    : context_(context), label_(label), started_micros_(context.clock->monotonic_micros()) {}

Progress::~Progress() {
  if (visible_) std::fputs("\r\033[K", stderr);
}

void Progress::update(uint64_t done, uint64_t total) {
  if (!context_.progress) return;
  const int64_t now = context_.clock->monotonic_micros();
  constexpr int64_t kRedrawMicros = 100'000;
  if (now - shown_micros_ < kRedrawMicros) return;
  shown_micros_ = now;
  visible_ = true;
  const double seconds = static_cast<double>(now - started_micros_) / 1e6;
  std::string line;
  if (total > 0) {
    constexpr int kCells = 24;
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    const int full = static_cast<int>(part * kCells);
    std::string bar;
    for (int i = 0; i < kCells; ++i) bar += i < full ? "█" : "░";
    line = fmt::format("\r\033[K{} {} {:3.0f}%  {} / {}  {:.0f} s", label_, bar, part * 100,
                       with_thousands(done), with_thousands(total), seconds);
  } else {
    line = fmt::format("\r\033[K{} {}  {:.0f} s", label_, with_thousands(done), seconds);
  }
  std::fwrite(line.data(), 1, line.size(), stderr);
}

std::function<void(uint64_t, uint64_t)> Progress::callback() {
  return [this](uint64_t done, uint64_t total) { update(done, total); };
}

void TextTable::right_align(size_t column) { right_.push_back(column); }

namespace {

std::string cut_to_width(const std::string& text, size_t width_max) {
  if (display_width(text) <= width_max) return text;
  std::string out;
  size_t pos = 0;
  while (pos < text.size()) {
    const size_t start = pos;
    next_code_point(text, &pos);
    const std::string longer = out + text.substr(start, pos - start);
    if (display_width(longer) + 1 > width_max) break;
    out = longer;
  }
  return out + "…";
}

}  // namespace

std::string TextTable::to_string(size_t width_max) const {
  std::vector<std::vector<std::string>> all;
  all.push_back(header_);
  all.insert(all.end(), rows_.begin(), rows_.end());
  std::vector<size_t> width(header_.size(), 0);
  for (auto& row : all) {
    for (size_t i = 0; i < row.size() && i < width.size(); ++i) {
      std::replace(row[i].begin(), row[i].end(), '\n', ' ');
      row[i] = cut_to_width(row[i], width_max);
      width[i] = std::max(width[i], display_width(row[i]));
    }
  }
  std::string out;
  for (size_t r = 0; r < all.size(); ++r) {
    for (size_t i = 0; i < all[r].size(); ++i) {
      const std::string pad(width[i] - display_width(all[r][i]), ' ');
      const bool right = std::find(right_.begin(), right_.end(), i) != right_.end();
      if (i > 0) out += "  ";
      out += right ? pad + all[r][i] : all[r][i] + (i + 1 < all[r].size() ? pad : "");
    }
    out += '\n';
    if (r == 0) {
      for (size_t i = 0; i < width.size(); ++i) {
        if (i > 0) out += "  ";
        out += std::string(width[i], '-');
      }
      out += '\n';
    }
  }
  return out;
}

std::string with_thousands(uint64_t value) {
  std::string digits = std::to_string(value);
  for (int i = static_cast<int>(digits.size()) - 3; i > 0; i -= 3) {
    digits.insert(static_cast<size_t>(i), ",");
  }
  return digits;
}

}  // namespace yipan::cli
