#include "yipan/log.h"

#include <fmt/format.h>

#include <iterator>

namespace yipan {
namespace {

std::string_view name_of(Level level) {
  switch (level) {
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warning:
      return "warning";
    case Level::error:
      return "error";
  }
  return "unknown";
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (char c : value) {
    if (c == ' ' || c == '=' || c == '"' || c == '\\' || is_control(c)) return true;
  }
  return false;
}

void append_value(std::string_view value, std::string* out) {
  if (!needs_quotes(value)) {
    out->append(value);
    return;
  }
  out->push_back('"');
  for (char c : value) {
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (c == '\n') {
      out->append("\\n");
    } else if (c == '\r') {
      out->append("\\r");
    } else if (c == '\t') {
      out->append("\\t");
    } else if (is_control(c)) {
      fmt::format_to(std::back_inserter(*out), "\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

// A key cannot be quoted: what would break the line becomes '_'.
void append_key(std::string_view key, std::string* out) {
  out->push_back(' ');
  for (char c : key) out->push_back(needs_quotes({&c, 1}) ? '_' : c);
  out->push_back('=');
}

}  // namespace

LogRecord::LogRecord(const Logger* logger, Level level, std::string_view event) : logger_(logger) {
  if (logger_ == nullptr) return;
  line_.reserve(160);
  line_.append("ts=").append(logger_->clock_->now().to_string());
  line_.append(" level=").append(name_of(level));
  append_key("event", &line_);
  append_value(event, &line_);
}

LogRecord::LogRecord(LogRecord&& other) noexcept
    : logger_(other.logger_), line_(std::move(other.line_)) {
  other.logger_ = nullptr;
}

LogRecord::~LogRecord() {
  if (logger_ != nullptr) logger_->sink_(line_);
}

LogRecord&& LogRecord::kv(std::string_view key, std::string_view value) && {
  if (logger_ != nullptr) {
    append_key(key, &line_);
    append_value(value, &line_);
  }
  return std::move(*this);
}

LogRecord&& LogRecord::kv(std::string_view key, const char* value) && {
  return std::move(*this).kv(key, std::string_view(value == nullptr ? "" : value));
}

LogRecord&& LogRecord::kv(std::string_view key, int64_t value) && {
  if (logger_ != nullptr) {
    append_key(key, &line_);
    fmt::format_to(std::back_inserter(line_), "{}", value);
  }
  return std::move(*this);
}

LogRecord&& LogRecord::kv(std::string_view key, uint64_t value) && {
  if (logger_ != nullptr) {
    append_key(key, &line_);
    fmt::format_to(std::back_inserter(line_), "{}", value);
  }
  return std::move(*this);
}

LogRecord&& LogRecord::kv(std::string_view key, int value) && {
  return std::move(*this).kv(key, static_cast<int64_t>(value));
}

LogRecord&& LogRecord::kv(std::string_view key, double value) && {
  if (logger_ != nullptr) {
    append_key(key, &line_);
    fmt::format_to(std::back_inserter(line_), "{}", value);
  }
  return std::move(*this);
}

LogRecord&& LogRecord::kv(std::string_view key, bool value) && {
  return std::move(*this).kv(key, std::string_view(value ? "true" : "false"));
}

Logger::Logger(Sink sink, const Clock& clock, Level threshold)
    : sink_(std::move(sink)), clock_(&clock), threshold_(threshold) {}

const Logger& Logger::none() {
  static const Logger logger([](std::string_view) {}, Clock::system(), static_cast<Level>(0xff));
  return logger;
}

}  // namespace yipan
