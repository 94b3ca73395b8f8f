-- Tables behind charts and maps.

-- view: floor_per_head_by_area
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
SELECT a.id AS area_id, a.name AS name, share(c.floor_m2, p.people) AS floor_per_head,
       share(c.open_m2, p.people) AS open_per_head
FROM areas a JOIN area_people p ON p.id = a.id JOIN area_centres c ON c.id = a.id
WHERE a.kind IN ('district', 'county') OR a.id IN (SELECT id FROM whole) ORDER BY a.id

-- view: floor_by_street
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
area_centres(id, centres, floor_m2, open_m2, surveyed_m2, vacant_m2) AS (
  SELECT u.anc, count(*), sum(c.floor_m2),
         coalesce(sum(c.floor_m2) FILTER (WHERE c.state = 'open'), 0),
         sum(c.floor_m2) FILTER (WHERE c.vacant_m2 IS NOT NULL), sum(c.vacant_m2)
  FROM centre c JOIN up u ON u.id = c.area_id GROUP BY u.anc),
covered(unit_id) AS (SELECT DISTINCT u.unit_id FROM centre c JOIN unit u ON u.id = c.area_id)
SELECT a.id AS area_id, a.name AS name, share(coalesce(c.floor_m2, 0), p.people) AS floor_per_head
FROM areas a JOIN area_people p ON p.id = a.id JOIN unit u ON u.id = a.id
JOIN covered v ON v.unit_id = u.unit_id LEFT JOIN area_centres c ON c.id = a.id
WHERE a.kind = 'street' ORDER BY a.id

-- view: floor_by_year
SELECT y.opened AS year, share(sum(z.floor_m2), 10000) AS floor_wan_m2
FROM (SELECT DISTINCT year_of(opened_on) AS opened FROM commercial_centres
      WHERE opened_on IS NOT NULL AND opened_on <= :as_of) y
JOIN commercial_centres z ON year_of(z.opened_on) <= y.opened AND z.opened_on <= :as_of
  AND (z.closed_on IS NULL OR year_of(z.closed_on) > y.opened)
GROUP BY y.opened ORDER BY y.opened

-- view: vacancy_by_kind
WITH centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of))
SELECT CASE kind WHEN 'complex' THEN '综合体 complex' WHEN 'mall' THEN '购物中心 mall'
            WHEN 'department_store' THEN '百货 department store'
            WHEN 'supermarket' THEN '超市 supermarket' WHEN 'market' THEN '专业市场 market'
            WHEN 'street' THEN '商业街 street' ELSE '其他 other' END AS kind,
       share(sum(vacant_m2), sum(floor_m2)) * 100 AS vacancy, count(*) AS centres
FROM centre WHERE vacant_m2 IS NOT NULL GROUP BY kind ORDER BY kind

-- view: centres_coming
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
SELECT b.name || '，' || b.approved_on AS name, share(b.floor_m2, h.people) AS adds,
       share(t.open_m2 + sum(b.floor_m2) OVER (ORDER BY b.approved_on, b.id), h.people) AS then_per_head
FROM commercial_centres b CROSS JOIN total t CROSS JOIN heads h
WHERE b.state = 'building' AND b.approved_on <= :as_of ORDER BY b.approved_on, b.id
