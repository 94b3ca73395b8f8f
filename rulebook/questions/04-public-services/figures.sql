-- The numbers of the answer.

-- figure: institutions
-- types: value integer
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
city_health(institutions, beds, municipal_beds) AS (
  SELECT sum(h.institutions), sum(h.beds), sum(h.municipal_beds)
  FROM city c JOIN health_unit h ON h.id = c.id)
SELECT institutions AS value FROM city_health

-- figure: beds
-- types: value integer
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
city_health(institutions, beds, municipal_beds) AS (
  SELECT sum(h.institutions), sum(h.beds), sum(h.municipal_beds)
  FROM city c JOIN health_unit h ON h.id = c.id)
SELECT beds AS value FROM city_health

-- figure: beds_per_1000
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
city_heads(people) AS (SELECT sum(p.people) FROM city c JOIN area_people p ON p.id = c.id),
city_health(institutions, beds, municipal_beds) AS (
  SELECT sum(h.institutions), sum(h.beds), sum(h.municipal_beds)
  FROM city c JOIN health_unit h ON h.id = c.id)
SELECT share(t.beds, h.people) * 1000 AS value FROM city_health t CROSS JOIN city_heads h

-- figure: municipal_beds_per_1000
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
city_heads(people) AS (SELECT sum(p.people) FROM city c JOIN area_people p ON p.id = c.id),
city_health(institutions, beds, municipal_beds) AS (
  SELECT sum(h.institutions), sum(h.beds), sum(h.municipal_beds)
  FROM city c JOIN health_unit h ON h.id = c.id)
SELECT share(t.municipal_beds, h.people) * 1000 AS value FROM city_health t CROSS JOIN city_heads h

-- figure: urban_beds_per_1000
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
total(institutions, beds, doctors, nurses, gps, primary_beds, primary_doctors, primary_nurses) AS (
  SELECT sum(h.institutions), sum(h.beds), sum(h.doctors), sum(h.nurses), sum(h.gps),
         sum(h.primary_beds), sum(h.primary_doctors), sum(h.primary_nurses)
  FROM whole w JOIN health_unit h ON h.id = w.id),
heads(people) AS (SELECT sum(p.people) FROM whole w JOIN area_people p ON p.id = w.id)
SELECT share(t.beds, h.people) * 1000 AS value FROM total t CROSS JOIN heads h

-- figure: urban_doctors_per_1000
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
total(institutions, beds, doctors, nurses, gps, primary_beds, primary_doctors, primary_nurses) AS (
  SELECT sum(h.institutions), sum(h.beds), sum(h.doctors), sum(h.nurses), sum(h.gps),
         sum(h.primary_beds), sum(h.primary_doctors), sum(h.primary_nurses)
  FROM whole w JOIN health_unit h ON h.id = w.id),
heads(people) AS (SELECT sum(p.people) FROM whole w JOIN area_people p ON p.id = w.id)
SELECT share(t.doctors, h.people) * 1000 AS value FROM total t CROSS JOIN heads h

-- figure: urban_nurses_per_1000
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
total(institutions, beds, doctors, nurses, gps, primary_beds, primary_doctors, primary_nurses) AS (
  SELECT sum(h.institutions), sum(h.beds), sum(h.doctors), sum(h.nurses), sum(h.gps),
         sum(h.primary_beds), sum(h.primary_doctors), sum(h.primary_nurses)
  FROM whole w JOIN health_unit h ON h.id = w.id),
heads(people) AS (SELECT sum(p.people) FROM whole w JOIN area_people p ON p.id = w.id)
SELECT share(t.nurses, h.people) * 1000 AS value FROM total t CROSS JOIN heads h

-- figure: primary_beds_per_1000
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
total(institutions, beds, doctors, nurses, gps, primary_beds, primary_doctors, primary_nurses) AS (
  SELECT sum(h.institutions), sum(h.beds), sum(h.doctors), sum(h.nurses), sum(h.gps),
         sum(h.primary_beds), sum(h.primary_doctors), sum(h.primary_nurses)
  FROM whole w JOIN health_unit h ON h.id = w.id),
