-- Rows to be judged: areas, circles, quarters and centres. See README.md for what each measures.

-- fact: commercial_floor
-- types: key text, subject text, area_id text, kind text, people integer, centres integer, floor_m2 integer, floor_wan_m2 real, floor_per_head real
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
area_people(id, people) AS MATERIALIZED (
  SELECT u.anc, sum(p.people) FROM persons p JOIN up u ON u.id = p.area_id GROUP BY u.anc),
centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of)),
area_centres(id, centres, floor_m2, open_m2, surveyed_m2, vacant_m2) AS (
  SELECT u.anc, count(*), sum(c.floor_m2),
         coalesce(sum(c.floor_m2) FILTER (WHERE c.state = 'open'), 0),
         sum(c.floor_m2) FILTER (WHERE c.vacant_m2 IS NOT NULL), sum(c.vacant_m2)
  FROM centre c JOIN up u ON u.id = c.area_id GROUP BY u.anc)
SELECT a.id AS key, a.name AS subject, a.id AS area_id, a.kind AS kind, p.people AS people,
       c.centres AS centres, c.floor_m2 AS floor_m2, share(c.floor_m2, 10000) AS floor_wan_m2,
       share(c.floor_m2, p.people) AS floor_per_head
FROM areas a JOIN area_people p ON p.id = a.id JOIN area_centres c ON c.id = a.id
WHERE a.kind IN ('district', 'county') OR a.id IN (SELECT id FROM whole)

-- fact: floor_vacancy
-- types: key text, subject text, area_id text, centres integer, surveyed_wan_m2 real, vacant_wan_m2 real, vacancy real
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
centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of)),
area_centres(id, centres, floor_m2, open_m2, surveyed_m2, vacant_m2) AS (
  SELECT u.anc, count(*), sum(c.floor_m2),
         coalesce(sum(c.floor_m2) FILTER (WHERE c.state = 'open'), 0),
         sum(c.floor_m2) FILTER (WHERE c.vacant_m2 IS NOT NULL), sum(c.vacant_m2)
  FROM centre c JOIN up u ON u.id = c.area_id GROUP BY u.anc)
SELECT a.id AS key, a.name AS subject, a.id AS area_id, c.centres AS centres,
       share(c.surveyed_m2, 10000) AS surveyed_wan_m2, share(c.vacant_m2, 10000) AS vacant_wan_m2,
       share(c.vacant_m2, c.surveyed_m2) AS vacancy
FROM areas a JOIN area_centres c ON c.id = a.id WHERE a.id IN (SELECT id FROM whole)

-- fact: centre_vacancy
-- types: key text, subject text, area_id text, floor_m2 integer, vacant_m2 integer, surveyed_on date, vacancy real
SELECT c.id AS key, c.name AS subject, c.area_id AS area_id, c.floor_m2 AS floor_m2,
       c.vacant_m2 AS vacant_m2, c.surveyed_on AS surveyed_on,
       share(c.vacant_m2, c.floor_m2) AS vacancy
FROM commercial_centres c
WHERE c.state = 'open' AND (c.approved_on IS NULL OR c.approved_on <= :as_of)
  AND (c.closed_on IS NULL OR c.closed_on > :as_of)

-- fact: centre_assessment
-- types: key text, subject text, area_id text, floor_m2 integer, state text, approved_on date, impact_assessed boolean
SELECT c.id AS key, c.name AS subject, c.area_id AS area_id, c.floor_m2 AS floor_m2,
       c.state AS state, c.approved_on AS approved_on, c.impact_assessed AS impact_assessed
FROM commercial_centres c
WHERE c.state IN ('open', 'building') AND (c.approved_on IS NULL OR c.approved_on <= :as_of)
  AND (c.closed_on IS NULL OR c.closed_on > :as_of)

-- fact: core_density
-- types: key text, subject text, area_id text, centres integer, floor_wan_m2 real, people integer, floor_per_head real
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
centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of)),
centre_place(id, area_id, floor_m2, x_m, y_m) AS (
  SELECT c.id, c.area_id, c.floor_m2, m.x_m, m.y_m FROM centre c
  JOIN m_places m ON m.table_name = 'commercial_centres' AND m.row_key = c.id),
cell_place(id, people, x_m, y_m) AS MATERIALIZED (
  SELECT p.area_id, p.people, m.x_m, m.y_m FROM persons p
  JOIN m_places m ON m.table_name = 'areas' AND m.row_key = p.area_id),
circle(id, name, x_m, y_m) AS (
  SELECT a.id, a.name, m.x_m, m.y_m FROM areas a
  JOIN m_places m ON m.table_name = 'areas' AND m.row_key = a.id WHERE a.kind = 'core_circle'),
circle_centres(id, centres, floor_m2) AS (
  SELECT k.id, count(*), sum(c.floor_m2) FROM circle k
  JOIN centre_place c ON (c.x_m - k.x_m) * (c.x_m - k.x_m) + (c.y_m - k.y_m) * (c.y_m - k.y_m)
                         <= :core_distance_m * :core_distance_m
  GROUP BY k.id),
circle_people(id, people) AS (
  SELECT k.id, sum(p.people) FROM circle k
  JOIN cell_place p ON (p.x_m - k.x_m) * (p.x_m - k.x_m) + (p.y_m - k.y_m) * (p.y_m - k.y_m)
                       <= :core_distance_m * :core_distance_m
  GROUP BY k.id)
SELECT k.id AS key, k.name AS subject, k.id AS area_id, c.centres AS centres,
       share(c.floor_m2, 10000) AS floor_wan_m2, p.people AS people,
       share(c.floor_m2, p.people) AS floor_per_head
