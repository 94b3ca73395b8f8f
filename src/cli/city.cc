#include "cli/city.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "yipan/text.h"

namespace yipan::cli {

namespace {

std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string config_text(const CityConfig& config) {
  std::string out =
      "# A city of Yipan (一盘). The key in keys/ signs for it: keep that folder safe.\n";
  out += "[city]\nname = " + toml_string(config.name) + "\n";
  out += "jurisdiction = " + toml_string(config.jurisdiction) + "\n\n";
  out += "[ledger]\norigin = " + toml_string(config.origin) + "\n";
  out += "vkey = " + toml_string(config.vkey) + "\n\n";
  out += "[board]\n# \"sqlite:FILE\" (relative to this folder) or \"postgresql://...\"\n";
  out += "url = " + toml_string(config.board_url) + "\n";
  out += "schema = " + toml_string(config.board_schema) + "\n";
  return out;
}

std::string resolve_board_url(const std::string& directory, const std::string& url) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (url.starts_with(kSqlite) && url.size() > kSqlite.size() && url[kSqlite.size()] != '/' &&
      url[kSqlite.size()] != ':') {
    return std::string(kSqlite) + directory + "/" + url.substr(kSqlite.size());
  }
  return url;
}

Result<> write_key(Files& files, const std::string& path, const std::string& content) {
  YIPAN_TRY(write_file_atomic(files, path, content));
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) {
    return fail(Error("cli.key.mode")
                    .zh("不能把密钥文件设为仅本人可读")
                    .en("could not make the key file readable by its owner only")
                    .file(path)
                    .remedy("换一个支持权限的文件系统", "use a file system with permissions")
                    .os(errno));
  }
  return {};
}

}  // namespace

Result<ledger::VerifierKey> City::verifier_key() const {
  return ledger::VerifierKey::parse(config_.vkey);
}

Result<City> City::create(const Context& context, const InitOptions& options) {
  Files& files = *context.files;
  YIPAN_ASSIGN(const bool there, files.exists(options.directory + "/city.toml"));
  if (there) {
    return fail(
        Error("cli.init.exists")
            .zh("这里已经有一个城市，不会覆盖")
            .en("there is a city here already; it is not overwritten")
            .file(options.directory)
            .remedy("换一个文件夹，或先移走旧的", "choose another folder, or move it away"));
  }
  // The schemas are read first: a wrong rulebook must not leave half a city behind.
  YIPAN_TRY(board::Schemas::load(files, options.schema_dir));
  YIPAN_TRY(files.make_directories(options.directory + "/keys"));

  City city;
  city.directory_ = options.directory;
  city.config_.name = options.name;
  city.config_.origin = options.origin;
  city.config_.board_url = options.board_url;
  city.config_.board_schema = options.board_schema;
  city.config_.jurisdiction = options.jurisdiction;
  YIPAN_ASSIGN(ledger::Signer signer,
               ledger::Signer::generate(options.origin, secure_random_bytes(32)));
  city.config_.vkey = signer.verifier().to_string();
  YIPAN_TRY(write_key(files, options.directory + "/keys/ledger.key", signer.to_string() + "\n"));
  YIPAN_TRY(
      write_file_atomic(files, options.directory + "/keys/ledger.vkey", city.config_.vkey + "\n"));
  // city.toml last: it is what makes the folder a city.
  YIPAN_TRY(write_file_atomic(files, options.directory + "/city.toml", config_text(city.config_)));
  Context inside = context;
  inside.city_dir = options.directory;
  YIPAN_ASSIGN(City opened, City::open(inside, Access::write));
  YIPAN_TRY(cli::adopt_schemas(inside, opened, options.schema_dir));
  return opened;
}

Result<City> City::open_ledger(const Context& context, Access access) {
  Files& files = *context.files;
  City city;
  city.directory_ = context.city_dir;
  YIPAN_ASSIGN(city.config_, read_city_config(files, city.directory_));
  if (access != Access::read) {
    const std::string key_path = city.directory_ + "/keys/ledger.key";
    YIPAN_ASSIGN(const std::string key, read_file(files, key_path, 4096));
    YIPAN_ASSIGN(ledger::Signer signer, ledger::Signer::parse(trim(key)));
    city.signer_ = std::make_unique<ledger::Signer>(std::move(signer));
  }
  ledger::Options options;
  options.files = &files;
  options.clock = context.clock;
  options.logger = context.logger;
  options.directory = city.ledger_directory();
  options.origin = city.config_.origin;
  options.signer = city.signer_.get();
  YIPAN_ASSIGN(city.ledger_, ledger::Ledger::open(options));
  return city;
}

