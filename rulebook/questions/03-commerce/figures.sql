-- The numbers of the answer.

-- figure: centres
-- types: value integer
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
  FROM centre c JOIN up u ON u.id = c.area_id GROUP BY u.anc),
total(centres, floor_m2, open_m2, surveyed_m2, vacant_m2) AS (
  SELECT sum(c.centres), sum(c.floor_m2), sum(c.open_m2), sum(c.surveyed_m2), sum(c.vacant_m2)
  FROM whole w JOIN area_centres c ON c.id = w.id)
SELECT centres AS value FROM total

-- figure: floor
-- types: value real
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
  FROM centre c JOIN up u ON u.id = c.area_id GROUP BY u.anc),
total(centres, floor_m2, open_m2, surveyed_m2, vacant_m2) AS (
  SELECT sum(c.centres), sum(c.floor_m2), sum(c.open_m2), sum(c.surveyed_m2), sum(c.vacant_m2)
  FROM whole w JOIN area_centres c ON c.id = w.id)
SELECT share(floor_m2, 10000) AS value FROM total

-- figure: complexes
-- types: value integer
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
    AND (closed_on IS NULL OR closed_on > :as_of))
SELECT count(*) AS value FROM centre c JOIN up u ON u.id = c.area_id JOIN whole w ON w.id = u.anc
WHERE c.kind = 'complex'

-- figure: complex_floor
-- types: value real
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
    AND (closed_on IS NULL OR closed_on > :as_of))
SELECT share(sum(c.floor_m2), 10000) AS value FROM centre c
JOIN up u ON u.id = c.area_id JOIN whole w ON w.id = u.anc WHERE c.kind = 'complex'

-- figure: people
-- types: value real
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
heads(people) AS (SELECT sum(p.people) FROM whole w JOIN area_people p ON p.id = w.id)
SELECT share(people, 10000) AS value FROM heads

-- figure: floor_per_head
-- types: value real
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
SELECT share(t.floor_m2, h.people) AS value FROM total t CROSS JOIN heads h

-- figure: band_upper
-- types: value real
SELECT CAST(:commercial_area_medium_city_max_m2 AS DOUBLE PRECISION) AS value

-- figure: developed_upper
-- types: value real
SELECT CAST(:commercial_area_developed_max_m2 AS DOUBLE PRECISION) AS value

-- figure: great_city
-- types: value real
SELECT CAST(:commercial_area_shanghai_m2 AS DOUBLE PRECISION) AS value

-- figure: floor_over_band
-- types: value real
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
SELECT share(greatest_of(t.floor_m2 - h.people * CAST(:commercial_area_medium_city_max_m2 AS DOUBLE PRECISION),
                         CAST(0 AS DOUBLE PRECISION)), 10000) AS value
FROM total t CROSS JOIN heads h

-- figure: vacancy
-- types: value real
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
  FROM centre c JOIN up u ON u.id = c.area_id GROUP BY u.anc),
total(centres, floor_m2, open_m2, surveyed_m2, vacant_m2) AS (
  SELECT sum(c.centres), sum(c.floor_m2), sum(c.open_m2), sum(c.surveyed_m2), sum(c.vacant_m2)
  FROM whole w JOIN area_centres c ON c.id = w.id)
SELECT share(vacant_m2, surveyed_m2) * 100 AS value FROM total

-- figure: highest_vacancy
-- types: value real
WITH centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of))
SELECT max(share(vacant_m2, floor_m2)) * 100 AS value FROM centre

-- figure: very_vacant
-- types: value integer
WITH centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of))
SELECT count(*) AS value FROM centre WHERE share(vacant_m2, floor_m2) >= :vacancy_severe_share

-- figure: core_distance
-- types: value real
SELECT share(:core_distance_m, 1000) AS value