heads(people) AS (SELECT sum(p.people) FROM whole w JOIN area_people p ON p.id = w.id)
SELECT share(t.primary_beds, h.people) * 1000 AS value FROM total t CROSS JOIN heads h

-- figure: primary_doctors_per_1000
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
total(institutions, beds, doctors, nurses, gps, primary_beds, primary_doctors, primary_nurses) AS (
  SELECT sum(h.institutions), sum(h.beds), sum(h.doctors), sum(h.nurses), sum(h.gps),
         sum(h.primary_beds), sum(h.primary_doctors), sum(h.primary_nurses)
  FROM whole w JOIN health_unit h ON h.id = w.id),
heads(people) AS (SELECT sum(p.people) FROM whole w JOIN area_people p ON p.id = w.id)
SELECT share(t.primary_doctors, h.people) * 1000 AS value FROM total t CROSS JOIN heads h

-- figure: primary_nurses_per_1000
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
total(institutions, beds, doctors, nurses, gps, primary_beds, primary_doctors, primary_nurses) AS (
  SELECT sum(h.institutions), sum(h.beds), sum(h.doctors), sum(h.nurses), sum(h.gps),
         sum(h.primary_beds), sum(h.primary_doctors), sum(h.primary_nurses)
  FROM whole w JOIN health_unit h ON h.id = w.id),
heads(people) AS (SELECT sum(p.people) FROM whole w JOIN area_people p ON p.id = w.id)
SELECT share(t.primary_nurses, h.people) * 1000 AS value FROM total t CROSS JOIN heads h

-- figure: gps_per_1000
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
total(institutions, beds, doctors, nurses, gps, primary_beds, primary_doctors, primary_nurses) AS (
  SELECT sum(h.institutions), sum(h.beds), sum(h.doctors), sum(h.nurses), sum(h.gps),
         sum(h.primary_beds), sum(h.primary_doctors), sum(h.primary_nurses)
  FROM whole w JOIN health_unit h ON h.id = w.id),
heads(people) AS (SELECT sum(p.people) FROM whole w JOIN area_people p ON p.id = w.id)
SELECT share(t.gps, h.people) * 1000 AS value FROM total t CROSS JOIN heads h

-- figure: primary_doctor_share
-- types: value real
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
SELECT share(primary_doctors, primary_doctors + hospital_doctors) * 100 AS value FROM last_care

-- figure: primary_doctor_share_before
-- types: value real
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
  FROM care_year GROUP BY year)
SELECT share(c.primary_doctors, c.primary_doctors + c.hospital_doctors) * 100 AS value
FROM city_care c ORDER BY c.year LIMIT 1

-- figure: primary_visit_share
-- types: value real
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
SELECT share(primary_visits, primary_visits + hospital_visits) * 100 AS value FROM last_care

-- figure: hospital_bed_use
-- types: value real
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
SELECT share(hospital_bed_days, hospital_beds * 365) * 100 AS value FROM last_care

-- figure: primary_bed_use
-- types: value real
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
SELECT share(primary_bed_days, primary_beds * 365) * 100 AS value FROM last_care

-- figure: schools_over
-- types: value integer
WITH facility(id, kind, tier, ownership, area_id, beds, doctors, nurses, gps,
         places, pupils, classes) AS MATERIALIZED (
  SELECT id, kind, tier, ownership, area_id, beds, doctors, nurses, general_practitioners,
         places, pupils, classes FROM facilities
  WHERE (opened_on IS NULL OR opened_on <= :as_of) AND (closed_on IS NULL OR closed_on > :as_of)),
school(id, kind, area_id, places, pupils, classes) AS (
  SELECT id, kind, area_id, places, pupils, classes FROM facility
  WHERE kind IN ('primary_school', 'middle_school', 'nine_year_school', 'high_school'))
SELECT count(*) AS value FROM school WHERE share(pupils, places) > :school_over_capacity_share_min