Result<City> City::open(const Context& context, Access access) {
  YIPAN_ASSIGN(City city, City::open_ledger(context, access));
  auto opened = city.open_board(context, access);
  if (access == Access::read && (!opened || city.board().applied() < city.ledger().size())) {
    YIPAN_TRY(heal(context));
    YIPAN_ASSIGN(city, City::open_ledger(context, access));
    opened = city.open_board(context, access);
  }
  if (!opened) return fail(opened.error());
  return city;
}

Result<> City::heal(const Context& context) {
  auto writer = City::open_ledger(context, Access::write);
  if (!writer) {
    // Another process is writing and will finish what it began; until then, read what is there.
    if (writer.error().code() == "ledger.locked") return {};
    return fail(writer.error());
  }
  return writer->open_board(context, Access::write);
}

Result<std::unique_ptr<store::Connection>> City::open_reader() const {
  store::OpenOptions options;
  options.url = resolve_board_url(directory_, config_.board_url);
  options.schema = config_.board_schema;
  options.read_only = true;
  return store::open(options);
}

Result<> City::open_board(const Context& context, Access access) {
  store::OpenOptions options;
  options.url = resolve_board_url(directory_, config_.board_url);
  options.schema = config_.board_schema;
  options.read_only = access == Access::read;
  board::BoardOptions board_options;
  YIPAN_ASSIGN(board_options.connection, store::open(options));
  board_options.ledger = ledger_.get();
  board_options.logger = context.logger;
  switch (access) {
    case Access::read:
      board_options.mode = board::BoardMode::read;
      break;
    case Access::write:
      board_options.mode = board::BoardMode::apply;
      break;
    case Access::rebuild:
      board_options.mode = board::BoardMode::rebuild;
      break;
  }
  Progress bar(context, context.tr("总盘跟上账本", "the board catches up"));
  board_options.progress = bar.callback();
  YIPAN_ASSIGN(board_, board::Board::open(std::move(board_options)));
  return {};
}

Result<bool> adopt_schemas(const Context& context, City& city, const std::string& schema_dir) {
  YIPAN_ASSIGN(const board::Schemas schemas, board::Schemas::load(*context.files, schema_dir));
  const std::string bundle = schemas.bundle();
  if (city.board().schemas().bundle() == bundle) return false;
  YIPAN_ASSIGN(const Hash256 hash, city.ledger().put_blob(bundle));
  ledger::Entry entry;
  entry.who = "system";
  entry.when = context.clock->now();
  entry.what = "schema.adopt";
  entry.on = "rulebook/schema";
  entry.body = "{\"tables\":" + std::to_string(schemas.all().size()) + "}";
  entry.evidence = {hash};
  entry.idempotency_key = "schema.adopt:" + hash.hex();
  YIPAN_ASSIGN(auto staged, city.board().stage(entry, city.ledger().size()));
  YIPAN_TRY(city.ledger().append(entry));
  YIPAN_TRY(staged->commit());
  return true;
}

std::string default_rulebook(const Context& context) {
  char program[4096];
  const ssize_t length = ::readlink("/proc/self/exe", program, sizeof program - 1);
  std::string folder(program, length > 0 ? static_cast<size_t>(length) : 0);
  // Installed: PREFIX/bin/yipan and PREFIX/share/yipan. In the source tree: build/PRESET/bin/yipan.
  for (const char* relative : {"/../share/yipan/rulebook", "/../../../rulebook"}) {
    const size_t slash = folder.rfind('/');
    if (slash == std::string::npos) break;
    const std::string candidate = folder.substr(0, slash) + relative;
    if (!context.files->exists(candidate + "/schema").value_or(false)) continue;
    std::error_code failed;
    const auto plain = std::filesystem::canonical(candidate, failed);
    return failed ? candidate : plain.string();
  }
  return "rulebook";
}

}  // namespace yipan::cli
