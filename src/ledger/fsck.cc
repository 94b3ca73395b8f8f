#include <fmt/format.h>

#include "ledger/files_of_log.h"
#include "ledger/fsck_context.h"
#include "ledger/note_text.h"

namespace yipan::ledger {
namespace {

constexpr size_t kProblemsMax = 10000;

// Every signature must be by a key that is known: on a log of ours, anything else was altered.
void check_note(FsckContext* c, const std::string& path, const std::string& note) {
  std::vector<VerifierKey> keys = c->log_keys;
  if (Result<Note> by_log = open_note(note, keys); !by_log) {
    c->problem(std::move(by_log).error().file(path));
    return;
  }
  keys.insert(keys.end(), c->witnesses.begin(), c->witnesses.end());
  Result<Note> opened = open_note(note, keys);
  if (!opened) {
    c->problem(std::move(opened).error().file(path));
    return;
  }
  if (!c->is_own) return;
  for (const Signature& signature : opened->unverified) {
    c->problem(fsck_error("ledger.fsck.unknown_signature",
                          fmt::format("签名者 {} 不在账本的密钥与见证人之中", signature.name),
                          fmt::format("the signer {} is neither the log nor one of its witnesses",
                                      signature.name))
                   .file(path));
  }
}

std::optional<Checkpoint> parse_note(FsckContext* c, const std::string& path,
                                     const std::string& note) {
  const Result<NoteLines> lines = split_note(note);
  if (!lines) return std::nullopt;  // check_note has said so
  Result<Checkpoint> checkpoint = Checkpoint::parse(lines->text);
  if (!checkpoint) {
    c->problem(std::move(checkpoint).error().file(path));
    return std::nullopt;
  }
  return *std::move(checkpoint);
}

void load_log_key(FsckContext* c) {
  Result<std::optional<VerifierKey>> key = read_log_key(c->files, c->directory);
  c->log_keys = c->options.keys;
  if (!key) {
    c->problem(std::move(key).error());
    return;
  }
  if (!*key) return;
  if (c->options.keys.empty()) {
    c->log_keys.push_back(**key);
    return;
  }
  for (const VerifierKey& given : c->options.keys) {
    if (given.to_string() == (*key)->to_string()) return;
  }
  c->problem(fsck_error("ledger.fsck.other_key", "账本中的公钥不是所给的公钥",
                        "the key in the ledger is not the one that was given")
                 .file(key_path(c->directory)));
}

Result<bool> has_private_part(Files& files, const std::string& directory) {
  for (const std::string& path : {key_path(directory), directory + "/journal"}) {
    YIPAN_ASSIGN(const bool exists, files.exists(path));
    if (exists) return true;
  }
  return false;
}

}  // namespace

Error fsck_error(std::string_view code, std::string_view zh, std::string_view en) {
  return Error(code).zh(zh).en(en).remedy(
      "请从备份或镜像恢复该文件，然后再查一次",
      "restore this file from a backup or a mirror, then check again");
}

void FsckContext::problem(Error error) {
  if (report.problems.size() < kProblemsMax) report.problems.push_back(std::move(error));
}

void fsck_keys_and_notes(FsckContext* c) {
  load_log_key(c);
  if (Result<std::vector<VerifierKey>> keys = read_witnesses(c->files, c->directory); keys) {
    c->witnesses = *std::move(keys);
  } else {
    c->problem(std::move(keys).error());
  }
  const std::string path = checkpoint_path(c->directory);
  Result<std::string> note = read_file(c->files, path);
  if (!note) {
    c->problem(std::move(note).error());
    return;
  }
  c->report.bytes += note->size();
  check_note(c, path, *note);
  c->checkpoint = parse_note(c, path, *note);
}

void fsck_cosigned(FsckContext* c) {
  const std::string folder = cosigned_folder(c->directory);
  const Result<bool> exists = c->files.exists(folder);
  if (!exists || !*exists) return;
  Result<std::vector<std::string>> names = c->files.list(folder);
  if (!names) return c->problem(std::move(names).error());
  for (const std::string& name : *names) {
    if (name.ends_with(".tmp")) continue;  // left by a crash, overwritten by the next writer
    const std::string path = folder + "/" + name;
    Result<std::string> note = read_file(c->files, path);
    if (!note) {
      if (!FsckContext::is_gone(note.error())) c->problem(std::move(note).error());
      continue;
    }
    c->report.bytes += note->size();
    check_note(c, path, *note);
    const std::optional<Checkpoint> checkpoint = parse_note(c, path, *note);
    if (checkpoint && parse_digits20(name) != checkpoint->size) {
      c->problem(fsck_error("ledger.fsck.name", "文件名与检查点的大小不符",
                            "the file's name is not the size of its checkpoint")
                     .file(path));
    }
  }
}

Result<FsckReport> fsck(Files& files, const std::string& directory, const FsckOptions& options) {
  YIPAN_ASSIGN(const bool exists, files.exists(directory));
  if (!exists) {
    return fail(Error("ledger.not_found")
                    .zh("没有这个文件夹")
                    .en("there is no such folder")
                    .file(directory)
                    .remedy("请核对路径", "check the path"));
  }
  FsckContext context{files, directory, options, {}, false, {}, {}, {}, {}, {}, {}};
  YIPAN_ASSIGN(context.is_own, has_private_part(files, directory));
  fsck_keys_and_notes(&context);
  fsck_blobs(&context);
  fsck_open_runs(&context);
  if (context.checkpoint) fsck_tree(&context);
  fsck_runs(&context);
  fsck_cosigned(&context);
  fsck_journal(&context);
  return std::move(context.report);
}

}  // namespace yipan::ledger