-- figure: schools_under
-- types: value integer
WITH facility(id, kind, tier, ownership, area_id, beds, doctors, nurses, gps,
         places, pupils, classes) AS MATERIALIZED (
  SELECT id, kind, tier, ownership, area_id, beds, doctors, nurses, general_practitioners,
         places, pupils, classes FROM facilities
  WHERE (opened_on IS NULL OR opened_on <= :as_of) AND (closed_on IS NULL OR closed_on > :as_of)),
school(id, kind, area_id, places, pupils, classes) AS (
  SELECT id, kind, area_id, places, pupils, classes FROM facility
  WHERE kind IN ('primary_school', 'middle_school', 'nine_year_school', 'high_school'))
SELECT count(*) AS value FROM school WHERE share(pupils, places) < :school_under_capacity_share_max

-- figure: smallest_old_school
-- types: value integer
WITH facility(id, kind, tier, ownership, area_id, beds, doctors, nurses, gps,
         places, pupils, classes) AS MATERIALIZED (
  SELECT id, kind, tier, ownership, area_id, beds, doctors, nurses, general_practitioners,
         places, pupils, classes FROM facilities
  WHERE (opened_on IS NULL OR opened_on <= :as_of) AND (closed_on IS NULL OR closed_on > :as_of)),
school(id, kind, area_id, places, pupils, classes) AS (
  SELECT id, kind, area_id, places, pupils, classes FROM facility
  WHERE kind IN ('primary_school', 'middle_school', 'nine_year_school', 'high_school'))
SELECT min(pupils) AS value FROM school
WHERE kind = 'middle_school' AND share(pupils, places) < :school_under_capacity_share_max

-- figure: new_quarter_schools
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
SELECT schools AS value FROM quarter_facts
WHERE kind = 'zone' AND people >= :circle_10min_persons_max ORDER BY schools, id LIMIT 1

-- figure: children_now
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
unit(id, unit_id) AS MATERIALIZED (
  SELECT id, anc FROM (
    SELECT u.id, u.anc, row_number() OVER (
      PARTITION BY u.id
      ORDER BY CASE WHEN a.kind IN ('district', 'county') THEN 0 ELSE 1 END, u.depth) AS n
    FROM up u JOIN areas a ON a.id = u.anc WHERE a.kind IN ('district', 'county', 'city')) t
  WHERE n = 1),
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
  FROM child GROUP BY unit_id, k, CASE WHEN a < 12 THEN 'primary' ELSE 'junior' END)
SELECT share(sum(children), 10000) AS value FROM pupils_to_come WHERE k = 0

-- figure: children_then
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
unit(id, unit_id) AS MATERIALIZED (
  SELECT id, anc FROM (
    SELECT u.id, u.anc, row_number() OVER (
      PARTITION BY u.id
      ORDER BY CASE WHEN a.kind IN ('district', 'county') THEN 0 ELSE 1 END, u.depth) AS n
    FROM up u JOIN areas a ON a.id = u.anc WHERE a.kind IN ('district', 'county', 'city')) t
  WHERE n = 1),
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
  FROM child GROUP BY unit_id, k, CASE WHEN a < 12 THEN 'primary' ELSE 'junior' END)
SELECT share(sum(children), 10000) AS value FROM pupils_to_come WHERE k = :school_forecast_years

-- figure: places_now
-- types: value real
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
  WHERE kind IN ('primary_school', 'middle_school', 'nine_year_school', 'high_school')),
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
  WHERE s.kind IN ('middle_school', 'nine_year_school') AND s.places IS NOT NULL GROUP BY u.unit_id)
SELECT share(sum(places), 10000) AS value FROM school_places

-- figure: near_primary_school
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
SELECT share(sum(near_people), sum(people)) * 100 AS value FROM walk WHERE kind = 'primary_school'

-- figure: near_primary_care
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
SELECT share(sum(near_people), sum(people)) * 100 AS value FROM walk WHERE kind = 'primary_care'
