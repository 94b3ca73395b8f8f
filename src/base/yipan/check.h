// CHECK: what must hold if this program is right. Stays on in release builds.
//
// A failed CHECK prints the condition, the place and the message to stderr and aborts. Use it for
// broken invariants only; a bad file, a full disk or a wrong form is an Error (yipan/result.h).
#ifndef YIPAN_CHECK_H_
#define YIPAN_CHECK_H_

#include <string_view>

namespace yipan::internal {
[[noreturn]] void check_failed(const char* condition, const char* file, int line,
                               std::string_view message);
}  // namespace yipan::internal

#define CHECK(condition)                                                              \
  (__builtin_expect(static_cast<bool>(condition), 1)                                  \
       ? static_cast<void>(0)                                                         \
       : ::yipan::internal::check_failed(#condition, __FILE__, __LINE__, {}))
#define CHECK_MSG(condition, message)                                                 \
  (__builtin_expect(static_cast<bool>(condition), 1)                                  \
       ? static_cast<void>(0)                                                         \
       : ::yipan::internal::check_failed(#condition, __FILE__, __LINE__, (message)))

#endif  // YIPAN_CHECK_H_
