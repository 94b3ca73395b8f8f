-- Rows to be judged: health resources, primary care by district, schools, quarters, the years to come.
-- README.md says what each measures and what it assumes.

-- fact: health_resources
-- types: key text, subject text, area_id text, resource text, have integer, people integer, per_thousand real
WITH RECURSIVE up(id, anc, depth) AS MATERIALIZED (
  SELECT id, id, 0 FROM areas
  UNION ALL
  SELECT up.id, a.parent_id, up.depth + 1 FROM up JOIN areas a ON a.id = up.anc
  WHERE a.parent_id IS NOT NULL AND up.depth < 12),
counted(area_id, on_date, people) AS MATERIALIZED (
  SELECT area_id, on_date, sum(resident_persons) FROM population
  WHERE on_date <= :as_of GROUP BY area_id, on_date),
latest(area_id, on_date) AS (
  SELECT area_id, max(on_date) FROM counted GROUP BY area_id),
finest(area_id, on_date) AS MATERIALIZED (
  SELECT l.area_id, l.on_date FROM latest l
  LEFT JOIN (SELECT DISTINCT u.anc FROM up u JOIN latest d ON d.area_id = u.id WHERE u.depth > 0) c
    ON c.anc = l.area_id
  WHERE c.anc IS NULL),
persons(area_id, people) AS MATERIALIZED (
  SELECT c.area_id, c.people FROM counted c
  JOIN finest f ON f.area_id = c.area_id AND f.on_date = c.on_date),
area_people(id, people) AS MATERIALIZED (
  SELECT u.anc, sum(p.people) FROM persons p JOIN up u ON u.id = p.area_id GROUP BY u.anc),
facility(id, kind, tier, ownership, area_id, beds, doctors, nurses, gps,
         places, pupils, classes) AS MATERIALIZED (
  SELECT id, kind, tier, ownership, area_id, beds, doctors, nurses, general_practitioners,
         places, pupils, classes FROM facilities
  WHERE (opened_on IS NULL OR opened_on <= :as_of) AND (closed_on IS NULL OR closed_on > :as_of)),
health_unit(id, institutions, beds, doctors, nurses, gps, hospital_beds, primary_beds,
            primary_doctors, primary_nurses, county_public_beds, municipal_beds) AS (
  SELECT u.anc, count(*), sum(f.beds), sum(f.doctors), sum(f.nurses), sum(f.gps),
         sum(f.beds) FILTER (WHERE f.kind = 'hospital'),
         sum(f.beds) FILTER (WHERE f.kind = 'primary_care'),
         sum(f.doctors) FILTER (WHERE f.kind = 'primary_care'),
         sum(f.nurses) FILTER (WHERE f.kind = 'primary_care'),
         sum(f.beds) FILTER (WHERE f.kind = 'hospital' AND f.ownership = 'county_public'),
         sum(f.beds) FILTER (WHERE f.kind = 'hospital' AND f.ownership = 'municipal_public')
  FROM facility f JOIN up u ON u.id = f.area_id
  WHERE f.kind IN ('hospital', 'primary_care', 'public_health') GROUP BY u.anc),
city(id) AS (SELECT id FROM areas WHERE kind = 'city'),
rates(area_id, name, people, resource, have) AS (
  SELECT a.id, a.name, p.people, 'beds', h.beds
  FROM areas a JOIN city c ON c.id = a.id JOIN health_unit h ON h.id = a.id
  JOIN area_people p ON p.id = a.id
  UNION ALL
  SELECT a.id, a.name, p.people, 'doctors', h.doctors
  FROM areas a JOIN city c ON c.id = a.id JOIN health_unit h ON h.id = a.id
  JOIN area_people p ON p.id = a.id
  UNION ALL
  SELECT a.id, a.name, p.people, 'nurses', h.nurses
  FROM areas a JOIN city c ON c.id = a.id JOIN health_unit h ON h.id = a.id
  JOIN area_people p ON p.id = a.id
  UNION ALL
  SELECT a.id, a.name, p.people, 'gps', h.gps
  FROM areas a JOIN city c ON c.id = a.id JOIN health_unit h ON h.id = a.id
  JOIN area_people p ON p.id = a.id
  UNION ALL
  SELECT c.id, min(n.name), sum(p.people), 'county_beds', sum(h.county_public_beds)
  FROM city c JOIN areas n ON n.id = c.id JOIN up u ON u.anc = c.id
  JOIN areas a ON a.id = u.id AND a.kind = 'county'
  JOIN health_unit h ON h.id = a.id JOIN area_people p ON p.id = a.id GROUP BY c.id)
