// Shapefiles, through ogr2ogr (GDAL): converted to a GeoPackage, and read as one.
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "intake/source.h"
#include "intake/zip_archive.h"
#include "yipan/text.h"

namespace yipan::intake {
namespace {

constexpr size_t kCopyBytes = size_t{1} << 20;

Error not_there(const std::string& file) {
  return Error("intake.shapefile.ogr2ogr")
      .zh("读取 shapefile 需要 ogr2ogr（GDAL），本机没有安装")
      .en("reading shapefiles needs ogr2ogr (GDAL), which is not installed")
      .file(file)
      .remedy("请安装：apt-get install gdal-bin；或先在 QGIS 中另存为 GeoPackage",
              "install it: apt-get install gdal-bin; or save the layer as GeoPackage in QGIS");
}

Result<> copy_stream(ByteStream* from, const std::string& path) {
  YIPAN_ASSIGN(auto to, Files::posix().open(path, Open::create_new));
  std::string block(kCopyBytes, '\0');
  for (uint64_t at = 0;;) {
    YIPAN_ASSIGN(size_t n, from->read(block.data(), block.size()));
    if (n == 0) return {};
    YIPAN_TRY(to->write_at(at, {block.data(), n}));
    at += n;
  }
}

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// Unpacks .shp, .shx, .dbf, .prj and .cpg under one plain name, within the limits.
Result<> unpack(const Input& input, const Limits& limits, const std::string& directory) {
  YIPAN_ASSIGN(auto zip, ZipArchive::open(input, limits));
  for (std::string_view extension : {".shp", ".shx", ".dbf", ".prj", ".cpg"}) {
    for (const std::string& name : zip->names()) {
      const std::string lower = lower_case(name);
      if (lower.size() < 4 || lower.substr(lower.size() - 4) != extension) continue;
      YIPAN_ASSIGN(auto stream, zip->open_entry(name));
      YIPAN_TRY(copy_stream(stream.get(), directory + "/layer" + std::string(extension)));
      break;
    }
  }
  return {};
}

// A bare .shp: the parts stand beside the file under its name.
Result<> gather(const Input& input, const OpenRequest& request, const std::string& directory) {
  YIPAN_ASSIGN(auto stream, open_stream(input, request.limits));
  YIPAN_TRY(copy_stream(stream.get(), directory + "/layer.shp"));
  for (const std::string& name : shapefile_parts(input.name)) {
    YIPAN_ASSIGN(Input part, request.sibling(name));
    auto opened = open_stream(part, request.limits);
    if (!opened) continue;
    const std::string extension = lower_case(name.substr(name.rfind('.')));
    YIPAN_TRY(copy_stream(opened->get(), directory + "/layer" + extension));
  }
  return {};
}

// Runs ogr2ogr with an argument vector (no shell), its messages into a file.
Result<int> run_ogr2ogr(const std::string& from, const std::string& to, const std::string& messages,
                        const std::string& file) {
  std::array<std::string, 8> words = {"ogr2ogr", "-f", "GPKG", "-nln", "layer", "-dim", "XY", to};
  std::vector<char*> arguments;
  for (std::string& w : words) arguments.push_back(w.data());
  std::string source = from;
  arguments.push_back(source.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, messages.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                   0600);
  pid_t pid = 0;
  const int code = posix_spawnp(&pid, "ogr2ogr", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (code != 0) return fail(not_there(file));
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) return fail(not_there(file));
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Keeps the folder with the converted layer as long as it is read.
class ShapefileSource : public RecordSource {
 public:
  ShapefileSource(TempDir directory, std::unique_ptr<RecordSource> inner)
      : directory_(std::move(directory)), inner_(std::move(inner)), facts_(inner_->facts()) {
    facts_.format = "shapefile";
    facts_.sheet.clear();
    facts_.sheets.clear();
  }
  const std::vector<SourceColumn>& columns() const override { return inner_->columns(); }
  const SourceFacts& facts() const override { return facts_; }
  Result<Step> next(RawRecord* record) override {
    YIPAN_ASSIGN(Step step, inner_->next(record));
    if (step == Step::problem) problem_ = std::make_shared<Error>(inner_->problem());
    return step;
  }

 private:
  TempDir directory_;
  std::unique_ptr<RecordSource> inner_;
  SourceFacts facts_;
};

}  // namespace

bool is_shapefile_name(std::string_view name) {
  return name.size() > 4 && lower_case(std::string(name.substr(name.size() - 4))) == ".shp";
}

std::vector<std::string> shapefile_parts(const std::string& name) {
  const size_t dot = name.rfind('.');
  const bool capitals = name.substr(dot) == ".SHP";
  std::vector<std::string> out;
  for (const char* extension : {".shx", ".dbf", ".prj", ".cpg"}) {
    std::string part = extension;
    if (capitals) {
      for (char& c : part) c = c == '.' ? c : static_cast<char>(c - 'a' + 'A');
    }
    out.push_back(name.substr(0, dot) + part);
  }
  return out;
}

Result<std::unique_ptr<RecordSource>> open_shapefile(const Input& input,
                                                     const OpenRequest& request) {
  YIPAN_ASSIGN(TempDir directory, TempDir::make());
  const std::string& folder = directory.path();
  YIPAN_ASSIGN(std::string head, first_bytes(input, 2));
  if (head == "PK") {
    YIPAN_TRY(unpack(input, request.limits, folder));
  } else {
    YIPAN_TRY(gather(input, request, folder));
  }
  const std::string layer = folder + "/layer.gpkg";
  YIPAN_ASSIGN(int code,
               run_ogr2ogr(folder + "/layer.shp", layer, folder + "/messages", input.name));
  YIPAN_ASSIGN(bool made, Files::posix().exists(layer));
  if (code != 0 || !made) {
    std::string why = read_file(Files::posix(), folder + "/messages").value_or("");
    size_t bad = find_invalid_utf8(why);
    why = why.substr(0, std::min<size_t>(bad, 300));
    return fail(Error("intake.shapefile.broken")
                    .zh("shapefile 不能读取：" + why)
                    .en("the shapefile cannot be read: " + why)
                    .file(input.name)
                    .remedy("请检查 .shp、.shx、.dbf、.prj 是否齐全",
                            "check that .shp, .shx, .dbf and .prj are all there"));
  }
  OpenRequest inner = request;
  inner.mapping = nullptr;
  inner.sheet = "layer";
  YIPAN_ASSIGN(auto source, open_geopackage(file_input(Files::posix(), layer, input.name), inner));
  return std::make_unique<ShapefileSource>(std::move(directory), std::move(source));
}

}  // namespace yipan::intake
