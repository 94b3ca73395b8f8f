// Staging on the board, the entry in the ledger, and the commit.
#include <fmt/format.h>

#include "intake/import.h"

namespace yipan::intake {
namespace {

constexpr int kRestageMax = 20;  // rows that are left out may leave others pointing nowhere

}  // namespace

Result<ledger::Entry> Importer::make_entry() {
  fill_log();
  board::DatasetImport body;
  body.dataset = log_.dataset;
  body.table = log_.table;
  body.reason =
      !options_.reason.empty() ? options_.reason : (mapping() != nullptr ? mapping()->reason : "");
  body.file = log_.file;
  body.sheet = log_.sheet;
  body.encoding = log_.encoding;
  body.file_hash = file_hash_;
  body.rowset_hash = rowset_hash_;
  body.rows = accepted_;
  body.refused = log_.rows_refused;
  body.synthetic = log_.synthetic;
  ledger::Entry entry;
  entry.evidence = {file_hash_, rowset_hash_};
  if (mapping_) {
    YIPAN_ASSIGN(body.mapping_hash, context_.ledger->put_blob(mapping_text_));
    entry.evidence.push_back(*body.mapping_hash);
  }
  YIPAN_ASSIGN(body.quality_log_hash, context_.ledger->put_blob(log_.to_json()));
  entry.evidence.push_back(*body.quality_log_hash);
  if (mended_hash_) entry.evidence.push_back(*mended_hash_);
  entry.evidence.insert(entry.evidence.end(), joined_.begin(), joined_.end());
  entry.who = options_.who;
  entry.when = context_.clock->now();
  entry.what = "dataset.import";
  entry.on = log_.dataset;
  entry.body = body.to_json();
  entry.idempotency_key = options_.idempotency_key;
  if (entry.idempotency_key.empty()) {
    entry.idempotency_key = fmt::format("import:{}:{}", fingerprint_,
                                        base_entry_ ? fmt::format("{}", *base_entry_) : "-");
  }
  return entry;
}

// Stages, and with accept_partial leaves rows out until nothing speaks against the rest. Null: the
// file is refused.
Result<std::unique_ptr<board::Staged>> Importer::stage_clean(ledger::Entry* entry) {
  for (int round = 0; round < kRestageMax; ++round) {
    YIPAN_ASSIGN(*entry, make_entry());
    YIPAN_ASSIGN(auto staged, context_.board->stage(*entry, context_.board->applied()));
    if (staged->violation_count() == 0) return staged;
    YIPAN_ASSIGN(Removed removed, violating_rows(*staged));
    staged.reset();
    if (!removed.empty()) {
      YIPAN_TRY(remove_rows(removed));
    }
    if (blocked_ || !options_.accept_partial || accepted_ == 0) break;
  }
  outcome_.status = Status::refused;
  return nullptr;
}

Result<> Importer::enter() {
  progress(Progress::Phase::entering, 0, accepted_);
  if (context_.board->applied() < context_.ledger->size()) {
    YIPAN_TRY(context_.board->catch_up());
  }
  ledger::Entry entry;
  YIPAN_ASSIGN(auto staged, stage_clean(&entry));
  if (staged == nullptr) return {};
  outcome_.diff = staged->diff();
  if (options_.dry_run) {
    outcome_.status = Status::checked;
    return {};
  }
  return commit(std::move(staged), entry);
}

Result<> Importer::commit(std::unique_ptr<board::Staged> staged, const ledger::Entry& entry) {
  YIPAN_TRY(side_->keep());  // what is refused is on disk before the rest is in
  const uint64_t expected = context_.board->applied();
  YIPAN_ASSIGN(uint64_t index, context_.ledger->append(entry));
  outcome_.entry = index;
  if (index < expected) {  // the idempotency key was known: it is in already
    outcome_.status = Status::unchanged;
    return {};
  }
  outcome_.status = log_.rows_refused == 0 ? Status::accepted : Status::partial;
  if (index == expected) {
    return staged->commit();
  }
  staged.reset();  // someone else's entry came first: the board takes both in order
  return context_.board->catch_up();
}

}  // namespace yipan::intake