SELECT area_id || '/' || resource AS key, name AS subject, area_id AS area_id, resource AS resource,
       have AS have, people AS people, share(have, people) * 1000 AS per_thousand
FROM rates WHERE have IS NOT NULL

-- fact: primary_care
-- types: key text, subject text, area_id text, first_year integer, last_year integer, falls integer, beds_first integer, beds_last integer, doctors_first integer, doctors_last integer, hospital_first integer, hospital_last integer, share_first real, share_last real
WITH RECURSIVE up(id, anc, depth) AS MATERIALIZED (
  SELECT id, id, 0 FROM areas
  UNION ALL
  SELECT up.id, a.parent_id, up.depth + 1 FROM up JOIN areas a ON a.id = up.anc
  WHERE a.parent_id IS NOT NULL AND up.depth < 12),
unit(id, unit_id) AS MATERIALIZED (
  SELECT id, anc FROM (
    SELECT u.id, u.anc, row_number() OVER (
      PARTITION BY u.id
      ORDER BY CASE WHEN a.kind IN ('district', 'county') THEN 0 ELSE 1 END, u.depth) AS n
    FROM up u JOIN areas a ON a.id = u.anc WHERE a.kind IN ('district', 'county', 'city')) t
  WHERE n = 1),
care_year(unit_id, year, primary_beds, primary_doctors, hospital_beds, hospital_doctors,
          primary_visits, hospital_visits, primary_bed_days, hospital_bed_days) AS (
  SELECT u.unit_id, y.year,
         coalesce(sum(y.beds) FILTER (WHERE f.kind = 'primary_care'), 0),
         coalesce(sum(y.doctors) FILTER (WHERE f.kind = 'primary_care'), 0),
         coalesce(sum(y.beds) FILTER (WHERE f.kind = 'hospital'), 0),
         coalesce(sum(y.doctors) FILTER (WHERE f.kind = 'hospital'), 0),
         coalesce(sum(y.visits) FILTER (WHERE f.kind = 'primary_care'), 0),
         coalesce(sum(y.visits) FILTER (WHERE f.kind = 'hospital'), 0),
         coalesce(sum(y.bed_days) FILTER (WHERE f.kind = 'primary_care'), 0),
         coalesce(sum(y.bed_days) FILTER (WHERE f.kind = 'hospital'), 0)
  FROM facility_years y JOIN facilities f ON f.id = y.facility_id JOIN unit u ON u.id = f.area_id
  WHERE f.kind IN ('hospital', 'primary_care') AND y.year <= year_of(:as_of)
  GROUP BY u.unit_id, y.year),
city_care(year, primary_beds, primary_doctors, hospital_beds, hospital_doctors, primary_visits,
          hospital_visits, primary_bed_days, hospital_bed_days) AS (
  SELECT year, sum(primary_beds), sum(primary_doctors), sum(hospital_beds), sum(hospital_doctors),
         sum(primary_visits), sum(hospital_visits), sum(primary_bed_days), sum(hospital_bed_days)
  FROM care_year GROUP BY year),
care_step(unit_id, year, n, primary_beds, primary_doctors, hospital_beds, bed_share, doctor_share,
          fell) AS (
  SELECT unit_id, year, row_number() OVER (PARTITION BY unit_id ORDER BY year DESC),
         primary_beds, primary_doctors, hospital_beds, bed_share, doctor_share,
         CASE WHEN bed_share < lag(bed_share) OVER (PARTITION BY unit_id ORDER BY year)
               AND doctor_share < lag(doctor_share) OVER (PARTITION BY unit_id ORDER BY year)
              THEN 1 ELSE 0 END
  FROM (SELECT c.unit_id, c.year, c.primary_beds, c.primary_doctors, h.hospital_beds,
               share(c.primary_beds, c.primary_beds + h.hospital_beds) AS bed_share,
               share(c.primary_doctors, c.primary_doctors + h.hospital_doctors) AS doctor_share
        FROM care_year c JOIN city_care h ON h.year = c.year WHERE c.primary_doctors > 0) t),
