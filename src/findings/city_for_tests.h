// A rulebook of one small pack in a temporary folder, and a small city to ask, for tests.
#ifndef YIPAN_FINDINGS_CITY_FOR_TESTS_H_
#define YIPAN_FINDINGS_CITY_FOR_TESTS_H_

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "yipan/board.h"
#include "yipan/file.h"
#include "yipan/findings.h"
#include "yipan/store.h"

namespace yipan::findings {

inline constexpr std::string_view kCitySchemas = R"({"format":"yipan-schemas/1","tables":[
 {"name":"areas","title":"区域","title_en":"Areas","fields":[
   {"name":"id","type":"string","title":"编号","title_en":"Id"},
   {"name":"name","type":"string","title":"名称","title_en":"Name"},
   {"name":"name_en","type":"string","title":"英文名","title_en":"English name"},
   {"name":"parent_id","type":"string","title":"上级","title_en":"Parent"},
   {"name":"geom","type":"geojson","geometry":"point","title":"位置","title_en":"Place"}],
  "primaryKey":["id"]},
 {"name":"organisations","title":"单位","title_en":"Organisations","fields":[
   {"name":"id","type":"string","title":"编号","title_en":"Id"},
   {"name":"name","type":"string","title":"名称","title_en":"Name"},
   {"name":"name_en","type":"string","title":"英文名","title_en":"English name"},
   {"name":"kind","type":"string","title":"类别","title_en":"Kind"},
   {"name":"area_id","type":"string","title":"区域","title_en":"Area"}],
  "primaryKey":["id"]},
 {"name":"payments","title":"付款","title_en":"Payments","fields":[
   {"name":"project_id","type":"string","title":"项目","title_en":"Project"},
   {"name":"number","type":"integer","title":"序号","title_en":"Number"},
   {"name":"paid_fen","type":"integer","title":"金额","title_en":"Amount","unit":"fen"}],
  "primaryKey":["project_id","number"]},
 {"name":"projects","title":"项目","title_en":"Projects","fields":[
   {"name":"id","type":"string","title":"编号","title_en":"Id"},
   {"name":"name","type":"string","title":"名称","title_en":"Name"},
   {"name":"area_id","type":"string","title":"区域","title_en":"Area"},
   {"name":"cost_fen","type":"integer","title":"投资","title_en":"Cost","unit":"fen"},
   {"name":"share","type":"number","title":"占比","title_en":"Share"},
   {"name":"begun_on","type":"date","title":"开工","title_en":"Begun"},
   {"name":"permit","type":"boolean","title":"许可","title_en":"Permit"},
   {"name":"geom","type":"geojson","geometry":"point","title":"位置","title_en":"Place"}],
  "primaryKey":["id"]}
]})";

// The files of a rulebook, by path. A test changes what it is about.
using RulebookFiles = std::map<std::string, std::string>;

inline RulebookFiles sample_law() {
  RulebookFiles out;
  out["law/sources/building-law.toml"] = R"(id = "building-law"
title.zh = "建筑法"
title.en = "Building Law"
issuer.zh = "全国人大常委会"
issuer.en = "Standing Committee of the NPC"
level = "law"
jurisdiction = "cn"
text_status = "checked"

[[article]]
article = "7"
title.zh = "第七条"
paraphrase.zh = "开工前要领施工许可证"
paraphrase.en = "a permit before work begins"
status = "verified"
)";
  out["law/rules/T.toml"] = R"([[rule]]
id = "T01"
questions = [1]
title.zh = "未批先建"
title.en = "Begun without permit"
condition.zh = "已开工而无许可"
condition.en = "begun, and no permit"
citations = ["building-law#7"]
status = "verified"
)";
  out["standards/roles.toml"] = R"([[role]]
id = "housing"
title.zh = "住建部门"
title.en = "housing department"
kinds = ["department"]
names = ["住建", "建设"]

