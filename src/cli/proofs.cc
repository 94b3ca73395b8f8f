// receipt, verify, checkpoint, fsck: proving it to a stranger, and to oneself.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "yipan/text.h"

namespace yipan::cli {

namespace {

using nlohmann::json;

int finish(const Context& context, const Error& error) {
  print_error(context, error);
  return kExitError;
}

Result<uint64_t> entry_of(City& city, const std::string& what) {
  if (!what.empty() && what.find_first_not_of("0123456789") == std::string::npos) {
    return std::strtoull(what.c_str(), nullptr, 10);
  }
  YIPAN_ASSIGN(const RecordName name, parse_record(what));
  YIPAN_ASSIGN(const board::Provenance p, city.board().trace(name.table, name.key));
  return p.entry;
}

void print_problems(const Context& context, const std::vector<Error>& problems) {
  constexpr size_t kShown = 50;
  for (size_t i = 0; i < problems.size() && i < kShown; ++i) print_error(context, problems[i]);
  if (problems.size() > kShown && !context.json) {
    print_line(fmt::format("{} {}", context.tr("另有问题", "further problems:"),
                           problems.size() - kShown));
  }
}

int report_fsck(const Context& context, const ledger::FsckReport& report,
                const std::vector<Error>& board_problems, bool with_board) {
  const bool clean = report.problems.empty() && board_problems.empty();
  if (context.json) {
    json problems = json::array();
    for (const auto* list : {&report.problems, &board_problems}) {
      for (const Error& e : *list) problems.push_back(json::parse(e.to_json()));
    }
    print_line(json{
        {"entries", report.entries},
        {"tiles", report.tiles},
        {"blobs", report.blobs},
        {"bytes", report.bytes},
        {"root", report.root.hex()},
        {"board_checked", with_board},
        {"ok", clean},
        {"problems",
         problems}}.dump(2));
    return clean ? kExitOk : kExitProblems;
  }
  print_problems(context, report.problems);
  print_problems(context, board_problems);
  print_line(fmt::format(
      "{} {}  {} {}  {} {}  {} {}", context.tr("条目", "entries"), with_thousands(report.entries),
      context.tr("瓦片", "tiles"), with_thousands(report.tiles), context.tr("证据", "blobs"),
      with_thousands(report.blobs), context.tr("字节", "bytes"), with_thousands(report.bytes)));
  print_line(fmt::format("{} {}", context.tr("树根", "root"), base64(report.root.view())));
  if (clean) {
    print_line(with_board
                   ? context.tr("✓ 账本、证据、总盘完好", "✓ ledger, evidence and board are sound")
                   : context.tr("✓ 账本完好", "✓ the ledger is sound"));
    return kExitOk;
  }
  print_line(fmt::format("✗ {} {}", report.problems.size() + board_problems.size(),
                         context.tr("处有问题", "problems")));
  return kExitProblems;
}

Result<std::vector<ledger::VerifierKey>> parse_keys(const Context& context,
                                                    const std::vector<std::string>& texts) {
  std::vector<ledger::VerifierKey> keys;
  for (const std::string& text : texts) {
    std::string key = text;
    // A key may be given as a file too.
    if (key.find('+') == std::string::npos) {
      YIPAN_ASSIGN(key, read_file(*context.files, text, 4096));
    }
    YIPAN_ASSIGN(ledger::VerifierKey parsed, ledger::VerifierKey::parse(trim(key)));
    keys.push_back(std::move(parsed));
  }
  return keys;
}

Result<std::vector<ledger::VerifierKey>> log_keys(const Context& context,
                                                  const VerifyCommand& command) {
  if (!command.vkeys.empty()) return parse_keys(context, command.vkeys);
  YIPAN_ASSIGN(const CityConfig config, read_city_config(*context.files, context.city_dir));
  return parse_keys(context, {config.vkey});
}

Result<int> verify_receipt(const Context& context, const VerifyCommand& command) {
  YIPAN_ASSIGN(const std::string text, read_file(*context.files, command.receipt, 1 << 20));
  YIPAN_ASSIGN(const ledger::Receipt receipt, ledger::Receipt::parse(text));
  YIPAN_ASSIGN(const auto keys, log_keys(context, command));
  YIPAN_ASSIGN(const auto witnesses, parse_keys(context, command.witness_keys));
  YIPAN_ASSIGN(const ledger::Checkpoint checkpoint,
               receipt.verify(keys, witnesses, command.witnesses_min));
  YIPAN_ASSIGN(const ledger::Entry entry, ledger::Entry::decode(receipt.entry_bytes));
  if (context.json) {
    print_line(json{
        {"ok", true},
        {"index", receipt.index},
        {"origin", checkpoint.origin},
        {"size", checkpoint.size},
        {"root", checkpoint.root.hex()},
        {"who", entry.who},
        {"when", entry.when.to_string()},
        {"what", entry.what},
        {"on",
         entry.on}}.dump(2));
  } else {
    print_line(fmt::format("{} {}  {}  {}  {}  {}", context.tr("条目", "entry"), receipt.index,
                           entry.when.to_string(), entry.who, entry.what, entry.on));
    print_line(
        fmt::format("{}  {} {}", checkpoint.origin, context.tr("大小", "size"), checkpoint.size));
    print_line(context.tr("✓ 回执成立：该条目在已签名的账本中",
                          "✓ the receipt holds: the entry is in the signed log"));
  }
  return kExitOk;
}

Result<int> verify_log(const Context& context, const VerifyCommand& command) {
  std::string directory = command.log_dir;
  if (directory.empty()) directory = context.city_dir + "/ledger";
  ledger::FsckOptions options;
  YIPAN_ASSIGN(options.keys, log_keys(context, command));
  options.check_blobs = command.log_dir.empty();
  Progress progress(context, context.tr("核验账本", "verifying the log"));
  options.progress = progress.callback();
  YIPAN_ASSIGN(const ledger::FsckReport report, ledger::fsck(*context.files, directory, options));
  return report_fsck(context, report, {}, false);
}

Result<int> fsck_city(const Context& context, bool fast) {
  YIPAN_ASSIGN(const CityConfig config, read_city_config(*context.files, context.city_dir));
  ledger::FsckOptions options;
  YIPAN_ASSIGN(options.keys, parse_keys(context, {config.vkey}));
  ledger::FsckReport report;
  {
    Progress progress(context, context.tr("检查账本", "checking the ledger"));
    options.progress = progress.callback();
    YIPAN_ASSIGN(report, ledger::fsck(*context.files, context.city_dir + "/ledger", options));
  }
  std::vector<Error> board_problems;
  if (!fast && report.problems.empty()) {
    // The board is only held against a ledger that is itself sound.
    auto city = City::open(context, Access::read);
    if (city) {
      YIPAN_ASSIGN(board_problems, city->board().fsck());
    } else {
      board_problems.push_back(city.error());
    }
  }
  return report_fsck(context, report, board_problems, !fast);
}

Result<int> make_receipt(const Context& context, const std::string& what, const std::string& out) {
  YIPAN_ASSIGN(City city, City::open(context, Access::write));
  YIPAN_ASSIGN(const uint64_t index, entry_of(city, what));
  YIPAN_ASSIGN(const ledger::Receipt receipt, city.ledger().receipt(index));
  const std::string text = receipt.to_string();
  if (out.empty() || out == "-") {
    print(text);
    return kExitOk;
  }
  YIPAN_TRY(write_file_atomic(*context.files, out, text));
  print_line(fmt::format("{} {}", context.tr("回执已写入", "receipt written to"), out));
  print_line(fmt::format("{}: yipan verify --receipt {} --vkey '{}'",
                         context.tr("任何人都可核验", "anyone can verify it"), out,
                         city.config().vkey));
  return kExitOk;
}

Result<int> checkpoint(const Context& context, const std::string& cosignature,
                       const std::string& witness_key) {
  if (cosignature.empty()) {
    YIPAN_ASSIGN(City city, City::open_ledger(context, Access::write));
    YIPAN_ASSIGN(const std::string note, city.ledger().sign_checkpoint());
    print(note);
    return kExitOk;
  }
  YIPAN_ASSIGN(City city, City::open_ledger(context, Access::write));
  YIPAN_ASSIGN(const std::string note, read_file(*context.files, cosignature, 1 << 20));
  YIPAN_ASSIGN(const auto keys, parse_keys(context, {witness_key}));
  YIPAN_TRY(city.ledger().add_cosignature(note, keys.front()));
  print_line(fmt::format("{} {}", context.tr("已收下见证签名：", "cosignature accepted from"),
                         keys.front().name));
  return kExitOk;
}

}  // namespace

int run_receipt(const Context& context, const std::string& what, const std::string& out) {
  const auto result = make_receipt(context, what, out);
  return result ? *result : finish(context, result.error());
}

int run_verify(const Context& context, const VerifyCommand& command) {
  const auto result =
      command.receipt.empty() ? verify_log(context, command) : verify_receipt(context, command);
  if (result) return *result;
  print_error(context, result.error());
  // A receipt or log that was read and does not hold is a problem found, not a failure to run.
  const std::string& code = result.error().code();
  return code.starts_with("ledger.") ? kExitProblems : kExitError;
}

int run_checkpoint(const Context& context, const std::string& cosignature,
                   const std::string& witness_key) {
  const auto result = checkpoint(context, cosignature, witness_key);
  return result ? *result : finish(context, result.error());
}

int run_fsck(const Context& context, bool fast) {
  const auto result = fsck_city(context, fast);
  return result ? *result : finish(context, result.error());
}

}  // namespace yipan::cli
