// Loops over one block, compiled for several instruction sets and chosen once for the processor.
// They have no branches in them, so that the compiler turns them into vector code.
//
// A vector operand is a pointer and whether it is constant: then element 0 stands for all rows.
#ifndef YIPAN_RULES_COLUMNS_KERNELS_H_
#define YIPAN_RULES_COLUMNS_KERNELS_H_

#include <cstddef>
#include <cstdint>

namespace yipan::rules::columns {

struct WideOperand {
  const int64_t* data;
  bool constant;
};
struct ByteOperand {
  const uint8_t* data;
  bool constant;
};

struct Kernels {
  using Wide2 = void (*)(WideOperand a, WideOperand b, int64_t* out, size_t n);
  using Compare = void (*)(WideOperand a, WideOperand b, uint8_t* out, size_t n);
  using Bytes2 = void (*)(ByteOperand a, ByteOperand b, uint8_t* out, size_t n);

  // Wrap around: the caller knows that they do not.
  Wide2 add, subtract, multiply;
  void (*absolute)(const int64_t* a, int64_t* out, size_t n);
  void (*bounds)(const int64_t* a, size_t n, int64_t* low, int64_t* high);

  Compare less, less_equal, equal;  // 0 or 2

  Bytes2 least, greatest;  // `and`, `or`
  void (*opposite)(const uint8_t* a, uint8_t* out, size_t n);
  void (*both_valid)(const uint8_t* a, const uint8_t* b, uint8_t* out, size_t n);
  // out[i] = 1 (unknown) where valid[i] is 0.
  void (*make_unknown)(const uint8_t* valid, uint8_t* out, size_t n);
  // Bits first, first + 1, ... of `words` as bytes.
  void (*unpack)(const uint64_t* words, size_t first, uint8_t* out, size_t n);
  void (*truths)(const int64_t* a, uint8_t* out, size_t n);  // 0, else -> 0, 2

  void (*select_wide)(const uint8_t* truth, WideOperand yes, WideOperand no, int64_t* out,
                      size_t n);
  void (*select_bytes)(const uint8_t* truth, ByteOperand yes, ByteOperand no, uint8_t* out,
                       size_t n);

  // out[i] = number of thresholds that are <= a[i].
  void (*classes)(const int64_t* a, const int64_t* thresholds, size_t count, uint32_t* out,
                  size_t n);
  void (*and_masks)(const uint32_t* classes, const uint64_t* masks, uint64_t* out, size_t n);
  // The Gregorian year, month, day of days that lie within +-kDaysFast of 1970.
  void (*civil)(const int64_t* days, int32_t* year, int32_t* month, int32_t* day, size_t n);
};

inline constexpr int64_t kDaysFast = 300'000'000;

const Kernels& kernels();

}  // namespace yipan::rules::columns

#endif  // YIPAN_RULES_COLUMNS_KERNELS_H_