[[role]]
id = "district"
title.zh = "区政府"
title.en = "district government"
kinds = ["district_government"]
names = []
per_area = true
)";
  out["standards/building.toml"] = R"([[parameter]]
name = "small_fen"
unit = "fen"
[[parameter.value]]
from = 2020-01-01
value = 1000000
citation = "building-law#7"

[[parameter]]
name = "later"
[[parameter.value]]
from = 2030-01-01
value = 1
citation = "building-law#7"
)";
  return out;
}

inline std::string sample_question() {
  return R"(format = "yipan.question/1"
number = 1
title.zh = "是否依法开工"
title.en = "Is work begun lawfully?"
asks.zh = "依法建设"
asks.en = "build lawfully"
measures = ["places"]
answer.zh = "{begun:n0}个项目开工，{findings_red}项严重，涉及{money_fen:wan}，{count.paid_much}"
answer.en = "{begun:n0} begun, {findings_red} serious, {money_fen:wan}, {count.paid_much}"

[[figure]]
id = "begun"
title.zh = "已开工"
title.en = "begun"
unit = ""
by_area = "by_area"
norm = "small_fen"

[[view]]
id = "by_area"
title.zh = "分区"
title.en = "by area"
kind = "bar"
x = "name"
y = ["projects"]

[[fact]]
name = "begun_project"
title.zh = "已开工的项目"
title.en = "projects begun"
table = "projects"

[[fact]]
name = "paid_by_area"
title.zh = "各区付款"
title.en = "payments by area"
)";
}

inline RulebookFiles sample_sql() {
  RulebookFiles out;
  out["facts.sql"] = R"(-- Facts of the sample.
-- fact: begun_project
-- types: key text, subject text, area_id text, cost_fen integer, begun_on date, permit boolean
SELECT p.id AS key, p.name AS subject, p.area_id, p.cost_fen, p.begun_on, p.permit
FROM projects p LEFT JOIN m_places m ON m.table_name = 'projects' AND m.row_key = p.id
WHERE p.begun_on <= :as_of AND p.cost_fen >= :small_fen AND coalesce(m.x_m, 0.0) < 1.0e6

-- fact: paid_by_area
SELECT p.area_id AS key, p.area_id, sum(t.paid_fen) AS paid_fen, count(*) AS payments
FROM payments t JOIN projects p ON p.id = t.project_id
GROUP BY p.area_id
)";
  out["evidence.sql"] = R"(-- evidence: paid_by_area
SELECT 'payments' AS table_name, t.project_id || '|' || t.number AS row_key
FROM payments t JOIN projects p ON p.id = t.project_id WHERE p.area_id = :key ORDER BY 2
)";
  out["figures.sql"] = R"(-- figure: begun
SELECT count(*) AS value FROM projects WHERE begun_on <= :as_of
)";
  out["views.sql"] = R"(-- view: by_area
SELECT a.name, count(p.id) AS projects FROM areas a LEFT JOIN projects p ON p.area_id = a.id
GROUP BY a.id, a.name ORDER BY a.id
)";
  return out;
}

using Cells = std::vector<std::string>;