care_trend(unit_id, last_year, first_year, falls, beds_last, beds_first, doctors_last, doctors_first,
           hospital_last, hospital_first, share_last, share_first) AS (
  SELECT unit_id, max(year), min(year), sum(fell) FILTER (WHERE n <= :primary_share_trend_years),
         max(primary_beds) FILTER (WHERE n = 1),
         max(primary_beds) FILTER (WHERE n = :primary_share_trend_years + 1),
         max(primary_doctors) FILTER (WHERE n = 1),
         max(primary_doctors) FILTER (WHERE n = :primary_share_trend_years + 1),
         max(hospital_beds) FILTER (WHERE n = 1),
         max(hospital_beds) FILTER (WHERE n = :primary_share_trend_years + 1),
         max(doctor_share) FILTER (WHERE n = 1),
         max(doctor_share) FILTER (WHERE n = :primary_share_trend_years + 1)
  FROM care_step WHERE n <= :primary_share_trend_years + 1 GROUP BY unit_id)
SELECT t.unit_id AS key, a.name AS subject, t.unit_id AS area_id, t.first_year AS first_year,
       t.last_year AS last_year, t.falls AS falls, t.beds_first AS beds_first,
       t.beds_last AS beds_last, t.doctors_first AS doctors_first, t.doctors_last AS doctors_last,
       t.hospital_first AS hospital_first, t.hospital_last AS hospital_last,
       t.share_first AS share_first, t.share_last AS share_last
FROM care_trend t JOIN areas a ON a.id = t.unit_id

-- fact: bed_use
-- types: key text, subject text, area_id text, year integer, hospital_use real, primary_use real, primary_visit_share real
WITH RECURSIVE up(id, anc, depth) AS MATERIALIZED (
  SELECT id, id, 0 FROM areas
  UNION ALL
  SELECT up.id, a.parent_id, up.depth + 1 FROM up JOIN areas a ON a.id = up.anc
  WHERE a.parent_id IS NOT NULL AND up.depth < 12),
unit(id, unit_id) AS MATERIALIZED (
  SELECT id, anc FROM (
    SELECT u.id, u.anc, row_number() OVER (
      PARTITION BY u.id
      ORDER BY CASE WHEN a.kind IN ('district', 'county') THEN 0 ELSE 1 END, u.depth) AS n
    FROM up u JOIN areas a ON a.id = u.anc WHERE a.kind IN ('district', 'county', 'city')) t
  WHERE n = 1),
city(id) AS (SELECT id FROM areas WHERE kind = 'city'),
care_year(unit_id, year, primary_beds, primary_doctors, hospital_beds, hospital_doctors,
          primary_visits, hospital_visits, primary_bed_days, hospital_bed_days) AS (
  SELECT u.unit_id, y.year,
         coalesce(sum(y.beds) FILTER (WHERE f.kind = 'primary_care'), 0),
         coalesce(sum(y.doctors) FILTER (WHERE f.kind = 'primary_care'), 0),
         coalesce(sum(y.beds) FILTER (WHERE f.kind = 'hospital'), 0),
         coalesce(sum(y.doctors) FILTER (WHERE f.kind = 'hospital'), 0),
         coalesce(sum(y.visits) FILTER (WHERE f.kind = 'primary_care'), 0),
         coalesce(sum(y.visits) FILTER (WHERE f.kind = 'hospital'), 0),
         coalesce(sum(y.bed_days) FILTER (WHERE f.kind = 'primary_care'), 0),
         coalesce(sum(y.bed_days) FILTER (WHERE f.kind = 'hospital'), 0)
  FROM facility_years y JOIN facilities f ON f.id = y.facility_id JOIN unit u ON u.id = f.area_id
  WHERE f.kind IN ('hospital', 'primary_care') AND y.year <= year_of(:as_of)
  GROUP BY u.unit_id, y.year),
