// One function a command: plain options in, exit code out. The command line itself (names, help,
// completion) is in options.cc; nothing else includes CLI11.
#ifndef YIPAN_CLI_COMMANDS_H_
#define YIPAN_CLI_COMMANDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/city.h"
#include "cli/context.h"

namespace yipan::cli {

struct ImportCommand {
  std::vector<std::string> paths;  // files, or one folder with a datapackage.json
  std::string dataset;
  std::string table;
  std::string mapping;
  std::string reason;
  std::string who = "operator";
  std::string sheet;
  std::string data_dir;  // where a package's files are that are not beside it
  std::string mended;    // a mended NAME.refused.csv
  bool accept_partial = false;
  bool dry_run = false;
  bool preview = false;
  bool propose_mapping = false;
  bool oc4ids = false;
};
struct ExportCommand {
  std::vector<std::string> tables;  // empty: all
  std::string format;               // csv, xlsx, gpkg, package, oc4ids
  std::string out;
  std::string prefix = "oc4ids-000000";  // OC4IDS: the publisher's registered prefix
  bool provenance = false;
  bool titles = false;
};
struct ShowCommand {
  std::string table;
  std::vector<std::string> columns;
  std::string where;
  std::string as_of;  // date, instant or ledger size
  int64_t limit = 20;
};
struct VerifyCommand {
  std::string log_dir;
  std::vector<std::string> vkeys;
  std::string receipt;
  std::vector<std::string> witness_keys;
  int witnesses_min = 0;
};
struct TablesCommand {
  std::string table;
  std::string schema_dir;
  bool markdown = false;
};
struct GenerateCommand {
  std::string city;
  uint64_t seed = 1;
  bool clean = false;
  std::string out;
  bool with_planted = false;
  int scale = 1;
};

int run_init(const Context& context, const InitOptions& options);
int run_import(const Context& context, const ImportCommand& command);
int run_export(const Context& context, const ExportCommand& command);
int run_show(const Context& context, const ShowCommand& command);
// Any SELECT of docs/formats/sql.md; the board is opened for reading.
int run_query(const Context& context, const std::string& sql);
int run_history(const Context& context, const std::string& record);
int run_trace(const Context& context, const std::string& record);
int run_receipt(const Context& context, const std::string& what, const std::string& out);
int run_verify(const Context& context, const VerifyCommand& command);
int run_checkpoint(const Context& context, const std::string& cosignature,
                   const std::string& witness_key);
int run_fsck(const Context& context, bool fast);
int run_rebuild(const Context& context);
int run_schema_update(const Context& context, const std::string& schema_dir);
int run_doctor(const Context& context);
int run_generate(const Context& context, const GenerateCommand& command);
int run_tables(const Context& context, const TablesCommand& command);
int run_version(const Context& context);

// "projects/XX-1" -> {"projects", "XX-1"}.
struct RecordName {
  std::string table;
  std::string key;
};
Result<RecordName> parse_record(std::string_view text);

}  // namespace yipan::cli

#endif  // YIPAN_CLI_COMMANDS_H_
