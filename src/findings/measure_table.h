// A temporary table that a measure writes and the packs' queries read.
#ifndef YIPAN_FINDINGS_MEASURE_TABLE_H_
#define YIPAN_FINDINGS_MEASURE_TABLE_H_

#include <memory>
#include <string>
#include <vector>

#include "yipan/columns.h"
#include "yipan/result.h"
#include "yipan/store.h"

namespace yipan::findings {

//   MeasureTable out(db, "m_inside", columns, {"row_key"});
//   YIPAN_TRY(out.open());
//   for (...) { out.batch().columns[0].append_bytes(...); YIPAN_TRY(out.end_row()); }
//   YIPAN_TRY(out.finish());
class MeasureTable {
 public:
  MeasureTable(store::Connection& db, std::string name, std::vector<store::ColumnSpec> columns,
               std::vector<std::string> primary_key);
  ~MeasureTable();
  MeasureTable(const MeasureTable&) = delete;
  MeasureTable& operator=(const MeasureTable&) = delete;

  Result<> open();  // makes the table anew
  Batch& batch();   // append one value to each column, then end_row()
  Result<> end_row();
  Result<> finish();

 private:
  Result<> allow_writing();

  store::Connection& db_;
  store::TableSpec spec_;
  Batch batch_;
  std::unique_ptr<store::BulkWriter> writer_;
  bool read_only_ = false;  // the session was; it will be again
};

}  // namespace yipan::findings

#endif  // YIPAN_FINDINGS_MEASURE_TABLE_H_