-- figure: core_first
-- types: value integer
WITH centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of)),
centre_place(id, area_id, floor_m2, x_m, y_m) AS (
  SELECT c.id, c.area_id, c.floor_m2, m.x_m, m.y_m FROM centre c
  JOIN m_places m ON m.table_name = 'commercial_centres' AND m.row_key = c.id),
circle(id, name, x_m, y_m) AS (
  SELECT a.id, a.name, m.x_m, m.y_m FROM areas a
  JOIN m_places m ON m.table_name = 'areas' AND m.row_key = a.id WHERE a.kind = 'core_circle'),
circle_centres(id, centres, floor_m2) AS (
  SELECT k.id, count(*), sum(c.floor_m2) FROM circle k
  JOIN centre_place c ON (c.x_m - k.x_m) * (c.x_m - k.x_m) + (c.y_m - k.y_m) * (c.y_m - k.y_m)
                         <= :core_distance_m * :core_distance_m
  GROUP BY k.id),
dense(centres, n) AS (
  SELECT centres, row_number() OVER (ORDER BY centres DESC, id) FROM circle_centres)
SELECT centres AS value FROM dense WHERE n = 1

-- figure: core_second
-- types: value integer
WITH centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of)),
centre_place(id, area_id, floor_m2, x_m, y_m) AS (
  SELECT c.id, c.area_id, c.floor_m2, m.x_m, m.y_m FROM centre c
  JOIN m_places m ON m.table_name = 'commercial_centres' AND m.row_key = c.id),
circle(id, name, x_m, y_m) AS (
  SELECT a.id, a.name, m.x_m, m.y_m FROM areas a
  JOIN m_places m ON m.table_name = 'areas' AND m.row_key = a.id WHERE a.kind = 'core_circle'),
circle_centres(id, centres, floor_m2) AS (
  SELECT k.id, count(*), sum(c.floor_m2) FROM circle k
  JOIN centre_place c ON (c.x_m - k.x_m) * (c.x_m - k.x_m) + (c.y_m - k.y_m) * (c.y_m - k.y_m)
                         <= :core_distance_m * :core_distance_m
  GROUP BY k.id),
dense(centres, n) AS (
  SELECT centres, row_number() OVER (ORDER BY centres DESC, id) FROM circle_centres)
SELECT centres AS value FROM dense WHERE n = 2

-- figure: core_third
-- types: value integer
WITH centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of)),
centre_place(id, area_id, floor_m2, x_m, y_m) AS (
  SELECT c.id, c.area_id, c.floor_m2, m.x_m, m.y_m FROM centre c
  JOIN m_places m ON m.table_name = 'commercial_centres' AND m.row_key = c.id),
circle(id, name, x_m, y_m) AS (
  SELECT a.id, a.name, m.x_m, m.y_m FROM areas a
  JOIN m_places m ON m.table_name = 'areas' AND m.row_key = a.id WHERE a.kind = 'core_circle'),
circle_centres(id, centres, floor_m2) AS (
  SELECT k.id, count(*), sum(c.floor_m2) FROM circle k
  JOIN centre_place c ON (c.x_m - k.x_m) * (c.x_m - k.x_m) + (c.y_m - k.y_m) * (c.y_m - k.y_m)
                         <= :core_distance_m * :core_distance_m
  GROUP BY k.id),
dense(centres, n) AS (
  SELECT centres, row_number() OVER (ORDER BY centres DESC, id) FROM circle_centres)
SELECT centres AS value FROM dense WHERE n = 3

-- figure: quarter_area
-- types: value real
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
  JOIN unit u ON u.id = q.id JOIN covered v ON v.unit_id = u.unit_id),
worst_quarter(area_km2, people, centres) AS (
  SELECT area_km2, people, centres FROM quarter_facts
  WHERE centres = 0 AND nearest_m > :local_centre_radius_m AND people >= :circle_15min_persons_min
  ORDER BY people DESC, id LIMIT 1)
SELECT area_km2 AS value FROM worst_quarter