FROM circle k JOIN circle_centres c ON c.id = k.id LEFT JOIN circle_people p ON p.id = k.id

-- fact: quarter_cover
-- types: key text, subject text, area_id text, kind text, area_km2 real, people integer, centres integer, nearest_m real
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
centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of)),
quarter(id, name, kind, area_m2, x_m, y_m) AS (
  SELECT a.id, a.name, a.kind, a.area_m2, m.x_m, m.y_m FROM areas a
  JOIN m_places m ON m.table_name = 'areas' AND m.row_key = a.id
  WHERE a.kind IN ('zone', 'street') AND a.area_m2 > 0),
centre_place(id, area_id, floor_m2, x_m, y_m) AS (
  SELECT c.id, c.area_id, c.floor_m2, m.x_m, m.y_m FROM centre c
  JOIN m_places m ON m.table_name = 'commercial_centres' AND m.row_key = c.id),
cell_place(id, people, x_m, y_m) AS MATERIALIZED (
  SELECT p.area_id, p.people, m.x_m, m.y_m FROM persons p
  JOIN m_places m ON m.table_name = 'areas' AND m.row_key = p.area_id),
quarter_people(id, people) AS (
  SELECT q.id, sum(p.people) FROM quarter q
  JOIN m_inside i ON i.table_name = 'areas' AND i.area_id = q.id
  JOIN persons p ON p.area_id = i.row_key
  WHERE q.kind = 'zone' GROUP BY q.id
  UNION ALL
  SELECT q.id, p.people FROM quarter q JOIN area_people p ON p.id = q.id WHERE q.kind = 'street'),
quarter_centres(id, centres, nearest_m) AS (
  SELECT q.id, count(*) FILTER (WHERE
           CASE WHEN q.kind = 'street' THEN c.area_id = q.id ELSE i.area_id IS NOT NULL END),
         round_to(sqrt(min((c.x_m - q.x_m) * (c.x_m - q.x_m)
                           + (c.y_m - q.y_m) * (c.y_m - q.y_m))), 0)
  FROM quarter q CROSS JOIN centre_place c
  LEFT JOIN m_inside i ON i.table_name = 'commercial_centres' AND i.row_key = c.id AND i.area_id = q.id
  GROUP BY q.id),
covered(unit_id) AS (SELECT DISTINCT u.unit_id FROM centre c JOIN unit u ON u.id = c.area_id),
quarter_facts(id, name, kind, area_km2, people, centres, nearest_m) AS (
  SELECT q.id, q.name, q.kind, share(q.area_m2, 1000000), p.people, c.centres, c.nearest_m
  FROM quarter q JOIN quarter_people p ON p.id = q.id JOIN quarter_centres c ON c.id = q.id
  JOIN unit u ON u.id = q.id JOIN covered v ON v.unit_id = u.unit_id)
SELECT id AS key, name AS subject, id AS area_id, kind AS kind, area_km2 AS area_km2,
       people AS people, centres AS centres, nearest_m AS nearest_m
FROM quarter_facts

-- fact: centre_coming
-- types: key text, subject text, area_id text, approved_on date, floor_m2 integer, vacancy_now real, per_head_now real, per_head_with real
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
area_people(id, people) AS MATERIALIZED (
  SELECT u.anc, sum(p.people) FROM persons p JOIN up u ON u.id = p.area_id GROUP BY u.anc),
centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of)),
area_centres(id, centres, floor_m2, open_m2, surveyed_m2, vacant_m2) AS (
  SELECT u.anc, count(*), sum(c.floor_m2),
         coalesce(sum(c.floor_m2) FILTER (WHERE c.state = 'open'), 0),
         sum(c.floor_m2) FILTER (WHERE c.vacant_m2 IS NOT NULL), sum(c.vacant_m2)
  FROM centre c JOIN up u ON u.id = c.area_id GROUP BY u.anc),
total(centres, floor_m2, open_m2, surveyed_m2, vacant_m2) AS (
  SELECT sum(c.centres), sum(c.floor_m2), sum(c.open_m2), sum(c.surveyed_m2), sum(c.vacant_m2)
  FROM whole w JOIN area_centres c ON c.id = w.id),
heads(people) AS (SELECT sum(p.people) FROM whole w JOIN area_people p ON p.id = w.id)
SELECT c.id AS key, c.name AS subject, c.area_id AS area_id, c.approved_on AS approved_on,
       c.floor_m2 AS floor_m2, share(t.vacant_m2, t.surveyed_m2) AS vacancy_now,
       share(t.open_m2, h.people) AS per_head_now,
       share(t.open_m2 + c.floor_m2, h.people) AS per_head_with
FROM commercial_centres c CROSS JOIN total t CROSS JOIN heads h
WHERE c.state = 'building' AND (c.approved_on IS NULL OR c.approved_on <= :as_of)

-- fact: local_shops
-- types: key text, subject text, area_id text, kind text, shops integer, people integer, people_per_shop real
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
  WHERE n = 1)
SELECT u.unit_id || '/' || f.kind AS key, min(a.name) AS subject, u.unit_id AS area_id,
       f.kind AS kind, count(*) AS shops, min(p.people) AS people,
       share(min(p.people), count(*)) AS people_per_shop
FROM facilities f JOIN unit u ON u.id = f.area_id JOIN areas a ON a.id = u.unit_id
JOIN area_people p ON p.id = u.unit_id
WHERE f.kind IN ('market', 'supermarket', 'convenience_store')
  AND (f.opened_on IS NULL OR f.opened_on <= :as_of)
  AND (f.closed_on IS NULL OR f.closed_on > :as_of)
GROUP BY u.unit_id, f.kind
