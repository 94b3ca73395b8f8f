#include "intake/crs.h"

#include <fmt/format.h>
#include <proj.h>

#include <algorithm>
#include <cmath>
#include <string>

namespace yipan::intake {
namespace {

constexpr double kAreaMargin_deg = 1.0;

struct ContextDelete {
  void operator()(PJ_CONTEXT* c) const { proj_context_destroy(c); }
};
struct PjDelete {
  void operator()(PJ* p) const { proj_destroy(p); }
};
using ContextPtr = std::unique_ptr<PJ_CONTEXT, ContextDelete>;
using PjPtr = std::unique_ptr<PJ, PjDelete>;

struct Area {
  double west = -180, south = -90, east = 180, north = 90;
  bool contains(double lon, double lat) const {
    if (lat < south - kAreaMargin_deg || lat > north + kAreaMargin_deg) return false;
    if (west > east) return lon >= west - kAreaMargin_deg || lon <= east + kAreaMargin_deg;
    return lon >= west - kAreaMargin_deg && lon <= east + kAreaMargin_deg;
  }
};

void quiet(void*, int, const char*) {}

// "urn:ogc:def:crs:EPSG::2249", "http://www.opengis.net/def/crs/EPSG/0/2249" -> "EPSG:2249".
std::string plain_name(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (upper.find('[') != std::string::npos) return std::string(name);  // WKT
  const size_t epsg = upper.find("EPSG");
  if (epsg != std::string::npos) {
    size_t digits = upper.find_last_not_of("0123456789") + 1;
    if (digits < upper.size()) return "EPSG:" + upper.substr(digits);
  }
  return upper;
}

bool one_of(const std::string& name, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_wgs84_like(const std::string& n, const std::string& raw) {
  if (n.empty() || one_of(n, {"WGS84", "WGS-84", "WGS 84", "CGCS2000", "CGCS 2000", "国家2000",
                              "2000国家大地坐标系", "EPSG:4326", "EPSG:4490", "EPSG:4979"})) {
    return true;
  }
  if (n.find("CRS84") != std::string::npos) return true;
  const bool geographic = raw.rfind("GEOGCS", 0) == 0 || raw.rfind("GEOGCRS", 0) == 0;
  if (!geographic) return false;
  const std::string start = raw.substr(0, 80);
  return start.find("GCS_China_Geodetic_Coordinate_System_2000") != std::string::npos ||
         start.find("China Geodetic Coordinate System 2000") != std::string::npos ||
         start.find("GCS_WGS_1984") != std::string::npos ||
         start.find("\"WGS 84\"") != std::string::npos;
}

bool is_gcj02(const std::string& n) {
  return one_of(n, {"GCJ02", "GCJ-02", "GCJ 02", "火星坐标", "火星坐标系", "高德坐标", "AMAP"});
}

bool in_degrees(double x, double y) { return x >= -180 && x <= 180 && y >= -90 && y <= 90; }

}  // namespace

struct CrsTransform::Proj {
  ContextPtr context;
  PjPtr transform;
  Area area;
};

CrsTransform::CrsTransform() = default;
CrsTransform::~CrsTransform() = default;

Result<std::unique_ptr<CrsTransform>> CrsTransform::make(std::string_view name) {
  std::unique_ptr<CrsTransform> out(new CrsTransform);
  const std::string raw(name);
  const std::string plain = plain_name(name);
  out->declared_ = !plain.empty();
  if (is_wgs84_like(plain, raw)) {
    out->name_ =
        plain == "EPSG:4326" || plain.find("84") != std::string::npos ? "EPSG:4326" : "EPSG:4490";
    return out;
  }
  if (is_gcj02(plain)) {
    out->kind_ = Kind::gcj02;
    out->name_ = "GCJ-02";
    return out;
  }
  out->kind_ = Kind::proj;
  out->proj_ = std::make_unique<Proj>();
  Proj& proj = *out->proj_;
  proj.context.reset(proj_context_create());
  proj_log_func(proj.context.get(), nullptr, quiet);
  proj_context_set_enable_network(proj.context.get(), 0);
  PjPtr source(proj_create(proj.context.get(), plain.c_str()));
  PjPtr raw_transform;
  if (source != nullptr) {
    raw_transform.reset(
        proj_create_crs_to_crs(proj.context.get(), plain.c_str(), "EPSG:4326", nullptr));
  }
  if (raw_transform != nullptr) {
    proj.transform.reset(proj_normalize_for_visualization(proj.context.get(), raw_transform.get()));
  }
  if (proj.transform == nullptr) {
    return fail(
        Error("intake.crs.unknown")
            .zh(fmt::format("不认识坐标系“{}”", raw.substr(0, 80)))
            .en(fmt::format("the coordinate system {} is not known", raw.substr(0, 80)))
            .remedy("请在映射的 [source] 中写 crs，如 \"cgcs2000\"、\"gcj02\" 或 \"EPSG:4526\"",
                    "give crs in the mapping's [source]: \"cgcs2000\", \"gcj02\" or "
                    "\"EPSG:4526\""));
  }
  const char* title = proj_get_name(source.get());
  out->name_ = plain.size() < 40 ? plain : std::string(title != nullptr ? title : "?");
  Area area;
  const char* area_name = nullptr;
  if (proj_get_area_of_use(proj.context.get(), source.get(), &area.west, &area.south, &area.east,
                           &area.north, &area_name) != 0 &&
      area.west > -1000) {
    proj.area = area;
  }
  return out;
}

bool CrsTransform::apply(double* x, double* y) {
  if (!std::isfinite(*x) || !std::isfinite(*y)) return false;
  if (kind_ == Kind::proj) {
    PJ_COORD in = proj_coord(*x, *y, 0, HUGE_VAL);
    PJ_COORD out = proj_trans(proj_->transform.get(), PJ_FWD, in);
    if (!std::isfinite(out.xy.x) || !std::isfinite(out.xy.y)) return false;
    if (!proj_->area.contains(out.xy.x, out.xy.y)) return false;
    *x = out.xy.x;
    *y = out.xy.y;
    return in_degrees(*x, *y);
  }
  if (!in_degrees(*x, *y)) return false;
  if (kind_ == Kind::gcj02) {
    LonLat p = gcj02_to_wgs84({*x, *y});
    *x = p.lon_deg;
    *y = p.lat_deg;
  }
  return true;
}

Error CrsTransform::explain(double x, double y) const {
  Error error("intake.crs.outside");
  if (kind_ == Kind::proj) {
    error.zh(fmt::format("坐标 ({}, {}) 不在坐标系 {} 的适用范围内", x, y, name_))
        .en(fmt::format("the coordinates ({}, {}) lie outside the area of {}", x, y, name_));
  } else {
    error.zh(fmt::format("坐标 ({}, {}) 不是经纬度", x, y))
        .en(fmt::format("the coordinates ({}, {}) are not longitude and latitude", x, y));
  }
  if (auto guess = guess_crs(x, y)) {
    std::string zh = "看起来是" + guess->zh;
    std::string en = "they look like " + guess->en;
    if (!guess->crs.empty()) {
      zh += "；若是，请在映射的 [source] 中写 crs = \"" + guess->crs + "\"";
      en += "; if so, write crs = \"" + guess->crs + "\" in the mapping's [source]";
    }
    error.remedy(zh, en);
  } else {
    error.remedy("请在映射的 [source] 中用 crs 写明坐标系",
                 "name the coordinate system with crs in the mapping's [source]");
  }
  return error;
}

namespace {

// Whether (x, y) falls into the area where this system is used.
bool fits(const char* crs, double x, double y) {
  auto transform = CrsTransform::make(crs);
  return transform && (*transform)->apply(&x, &y);
}

// Gauss-Krueger eastings with the zone number in front: 38500000 is zone 38's central meridian.
std::optional<CrsGuess> guess_gauss_krueger(double x, double y) {
  if (y < 300000 || y > 6100000) return std::nullopt;
  const auto zone = static_cast<int>(std::floor(x / 1e6));
  const double easting = x - zone * 1e6;
  if (zone >= 25 && zone <= 45 && easting > 250000 && easting < 750000) {
    std::string crs = fmt::format("EPSG:{}", 4513 + zone - 25);
    return CrsGuess{fmt::format("CGCS2000 三度带第 {} 带", zone),
                    fmt::format("CGCS2000 / 3-degree Gauss-Kruger zone {}", zone), crs};
  }
  if (zone >= 13 && zone <= 23 && easting > 150000 && easting < 850000) {
    std::string crs = fmt::format("EPSG:{}", 4491 + zone - 13);
    return CrsGuess{fmt::format("CGCS2000 六度带第 {} 带", zone),
                    fmt::format("CGCS2000 / Gauss-Kruger zone {}", zone), crs};
  }
  return std::nullopt;
}

}  // namespace

std::optional<CrsGuess> guess_crs(double x, double y) {
  if (std::fabs(y) > 90 && std::fabs(y) <= 180 && std::fabs(x) <= 90) {
    return CrsGuess{"纬度在前、经度在后", "latitude before longitude (swap them)", ""};
  }
  if (in_degrees(x, y)) return std::nullopt;
  if (auto guess = guess_gauss_krueger(x, y)) return guess;
  if (fits("EPSG:2249", x, y)) {
    return CrsGuess{"美国马萨诸塞州平面坐标（英尺）", "Massachusetts State Plane, in feet",
                    "EPSG:2249"};
  }
  if (fits("EPSG:26986", x, y)) {
    return CrsGuess{"美国马萨诸塞州平面坐标（米）", "Massachusetts State Plane, in metres",
                    "EPSG:26986"};
  }
  if (x > 250000 && x < 750000 && y > 300000 && y < 6100000) {
    return CrsGuess{
        "不带带号的高斯投影坐标（需知中央经线，如 117° 为 EPSG:4548）",
        "Gauss-Kruger without zone number (the central meridian must be known; 117 E is "
        "EPSG:4548)",
        ""};
  }
  if (std::fabs(x) <= 20037509 && std::fabs(y) <= 20048967) {
    return CrsGuess{"网络墨卡托（米）", "Web Mercator, in metres", "EPSG:3857"};
  }
  return std::nullopt;
}

}  // namespace yipan::intake