-- figure: quarter_people
-- types: value real
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
  JOIN unit u ON u.id = q.id JOIN covered v ON v.unit_id = u.unit_id),
worst_quarter(area_km2, people, centres) AS (
  SELECT area_km2, people, centres FROM quarter_facts
  WHERE centres = 0 AND nearest_m > :local_centre_radius_m AND people >= :circle_15min_persons_min
  ORDER BY people DESC, id LIMIT 1)
SELECT share(people, 10000) AS value FROM worst_quarter

-- figure: quarter_centres
-- types: value integer
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
  JOIN unit u ON u.id = q.id JOIN covered v ON v.unit_id = u.unit_id),
worst_quarter(area_km2, people, centres) AS (
  SELECT area_km2, people, centres FROM quarter_facts
  WHERE centres = 0 AND nearest_m > :local_centre_radius_m AND people >= :circle_15min_persons_min
  ORDER BY people DESC, id LIMIT 1)
SELECT centres AS value FROM worst_quarter

-- figure: far_people
-- types: value real
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
inside(id) AS MATERIALIZED (
  SELECT u.id FROM up u JOIN whole w ON w.id = u.anc),
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
third(d) AS (SELECT -1 UNION ALL SELECT 0 UNION ALL SELECT 1),
centre_reach(bx, by, x_m, y_m) AS MATERIALIZED (
  SELECT CAST(trunc((c.x_m + 10000000) / :local_centre_radius_m) AS BIGINT) + i.d,
         CAST(trunc((c.y_m + 10000000) / :local_centre_radius_m) AS BIGINT) + j.d, c.x_m, c.y_m
  FROM centre_place c CROSS JOIN third i CROSS JOIN third j),
cell_bucket(id, x_m, y_m, bx, by) AS MATERIALIZED (
  SELECT id, x_m, y_m, CAST(trunc((x_m + 10000000) / :local_centre_radius_m) AS BIGINT),
         CAST(trunc((y_m + 10000000) / :local_centre_radius_m) AS BIGINT) FROM cell_place),
near_centre(id) AS MATERIALIZED (
  SELECT DISTINCT p.id FROM cell_bucket p JOIN centre_reach c ON c.bx = p.bx AND c.by = p.by
  WHERE (p.x_m - c.x_m) * (p.x_m - c.x_m) + (p.y_m - c.y_m) * (p.y_m - c.y_m)
        <= :local_centre_radius_m * :local_centre_radius_m)
SELECT CASE WHEN EXISTS (SELECT 1 FROM centre_place) THEN share(sum(p.people), 10000) END AS value
FROM cell_place p LEFT JOIN near_centre n ON n.id = p.id
WHERE n.id IS NULL AND p.id IN (SELECT id FROM inside)

-- figure: building_floor
-- types: value real
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
  FROM centre c JOIN up u ON u.id = c.area_id GROUP BY u.anc),
total(centres, floor_m2, open_m2, surveyed_m2, vacant_m2) AS (
  SELECT sum(c.centres), sum(c.floor_m2), sum(c.open_m2), sum(c.surveyed_m2), sum(c.vacant_m2)
  FROM whole w JOIN area_centres c ON c.id = w.id)
SELECT share(floor_m2 - open_m2, 10000) AS value FROM total

-- figure: retail_sales
-- types: value real
WITH whole(id) AS (
  SELECT id FROM areas WHERE kind = 'urban'
  UNION ALL
  SELECT id FROM areas
  WHERE kind = 'city' AND NOT EXISTS (SELECT 1 FROM areas WHERE kind = 'urban'))
SELECT o.value AS value FROM observations o JOIN whole w ON w.id = o.area_id
JOIN indicators i ON i.id = o.indicator_id
WHERE i.name = '社会消费品零售总额' AND i.unit = 'yi_yuan' AND o.period <= :as_of
ORDER BY o.period DESC, o.vintage DESC, o.source LIMIT 1
