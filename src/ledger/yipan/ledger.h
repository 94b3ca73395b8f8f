// The ledger: an append-only RFC 6962 SHA-256 Merkle log of everything that was accepted, in the
// C2SP tlog-tiles layout, with signed checkpoints, and beside it the evidence: files kept under
// their own SHA-256. docs/formats/ledger.md is the format on disk; this header is the manual.
//
//   Signer signer = ...;                                    // Ed25519, from the city's key file
//   Result<std::unique_ptr<Ledger>> ledger = Ledger::open({.files = files, .directory = dir, ...});
//   Result<Hash256> file = ledger->put_blob(bytes);          // evidence first
//   Result<uint64_t> index = ledger->append({draft});        // durable when it returns
//   Result<Receipt> receipt = ledger->receipt(*index);       // can be checked offline, by a
//   stranger
//
// One process writes (a lock says so); any number read. An append returns after one fdatasync for
// the whole batch. After a crash at any point, open() recovers a prefix that holds every entry that
// was acknowledged. An error of fdatasync closes the ledger for writing: what is on disk is then
// unknown, and only open() (recovery) may find out.
#ifndef YIPAN_LEDGER_H_
#define YIPAN_LEDGER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "yipan/clock.h"
#include "yipan/file.h"
#include "yipan/hash.h"
#include "yipan/log.h"
#include "yipan/result.h"

namespace yipan::ledger {

// ---- Merkle tree (RFC 6962, section 2.1) ---------------------------------------------------

Hash256 leaf_hash(std::string_view entry_bytes);               // SHA-256(0x00 || entry)
Hash256 node_hash(const Hash256& left, const Hash256& right);  // SHA-256(0x01 || left || right)
Hash256 empty_root();                                          // SHA-256("")

using Proof = std::vector<Hash256>;
// RFC 6962, 2.1.1 and 2.1.2; RFC 9162, 2.1.3.2 and 2.1.4.2 for the algorithms. Error
// "ledger.proof.*" says what does not fit (index beyond size, length, root).
Result<> verify_inclusion(uint64_t index, uint64_t size, const Hash256& leaf, const Proof& proof,
                          const Hash256& root);
// old_size 0 is an error: any tree is consistent with the empty one, so there is nothing to verify.
Result<> verify_consistency(uint64_t old_size, uint64_t new_size, const Hash256& old_root,
                            const Hash256& new_root, const Proof& proof);

// Subtrees [start, end), as witnesses may cosign them (draft-ietf-plants-merkle-tree-certs, section
// 4): start is a multiple of the smallest power of two that is at least end - start.
Result<> verify_subtree_inclusion(uint64_t index, uint64_t start, uint64_t end, const Hash256& leaf,
                                  const Proof& proof, const Hash256& subtree_root);
Result<> verify_subtree_consistency(uint64_t start, uint64_t end, uint64_t size,
                                    const Hash256& subtree_root, const Hash256& root,
                                    const Proof& proof);

// ---- signed notes, checkpoints, cosignatures (C2SP) ------------------------------------------

// "name+hash+base64(0x01 || public key)"; type 0x04 is a witness's cosignature/v1 key.
struct VerifierKey {
  std::string name;
  uint32_t key_hash = 0;
  uint8_t algorithm = 0;  // 1 Ed25519, 4 Ed25519 cosignature/v1
  std::string public_key;
  static Result<VerifierKey> parse(std::string_view text);
  std::string to_string() const;
};

class Signer {
 public:
  // "PRIVATE+KEY+name+hash+base64(0x01 || seed)", as golang.org/x/mod/sumdb/note writes it.
  static Result<Signer> parse(std::string_view text);
  static Result<Signer> generate(std::string_view name, std::string_view seed32);
  const VerifierKey& verifier() const;
  VerifierKey cosigner_key() const;  // the same public key as a witness's (type 4)
  std::string to_string() const;     // secret: for the key file only
  Result<std::string> sign_note(std::string_view text) const;  // the note with one signature
  // A witness's cosignature/v1 line over a checkpoint, for tests and for running a witness.
  Result<std::string> cosign(std::string_view checkpoint_note, uint64_t unix_seconds) const;
  Signer(Signer&&) noexcept;
  Signer& operator=(Signer&&) noexcept;
  ~Signer();