city_care(year, primary_beds, primary_doctors, hospital_beds, hospital_doctors, primary_visits,
          hospital_visits, primary_bed_days, hospital_bed_days) AS (
  SELECT year, sum(primary_beds), sum(primary_doctors), sum(hospital_beds), sum(hospital_doctors),
         sum(primary_visits), sum(hospital_visits), sum(primary_bed_days), sum(hospital_bed_days)
  FROM care_year GROUP BY year),
last_care(year, primary_beds, primary_doctors, hospital_beds, hospital_doctors, primary_visits,
          hospital_visits, primary_bed_days, hospital_bed_days) AS (
  SELECT year, primary_beds, primary_doctors, hospital_beds, hospital_doctors, primary_visits,
         hospital_visits, primary_bed_days, hospital_bed_days FROM city_care
  ORDER BY year DESC LIMIT 1)
SELECT c.id AS key, a.name AS subject, c.id AS area_id, l.year AS year,
       share(l.hospital_bed_days, l.hospital_beds * 365) AS hospital_use,
       share(l.primary_bed_days, l.primary_beds * 365) AS primary_use,
       share(l.primary_visits, l.primary_visits + l.hospital_visits) AS primary_visit_share
FROM city c JOIN areas a ON a.id = c.id CROSS JOIN last_care l

-- fact: hospital_debt
-- types: key text, subject text, area_id text, lead_id text, beds integer, borrowed_to_build boolean
SELECT f.id AS key, f.name AS subject, f.area_id AS area_id, f.owner_id AS lead_id, f.beds AS beds,
       f.borrowed_to_build AS borrowed_to_build
FROM facilities f
WHERE f.kind = 'hospital'
  AND f.ownership IN ('municipal_public', 'county_public', 'district_public')

-- fact: school_load
-- types: key text, subject text, area_id text, kind text, places integer, pupils integer, classes integer, load real, class_size real
SELECT f.id AS key, f.name AS subject, f.area_id AS area_id, f.kind AS kind, f.places AS places,
       f.pupils AS pupils, f.classes AS classes, share(f.pupils, f.places) AS load,
       share(f.pupils, f.classes) AS class_size
FROM facilities f
WHERE f.kind IN ('primary_school', 'middle_school', 'nine_year_school', 'high_school')
  AND (f.opened_on IS NULL OR f.opened_on <= :as_of)
  AND (f.closed_on IS NULL OR f.closed_on > :as_of)

-- fact: key_school
-- types: key text, subject text, area_id text, kind text, key_school boolean
SELECT f.id AS key, f.name AS subject, f.area_id AS area_id, f.kind AS kind,
       f.key_school AS key_school
FROM facilities f
WHERE f.kind IN ('primary_school', 'middle_school', 'nine_year_school')
  AND (f.opened_on IS NULL OR f.opened_on <= :as_of)
  AND (f.closed_on IS NULL OR f.closed_on > :as_of)

-- fact: quarter_schools
-- types: key text, subject text, area_id text, kind text, area_km2 real, people integer, schools integer, places integer, pupils integer, load real
WITH RECURSIVE up(id, anc, depth) AS MATERIALIZED (
  SELECT id, id, 0 FROM areas
  UNION ALL
  SELECT up.id, a.parent_id, up.depth + 1 FROM up JOIN areas a ON a.id = up.anc
  WHERE a.parent_id IS NOT NULL AND up.depth < 12),
counted(area_id, on_date, people) AS MATERIALIZED (
  SELECT area_id, on_date, sum(resident_persons) FROM population
  WHERE on_date <= :as_of GROUP BY area_id, on_date),
latest(area_id, on_date) AS (
  SELECT area_id, max(on_date) FROM counted GROUP BY area_id),
finest(area_id, on_date) AS MATERIALIZED (
  SELECT l.area_id, l.on_date FROM latest l
  LEFT JOIN (SELECT DISTINCT u.anc FROM up u JOIN latest d ON d.area_id = u.id WHERE u.depth > 0) c
    ON c.anc = l.area_id
  WHERE c.anc IS NULL),
persons(area_id, people) AS MATERIALIZED (
  SELECT c.area_id, c.people FROM counted c
  JOIN finest f ON f.area_id = c.area_id AND f.on_date = c.on_date),
area_people(id, people) AS MATERIALIZED (
  SELECT u.anc, sum(p.people) FROM persons p JOIN up u ON u.id = p.area_id GROUP BY u.anc),
