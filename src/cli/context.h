// What every command has at hand: languages, output, progress, and the outside world (files, time).
#ifndef YIPAN_CLI_CONTEXT_H_
#define YIPAN_CLI_CONTEXT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/clock.h"
#include "yipan/file.h"
#include "yipan/log.h"
#include "yipan/result.h"

namespace yipan::cli {

enum class Lang : uint8_t { zh, en };

// Exit codes, stated in the manual page.
inline constexpr int kExitOk = 0;
inline constexpr int kExitError = 1;     // it could not be done; the message says why
inline constexpr int kExitUsage = 2;     // the command line is wrong
inline constexpr int kExitProblems = 3;  // it was done, and what was checked is not in order

struct Context {
  Lang lang = Lang::zh;
  bool json = false;
  bool quiet = false;
  bool progress = false;  // a terminal is watching
  std::string city_dir = ".";
  Files* files = nullptr;
  const Clock* clock = nullptr;
  const Logger* logger = nullptr;

  std::string_view tr(std::string_view zh, std::string_view en) const {
    return lang == Lang::zh ? zh : en;
  }
};

void print(std::string_view text);  // to standard output, as it is
void print_line(std::string_view text);
// To standard error: for a person in the chosen language, or one JSON object with --json.
void print_error(const Context& context, const Error& error);

// A bar on standard error while something long runs; silent unless a terminal is watching.
class Progress {
 public:
  Progress(const Context& context, std::string_view label);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void update(uint64_t done, uint64_t total);
  void relabel(std::string_view label) { label_ = label; }
  std::function<void(uint64_t, uint64_t)> callback();

 private:
  const Context& context_;
  std::string label_;
  int64_t shown_micros_ = 0;
  int64_t started_micros_ = 0;
  bool visible_ = false;
};

// A table for the terminal: columns aligned by display width (a Chinese character takes two).
class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header) : header_(std::move(header)) {}
  void right_align(size_t column);
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string to_string(size_t width_max = 60) const;  // a wider cell is cut, with an ellipsis

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<size_t> right_;
};

std::string with_thousands(uint64_t value);  // 1,234,567

}  // namespace yipan::cli

#endif  // YIPAN_CLI_CONTEXT_H_
