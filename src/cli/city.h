// A city on this machine: a folder with its configuration, keys, ledger, board and refused rows.
//
//   DIR/city.toml            name, origin, where the board is, public key
//   DIR/keys/ledger.key      the signing key (mode 0600): whoever has it can sign as this city
//   DIR/keys/ledger.vkey     the public key: give it to anyone who is to verify
//   DIR/ledger/              the log and its evidence (docs/formats/ledger.md)
//   DIR/board.gpkg           the board, unless city.toml names a PostgreSQL database
//   DIR/refused/             rows that were refused, to be mended and offered again
#ifndef YIPAN_CLI_CITY_H_
#define YIPAN_CLI_CITY_H_

#include <memory>
#include <string>

#include "cli/context.h"
#include "yipan/board.h"
#include "yipan/ledger.h"

namespace yipan::cli {

struct CityConfig {
  std::string name;
  std::string origin;        // first line of the ledger's checkpoints
  std::string board_url;     // "sqlite:board.gpkg" (relative to the folder) or "postgresql://..."
  std::string board_schema;  // PostgreSQL schema
  // Whose law holds: "cn", "cn-jiangsu"; anything else, and Chinese law is only a comparison.
  std::string jurisdiction = "cn";
  std::string vkey;
};

struct InitOptions {
  std::string directory;
  std::string name;
  std::string origin;
  std::string board_url = "sqlite:board.gpkg";
  std::string board_schema;
  std::string jurisdiction = "cn";
  std::string schema_dir;  // rulebook/schema
};

// rebuild: as write, but the board is derived anew, whatever is there now.
enum class Access : uint8_t { read, write, rebuild };

class City {
 public:
  // Makes the folder, the keys and the ledger, and adopts the table schemas. Error if there is
  // a city there already; nothing is left behind when it fails.
  static Result<City> create(const Context& context, const InitOptions& options);
  // Access::write takes the ledger's writer lock.
  static Result<City> open(const Context& context, Access access);
  // The ledger only: for what must work when the board is broken or far away.
  static Result<City> open_ledger(const Context& context, Access access);

  const CityConfig& config() const { return config_; }
  const std::string& directory() const { return directory_; }
  std::string ledger_directory() const { return directory_ + "/ledger"; }
  std::string refused_directory() const { return directory_ + "/refused"; }
  ledger::Ledger& ledger() { return *ledger_; }
  board::Board& board() { return *board_; }
  Result<ledger::VerifierKey> verifier_key() const;
  // Another connection to the board, for reading beside the first.
  Result<std::unique_ptr<store::Connection>> open_reader() const;

 private:
  Result<> open_board(const Context& context, Access access);
  // A crash may have left the board behind the ledger: catches up, unless a writer is at work.
  static Result<> heal(const Context& context);
  Result<> adopt_schemas(const Context& context, const std::string& schema_dir);

  std::string directory_;
  CityConfig config_;
  std::unique_ptr<ledger::Signer> signer_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<board::Board> board_;
};

Result<CityConfig> read_city_config(Files& files, const std::string& directory);
// Appends "schema.adopt" if the schemas in `schema_dir` differ from those on the board.
Result<bool> adopt_schemas(const Context& context, City& city, const std::string& schema_dir);
// Where rulebook/schema is: --schema, else beside the program or the current folder.
std::string default_rulebook(const Context& context);

}  // namespace yipan::cli

#endif  // YIPAN_CLI_CITY_H_
