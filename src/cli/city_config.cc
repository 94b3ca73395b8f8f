// city.toml: read and checked here, so that the rest need not know TOML.
#include "cli/city.h"
#include "yipan/toml.h"

namespace yipan::cli {

namespace {

std::string text_at(const toml::table& table, std::string_view section, std::string_view key) {
  return table[section][key].value_or(std::string());
}

Error missing_key(const std::string& path, std::string_view key) {
  return Error("cli.config.missing_key")
      .zh("city.toml 缺少 " + std::string(key))
      .en("city.toml lacks " + std::string(key))
      .file(path)
      .element(key)
      .remedy("补上这一项；格式见 docs/guide/cli.md", "add it; docs/guide/cli.md shows the format");
}

}  // namespace

Result<CityConfig> read_city_config(Files& files, const std::string& directory) {
  const std::string path = directory + "/city.toml";
  YIPAN_ASSIGN(const bool there, files.exists(path));
  if (!there) {
    return fail(Error("cli.city.none")
                    .zh("这个文件夹里没有城市：" + directory)
                    .en("there is no city in this folder: " + directory)
                    .file(path)
                    .remedy("用 yipan init 建立一个，或用 --city 指明文件夹",
                            "make one with yipan init, or name its folder with --city"));
  }
  YIPAN_ASSIGN(const std::string text, read_file(files, path, 1 << 20));
  YIPAN_ASSIGN(const toml::table table, parse_toml(text, path, "cli.config.syntax"));
  CityConfig config;
  config.name = text_at(table, "city", "name");
  config.origin = text_at(table, "ledger", "origin");
  config.vkey = text_at(table, "ledger", "vkey");
  config.board_url = text_at(table, "board", "url");
  config.board_schema = text_at(table, "board", "schema");
  config.jurisdiction = table["city"]["jurisdiction"].value_or(std::string("cn"));
  if (config.origin.empty()) return fail(missing_key(path, "ledger.origin"));
  if (config.vkey.empty()) return fail(missing_key(path, "ledger.vkey"));
  if (config.board_url.empty()) return fail(missing_key(path, "board.url"));
  return config;
}

}  // namespace yipan::cli