// A row of the catalogue: its cells as FEEL expressions.
inline std::string catalogue_row(const std::string& id, const Cells& cells) {
  std::string out = "      <row id=\"" + id + "\">\n";
  for (size_t i = 0; i < cells.size(); ++i) {
    out += "        <literalExpression id=\"" + id + "_" + std::to_string(i) + "\"><text>" +
           cells[i] + "</text></literalExpression>\n";
  }
  return out + "      </row>\n";
}
inline std::string catalogue_columns() {
  std::string out = "\n";
  for (const char* name :
       {"code", "rule", "severity", "title_zh", "title_en", "claim_zh", "claim_en", "norm_zh",
        "norm_en", "citations", "lead", "support", "remedy_zh", "remedy_en"}) {
    out += std::string("      <column id=\"c_") + name + "\" name=\"" + name + "\"/>\n";
  }
  return out;
}
inline std::string begun_row() {
  return catalogue_row(
      "w1",
      {R"("begun_without_permit")", R"("T01")", R"("red")", R"("未批先建")",
       R"("Begun without permit")",
       R"("{subject}（{area_id:area}）{begun_on}开工，投资{cost_fen:wan}，没有许可")",
       R"("{subject} in {area_id:area} was begun on {begun_on} at {cost_fen:yuan}, no permit")",
       R"("{small_fen:wan}以上先领许可")", R"("from {small_fen:yuan} on a permit comes first")",
       R"(["building-law#7"])", R"("district")", R"(["housing"])", R"("停工补办")",
       R"("stop and apply")"});
}
inline std::string paid_row() {
  return catalogue_row("w2", {R"("paid_much")", "null", R"("yellow")", R"("付款多")",
                              R"("Much paid")", R"("付了{paid_fen:yuan}，{payments:n0}笔")",
                              R"("{paid_fen:yuan} in {payments:n0} payments")", "null", "null",
                              "null", R"("housing")", "null", R"("核对")", R"("check")"});
}

inline std::string sample_judge() {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="judge" name="judge"
    namespace="urn:yipan:test">
  <inputData id="i1" name="permit"><variable name="permit" typeRef="boolean"/></inputData>
  <inputData id="i2" name="begun_on"><variable name="begun_on" typeRef="date"/></inputData>
  <inputData id="i3" name="cost_fen"><variable name="cost_fen" typeRef="number"/></inputData>
  <inputData id="i4" name="paid_fen"><variable name="paid_fen" typeRef="number"/></inputData>
  <decision id="d1" name="begun_project">
    <variable name="begun_project"/>
    <informationRequirement id="r1"><requiredInput href="#i1"/></informationRequirement>
    <informationRequirement id="r2"><requiredInput href="#i2"/></informationRequirement>
    <informationRequirement id="r3"><requiredInput href="#i3"/></informationRequirement>
    <decisionTable id="t1" hitPolicy="FIRST">
      <input id="in1">
        <inputExpression id="e1" typeRef="boolean"><text>permit</text></inputExpression>
      </input>
      <output id="o1" name="code"/>
      <output id="o2" name="value"/>
      <output id="o3" name="money_fen"/>
      <rule id="u1"><inputEntry id="a1"><text>false</text></inputEntry>
        <outputEntry id="b1"><text>"begun_without_permit"</text></outputEntry>
        <outputEntry id="b2"><text>begun_on</text></outputEntry>
        <outputEntry id="b3"><text>cost_fen</text></outputEntry></rule>
      <rule id="u2"><inputEntry id="a2"><text>-</text></inputEntry>
        <outputEntry id="b4"><text>null</text></outputEntry>
        <outputEntry id="b5"><text>null</text></outputEntry>
        <outputEntry id="b6"><text>null</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="d2" name="paid_by_area">
    <variable name="paid_by_area"/>
    <informationRequirement id="r4"><requiredInput href="#i4"/></informationRequirement>
    <literalExpression id="l1"><text>
      if paid_fen > 500 then {code: "paid_much", value: paid_fen / 100} else null
    </text></literalExpression>
  </decision>
  <decision id="d3" name="catalogue">
    <variable name="catalogue"/>
    <relation id="rel">)" +
         catalogue_columns() + begun_row() + paid_row() + R"(
    </relation>
  </decision>
</definitions>
)";
}

// The pack "01-begun"; law, roles and parameters beside it.
inline RulebookFiles sample_rulebook() {
  RulebookFiles out = sample_law();
  const std::string folder = "questions/01-begun/";
  out[folder + "question.toml"] = sample_question();
  out[folder + "judge.dmn"] = sample_judge();
  out[folder + "README.md"] = "# Method\n";
  for (auto& [name, text] : sample_sql()) out[folder + name] = text;
  return out;
}