unit(id, unit_id) AS MATERIALIZED (
  SELECT id, anc FROM (
    SELECT u.id, u.anc, row_number() OVER (
      PARTITION BY u.id
      ORDER BY CASE WHEN a.kind IN ('district', 'county') THEN 0 ELSE 1 END, u.depth) AS n
    FROM up u JOIN areas a ON a.id = u.anc WHERE a.kind IN ('district', 'county', 'city')) t
  WHERE n = 1),
facility(id, kind, tier, ownership, area_id, beds, doctors, nurses, gps,
         places, pupils, classes) AS MATERIALIZED (
  SELECT id, kind, tier, ownership, area_id, beds, doctors, nurses, general_practitioners,
         places, pupils, classes FROM facilities
  WHERE (opened_on IS NULL OR opened_on <= :as_of) AND (closed_on IS NULL OR closed_on > :as_of)),
school(id, kind, area_id, places, pupils, classes) AS (
  SELECT id, kind, area_id, places, pupils, classes FROM facility
  WHERE kind IN ('primary_school', 'middle_school', 'nine_year_school', 'high_school')),
quarter(id, name, kind, area_m2, x_m, y_m) AS (
  SELECT a.id, a.name, a.kind, a.area_m2, m.x_m, m.y_m FROM areas a
  JOIN m_places m ON m.table_name = 'areas' AND m.row_key = a.id
  WHERE a.kind IN ('zone', 'street') AND a.area_m2 > 0),
quarter_people(id, people) AS (
  SELECT q.id, sum(p.people) FROM quarter q
  JOIN m_inside i ON i.table_name = 'areas' AND i.area_id = q.id
  JOIN persons p ON p.area_id = i.row_key
  WHERE q.kind = 'zone' GROUP BY q.id
  UNION ALL
  SELECT q.id, p.people FROM quarter q JOIN area_people p ON p.id = q.id WHERE q.kind = 'street'),
quarter_school(quarter_id, school_id, places, pupils) AS (
  SELECT q.id, s.id, s.places, s.pupils FROM quarter q
  JOIN m_inside i ON i.table_name = 'facilities' AND i.area_id = q.id JOIN school s ON s.id = i.row_key
  WHERE q.kind = 'zone' AND s.kind <> 'high_school'
  UNION ALL
  SELECT q.id, s.id, s.places, s.pupils FROM quarter q JOIN up u ON u.anc = q.id
  JOIN school s ON s.area_id = u.id WHERE q.kind = 'street' AND s.kind <> 'high_school'),
schooled(unit_id) AS (SELECT DISTINCT u.unit_id FROM school s JOIN unit u ON u.id = s.area_id),
quarter_facts(id, name, kind, area_km2, people, schools, places, pupils) AS (
  SELECT q.id, min(q.name), min(q.kind), share(min(q.area_m2), 1000000), min(p.people),
         count(s.school_id), sum(s.places), sum(s.pupils)
  FROM quarter q JOIN quarter_people p ON p.id = q.id JOIN unit u ON u.id = q.id
  JOIN schooled v ON v.unit_id = u.unit_id LEFT JOIN quarter_school s ON s.quarter_id = q.id
  GROUP BY q.id)
SELECT id AS key, name AS subject, id AS area_id, kind AS kind, area_km2 AS area_km2,
       people AS people, schools AS schools, places AS places, pupils AS pupils,
       share(pupils, places) AS load
FROM quarter_facts

-- fact: places_to_come
-- types: key text, subject text, area_id text, level text, places integer, children_now integer, peak_children integer, peak_year integer, short_year integer, last_year integer, last_children integer, last_share real
WITH RECURSIVE up(id, anc, depth) AS MATERIALIZED (
  SELECT id, id, 0 FROM areas
  UNION ALL
  SELECT up.id, a.parent_id, up.depth + 1 FROM up JOIN areas a ON a.id = up.anc
  WHERE a.parent_id IS NOT NULL AND up.depth < 12),
counted(area_id, on_date, people) AS MATERIALIZED (
  SELECT area_id, on_date, sum(resident_persons) FROM population
  WHERE on_date <= :as_of GROUP BY area_id, on_date),
