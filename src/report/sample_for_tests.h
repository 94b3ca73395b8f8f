// A diagnosis made by hand, with everything a report must bear: severities, states, leads, a
// missing pack, a failed answer, hostile and very long text, nulls, a map; and a board with two
// districts.
#ifndef YIPAN_REPORT_SAMPLE_FOR_TESTS_H_
#define YIPAN_REPORT_SAMPLE_FOR_TESTS_H_

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "report/outline.h"
#include "yipan/report.h"
#include "yipan/store.h"

namespace yipan::report {

inline constexpr std::string_view kHostile = "<script>alert('x')</script> & \"]]>\x01";

inline std::string square_wkb(double west, double south, double size) {
  std::string out("\x01\x06\0\0\0\x01\0\0\0\x01\x03\0\0\0\x01\0\0\0\x05\0\0\0", 22);
  const double xy[] = {west,         south, west + size,  south, west + size,
                       south + size, west,  south + size, west,  south};
  out.append(reinterpret_cast<const char*>(xy), sizeof xy);
  return out;
}

// A board with a city, two districts side by side and one area without a boundary.
inline std::unique_ptr<store::Connection> sample_board() {
  auto db = store::open({.url = "sqlite::memory:"}).value();
  store::TableSpec t;
  t.name = "areas";
  t.columns = {{.name = "id"},
               {.name = "name"},
               {.name = "name_en"},
               {.name = "kind"},
               {.name = "geom", .type = Type::geometry, .geometry_type = "MULTIPOLYGON"}};
  t.primary_key = {"id"};
  EXPECT_TRUE(db->create_table(t));
  auto writer = db->bulk("areas", t.columns).value();
  Batch batch({Type::text, Type::text, Type::text, Type::text, Type::geometry});
  const auto add = [&](const char* id, const char* name, const char* en, const char* kind,
                       const std::string& wkb) {
    const char* texts[] = {id, name, en, kind};
    for (size_t c = 0; c < 4; ++c) batch.columns[c].append_bytes(texts[c]);
    if (wkb.empty()) {
      batch.columns[4].append_null();
    } else {
      batch.columns[4].append_bytes(wkb);
    }
  };
  add("XX", "岚江市", "Lanjiang", "city", square_wkb(117, 34, 0.4));
  add("D1", "望江区", "Wangjiang", "district", square_wkb(117, 34, 0.2));
  add("D2", "临湖区", "Linhu", "district", square_wkb(117.2, 34, 0.2));
  add("D3", "无界区", "Unbounded", "district", "");
  EXPECT_TRUE(writer->append(batch));
  EXPECT_TRUE(writer->finish());
  return db;
}

inline findings::Citation sample_citation(const std::string& id, const std::string& status) {
  return {.id = id,
          .label = {"《政府投资条例》第" + id + "条",
                    "Government Investment Regulations, article " + id},
          .paraphrase = {"先审批后建设", "approve first, then build"},
          .status = status};
}

inline Finding sample_finding(int question, int n, const std::string& code, Severity severity) {
  Finding f;
  f.id = fmt::format("F{}-{:012x}", question, n * 7919);
  f.question = question;
  f.code = code;
  f.rule = "P05";
  f.severity = severity;
  f.title = {"未批先建", "Begun before it was approved"};
  f.claim = {fmt::format("第{}号项目在批准前{}天开工。", n, n + 3),
             fmt::format("Project {} was begun {} days before its approval.", n, n + 3)};
  f.norm = {"批准后方可开工", "No start before approval"};
  f.remedy = {"停工补办手续，并说明原因", "Stop work, obtain the approval, state the reason"};
  f.value = fmt::format("{}", n + 3);
  f.norm_value = "0";
  f.fact = "project_steps";
  f.key = fmt::format("PRJ-{:04}", n);
  f.subject = fmt::format("第{}号项目", n);
  f.area_id = "D1";
  f.area = {"望江区", "Wangjiang"};
  f.money_fen = int64_t{123'456'789} * (n + 1);
  f.citations = {sample_citation("12", "verified")};
  f.citation_status = "verified";
  f.lead_role = "development-reform";
  f.lead_id = "O1";
  f.lead_name = "市发展和改革委员会";
  f.support_names = {"市财政局", "市审计局"};
  f.evidence = {{"projects", f.key, 12, 34}, {"approvals", f.key + "|2", 13, 5}};
  f.evidence_total = 2;
  f.lon = 117.05 + 0.01 * n;
  f.lat = 34.1;
  f.first_seen_on = "2022-11-30";
  f.last_seen_on = "2022-11-30";
  f.facts = {{"begun_on", "2022-03-01"}, {"approved_on", ""}};
  return f;
}

inline findings::ViewData sample_view(const std::string& kind) {
  findings::ViewData v;
  v.id = "share_" + kind;
  v.title = {"制造业占比", "Share of manufacturing"};
  v.kind = kind;
  v.x = "name";
  v.area = "area_id";
  v.y = {"signed_share", "received_share"};
  v.y_title = {{"签约", "signed"}, {"到账", "received"}};
  v.unit = "percent";
  v.decimals = 1;
  v.norm = 30;
  v.columns = {"name", "area_id", "signed_share", "received_share"};
  v.rows = {{"望江区", "D1", "46.14", "51.5"}, {"临湖区", "D2", "12.5", ""}};
  return v;
}

inline findings::Answer sample_first_answer() {
  findings::Answer a;
  a.number = 1;
  a.pack = "01-real-economy";
  a.title = {"投资是不是真的", "Is investment real?"};
  a.asks = {"实体经济占多少", "How much is the real economy?"};
  a.sentence = {"签约资金中制造业占46.1%，2项严重问题。",
                "Manufacturing is 46.1% of what was signed."};
  a.figures = {{"manufacturing_share",
                {"制造业占比", "Share of manufacturing"},
                "percent",
                1,
                46.14,
                50.0,
                "F055",
                "share_bar"},
               {"received_fen", {"到账资金", "Funds received"}, "fen", 2, 4.56e11, {}, "", ""},
               {"unknown", {"未报指标", "Never reported"}, "persons", 0, {}, {}, "", ""}};
  a.views = {sample_view("bar"), sample_view("line"), sample_view("map"), sample_view("table")};
  for (int n = 1; n <= 4; ++n) {
    a.findings.push_back(sample_finding(1, n, "begun_before_approval", Severity::red));
  }
  a.findings[1].lead_id = "O2";
  a.findings[1].lead_name = "市住房和城乡建设局";
  a.findings[2].state = findings::State::standing;
  a.findings[2].first_seen_on = "2022-05-01";
  Finding odd = sample_finding(1, 9, "hostile_text", Severity::orange);
  odd.subject = std::string(kHostile);
  odd.claim = {std::string(kHostile), std::string(kHostile)};
  odd.citations = {sample_citation("99", "unverified")};
  odd.citation_status = "unverified";
  odd.money_fen.reset();
  odd.lon.reset();
  odd.evidence_total = 25'000;
  odd.state = findings::State::reopened;
  a.findings.push_back(odd);
  Finding cleared = sample_finding(1, 11, "begun_before_approval", Severity::yellow);
  cleared.state = findings::State::cleared;
  cleared.cleared_on = "2022-11-30";
  a.findings.push_back(cleared);
  Finding lead = sample_finding(1, 12, "odd_digits", Severity::yellow);
  lead.lead = true;
  lead.citations.clear();
  lead.lead_lacks = {{"依据", "citation"}};
  a.leads.push_back(lead);
  a.steps.push_back({.name = "project_steps",
                     .title = {"项目步骤", "Project steps"},
                     .rows = 5'000,
                     .findings = 5,
                     .unjudged = 1});
  a.unjudged.push_back(Error("findings.unjudged")
                           .zh("PRJ-0077 没有投资额，不能判断")
                           .en("PRJ-0077 has no cost and cannot be judged")
                           .remedy("补填投资额", "state its cost"));
  a.method_md =
      "# 方法\n\n用`项目`表，见[条例](https://www.gov.cn/)。\n\n- 一\n- 二 <b>粗</b>\n\n"
      "| 表 | 用处 |\n|---|---|\n| projects | **步骤** |\n\n[坏](javascript:alert(1))\n";
  return a;
}

inline findings::Diagnosis sample_diagnosis() {
  findings::Diagnosis d;
  d.as_of = Date::parse("2022-11-30").value();
  d.rulebook_hash = std::string(64, 'a');
  d.synthetic = true;
  d.answers.push_back(sample_first_answer());
  findings::Answer second;
  second.number = 2;
  second.title = {"城市是不是一体规划", "Is the city planned as one?"};
  second.sentence = {"没有发现问题。", "No problem was found."};
  d.answers.push_back(second);
  findings::Answer third;
  third.number = 3;
  third.title = {"商业是否适度", "Is commerce in proportion?"};
  third.errors.push_back(Error("findings.sql")
                             .zh("查询 facts.sql 出错")
                             .en("the query facts.sql failed")
                             .file("facts.sql")
                             .line(7)
                             .remedy("改正查询", "mend the query"));
  d.answers.push_back(third);
  findings::PackProblem missing;
  missing.pack = "08-rule-of-law";
  missing.number = 8;
  missing.title = {"是否依法", "Is it lawful?"};
  missing.errors.push_back(Error("findings.pack")
                               .zh("引用的条文 x#1 不在法规库中")
                               .en("the citation x#1 is not in the registry")
                               .file("judge.dmn")
                               .line(12)
                               .remedy("在 rulebook/law 中补上", "add it to rulebook/law"));
  d.missing.push_back(missing);
  return d;
}

// `count` findings of ten codes in one answer.
inline findings::Diagnosis large_diagnosis(int count) {
  findings::Diagnosis d = sample_diagnosis();
  for (int n = 0; n < count; ++n) {
    const auto severity = static_cast<Severity>(n % 3);
    Finding f = sample_finding(2, n + 100, fmt::format("code_{}", n % 10), severity);
    f.lead_name = fmt::format("第{}局", n % 23);
    f.lead_id = f.lead_name;
    f.lat = 34.0 + 0.0001 * (n % 2000);
    f.lon = 117.0 + 0.00017 * (n % 2311);
    d.answers[1].findings.push_back(std::move(f));
  }
  return d;
}

inline ReportOptions sample_options(const std::string& out_dir) {
  ReportOptions o;
  o.out_dir = out_dir;
  o.city = {"岚江市", "Lanjiang"};
  o.made_at = Instant::parse("2022-12-01T01:30:00Z").value();
  o.program = "yipan 0.1.0";
  return o;
}

}  // namespace yipan::report

#endif  // YIPAN_REPORT_SAMPLE_FOR_TESTS_H_
