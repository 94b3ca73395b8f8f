#include "rules/columns_kernels.h"

// The same text three times: for the build's own instruction set, for AVX2 and for AVX-512.
#if defined(__x86_64__)
#define YIPAN_MANY_TARGETS 1
#endif

namespace yipan::rules::columns {
namespace {

namespace plain {
#include "rules/columns_kernels.inc"
}

#if YIPAN_MANY_TARGETS && defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
namespace avx2 {
#include "rules/columns_kernels.inc"
}
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl"))), \
                             apply_to = function)
namespace avx512 {
#include "rules/columns_kernels.inc"
}
#pragma clang attribute pop
#elif YIPAN_MANY_TARGETS
#pragma GCC push_options
#pragma GCC target("avx2")
namespace avx2 {
#include "rules/columns_kernels.inc"
}
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512dq,avx512bw,avx512vl")
namespace avx512 {
#include "rules/columns_kernels.inc"
}
#pragma GCC pop_options
#endif

const Kernels* choose() {
#if YIPAN_MANY_TARGETS
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
    return &avx512::kTable;
  }
  if (__builtin_cpu_supports("avx2")) return &avx2::kTable;
#endif
  return &plain::kTable;
}

}  // namespace

const Kernels& kernels() {
  static const Kernels* const chosen = choose();
  return *chosen;
}

}  // namespace yipan::rules::columns
