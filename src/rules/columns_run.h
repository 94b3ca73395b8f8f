// Runs a vector program over one block of rows at a time. One runner serves one thread.
#ifndef YIPAN_RULES_COLUMNS_RUN_H_
#define YIPAN_RULES_COLUMNS_RUN_H_

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/columns_ir.h"
#include "rules/columns_kernels.h"
#include "rules/machine.h"

namespace yipan::rules::columns {

// Strings as codes. Literals of the program come first and stay.
class Dictionary {
 public:
  explicit Dictionary(const std::vector<std::string>& literals);
  int64_t code(std::string_view text);
  std::string_view text(int64_t code) const {
    const Entry& e = entries_[static_cast<size_t>(code)];
    return {e.data, e.size};
  }
  size_t size() const { return entries_.size(); }
  void forget();  // all but the literals

 private:
  struct Entry {
    const char* data;
    size_t size;
    uint64_t hash;
  };
  const char* keep(std::string_view text);
  void grow();
  size_t literals_ = 0;
  std::vector<Entry> entries_;
  std::vector<uint32_t> table_;  // code + 1; 0: free
  std::vector<std::unique_ptr<char[]>> chunks_;
  size_t chunk_size_ = 0, chunk_used_ = 0;
};

// A register's values in the block that runs now.
struct Vec {
  const int64_t* wide = nullptr;
  const Decimal* decimal = nullptr;
  const uint8_t* bytes = nullptr;
  const uint8_t* valid = nullptr;  // nullptr: all are there; of booleans always nullptr
  bool constant = false;           // element 0 stands for all
  int64_t low = 0, high = 0;       // every element of `wide` lies between
  int64_t wide_at(size_t i) const { return wide[constant ? 0 : i]; }
  Decimal decimal_at(size_t i) const { return decimal[constant ? 0 : i]; }
  uint8_t truth_at(size_t i) const { return bytes[constant ? 0 : i]; }
  bool valid_at(size_t i) const { return valid == nullptr || valid[i] != 0; }
};

class Runner {
 public:
  // What the scalar engine gives for one of VProgram::scalars in a row of the batch.
  using Scalar = std::function<Value(size_t row, uint32_t element)>;

  Runner(const VProgram& program, std::shared_ptr<const Model> model,
         const EvaluatorOptions& options, Scalar scalar);

  void run(const Batch& in, size_t first, size_t rows);
  // From now on marks the rows of a block in which an instruction gives null.
  void track(std::vector<uint8_t>* doubts) { doubts_ = doubts; }

  // Of the block that ran last.
  size_t rows() const { return n_; }
  const Vec& at(Reg r) const { return vecs_[r]; }
  std::string_view text(int64_t code) const { return dictionary_.text(code); }
  const std::vector<Value>& scalar(uint32_t index) const { return scalars_[index]; }
  // Rows that left the vector program: the scalar engine must say.
  bool any_left() const { return left_count_ != 0; }
  size_t left_count() const;
  bool left(size_t i) const { return left_[i] != 0; }

 private:
  struct Bank {
    std::vector<uint8_t> bytes, valid;
    std::vector<int64_t> wide;
    std::vector<Decimal> decimals;
  };
  struct TextClasses {               // of a classifier of strings
    std::vector<uint32_t> class_of;  // by code; kNone: not asked yet
    std::vector<uint64_t> masks;     // class 0 is null's
    std::map<std::vector<uint64_t>, uint32_t> known;
  };
  struct Classes {
    const uint32_t* of;
    const uint64_t* masks;
  };

  void execute(const Instr& i);
  void note_nulls(const Instr& i);
  // columns_run.cc
  int64_t* wide_out(Reg r, Vec** out);
  Decimal* decimal_out(Reg r, Vec** out);
  uint8_t* bytes_out(Reg r, Vec** out);
  uint8_t* valid_out(Reg r);
  void set_valid(Vec* out, Reg r, const Vec& a, const Vec& b);
  void leave(size_t row) {
    left_count_ += 1;
    left_[row] = 1;
  }
  void load(const Instr& i);
  void load_text(const Instr& i, const Column& column);
  void load_scalar(const Instr& i);
  void real_valid(Reg r, const Column& column, Vec* out);
  std::optional<int64_t> wide_of(const Value& v, Rep rep);
  void logic(const Instr& i);
  void select(const Instr& i);
  void choose_decimals(const Instr& i, const Vec& yes, const Vec& no);
  void select_valid(const Instr& i, const Vec& yes, const Vec& no, Vec* out);
  void compare(const Instr& i);
  void evaluate_scalars();

  // columns_run_number.cc
  void wide2(const Instr& i);
  void wide2_checked(const Instr& i, const Vec& a, const Vec& b, int64_t* out);
  void absolute(const Instr& i);
  void divide_constant(const Instr& i);
  void divide_round(const Instr& i);
  void modulo(const Instr& i);
  void within(const Instr& i);
  void decimal1(const Instr& i);
  void decimal2(const Instr& i);
  void compare_decimals(const Instr& i);
  void set_bounds(Vec* out);

  // columns_run_table.cc
  Classes classify(uint32_t classifier, const Vec& v, uint32_t* scratch);
  Classes classify_text(uint32_t classifier, const Vec& v, uint32_t* scratch);
  uint32_t text_class(const Classifier& c, TextClasses* known, int64_t code);
  void test(const Instr& i);
  void table(const Instr& i);
  void table_narrow(const VTable& t, const std::vector<Classes>& classes, int64_t* out,
                    uint8_t* valid);
  void table_wide(const VTable& t, const std::vector<Classes>& classes, int64_t* out,
                  uint8_t* valid);
  void look_up(const Instr& i);

  // columns_run_other.cc
  void text2(const Instr& i);
  void text_map(const Instr& i);
  void fill_mapping(const Instr& i, int64_t code);
  void date_part(const Instr& i);
  void plus_months(const Instr& i);
  void months_between(const Instr& i);
  void date_of_parts(const Instr& i);
  const int32_t* civil(const Vec& v, size_t slot);

  const VProgram& program_;
  const Kernels& kernels_;
  Machine machine_;  // for functions of strings
  Scalar scalar_;
  Dictionary dictionary_;
  std::vector<Vec> vecs_;
  std::vector<Bank> banks_;
  std::vector<std::vector<Value>> scalars_;
  std::vector<uint8_t> left_;
  size_t left_count_ = 0;
  std::vector<TextClasses> text_classes_;  // by classifier
  struct MapColumn {
    std::vector<uint8_t> state;  // by code: 0 not asked, 1 null, 2 a value, 3 of another type
    std::vector<int64_t> wide;
    std::vector<Decimal> decimals;
  };
  std::vector<MapColumn> maps_;  // by mapping
  std::vector<std::vector<uint32_t>> class_scratch_;
  std::vector<uint64_t> mask_scratch_;
  std::vector<int32_t> civil_scratch_;
  std::vector<uint8_t> ones_;  // all 1
  std::vector<uint8_t>* doubts_ = nullptr;
  const Batch* in_ = nullptr;
  size_t first_ = 0, n_ = 0;
};

// a / d, rounded. d is not 0, and |a|, |d| are below 2^63.
int64_t divide_rounded(int64_t a, int64_t d, Decimal::Rounding mode);

}  // namespace yipan::rules::columns

#endif  // YIPAN_RULES_COLUMNS_RUN_H_
