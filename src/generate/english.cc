#include "generate/english.h"

#include <algorithm>
#include <array>
#include <utility>

namespace yipan::generate {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;
constexpr std::array<Pair, 58> kNames = {{
    {"岚江市", "Lanjiang"},
    {"岚江市市区", "Lanjiang urban area"},
    {"望江区", "Wangjiang District"},
    {"临湖区", "Linhu District"},
    {"南屏区", "Nanping District"},
    {"新港区", "Xingang District"},
    {"青岚市", "Qinglan"},
    {"白沙洲市", "Baishazhou"},
    {"云桥市", "Yunqiao"},
    {"岚江", "Lanjiang River"},
    {"岚江市人民政府", "Lanjiang City Government"},
    {"市发展和改革委员会", "City Development and Reform Commission"},
    {"市财政局", "City Finance Bureau"},
    {"市自然资源和规划局", "City Natural Resources and Planning Bureau"},
    {"市住房和城乡建设局", "City Housing and Construction Bureau"},
    {"市交通运输局", "City Transport Bureau"},
    {"市水利局", "City Water Bureau"},
    {"市卫生健康委员会", "City Health Commission"},
    {"市教育局", "City Education Bureau"},
    {"市商务局", "City Commerce Bureau"},
    {"市工业和信息化局", "City Industry and Information Bureau"},
    {"市统计局", "City Statistics Bureau"},
    {"市人力资源和社会保障局", "City Human Resources and Social Security Bureau"},
    {"市医疗保障局", "City Medical Insurance Bureau"},
    {"市民政局", "City Civil Affairs Bureau"},
    {"市审计局", "City Audit Bureau"},
    {"市司法局", "City Justice Bureau"},
    {"市国有资产监督管理委员会", "City State Assets Commission"},
    {"市城市管理局", "City Management Bureau"},
    {"市政府督查室", "City Government Supervision Office"},
    {"市生态环境局", "City Environment Bureau"},
    {"市行政审批局", "City Approval Bureau"},
    {"市税务局", "City Tax Office"},
    {"市征收办公室", "City Expropriation Office"},
    {"市供电公司", "City Power Company"},
    {"市政府投资项目代建中心", "City Construction Agency Centre"},
    {"望江区工程建设中心", "Wangjiang Construction Centre"},
    {"临湖区工程建设中心", "Linhu Construction Centre"},
    {"南屏区工程建设中心", "Nanping Construction Centre"},
    {"新港区工程建设中心", "Xingang Construction Centre"},
    {"高新区工程建设中心", "High-tech Zone Construction Centre"},
    {"新港经济开发区管委会", "Xingang Development Zone Committee"},
    {"南屏高新区管委会", "Nanping High-tech Zone Committee"},
    {"岚江城市建设投资集团", "Lanjiang Urban Construction Investment Group"},
    {"岚江交通投资集团", "Lanjiang Transport Investment Group"},
    {"岚江水务投资集团", "Lanjiang Water Investment Group"},
    {"岚江文化旅游集团", "Lanjiang Culture and Tourism Group"},
    {"岚江新城开发公司", "Lanjiang New Town Development Company"},
    {"岚江产业投资公司", "Lanjiang Industrial Investment Company"},
    {"岚江农村商业银行", "Lanjiang Rural Commercial Bank"},
    {"江淮信托公司", "Jianghuai Trust"},
    {"望江区人民政府", "Wangjiang District Government"},
    {"临湖区人民政府", "Linhu District Government"},
    {"南屏区人民政府", "Nanping District Government"},
    {"新港区人民政府", "Xingang District Government"},
    {"青岚市人民政府", "Qinglan Government"},
    {"白沙洲市人民政府", "Baishazhou Government"},
    {"云桥市人民政府", "Yunqiao Government"},
}};

}  // namespace

std::string_view english_name(std::string_view zh) {
  const auto* found =
      std::find_if(kNames.begin(), kNames.end(), [&](const Pair& p) { return p.first == zh; });
  return found == kNames.end() ? std::string_view() : found->second;
}

}  // namespace yipan::generate
