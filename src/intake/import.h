// The import of one file, step by step. Used once.
#ifndef YIPAN_INTAKE_IMPORT_H_
#define YIPAN_INTAKE_IMPORT_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "intake/convert.h"
#include "intake/key_check.h"
#include "intake/mapping.h"
#include "intake/plan.h"
#include "intake/quality.h"
#include "intake/side_file.h"
#include "intake/source.h"
#include "yipan/intake.h"

namespace yipan::intake {

std::function<bool(const std::string&)> known_names(const board::TableSchema* table,
                                                    const Mapping* mapping);

class Importer {
 public:
  Importer(const Context& context, const ImportOptions& options);
  ~Importer();
  Result<ImportOutcome> run();

 private:
  struct Sink {
    Batch batch;
    std::vector<uint64_t> rows;
    std::unique_ptr<board::RowsetWriter> writer;
  };
  // Source rows to leave out of the rowset, and why.
  using Removed = std::map<uint64_t, Issue>;

  const Mapping* mapping() const { return mapping_ ? &*mapping_ : nullptr; }
  void progress(Progress::Phase phase, uint64_t done, uint64_t total) const;
  Result<> prepare();
  Result<bool> unchanged();
  Result<bool> same_as(uint64_t entry) const;
  void make_fingerprint();
  Result<> keep_beside(const std::string& name);
  Result<> open_evidence();
  Result<Hash256> copy_file(const std::string& path);
  Input blob_input(const Hash256& hash, const std::string& name) const;
  Result<std::unique_ptr<RecordSource>> open();
  Result<> make_reader();
  void mark_synthetic();
  Result<> refuse(const RawRecord& record, const std::vector<Issue>& issues);
  std::vector<Issue> issues_of_row(uint64_t row) const;
  uint64_t key_hash() const;
  static Result<> flush(Sink* sink);
  Result<> take(RawRecord* record, Step step, Sink* sink);
  Result<Hash256> write_rowset();

  // import_check.cc
  Result<> check_duplicates();
  Result<Removed> real_duplicates(const std::vector<std::vector<uint64_t>>& groups);
  std::string key_fields_text() const;
  Result<> remove_rows(const Removed& removed);
  Result<> refuse_again(const Removed& removed);
  Result<Removed> violating_rows(const board::Staged& staged);
  Issue violation_issue(const board::Violation& v) const;

  // import_enter.cc
  Result<> enter();
  Result<std::unique_ptr<board::Staged>> stage_clean(ledger::Entry* entry);
  Result<ledger::Entry> make_entry();
  Result<> commit(std::unique_ptr<board::Staged> staged, const ledger::Entry& entry);
  void fill_log();
  Result<ImportOutcome> finish();

  Context context_;
  const ImportOptions& options_;
  std::string mapping_text_;
  std::optional<Mapping> mapping_;
  const board::TableSchema* table_ = nullptr;
  Hash256 file_hash_;
  std::optional<Hash256> mended_hash_;
  // Files read beside the source (joins, the parts of a shapefile): names and evidence.
  std::vector<std::string> joined_names_;
  std::vector<Hash256> joined_;
  std::string fingerprint_;
  std::optional<uint64_t> base_entry_;
  std::unique_ptr<RecordSource> source_;
  Plan plan_;
  std::unique_ptr<CrsTransform> crs_;
  std::unique_ptr<RowConverter> converter_;
  std::optional<MendedRows> mended_;
  std::unique_ptr<SideFile> side_;
  RefusalList refusals_;
  KeyCheck keys_{Files::posix()};
  std::unordered_set<uint64_t> seen_keys_;
  uint64_t repeated_ = 0;
  uint64_t accepted_ = 0;
  std::vector<Issue> file_warnings_;  // about the file as a whole
  bool blocked_ = false;              // something that leaving out rows does not mend
  Hash256 rowset_hash_;
  QualityLog log_;
  ImportOutcome outcome_;
};

}  // namespace yipan::intake

#endif  // YIPAN_INTAKE_IMPORT_H_