// Replaces the one place where `what` stands.
inline void replace(std::string* text, const std::string& what, const std::string& with) {
  const size_t at = text->find(what);
  ASSERT_NE(at, std::string::npos) << what;
  text->replace(at, what.size(), with);
}

class TestRulebook {
 public:
  explicit TestRulebook(const RulebookFiles& files) : folder_(make_folder()) {
    for (const auto& [name, text] : files) {
      const std::string path = folder_.path() + "/" + name;
      EXPECT_TRUE(Files::posix().make_directories(parent_directory(path)));
      EXPECT_TRUE(write_file_atomic(Files::posix(), path, text));
    }
  }
  const std::string& path() const { return folder_.path(); }
  Rulebook load(Date as_of) const {
    auto book = load_rulebook(Files::posix(), path(), {.as_of = as_of, .questions = {}});
    EXPECT_TRUE(book.has_value()) << (book ? "" : book.error().to_string_en());
    return std::move(*book);
  }

 private:
  // In memory where that is possible: these tests are about content, not about disks.
  static TempDir make_folder() {
    auto folder = TempDir::make("/dev/shm");
    if (!folder) folder = TempDir::make();
    return std::move(*folder);
  }
  TempDir folder_;
};

inline board::Schemas city_schemas() {
  return std::move(board::Schemas::parse_bundle(kCitySchemas).value());
}

inline store::Value point(double lon, double lat) {
  std::string wkb("\x01\x01\0\0\0", 5);
  wkb.append(reinterpret_cast<const char*>(&lon), sizeof lon);
  wkb.append(reinterpret_cast<const char*>(&lat), sizeof lat);
  return store::Value(store::Geometry{wkb, 4490});
}

inline void run_sql(store::Connection& db, const std::string& sql,
                    const store::Values& values = {}) {
  const auto done = db.execute(sql, values);
  ASSERT_TRUE(done.has_value()) << sql << "\n" << done.error().to_string_en();
}

// Two districts of a city, three projects of which one has no permit, four payments.
inline void make_city(store::Connection& db) {
  const auto made = make_empty_board(db, city_schemas());
  ASSERT_TRUE(made.has_value()) << made.error().to_string_en();
  run_sql(db,
          "INSERT INTO areas (id, name, name_en, parent_id, y_entry, y_source, y_row) VALUES "
          "('C', '江城', 'Rivertown', NULL, 1, 1, 2), ('D1', '东区', 'East', 'C', 1, 1, 3), "
          "('D2', '西区', 'West', 'C', 1, 1, 4)");
  run_sql(db,
          "INSERT INTO organisations (id, name, name_en, kind, area_id, y_entry, y_source, y_row) "
          "VALUES ('O1', '江城住建局', 'Housing', 'department', 'C', 2, 2, 2), "
          "('O2', '东区政府', 'East Government', 'district_government', 'D1', 2, 2, 3), "
          "('O3', '江城政府', NULL, 'district_government', 'C', 2, 2, 4)");
  run_sql(
      db,
      "INSERT INTO projects (id, name, area_id, cost_fen, share, begun_on, permit, geom, "
      "y_entry, y_source, y_row) VALUES ('P1', '路', 'D1', 123456700, 0.5, '2022-03-01', "
      "FALSE, $1, 3, 3, 2), ('P2', '桥', 'D2', 900000000, 0.25, '2022-04-01', TRUE, NULL, 3, 3, "
      "3), ('P3', '亭', 'D2', 100, NULL, '2022-05-01', FALSE, NULL, 3, 3, 4)",
      {point(117.25, 34.5)});
  run_sql(db,
          "INSERT INTO payments (project_id, number, paid_fen, y_entry, y_source, y_row) VALUES "
          "('P1', 1, 300, 4, 4, 2), ('P1', 2, 301, 4, 4, 3), ('P2', 1, 100, 4, 4, 4)");
}

inline Date day(const std::string& text) { return Date::parse(text).value(); }

}  // namespace yipan::findings

#endif  // YIPAN_FINDINGS_CITY_FOR_TESTS_H_
