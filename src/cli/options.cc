#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/commands.h"
#include "cli/diagnose_options.h"
#include "cli/manual.h"
#include "cli/rules_options.h"

namespace yipan::cli {

namespace {

using Action = std::function<int()>;

// All options live here, outside the lambdas that CLI11 keeps.
struct Everything {
  Context context;
  Action action;
  InitOptions init;
  ImportCommand importing;
  ExportCommand exporting;
  ShowCommand show;
  std::string query;
  VerifyCommand verify;
  GenerateCommand generate;
  TablesCommand tables;
  RulesCommand rules;
  DiagnoseCommand diagnose;
  std::string record;
  std::string out;
  std::string cosignature;
  std::string witness_key;
  std::string schema_dir;
  std::string shell;
  std::string lang;
  bool fast = false;
};

std::string both(const Everything& all, const char* zh, const char* en) {
  return std::string(all.context.tr(zh, en));
}

void add_making(CLI::App& app, Everything& all) {
  CLI::App* init = app.add_subcommand("init", both(all, "建立一个城市：文件夹、密钥、账本、总盘",
                                                   "make a city: folder, keys, ledger, board"));
  init->add_option("directory", all.init.directory, both(all, "文件夹", "its folder"))->required();
  init->add_option("--name", all.init.name, both(all, "城市名称", "the city's name"));
  init->add_option("--origin", all.init.origin,
                   both(all, "账本的公开名称，如 yipan.example/xx",
                        "the ledger's public name, such as yipan.example/xx"));
  init->add_option("--board", all.init.board_url,
                   both(all, "sqlite:文件 或 postgresql://...", "sqlite:FILE or postgresql://..."))
      ->capture_default_str();
  init->add_option("--board-schema", all.init.board_schema,
                   both(all, "PostgreSQL 模式名", "the PostgreSQL schema"));
  init->add_option("--jurisdiction", all.init.jurisdiction,
                   both(all, "适用谁的法律：cn、cn-地方；别的只作参照",
                        "whose law holds: cn, cn-PLACE; elsewhere ours only compares"))
      ->capture_default_str();
  init->add_option("--schema", all.init.schema_dir,
                   both(all, "表结构文件夹", "folder of the table schemas"));
  init->callback([&all] {
    all.action = [&all] {
      if (all.init.name.empty()) all.init.name = all.init.directory;
      if (all.init.origin.empty()) all.init.origin = "yipan.local/" + all.init.name;
      if (all.init.schema_dir.empty()) {
        all.init.schema_dir = default_rulebook(all.context) + "/schema";
      }
      return run_init(all.context, all.init);
    };
  });
  CLI::App* generate = app.add_subcommand(
      "generate", both(all, "生成示范城市的数据包", "make the demonstration city's data package"));
  generate->add_option("city", all.generate.city, both(all, "城市（xx）", "the city (xx)"))
      ->required();
  generate->add_option("--seed", all.generate.seed, both(all, "随机种子", "random seed"))
      ->capture_default_str();
  generate->add_option("--out", all.generate.out, both(all, "输出文件夹", "output folder"));
  generate->add_flag("--clean", all.generate.clean,
                     both(all, "同样的总数，没有问题的孪生城市",
                          "its twin: the same totals without the problems"));
  generate->add_flag(
      "--planted", all.generate.with_planted,
      both(all, "另写 planted.json（供测试）", "also write planted.json (for tests)"));
  generate
      ->add_option("--scale", all.generate.scale,
                   both(all, "没有定数的表放大几倍（1 至 100）",
                        "times as many of what is not counted (1 to 100)"))
      ->check(CLI::Range(1, 100));
  generate->callback(
      [&all] { all.action = [&all] { return run_generate(all.context, all.generate); }; });
  CLI::App* schema = app.add_subcommand("schema", both(all, "采用 rulebook/schema 的新版本",
                                                       "adopt a new version of rulebook/schema"));
  schema->add_option("directory", all.schema_dir, both(all, "表结构文件夹", "its folder"));
  schema->callback([&all] {
    all.action = [&all] {
      if (all.schema_dir.empty()) all.schema_dir = default_rulebook(all.context) + "/schema";
      return run_schema_update(all.context, all.schema_dir);
    };
  });
}

void add_moving(CLI::App& app, Everything& all) {
  CLI::App* taking = app.add_subcommand(
      "import", both(all, "导入文件或数据包", "take in files or a data package"));
  ImportCommand& i = all.importing;
  taking
      ->add_option("paths", i.paths,
                   both(all, "文件，或含 datapackage.json 的文件夹",
                        "files, or a folder with a datapackage.json"))
      ->required();
  taking->add_option("--table", i.table, both(all, "导入到哪张表", "the table they go into"));
  taking->add_option("--mapping", i.mapping,
                     both(all, "映射文件", "a mapping file (*.mapping.toml)"));
  taking->add_option("--dataset", i.dataset,
                     both(all, "数据集名；同名的新文件成为新版本",
                          "dataset name; a later file of the same name becomes its new vintage"));
  taking->add_option("--reason", i.reason, both(all, "为何重报", "why it is submitted again"));
  taking->add_option("--who", i.who, both(all, "经手人", "who brings it in"))
      ->capture_default_str();
  taking->add_option("--sheet", i.sheet, both(all, "工作表", "worksheet"));
  taking->add_option("--mended", i.mended,
                     both(all, "改好的退回行文件", "the refused rows, mended"));
  taking->add_option("--data", i.data_dir,
                     both(all, "数据包的文件另在此文件夹", "folder with the package's files"));
  taking->add_flag("--accept-partial", i.accept_partial,
                   both(all, "收下合格的行，其余退回", "take the good rows, hand back the others"));
  taking->add_flag("--preview", i.preview,
                   both(all, "只看不收：编码、表头、单位、前几行",
                        "only look: encoding, header, units, first rows"));
  taking->add_flag("--mapping-draft", i.propose_mapping,
                   both(all, "按文件起草一份映射", "draft a mapping from the file"));
  taking->add_flag("--dry-run", i.dry_run,
                   both(all, "全部检查，但不入账", "check everything, enter nothing"));
  taking->add_flag("--oc4ids", i.oc4ids,
                   both(all, "OC4IDS 0.9.5 项目包", "an OC4IDS 0.9.5 project package"));
  taking->callback(
      [&all] { all.action = [&all] { return run_import(all.context, all.importing); }; });
  CLI::App* out = app.add_subcommand("export", both(all, "导出", "write tables to files"));
  out->add_option("tables", all.exporting.tables,
                  both(all, "表（缺省全部）", "tables (all if none)"));
  out->add_option("--format", all.exporting.format, "csv, xlsx, gpkg, package, oc4ids")
      ->check(CLI::IsMember({"csv", "xlsx", "gpkg", "package", "oc4ids"}))
      ->required();
  out->add_option("--out", all.exporting.out, both(all, "文件或文件夹", "file or folder"))
      ->required();
  out->add_flag("--provenance", all.exporting.provenance,
                both(all, "带来源列", "with the columns of provenance"));
  out->add_flag("--titles", all.exporting.titles,
                both(all, "CSV 用中文表头", "CSV with Chinese titles"));
  out->add_option("--prefix", all.exporting.prefix,
                  both(all, "OC4IDS 登记前缀", "the registered OC4IDS prefix"));
  out->callback([&all] { all.action = [&all] { return run_export(all.context, all.exporting); }; });
}

void add_looking(CLI::App& app, Everything& all) {
  CLI::App* show = app.add_subcommand("show", both(all, "看总盘上有什么", "what is on the board"));
  show->add_option("table", all.show.table, both(all, "表", "table"));
  show->add_option("--columns", all.show.columns, both(all, "列", "columns"))->delimiter(',');
  show->add_option("--where", all.show.where, both(all, "SQL 条件", "an SQL condition"));
  show->add_option("--as-of", all.show.as_of,
                   both(all, "某日、某时或某账本大小时的样子",
                        "as it stood on a date, at an instant, at a ledger size"));
  show->add_option("--limit", all.show.limit, both(all, "最多几行", "rows at most"))
      ->capture_default_str();
  show->callback([&all] { all.action = [&all] { return run_show(all.context, all.show); }; });
  CLI::App* query = app.add_subcommand(
      "query", both(all, "以 SQL 查询总盘（只读）", "ask the board in SQL (reading only)"));
  query->add_option("sql", all.query, "SELECT ...")->required();
  query->callback([&all] { all.action = [&all] { return run_query(all.context, all.query); }; });
  CLI::App* tables =
      app.add_subcommand("tables", both(all, "有哪些表和列", "what tables and columns there are"));
  tables->add_option("table", all.tables.table, both(all, "表", "table"));
  tables->add_option("--schema", all.tables.schema_dir,
                     both(all, "表结构文件夹", "folder of the table schemas"));
  tables->add_flag("--markdown", all.tables.markdown, "Markdown");
  tables->callback([&all] {
    all.action = [&all] {
      if (all.tables.schema_dir.empty()) {
        all.tables.schema_dir = default_rulebook(all.context) + "/schema";
      }
      return run_tables(all.context, all.tables);
    };
  });
  CLI::App* history =
      app.add_subcommand("history", both(all, "一条记录的历次变动", "a record's changes"));
  history->add_option("record", all.record, both(all, "表名/主键", "TABLE/KEY"))->required();
  history->callback(
      [&all] { all.action = [&all] { return run_history(all.context, all.record); }; });
  CLI::App* trace =
      app.add_subcommand("trace", both(all, "记录 → 来源行 → 文件 → 账本条目 → 证明",
                                       "record -> source row -> file -> ledger entry -> proof"));
  trace->add_option("record", all.record, both(all, "表名/主键", "TABLE/KEY"))->required();
  trace->callback([&all] { all.action = [&all] { return run_trace(all.context, all.record); }; });
}

void add_proving(CLI::App& app, Everything& all) {
  CLI::App* receipt = app.add_subcommand(
      "receipt", both(all, "给出可离线核验的回执", "a receipt that can be checked offline"));
  receipt
      ->add_option("what", all.record, both(all, "条目号或 表名/主键", "entry index or TABLE/KEY"))
      ->required();
  receipt->add_option("--out", all.out, both(all, "写到文件", "write it to a file"));
  receipt->callback(
      [&all] { all.action = [&all] { return run_receipt(all.context, all.record, all.out); }; });
  CLI::App* verify =
      app.add_subcommand("verify", both(all, "核验账本或回执（别处的账本也行）",
                                        "verify a log or a receipt (anyone's in this format)"));
  verify->add_option("--log", all.verify.log_dir, both(all, "账本文件夹", "the log's folder"));
  verify->add_option("--vkey", all.verify.vkeys,
                     both(all, "公钥或其文件", "public key, or its file"));
  verify->add_option("--receipt", all.verify.receipt, both(all, "回执文件", "a receipt"));
  verify->add_option("--witness", all.verify.witness_keys,
                     both(all, "见证人公钥", "witness's key"));
  verify->add_option("--witnesses-min", all.verify.witnesses_min,
                     both(all, "至少几个见证", "how many witnesses at least"));
  verify->callback([&all] { all.action = [&all] { return run_verify(all.context, all.verify); }; });
  CLI::App* checkpoint = app.add_subcommand(
      "checkpoint", both(all, "签出检查点；或收下见证签名",
                         "sign a checkpoint, or accept a witness's cosignature"));
  checkpoint->add_option("--cosignature", all.cosignature,
                         both(all, "见证人签过的检查点文件", "the checkpoint a witness signed"));
  checkpoint->add_option("--witness", all.witness_key,
                         both(all, "见证人公钥", "the witness's key"));
  checkpoint->callback([&all] {
    all.action = [&all] { return run_checkpoint(all.context, all.cosignature, all.witness_key); };
  });
  CLI::App* fsck = app.add_subcommand("fsck", both(all, "逐字节检查账本、证据、总盘",
                                                   "check every byte of ledger, evidence, board"));
  fsck->add_flag("--ledger-only", all.fast, both(all, "不查总盘", "leave the board out"));
  fsck->callback([&all] { all.action = [&all] { return run_fsck(all.context, all.fast); }; });
  CLI::App* rebuild = app.add_subcommand(
      "rebuild", both(all, "丢弃总盘，由账本重建，并证明一致",
                      "drop the board, derive it from the ledger, prove it is the same"));
  rebuild->callback([&all] { all.action = [&all] { return run_rebuild(all.context); }; });
}

void add_helping(CLI::App& app, Everything& all) {
  CLI::App* doctor =
      app.add_subcommand("doctor", both(all, "检查常见毛病", "look for what commonly goes wrong"));
  doctor->callback([&all] { all.action = [&all] { return run_doctor(all.context); }; });
  CLI::App* version = app.add_subcommand("version", both(all, "版本", "versions"));
  version->callback([&all] { all.action = [&all] { return run_version(all.context); }; });
  CLI::App* completion = app.add_subcommand(
      "completion", both(all, "输出命令补全脚本", "print a completion script for your shell"));
  completion->add_option("shell", all.shell, "bash, zsh, fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->required();
  completion->callback([&all, &app] {
    all.action = [&all, &app] {
      print(completion_script(app, all.shell));
      return kExitOk;
    };
  });
  CLI::App* manual =
      app.add_subcommand("manual", both(all, "输出手册页 (roff)", "print the manual page (roff)"));
  manual->callback([&all, &app] {
    all.action = [&all, &app] {
      print(manual_page(app, all.context.lang));
      return kExitOk;
    };
  });
}

// --lang must be known before the help texts are made.
void read_language_first(Context& context, int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    std::string_view value;
    if (arg.starts_with("--lang=")) value = arg.substr(7);
    if (arg == "--lang" && i + 1 < argc) value = argv[i + 1];
    if (value == "en") context.lang = Lang::en;
    if (value == "zh") context.lang = Lang::zh;
  }
}

}  // namespace

int run_command_line(Context context, int argc, char** argv) {
  read_language_first(context, argc, argv);
  Everything all;
  all.context = context;
  CLI::App app(both(all, "一盘：全市一盘棋", "Yipan: the whole city as one board"), "yipan");
  app.require_subcommand(1);
  app.fallthrough();
  app.option_defaults()->always_capture_default(false);
  app.add_option(
      "--city,-C", all.context.city_dir,
      both(all, "城市文件夹（或环境变量 YIPAN_CITY）", "the city's folder (or YIPAN_CITY)"));
  app.add_option("--lang", all.lang, "zh, en")->check(CLI::IsMember({"zh", "en"}));
  app.add_flag("--json", all.context.json, both(all, "输出 JSON", "answer in JSON"));
  app.add_flag("--quiet,-q", all.context.quiet, both(all, "少说话", "say less"));
  add_making(app, all);
  add_moving(app, all);
  add_looking(app, all);
  add_proving(app, all);
  add_diagnose(app, all.context, all.diagnose, all.action);
  add_rules(app, all.context, all.rules, all.action);
  add_helping(app, all);
  // CLI11 throws; this is the boundary where that ends.
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    const int code = app.exit(e);
    return code == 0 ? kExitOk : kExitUsage;
  }
  if (all.context.json || all.context.quiet) all.context.progress = false;
  return all.action();
}

}  // namespace yipan::cli
