-- Which institutions, yearly records, schools and cells stand behind a fact about an area.

-- evidence: health_resources
WITH RECURSIVE up(id, anc, depth) AS MATERIALIZED (
  SELECT id, id, 0 FROM areas
  UNION ALL
  SELECT up.id, a.parent_id, up.depth + 1 FROM up JOIN areas a ON a.id = up.anc
  WHERE a.parent_id IS NOT NULL AND up.depth < 12),
facility(id, kind, tier, ownership, area_id, beds, doctors, nurses, gps,
         places, pupils, classes) AS MATERIALIZED (
  SELECT id, kind, tier, ownership, area_id, beds, doctors, nurses, general_practitioners,
         places, pupils, classes FROM facilities
  WHERE (opened_on IS NULL OR opened_on <= :as_of) AND (closed_on IS NULL OR closed_on > :as_of))
SELECT 'facilities' AS table_name, f.id AS row_key FROM facility f
JOIN up u ON u.id = f.area_id
WHERE f.kind IN ('hospital', 'primary_care', 'public_health')
  AND (u.anc || '/beds' = :key OR u.anc || '/doctors' = :key OR u.anc || '/nurses' = :key
       OR u.anc || '/gps' = :key
       OR (u.anc || '/county_beds' = :key AND f.kind = 'hospital'
           AND f.ownership = 'county_public'))
ORDER BY f.id

-- evidence: primary_care
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
SELECT 'facility_years' AS table_name, y.facility_id || '|' || y.year AS row_key
FROM facility_years y JOIN facilities f ON f.id = y.facility_id JOIN unit u ON u.id = f.area_id
JOIN care_trend t ON t.unit_id = u.unit_id AND y.year BETWEEN t.first_year AND t.last_year
WHERE u.unit_id = :key AND f.kind = 'primary_care' ORDER BY y.year DESC, y.facility_id

-- evidence: bed_use
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
last_care(year, primary_beds, primary_doctors, hospital_beds, hospital_doctors, primary_visits,
          hospital_visits, primary_bed_days, hospital_bed_days) AS (
  SELECT year, primary_beds, primary_doctors, hospital_beds, hospital_doctors, primary_visits,
         hospital_visits, primary_bed_days, hospital_bed_days FROM city_care
  ORDER BY year DESC LIMIT 1)
SELECT 'facility_years' AS table_name, y.facility_id || '|' || y.year AS row_key
FROM facility_years y JOIN facilities f ON f.id = y.facility_id JOIN up u ON u.id = f.area_id
JOIN last_care l ON l.year = y.year
WHERE u.anc = :key AND f.kind IN ('hospital', 'primary_care') ORDER BY y.facility_id

-- evidence: quarter_schools
WITH RECURSIVE up(id, anc, depth) AS MATERIALIZED (
  SELECT id, id, 0 FROM areas
  UNION ALL
  SELECT up.id, a.parent_id, up.depth + 1 FROM up JOIN areas a ON a.id = up.anc
  WHERE a.parent_id IS NOT NULL AND up.depth < 12),
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
quarter_school(quarter_id, school_id, places, pupils) AS (
  SELECT q.id, s.id, s.places, s.pupils FROM quarter q
  JOIN m_inside i ON i.table_name = 'facilities' AND i.area_id = q.id JOIN school s ON s.id = i.row_key
  WHERE q.kind = 'zone' AND s.kind <> 'high_school'
  UNION ALL
  SELECT q.id, s.id, s.places, s.pupils FROM quarter q JOIN up u ON u.anc = q.id
  JOIN school s ON s.area_id = u.id WHERE q.kind = 'street' AND s.kind <> 'high_school')
SELECT 'facilities' AS table_name, school_id AS row_key FROM quarter_school
WHERE quarter_id = :key
UNION ALL
SELECT 'areas' AS table_name, id AS row_key FROM areas WHERE id = :key

-- evidence: places_to_come
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
facility(id, kind, tier, ownership, area_id, beds, doctors, nurses, gps,
         places, pupils, classes) AS MATERIALIZED (
  SELECT id, kind, tier, ownership, area_id, beds, doctors, nurses, general_practitioners,
         places, pupils, classes FROM facilities
  WHERE (opened_on IS NULL OR opened_on <= :as_of) AND (closed_on IS NULL OR closed_on > :as_of)),
school(id, kind, area_id, places, pupils, classes) AS (
  SELECT id, kind, area_id, places, pupils, classes FROM facility
  WHERE kind IN ('primary_school', 'middle_school', 'nine_year_school', 'high_school'))
SELECT 'facilities' AS table_name, s.id AS row_key FROM school s JOIN unit u ON u.id = s.area_id
WHERE s.places IS NOT NULL
  AND ((u.unit_id || '/primary' = :key AND s.kind IN ('primary_school', 'nine_year_school'))
       OR (u.unit_id || '/junior' = :key AND s.kind IN ('middle_school', 'nine_year_school')))
ORDER BY s.id

-- evidence: walking
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
        <= s.radius_m * s.radius_m)
SELECT 'areas' AS table_name, h.id AS row_key
FROM home_bucket h JOIN unit t ON t.id = h.id
LEFT JOIN near n ON n.id = h.id AND n.kind = h.kind
WHERE t.unit_id || '/' || h.kind = :key AND n.id IS NULL ORDER BY h.id
