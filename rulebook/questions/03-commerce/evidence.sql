-- Which centres and shops stand behind a fact about an area.

-- evidence: commercial_floor
WITH RECURSIVE up(id, anc, depth) AS MATERIALIZED (
  SELECT id, id, 0 FROM areas
  UNION ALL
  SELECT up.id, a.parent_id, up.depth + 1 FROM up JOIN areas a ON a.id = up.anc
  WHERE a.parent_id IS NOT NULL AND up.depth < 12),
centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of))
SELECT 'commercial_centres' AS table_name, c.id AS row_key FROM centre c
JOIN up u ON u.id = c.area_id WHERE u.anc = :key ORDER BY c.id

-- evidence: floor_vacancy
WITH RECURSIVE up(id, anc, depth) AS MATERIALIZED (
  SELECT id, id, 0 FROM areas
  UNION ALL
  SELECT up.id, a.parent_id, up.depth + 1 FROM up JOIN areas a ON a.id = up.anc
  WHERE a.parent_id IS NOT NULL AND up.depth < 12),
centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of))
SELECT 'commercial_centres' AS table_name, c.id AS row_key FROM centre c
JOIN up u ON u.id = c.area_id WHERE u.anc = :key AND c.vacant_m2 IS NOT NULL ORDER BY c.id

-- evidence: core_density
WITH centre(id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2) AS (
  SELECT id, name, kind, area_id, circle_id, state, floor_m2, vacant_m2 FROM commercial_centres
  WHERE state IN ('open', 'building') AND (approved_on IS NULL OR approved_on <= :as_of)
    AND (closed_on IS NULL OR closed_on > :as_of)),
centre_place(id, area_id, floor_m2, x_m, y_m) AS (
  SELECT c.id, c.area_id, c.floor_m2, m.x_m, m.y_m FROM centre c
  JOIN m_places m ON m.table_name = 'commercial_centres' AND m.row_key = c.id),
circle(id, name, x_m, y_m) AS (
  SELECT a.id, a.name, m.x_m, m.y_m FROM areas a
  JOIN m_places m ON m.table_name = 'areas' AND m.row_key = a.id WHERE a.kind = 'core_circle')
SELECT 'commercial_centres' AS table_name, c.id AS row_key FROM circle k
JOIN centre_place c ON (c.x_m - k.x_m) * (c.x_m - k.x_m) + (c.y_m - k.y_m) * (c.y_m - k.y_m)
                       <= :core_distance_m * :core_distance_m
WHERE k.id = :key ORDER BY c.id

-- evidence: local_shops
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
  WHERE n = 1)
SELECT 'facilities' AS table_name, f.id AS row_key FROM facilities f
JOIN unit u ON u.id = f.area_id WHERE u.unit_id || '/' || f.kind = :key ORDER BY f.id