 private:
  struct Key;
  explicit Signer(std::unique_ptr<Key> key);
  std::unique_ptr<Key> key_;
};

struct Signature {
  std::string name;
  uint32_t key_hash = 0;
  std::string bytes;
  std::optional<uint64_t> cosigned_at_unix;  // cosignature/v1
};
struct Note {
  std::string text;                   // ends in a newline
  std::vector<Signature> verified;    // by a key that was given
  std::vector<Signature> unverified;  // by keys that were not given
};
// Error if malformed, if no given key signed it, or if a given key's signature is wrong.
Result<Note> open_note(std::string_view note, std::span<const VerifierKey> keys);

struct Checkpoint {
  std::string origin;
  uint64_t size = 0;
  Hash256 root;
  std::vector<std::string> extensions;
  static Result<Checkpoint> parse(std::string_view text);
  std::string to_string() const;
};

// ---- entries -----------------------------------------------------------------------------

// What stands in the log (docs/formats/ledger-entry.md): canonical JSON, at most 65,535 bytes.
struct Entry {
  std::string who;                // account or "system"; never empty
  Instant when;                   // from the writer's clock; append() fills it in if it is 0
  std::string what;               // "dataset.import", "schema.adopt", ... : dotted, lower case
  std::string on;                 // what it is about: a dataset, a project, a finding
  std::string body;               // canonical JSON object, "" for {}; what the kind `what` says
  std::vector<Hash256> evidence;  // blobs that must be present, in the order the body refers to
  std::string idempotency_key;    // the same key is accepted once; "" for none
  Result<std::string> encode() const;
  static Result<Entry> decode(std::string_view bytes);
};

// tlog-proof (C2SP): an entry's inclusion in a signed checkpoint, checkable without the log.
struct Receipt {
  uint64_t index = 0;
  Proof proof;
  std::string checkpoint_note;
  std::string entry_bytes;  // carried in the `extra` line
  std::string to_string() const;
  static Result<Receipt> parse(std::string_view text);
  // All that a stranger needs: the receipt and the log's (and witnesses') public keys.
  Result<Checkpoint> verify(std::span<const VerifierKey> log_keys,
                            std::span<const VerifierKey> witness_keys = {},
                            int witnesses_min = 0) const;
};

// ---- the log -----------------------------------------------------------------------------

struct Options {
  Files* files = nullptr;
  const Clock* clock = nullptr;
  const Logger* logger = nullptr;
  std::string directory;
  std::string origin;              // first line of checkpoints: "yipan.example/xx"
  const Signer* signer = nullptr;  // nullptr: opened for reading only
  // At most one checkpoint an interval; 0: one for every append, published before it returns.
  int64_t checkpoint_interval_micros = 1'000'000;
  // A thread of the ledger's own publishes checkpoints on the timer, writes tiles and trims the
  // journal. Without it that work is done by whoever calls append() when it falls due.
  bool background = true;
  uint64_t journal_segment_bytes = uint64_t{16} << 20;
};

struct FsckReport {
  uint64_t entries = 0;
  uint64_t tiles = 0;
  uint64_t blobs = 0;
  uint64_t bytes = 0;
  Hash256 root;
  std::vector<Error> problems;  // each names the file and the place in it
};
struct FsckOptions {
  std::vector<VerifierKey> keys;  // empty: the log's own key file
  bool check_blobs = true;
  std::function<void(uint64_t done, uint64_t total)> progress;
};

class Ledger {
 public:
  // Makes the directory if it is not there (a writer only). Recovers after a crash. The signer's
  // name must be the origin. A writer that is closed publishes a last checkpoint.
  // Without a signer: reads what is there now, the journal's tail included (refresh() looks again),
  // while another process may be writing.
  static Result<std::unique_ptr<Ledger>> open(const Options& options);
  virtual ~Ledger() = default;

  // Appends in order, all or none, durable on return. An entry whose idempotency key is known is
  // not appended again: its old index is returned. Thread-safe; concurrent callers share one
  // fdatasync (group commit). Returns an index for each entry.
  virtual Result<std::vector<uint64_t>> append(std::span<const Entry> entries) = 0;
  Result<uint64_t> append(const Entry& entry);

  // For a reader: takes in what the writer has added since. For the writer: nothing to do.
  virtual Result<> refresh() = 0;

  virtual uint64_t size() const = 0;  // entries that are durable
  virtual Hash256 root() const = 0;
  virtual const std::string& origin() const = 0;
  virtual Result<Entry> entry(uint64_t index) const = 0;
  virtual Result<std::string> entry_bytes(uint64_t index) const = 0;
  // Calls back in order for [from, to); stops at the first error that it returns.
  virtual Result<> scan(uint64_t from, uint64_t to,
                        const std::function<Result<>(uint64_t, std::string_view)>& each) const = 0;
  virtual std::optional<uint64_t> find_idempotency_key(std::string_view key) const = 0;

  virtual Result<Proof> inclusion_proof(uint64_t index, uint64_t size) const = 0;
  virtual Result<Proof> consistency_proof(uint64_t old_size, uint64_t new_size) const = 0;
  virtual Result<Hash256> root_at(uint64_t size) const = 0;
  virtual Result<std::string> checkpoint() const = 0;  // the latest signed note
  virtual Result<std::string> sign_checkpoint() = 0;   // now, for the present size
  // Accepts a witness's cosignature of the present or an earlier checkpoint of ours (the note must
  // carry our text; other signatures in it are ignored). Kept, and served with that checkpoint.
  virtual Result<> add_cosignature(std::string_view signed_note, const VerifierKey& witness) = 0;
  // Against the newest cosigned checkpoint that covers the entry, else the latest one; a writer
  // signs one if none covers it yet.
  virtual Result<Receipt> receipt(uint64_t index) = 0;

  // Evidence. put_* return when the blob is durable; the same content is stored once.
  virtual Result<Hash256> put_blob(std::string_view content) = 0;
  virtual Result<Hash256> put_blob_file(const std::string& path) = 0;  // streamed, any size
  // For a producer that writes as it goes: bytes, then commit() gives the hash.
  class BlobWriter {
   public:
    virtual ~BlobWriter() = default;  // not committed: nothing remains
    virtual Result<> write(std::string_view bytes) = 0;
    virtual Result<Hash256> commit() = 0;
  };
  virtual Result<std::unique_ptr<BlobWriter>> new_blob() = 0;
  virtual Result<bool> has_blob(const Hash256& hash) const = 0;
  virtual std::string blob_path(const Hash256& hash) const = 0;
  virtual Result<std::unique_ptr<File>> open_blob(const Hash256& hash) const = 0;
};

// Reads every byte: entry bundles against level-0 tiles, tiles against tiles, root against the
// checkpoint, signatures, blobs against their names, evidence against blobs. Works on any log in
// this format (one that is not ours has no blobs).
Result<FsckReport> fsck(Files& files, const std::string& directory, const FsckOptions& options);

}  // namespace yipan::ledger

#endif  // YIPAN_LEDGER_H_
