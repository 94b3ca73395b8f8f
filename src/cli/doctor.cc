// doctor: looks at everything that commonly goes wrong and says what to do about it.
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/commands.h"

namespace yipan::cli {

namespace {

enum class Verdict : uint8_t { good, warning, bad };

struct Finding {
  Verdict verdict;
  std::string zh;
  std::string en;
};

bool on_path(const Context& context, std::string_view program) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "/usr/bin:/bin" : path;
  while (!rest.empty()) {
    const size_t colon = rest.find(':');
    const std::string folder(rest.substr(0, colon));
    if (context.files->exists(folder + "/" + std::string(program)).value_or(false)) return true;
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  return false;
}

void check_tools(const Context& context, std::vector<Finding>* out) {
  if (on_path(context, "ogr2ogr")) {
    out->push_back({Verdict::good, "ogr2ogr 可用（Shapefile 可导入）",
                    "ogr2ogr is there (shapefiles can be imported)"});
  } else {
    out->push_back({Verdict::warning, "没有 ogr2ogr：不能导入 Shapefile；安装 gdal-bin",
                    "no ogr2ogr: shapefiles cannot be imported; install gdal-bin"});
  }
}

void check_folder(const Context& context, std::vector<Finding>* out) {
  if (::access(context.city_dir.c_str(), W_OK) != 0) {
    out->push_back({Verdict::bad, "城市文件夹不可写：检查所有者与权限",
                    "the city's folder is not writable: check its owner and mode"});
  } else {
    out->push_back({Verdict::good, "城市文件夹可写", "the city's folder is writable"});
  }
  struct statvfs disk {};
  if (::statvfs(context.city_dir.c_str(), &disk) == 0) {
    const uint64_t free_bytes = static_cast<uint64_t>(disk.f_bavail) * disk.f_frsize;
    const std::string gib = fmt::format("{:.1f} GiB", static_cast<double>(free_bytes) / (1 << 30));
    constexpr uint64_t kFreeMinBytes = uint64_t{1} << 30;
    out->push_back({free_bytes < kFreeMinBytes ? Verdict::warning : Verdict::good,
                    "磁盘剩余 " + gib, "free disk space " + gib});
  }
  struct stat key {};
  const std::string path = context.city_dir + "/keys/ledger.key";
  if (::stat(path.c_str(), &key) != 0) {
    out->push_back({Verdict::bad, "没有签名密钥 keys/ledger.key：从备份恢复",
                    "no signing key keys/ledger.key: restore it from a backup"});
  } else if ((key.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    out->push_back({Verdict::bad, "签名密钥别人也能读：chmod 600 keys/ledger.key",
                    "others can read the signing key: chmod 600 keys/ledger.key"});
  } else {
    out->push_back({Verdict::good, "签名密钥仅本人可读", "the signing key is private"});
  }
}

void check_city(const Context& context, std::vector<Finding>* out) {
  auto writer = City::open_ledger(context, Access::write);
  if (!writer) {
    out->push_back({writer.error().code() == "ledger.locked" ? Verdict::warning : Verdict::bad,
                    writer.error().to_string_zh(), writer.error().to_string_en()});
  } else {
    out->push_back({Verdict::good, fmt::format("账本可写，{} 条", writer->ledger().size()),
                    fmt::format("the ledger can be written, {} entries", writer->ledger().size())});
    writer = fail(Error("cli.doctor.done"));  // gives the lock back
  }
  auto city = City::open(context, Access::read);
  if (!city) {
    out->push_back({Verdict::bad, city.error().to_string_zh(), city.error().to_string_en()});
    return;
  }
  const uint64_t behind = city->ledger().size() - city->board().applied();
  if (behind == 0) {
    out->push_back({Verdict::good, "总盘与账本同步", "the board is level with the ledger"});
  } else {
    out->push_back({Verdict::warning, fmt::format("总盘落后 {} 条：yipan rebuild", behind),
                    fmt::format("the board is {} entries behind: yipan rebuild", behind)});
  }
}

}  // namespace

int run_doctor(const Context& context) {
  std::vector<Finding> findings;
  check_tools(context, &findings);
  const auto config = read_city_config(*context.files, context.city_dir);
  if (config) {
    check_folder(context, &findings);
    check_city(context, &findings);
  } else {
    findings.push_back(
        {Verdict::bad, config.error().to_string_zh(), config.error().to_string_en()});
  }
  bool bad = false;
  nlohmann::json list = nlohmann::json::array();
  for (const Finding& f : findings) {
    bad = bad || f.verdict == Verdict::bad;
    const char* mark = f.verdict == Verdict::good ? "✓" : f.verdict == Verdict::warning ? "!" : "✗";
    if (context.json) {
      list.push_back({{"verdict", mark}, {"zh", f.zh}, {"en", f.en}});
    } else {
      print_line(fmt::format("{} {}", mark, context.tr(f.zh, f.en)));
    }
  }
  if (context.json) print_line(list.dump(2));
  return bad ? kExitProblems : kExitOk;
}

}  // namespace yipan::cli
