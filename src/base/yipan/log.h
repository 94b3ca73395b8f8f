// Structured logs: one line a record, key=value, on a sink that is passed in.
//
//   log.info("ledger.open").kv("size", 1234).kv("dir", path);
//   ts=2022-11-23T08:30:00Z level=info event=ledger.open size=1234 dir="/data/大 盘"
//
// Values with a space, '=', '"', a backslash or a control character are quoted (logfmt); \" \\ \n
// \r \t and \u00XX stand for what cannot stand for itself. A line is always one line. A record
// below the threshold costs a comparison: no allocation, no look at the clock.
#ifndef YIPAN_LOG_H_
#define YIPAN_LOG_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "yipan/clock.h"

namespace yipan {

enum class Level : uint8_t { debug, info, warning, error };

class Logger;

class LogRecord {
 public:
  LogRecord(LogRecord&& other) noexcept;
  LogRecord& operator=(LogRecord&&) = delete;
  ~LogRecord();  // writes the line
  LogRecord&& kv(std::string_view key, std::string_view value) &&;
  LogRecord&& kv(std::string_view key, const char* value) &&;
  LogRecord&& kv(std::string_view key, int64_t value) &&;
  LogRecord&& kv(std::string_view key, uint64_t value) &&;
  LogRecord&& kv(std::string_view key, int value) &&;
  LogRecord&& kv(std::string_view key, double value) &&;
  LogRecord&& kv(std::string_view key, bool value) &&;

 private:
  friend class Logger;
  LogRecord(const Logger* logger, Level level, std::string_view event);
  const Logger* logger_;  // nullptr: below the threshold, nothing is built
  std::string line_;
};

class Logger {
 public:
  // Gets a line without its newline. Must be safe to call from any thread, and must not throw.
  using Sink = std::function<void(std::string_view line)>;
  Logger(Sink sink, const Clock& clock, Level threshold = Level::info);
  static const Logger& none();
  LogRecord debug(std::string_view event) const { return {at(Level::debug), Level::debug, event}; }
  LogRecord info(std::string_view event) const { return {at(Level::info), Level::info, event}; }
  LogRecord warning(std::string_view event) const {
    return {at(Level::warning), Level::warning, event};
  }
  LogRecord error(std::string_view event) const { return {at(Level::error), Level::error, event}; }

 private:
  friend class LogRecord;
  const Logger* at(Level level) const { return level >= threshold_ ? this : nullptr; }
  Sink sink_;
  const Clock* clock_;
  Level threshold_;
};

}  // namespace yipan

#endif  // YIPAN_LOG_H_