latest(area_id, on_date) AS (
  SELECT area_id, max(on_date) FROM counted GROUP BY area_id),
finest(area_id, on_date) AS MATERIALIZED (
  SELECT l.area_id, l.on_date FROM latest l
  LEFT JOIN (SELECT DISTINCT u.anc FROM up u JOIN latest d ON d.area_id = u.id WHERE u.depth > 0) c
    ON c.anc = l.area_id
  WHERE c.anc IS NULL),
unit(id, unit_id) AS MATERIALIZED (
  SELECT id, anc FROM (
    SELECT u.id, u.anc, row_number() OVER (
      PARTITION BY u.id
      ORDER BY CASE WHEN a.kind IN ('district', 'county') THEN 0 ELSE 1 END, u.depth) AS n
    FROM up u JOIN areas a ON a.id = u.anc WHERE a.kind IN ('district', 'county', 'city')) t
  WHERE n = 1),
facility(id, kind, tier, ownership, area_id, beds, doctors, nurses, gps,
         places, pupils, classes) AS MATERIALIZED (
  SELECT id, kind, tier, ownership, area_id, beds, doctors, nurses, general_practitioners,
         places, pupils, classes FROM facilities
  WHERE (opened_on IS NULL OR opened_on <= :as_of) AND (closed_on IS NULL OR closed_on > :as_of)),
school(id, kind, area_id, places, pupils, classes) AS (
  SELECT id, kind, area_id, places, pupils, classes FROM facility
  WHERE kind IN ('primary_school', 'middle_school', 'nine_year_school', 'high_school')),
step(k, alive) AS (
  SELECT 0, CAST(1 AS DOUBLE PRECISION)
  UNION ALL
  SELECT k + 1, alive * CAST(:child_survival_per_year AS DOUBLE PRECISION) FROM step
  WHERE k < :school_forecast_years),
age(a) AS (SELECT 0 UNION ALL SELECT a + 1 FROM age WHERE a < 59),
age_group(unit_id, base_on, age_from, age_to, sex, people) AS (
  SELECT u.unit_id, max(f.on_date), p.age_from, p.age_to, p.sex, sum(p.resident_persons)
  FROM population p JOIN finest f ON f.area_id = p.area_id AND f.on_date = p.on_date
  JOIN unit u ON u.id = p.area_id WHERE p.age_from < 60
  GROUP BY u.unit_id, p.age_from, p.age_to, p.sex),
single(unit_id, a, people, women) AS MATERIALIZED (
  SELECT g.unit_id, n.a, sum(share(g.people, g.age_to - g.age_from + 1)),
         coalesce(sum(CASE WHEN g.sex = 'F' THEN share(g.people, g.age_to - g.age_from + 1) END), 0)
  FROM age_group g JOIN age n ON n.a BETWEEN g.age_from AND g.age_to GROUP BY g.unit_id, n.a),
mothers(unit_id, k, women) AS MATERIALIZED (
  SELECT s.unit_id, t.k, sum(s.women) FROM single s
  JOIN step t ON s.a BETWEEN 20 - t.k AND 39 - t.k GROUP BY s.unit_id, t.k),
born(unit_id, k, people) AS MATERIALIZED (
  SELECT m.unit_id, m.k, s.people * share(m.women, b.women) FROM mothers m
  JOIN mothers b ON b.unit_id = m.unit_id AND b.k = 0
  JOIN single s ON s.unit_id = m.unit_id AND s.a = 0 WHERE m.k > 0),
child(unit_id, k, a, people) AS MATERIALIZED (
  SELECT s.unit_id, t.k, s.a + t.k, s.people * t.alive FROM single s
  JOIN step t ON s.a + t.k BETWEEN 6 AND 14
  UNION ALL
  SELECT b.unit_id, t.k, t.k - b.k, b.people * r.alive FROM born b
  JOIN step t ON t.k - b.k BETWEEN 6 AND 14 JOIN step r ON r.k = t.k - b.k),
pupils_to_come(unit_id, k, level, children) AS (
  SELECT unit_id, k, CASE WHEN a < 12 THEN 'primary' ELSE 'junior' END, round_to(sum(people), 0)
  FROM child GROUP BY unit_id, k, CASE WHEN a < 12 THEN 'primary' ELSE 'junior' END),
