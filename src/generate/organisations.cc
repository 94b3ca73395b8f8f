// Organisations and duties.
#include <fmt/format.h>

#include <array>

#include "generate/english.h"
#include "generate/world.h"

namespace yipan::generate {
namespace {

struct Department {
  const char* id;
  const char* name;
  const char* kind;
  bool supervises;
};

constexpr Department kDepartments[] = {
    {"O-GOV", "岚江市人民政府", "government", true},
    {"O-FGW", "市发展和改革委员会", "department", true},
    {"O-CZJ", "市财政局", "department", true},
    {"O-ZRZ", "市自然资源和规划局", "department", true},
    {"O-ZJJ", "市住房和城乡建设局", "department", true},
    {"O-JTJ", "市交通运输局", "department", true},
    {"O-SLJ", "市水利局", "department", true},
    {"O-WJW", "市卫生健康委员会", "department", true},
    {"O-JYJ", "市教育局", "department", true},
    {"O-SWJ", "市商务局", "department", true},
    {"O-GXJ", "市工业和信息化局", "department", true},
    {"O-TJJ", "市统计局", "department", true},
    {"O-RSJ", "市人力资源和社会保障局", "department", true},
    {"O-YBJ", "市医疗保障局", "department", true},
    {"O-MZJ", "市民政局", "department", true},
    {"O-SJJ", "市审计局", "department", true},
    {"O-SFJ", "市司法局", "department", true},
    {"O-GZW", "市国有资产监督管理委员会", "department", true},
    {"O-CGJ", "市城市管理局", "department", true},
    {"O-DCS", "市政府督查室", "department", true},
    {"O-HBJ", "市生态环境局", "department", true},
    {"O-SPJ", "市行政审批局", "department", true},
    {"O-SHW", "市税务局", "department", true},
    {"O-ZSJ", "市征收办公室", "department", true},
    {"O-GDG", "市供电公司", "enterprise", false},
    {"O-DJZ", "市政府投资项目代建中心", "public_institution", false},
    {"O-JG1", "望江区工程建设中心", "public_institution", false},
    {"O-JG2", "临湖区工程建设中心", "public_institution", false},
    {"O-JG3", "南屏区工程建设中心", "public_institution", false},
    {"O-JG4", "新港区工程建设中心", "public_institution", false},
    {"O-JG5", "高新区工程建设中心", "public_institution", false},
    {"O-DZ1", "新港经济开发区管委会", "development_zone", true},
    {"O-DZ2", "南屏高新区管委会", "development_zone", true},
    {"O-PT1", "岚江城市建设投资集团", "platform", false},
    {"O-PT2", "岚江交通投资集团", "platform", false},
    {"O-PT3", "岚江水务投资集团", "platform", false},
    {"O-PT4", "岚江文化旅游集团", "platform", false},
    {"O-PT5", "岚江新城开发公司", "platform", false},
    {"O-PT6", "岚江产业投资公司", "platform", false},
    {"O-BK1", "岚江农村商业银行", "bank", false},
    {"O-BK2", "江淮信托公司", "bank", false}};

constexpr const char* kDistrictNames[] = {"望江区", "临湖区",   "南屏区", "新港区",
                                          "青岚市", "白沙洲市", "云桥市"};

constexpr std::array<const char*, 24> kFirst = {"华", "瑞", "恒", "鼎", "博", "远", "金", "嘉",
                                                "盛", "宏", "泰", "安", "新", "优", "源", "凯",
                                                "诚", "启", "天", "明", "科", "达", "润", "德"};
constexpr std::array<const char*, 24> kSecond = {"信", "利", "通", "丰", "联", "诺", "川", "驰",
                                                 "维", "辰", "腾", "硕", "铭", "立", "翔", "海",
                                                 "欣", "和", "拓", "亿", "兴", "创", "晟", "康"};

std::string coined_name(Random& random, std::string_view trade) {
  return fmt::format("岚江{}{}{}有限公司", pick(random, std::vector(kFirst.begin(), kFirst.end())),
                     pick(random, std::vector(kSecond.begin(), kSecond.end())), trade);
}

Row add_company(World& world, Random& random, std::string_view id, std::string_view trade,
                std::string_view sector, const std::string& area) {
  Row row = world.table("organisations").add(id);
  row.set("name", fmt::format("{}（{}）", coined_name(random, trade), id.substr(2)));
  row.set("kind", "enterprise").set("sector", sector).set("area_id", area);
  row.set("credit_code", fmt::format("9X{:016}", random.below(10'000'000'000'000'000ULL)));
  row.set("founded_on", draw_date(random, day(1998, 1, 1), day(2015, 12, 31)));
  row.set("capital_fen", around(random, 2'000'000'000, 10'000'000));
  row.set("state_owned", false).set("may_supervise", false);
  return row;
}

void add_departments(World& world) {
  for (const Department& d : kDepartments) {
    Row row = world.table("organisations").add(d.id);
    row.set("name", d.name).set("kind", d.kind).set("area_id", "XX");
    row.set("may_supervise", d.supervises).set("state_owned", true).set("sector", "public");
    row.set("founded_on", day(2005, 1, 1)).set("name_en", english_name(d.name));
    row.set("contact", fmt::format("{}办公室", d.name));
    if (std::string_view(d.kind) == "department") row.set("parent_id", "O-GOV");
    if (std::string_view(d.kind) == "platform") {
      row.set("parent_id", "O-GZW");
      world.cast.platforms.push_back(d.id);
    }
  }
  for (size_t i = 0; i < kDistricts.size(); ++i) {
    const std::string id = "O-" + kDistricts[i];
    Row row = world.table("organisations").add(id);
    const std::string name = fmt::format("{}人民政府", kDistrictNames[i]);
    row.set("name", name).set("name_en", english_name(name)).set("kind", "district_government");
    row.set("area_id", kDistricts[i]).set("parent_id", "O-GOV").set("sector", "public");
    row.set("may_supervise", true).set("state_owned", true).set("founded_on", day(2005, 1, 1));
    row.set("contact", fmt::format("{}政府办公室", kDistrictNames[i]));
    world.cast.districts.push_back(id);
  }
  world.cast.agents = world.cast.platforms;
  for (const char* id : {"O-DJZ", "O-JG1", "O-JG2", "O-JG3", "O-JG4", "O-JG5"}) {
    world.cast.agents.push_back(id);
  }
  world.cast.department_agents = {"O-ZJJ", "O-JTJ", "O-SLJ"};
}

void add_companies(World& world, Random& random) {
  const auto many = [&](std::string_view prefix, size_t count, std::string_view sector,
                        const std::vector<const char*>& trades, std::vector<std::string>* into) {
    for (size_t i = 1; i <= count; ++i) {
      const std::string id = id_of(prefix, i);
      Row row =
          add_company(world, random, id, pick(random, trades), sector, pick(random, kDistricts));
      if (prefix == "O-M") {
        row.set("above_scale", true).set("industry_code", fmt::format("C{}", 13 + i % 30));
      }
      into->push_back(id);
    }
  };
  const size_t scale = static_cast<size_t>(world.options.scale);
  many("O-B", 60, "construction", {"建设工程", "市政工程", "路桥工程"}, &world.cast.contractors);
  many("O-S", 24, "services", {"工程设计", "工程监理", "勘察测绘"}, &world.cast.designers);
  many("O-M", 120 * scale, "manufacturing", {"机械", "化工", "电子", "新材料", "汽车部件", "纺织"},
       &world.cast.manufacturers);
  many("O-T", 60 * scale, "services", {"物流", "商贸", "信息技术", "咨询"}, &world.cast.services);
  many("O-I", 70, "services", {"投资", "控股", "产业基金"}, &world.cast.investors);
  many("O-L", 380, "manufacturing", {"科技", "实业", "发展"}, &world.cast.local_companies);
  many("O-R", 30, "services", {"置业", "商业管理"}, &world.cast.developers);
}

struct Matter {
  const char* code;
  const char* name;
  const char* lead;
  const char* supervise;
  const char* basis;
};

constexpr Matter kMatters[] = {
    {"project.approval", "政府投资项目审批", "O-FGW", "O-SJJ", "政府投资条例"},
    {"project.management", "政府投资项目实施管理", "O-ZJJ", "O-FGW", "政府投资条例"},
    {"fiscal.review", "财政评审", "O-CZJ", "O-SJJ", "预算法"},
    {"platform.supervision", "平台公司监管", "O-GZW", "O-SJJ", "企业国有资产法"},
    {"land.enforcement", "违法用地查处", "O-ZRZ", "O-SFJ", "土地管理法"},
    {"land.idle", "闲置土地处置", "O-ZRZ", "O-SJJ", "闲置土地处置办法"},
    {"commerce.plan", "商业网点规划", "O-SWJ", "O-ZRZ", "城乡规划法"},
    {"flats.allocation", "安置房分配", "O-ZSJ", "O-SJJ", "国有土地上房屋征收与补偿条例"},
    {"flats.keeping", "安置房存量管理", "O-ZJJ", "O-CZJ", "行政事业性国有资产管理条例"},
    {"fund.medical", "医保基金监管", "O-YBJ", "O-SJJ", "医疗保障基金使用监督管理条例"},
    {"assistance.standard", "低保标准测算", "O-MZJ", "O-CZJ", "社会救助暂行办法"},
    {"statistics.quality", "统计数据质量", "O-TJJ", "O-DCS", "统计法"},
    {"investment.truth", "招商项目核实", "O-SWJ", "O-TJJ", "企业投资项目核准和备案管理条例"},
    {"school.places", "学位配置", "O-JYJ", "O-ZRZ", "义务教育法"},
    {"health.layout", "医疗资源布局", "O-WJW", "O-FGW", "基本医疗卫生与健康促进法"},
    {"tender.supervision", "招标投标监督", "O-FGW", "O-SJJ", "招标投标法"},
    {"debt.management", "政府债务管理", "O-CZJ", "O-SJJ", "预算法"},
    {"tax.collection", "税收征收", "O-SHW", "O-SJJ", "税收征收管理法"},
    {"idle.property", "闲置资产盘活", "O-GZW", "O-CZJ", "行政事业性国有资产管理条例"},
    {"parking.temporary", "闲置用地临时利用", "O-CGJ", "O-ZRZ", "城乡规划法"},
    {"market.keeping", "菜市场管护", "O-SWJ", "O-CGJ", "行政事业性国有资产管理条例"},
    {"decision.supervision", "决策督查", "O-DCS", "O-GOV", "政府督查工作条例"},
    {"legality.review", "合法性审查", "O-SFJ", "O-GOV", "重大行政决策程序暂行条例"},
    {"water.works", "水利工程运行", "O-PT3", "O-SLJ", "水法"},
    {"station.layout", "铁路站场布局", "O-JTJ", "O-ZRZ", "城乡规划法"},
    {"culture.venues", "文体场馆运营", "O-PT4", "O-GZW", "公共文化服务保障法"}};

Row add_duty(World& world, const Matter& matter, std::string_view role, const char* who) {
  Row row = world.table("duties").add(id_of("DU", world.table("duties").size() + 1));
  row.set("matter", matter.name).set("matter_code", matter.code).set("role", role);
  if (who != nullptr) row.set("organisation_id", who);
  row.set("area_id", "XX").set("basis", matter.basis).set("valid_from", day(2019, 1, 1));
  row.set("time_limit_days", 20);
  return row;
}

// Planted: matters nobody leads, matters two lead, and operators that supervise themselves.
void add_duties(World& world) {
  size_t number = 0;
  for (const Matter& matter : kMatters) {
    ++number;
    const bool orphan = world.dirty() && (number == 9 || number == 20);
    Row lead = add_duty(world, matter, "lead", orphan ? nullptr : matter.lead);
    if (orphan) world.plant("duty_without_owner", "", 7, lead);
    const bool twice = world.dirty() && (number == 2 || number == 7 || number == 14);
    if (twice) {
      const Row second = add_duty(world, matter, "lead", number == 2 ? "O-FGW" : "O-ZRZ");
      world.plant("duty_with_two_owners", "", 7, second);
    }
    const bool operates = number == 24 || number == 26;
    if (operates) add_duty(world, matter, "operate", matter.lead);
    const bool self = world.dirty() && operates;
    const Row watch = add_duty(world, matter, "supervise", self ? matter.lead : matter.supervise);
    if (self) world.plant("operator_supervises_itself", "", 7, watch);
  }
}

}  // namespace

void make_organisations(World& world) {
  Random random = world.random(kStreamOrganisations);
  add_departments(world);
  add_companies(world, random);
  add_duties(world);
}

}  // namespace yipan::generate
