// Result<T> and Error: how Yipan says that the world did not do what was asked.
//
// A function that can fail because of input, files, a database or a person returns Result<T>.
// A broken invariant of the program itself is not an Error: it is a CHECK (yipan/check.h).
// No exception crosses a library boundary.
//
//   Result<Date> d = Date::parse(text);
//   if (!d) return fail(d.error());          // or: YIPAN_ASSIGN(Date d, Date::parse(text));
//   return fail(Error("intake.date.invalid")
//       .zh("日期 2023-02-30 不存在").en("the date 2023-02-30 does not exist")
//       .file("投资.csv").row(17).column("签约日期")
//       .remedy("请按 年-月-日 填写", "write it as year-month-day"));
//
// An Error answers four questions: what (message, zh and en), where (Place), why (cause), and what
// to do (remedy). It is cheap to move and to copy (one shared pointer), so that Result<T> is small.
#ifndef YIPAN_RESULT_H_
#define YIPAN_RESULT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace yipan {

// Where something went wrong. Every part is optional; rows, lines and columns count from 1 as a
// person sees them in the file.
struct Place {
  std::string file;
  std::string sheet;
  std::optional<uint64_t> row;
  std::string column;
  std::optional<uint64_t> line;
  std::optional<uint64_t> char_column;
  std::optional<uint64_t> byte_offset;
  std::string element;  // the id of an XML element, a JSON pointer, a table name

  bool empty() const;
  std::string to_string() const;  // "投资.csv, row 17, column 签约日期"
};

class [[nodiscard]] Error {
 public:
  // `code` is stable, dotted, lower case, begins with the library's name: "ledger.tile.corrupt".
  explicit Error(std::string_view code);

  Error& zh(std::string_view message) &;
  Error& en(std::string_view message) &;
  Error& remedy(std::string_view zh, std::string_view en) &;
  Error& file(std::string_view path) &;
  Error& sheet(std::string_view name) &;
  Error& row(uint64_t row) &;
  Error& column(std::string_view name) &;
  Error& line(uint64_t line, uint64_t char_column = 0) &;
  Error& byte_offset(uint64_t offset) &;
  Error& element(std::string_view id) &;
  // What lies underneath; if there is a cause already, what lies underneath the last one.
  Error& because(const Error& cause) &;
  // The operating system's own word, as the cause: "os.ENOSPC" with its message and remedy.
  Error& os(int errno_value) &;

  // The same for a temporary, so that an Error can be built in one expression.
  Error&& zh(std::string_view m) && { return std::move(zh(m)); }
  Error&& en(std::string_view m) && { return std::move(en(m)); }
  Error&& remedy(std::string_view z, std::string_view e) && { return std::move(remedy(z, e)); }
  Error&& file(std::string_view p) && { return std::move(file(p)); }
  Error&& sheet(std::string_view n) && { return std::move(sheet(n)); }
  Error&& row(uint64_t r) && { return std::move(row(r)); }
  Error&& column(std::string_view n) && { return std::move(column(n)); }
  Error&& line(uint64_t l, uint64_t c = 0) && { return std::move(line(l, c)); }
  Error&& byte_offset(uint64_t o) && { return std::move(byte_offset(o)); }
  Error&& element(std::string_view i) && { return std::move(element(i)); }
  Error&& because(const Error& c) && { return std::move(because(c)); }
  Error&& os(int e) && { return std::move(os(e)); }

  const std::string& code() const;
  const std::string& message_zh() const;
  const std::string& message_en() const;
  const std::string& remedy_zh() const;
  const std::string& remedy_en() const;
  const Place& place() const;
  int os_errno() const;        // of this or the first cause that has one; 0 if none has
  const Error* cause() const;  // nullptr if none

  // Several lines for a person: what, where, why (the chain of causes), what to do. If this error
  // has no remedy of its own, the first one down the chain is shown. No newline at the end.
  std::string to_string_en() const;
  std::string to_string_zh() const;
  // One object: {"code","zh","en","place":{..},"remedy_zh","remedy_en","cause":{..}}.
  std::string to_json() const;

 private:
  struct Detail;
  Detail& own();  // a Detail that nobody else sees
  const Detail& detail() const;
  std::shared_ptr<Detail> detail_;
};

template <typename T = void>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

}  // namespace yipan

#define YIPAN_CONCAT_INNER_(a, b) a##b
#define YIPAN_CONCAT_(a, b) YIPAN_CONCAT_INNER_(a, b)

// Returns the error of `expr` (a Result<void>, or a Result whose value is not wanted), if any.
#define YIPAN_TRY(expr)                                                      \
  do {                                                                       \
    if (auto yipan_try_ = (expr); !yipan_try_) {                             \
      return ::tl::unexpected<::yipan::Error>(std::move(yipan_try_).error()); \
    }                                                                        \
  } while (false)

// YIPAN_ASSIGN(auto x, f()): declares (or assigns) x from a Result, or returns its error.
#define YIPAN_ASSIGN(decl, expr) \
  YIPAN_ASSIGN_IMPL_(YIPAN_CONCAT_(yipan_result_, __LINE__), decl, expr)
#define YIPAN_ASSIGN_IMPL_(tmp, decl, expr)                                \
  auto tmp = (expr);                                                       \
  if (!tmp) return ::tl::unexpected<::yipan::Error>(std::move(tmp).error()); \
  decl = std::move(*tmp)

#endif  // YIPAN_RESULT_H_