school_places(unit_id, level, places, pupils) AS (
  SELECT u.unit_id, 'primary',
         sum(CASE s.kind WHEN 'nine_year_school' THEN s.places * 6 / 9 ELSE s.places END),
         sum(CASE s.kind WHEN 'nine_year_school' THEN s.pupils * 6 / 9 ELSE s.pupils END)
  FROM school s JOIN unit u ON u.id = s.area_id
  WHERE s.kind IN ('primary_school', 'nine_year_school') AND s.places IS NOT NULL GROUP BY u.unit_id
  UNION ALL
  SELECT u.unit_id, 'junior',
         sum(CASE s.kind WHEN 'nine_year_school' THEN s.places * 3 / 9 ELSE s.places END),
         sum(CASE s.kind WHEN 'nine_year_school' THEN s.pupils * 3 / 9 ELSE s.pupils END)
  FROM school s JOIN unit u ON u.id = s.area_id
  WHERE s.kind IN ('middle_school', 'nine_year_school') AND s.places IS NOT NULL GROUP BY u.unit_id),
forecast(unit_id, level, k, year, children, places, n) AS (
  SELECT c.unit_id, c.level, c.k, b.base_year + c.k, c.children, p.places,
         row_number() OVER (PARTITION BY c.unit_id, c.level ORDER BY c.children DESC, c.k)
  FROM pupils_to_come c
  JOIN school_places p ON p.unit_id = c.unit_id AND p.level = c.level
  JOIN (SELECT unit_id, year_of(max(base_on)) AS base_year FROM age_group GROUP BY unit_id) b
    ON b.unit_id = c.unit_id)
SELECT f.unit_id || '/' || f.level AS key, min(a.name) AS subject, f.unit_id AS area_id,
       f.level AS level, min(f.places) AS places,
       CAST(min(f.children) FILTER (WHERE f.k = 0) AS BIGINT) AS children_now,
       CAST(max(f.children) AS BIGINT) AS peak_children,
       min(f.year) FILTER (WHERE f.n = 1) AS peak_year,
       min(f.year) FILTER (WHERE f.children > f.places) AS short_year,
       max(f.year) AS last_year,
       CAST(min(f.children) FILTER (WHERE f.k = :school_forecast_years) AS BIGINT) AS last_children,
       share(min(f.children) FILTER (WHERE f.k = :school_forecast_years), min(f.places)) AS last_share
FROM forecast f JOIN areas a ON a.id = f.unit_id GROUP BY f.unit_id, f.level

-- fact: walking
-- types: key text, subject text, area_id text, kind text, people integer, near_people integer, near_share real
WITH RECURSIVE up(id, anc, depth) AS MATERIALIZED (
  SELECT id, id, 0 FROM areas
  UNION ALL
  SELECT up.id, a.parent_id, up.depth + 1 FROM up JOIN areas a ON a.id = up.anc
  WHERE a.parent_id IS NOT NULL AND up.depth < 12),
whole(id) AS (
  SELECT id FROM areas WHERE kind = 'urban'
  UNION ALL
  SELECT id FROM areas
  WHERE kind = 'city' AND NOT EXISTS (SELECT 1 FROM areas WHERE kind = 'urban')),
counted(area_id, on_date, people) AS MATERIALIZED (
  SELECT area_id, on_date, sum(resident_persons) FROM population
  WHERE on_date <= :as_of GROUP BY area_id, on_date),
latest(area_id, on_date) AS (
  SELECT area_id, max(on_date) FROM counted GROUP BY area_id),
finest(area_id, on_date) AS MATERIALIZED (
  SELECT l.area_id, l.on_date FROM latest l
  LEFT JOIN (SELECT DISTINCT u.anc FROM up u JOIN latest d ON d.area_id = u.id WHERE u.depth > 0) c
    ON c.anc = l.area_id
  WHERE c.anc IS NULL),
persons(area_id, people) AS MATERIALIZED (
  SELECT c.area_id, c.people FROM counted c
  JOIN finest f ON f.area_id = c.area_id AND f.on_date = c.on_date),
unit(id, unit_id) AS MATERIALIZED (
  SELECT id, anc FROM (
    SELECT u.id, u.anc, row_number() OVER (
      PARTITION BY u.id
      ORDER BY CASE WHEN a.kind IN ('district', 'county') THEN 0 ELSE 1 END, u.depth) AS n
    FROM up u JOIN areas a ON a.id = u.anc WHERE a.kind IN ('district', 'county', 'city')) t
  WHERE n = 1),
inside(id) AS MATERIALIZED (
  SELECT u.id FROM up u JOIN whole w ON w.id = u.anc),
facility(id, kind, tier, ownership, area_id, beds, doctors, nurses, gps,
         places, pupils, classes) AS MATERIALIZED (
  SELECT id, kind, tier, ownership, area_id, beds, doctors, nurses, general_practitioners,
         places, pupils, classes FROM facilities
  WHERE (opened_on IS NULL OR opened_on <= :as_of) AND (closed_on IS NULL OR closed_on > :as_of)),
radius(kind, radius_m) AS (
  SELECT 'primary_school', CAST(:primary_school_radius_m AS DOUBLE PRECISION)
  UNION ALL SELECT 'middle_school', CAST(:junior_school_radius_m AS DOUBLE PRECISION)
  UNION ALL SELECT 'primary_care', CAST(:health_centre_radius_m AS DOUBLE PRECISION)),
offset3(d) AS (SELECT -1 UNION ALL SELECT 0 UNION ALL SELECT 1),
served_from(kind, radius_m, bx, by, x_m, y_m) AS MATERIALIZED (
  SELECT r.kind, r.radius_m, CAST(trunc((m.x_m + 10000000) / r.radius_m) AS BIGINT) + i.d,
         CAST(trunc((m.y_m + 10000000) / r.radius_m) AS BIGINT) + j.d, m.x_m, m.y_m
  FROM facility f
  JOIN radius r ON r.kind = f.kind OR (f.kind = 'nine_year_school' AND r.kind <> 'primary_care')
  JOIN m_places m ON m.table_name = 'facilities' AND m.row_key = f.id
  CROSS JOIN offset3 i CROSS JOIN offset3 j),
home(id, people, x_m, y_m) AS MATERIALIZED (
  SELECT a.id, p.people, m.x_m, m.y_m FROM areas a
  JOIN m_places m ON m.table_name = 'areas' AND m.row_key = a.id
  LEFT JOIN persons p ON p.area_id = a.id
  WHERE a.kind = 'cell' AND a.id IN (SELECT id FROM inside)
    AND (p.people >= share(a.area_m2, 1000000) * :dense_cell_persons_per_km2
         OR NOT EXISTS (SELECT 1 FROM persons))),
home_bucket(id, people, x_m, y_m, kind, bx, by) AS MATERIALIZED (
  SELECT h.id, h.people, h.x_m, h.y_m, r.kind,
         CAST(trunc((h.x_m + 10000000) / r.radius_m) AS BIGINT),
         CAST(trunc((h.y_m + 10000000) / r.radius_m) AS BIGINT)
  FROM home h CROSS JOIN radius r),
near(id, kind) AS MATERIALIZED (
  SELECT DISTINCT h.id, h.kind FROM home_bucket h
  JOIN served_from s ON s.kind = h.kind AND s.bx = h.bx AND s.by = h.by
  WHERE (h.x_m - s.x_m) * (h.x_m - s.x_m) + (h.y_m - s.y_m) * (h.y_m - s.y_m)
        <= s.radius_m * s.radius_m),
walk(unit_id, kind, people, near_people, cells, near_cells) AS (
  SELECT t.unit_id, h.kind, sum(h.people),
         coalesce(sum(h.people) FILTER (WHERE n.id IS NOT NULL), 0), count(*), count(n.id)
  FROM home_bucket h JOIN unit t ON t.id = h.id
  LEFT JOIN near n ON n.id = h.id AND n.kind = h.kind
  WHERE h.kind IN (SELECT kind FROM served_from) GROUP BY t.unit_id, h.kind)
SELECT w.unit_id || '/' || w.kind AS key, a.name AS subject, w.unit_id AS area_id, w.kind AS kind,
       w.people AS people, w.near_people AS near_people, share(w.near_people, w.people) AS near_share
FROM walk w JOIN areas a ON a.id = w.unit_id WHERE w.people IS NOT NULL
