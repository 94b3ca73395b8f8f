-- The rows of the board behind a fact. The key of an observation is indicator|area|period|vintage|source.

-- evidence: figure_submitted
SELECT indicator_id || '|' || area_id || '|' || CAST(period AS TEXT) || '|' || source AS key, 'observations' AS table_name, indicator_id || '|' || area_id || '|' || CAST(period AS TEXT) || '|' || CAST(vintage AS TEXT) || '|' || source AS row_key
FROM observations ORDER BY indicator_id, area_id, period, source, vintage

-- evidence: total_and_parts
WITH part_of AS (
  SELECT p.id AS part_id, t.id AS total_id
  FROM areas p LEFT JOIN areas q ON q.id = p.parent_id JOIN areas t ON t.id = p.parent_id OR t.id = q.parent_id
  WHERE p.kind IN ('district', 'county') AND t.kind IN ('city', 'urban')
), parts AS (
  SELECT total_id, count(*) AS parts FROM part_of GROUP BY total_id
), latest AS (
  SELECT o.indicator_id, o.area_id, o.period, o.vintage, o.source, o.value,
    row_number() OVER (PARTITION BY o.indicator_id, o.area_id, o.period, o.source ORDER BY o.vintage DESC) AS nth
  FROM observations o WHERE o.period <= :as_of AND o.source <> 'speech'
), sums AS (
  SELECT l.indicator_id, p.total_id, l.period, l.source, mean(l.value) * count(*) AS parts_sum, count(*) AS reported,
    CASE WHEN max(abs(round_to(l.value, 1) - l.value)) > 0.001 THEN 0.01 WHEN max(abs(round_to(l.value, 0) - l.value)) > 0.001 THEN 0.1 ELSE 1.0 END AS unit
  FROM latest l JOIN part_of p ON p.part_id = l.area_id WHERE l.nth = 1 GROUP BY l.indicator_id, p.total_id, l.period, l.source
), complete AS (
  SELECT s.indicator_id, s.total_id, s.period, s.source, s.parts_sum, (s.reported + 1) * s.unit * :total_rounding_units + 0.000001 AS rounding, row_number() OVER (PARTITION BY s.indicator_id, s.total_id, s.period ORDER BY s.source) AS pick
  FROM sums s JOIN parts n ON n.total_id = s.total_id AND n.parts = s.reported
), compared AS (
  SELECT l.indicator_id, l.area_id, l.period, l.vintage, l.source, c.source AS part_source
  FROM latest l JOIN complete c ON c.indicator_id = l.indicator_id AND c.total_id = l.area_id AND c.period = l.period AND c.pick = 1
  WHERE l.nth = 1 AND abs(l.value - c.parts_sum) > c.rounding
)
SELECT indicator_id || '|' || area_id AS key, 'observations' AS table_name, indicator_id || '|' || area_id || '|' || CAST(period AS TEXT) || '|' || CAST(vintage AS TEXT) || '|' || source AS row_key FROM compared
UNION ALL
SELECT c.indicator_id || '|' || c.area_id, 'observations', l.indicator_id || '|' || l.area_id || '|' || CAST(l.period AS TEXT) || '|' || CAST(l.vintage AS TEXT) || '|' || l.source
FROM (SELECT DISTINCT indicator_id, area_id, period, part_source FROM compared) c JOIN part_of p ON p.total_id = c.area_id
JOIN latest l ON l.indicator_id = c.indicator_id AND l.area_id = p.part_id AND l.period = c.period AND l.source = c.part_source AND l.nth = 1

-- evidence: reporter
WITH kept AS (
  SELECT count(signatory) > 0 AS signatures, count(record_ref) > 0 AS records FROM observations
)
SELECT coalesce(o.submitted_by_id, i.owner_id, o.area_id) AS key, 'observations' AS table_name,
       o.indicator_id || '|' || o.area_id || '|' || CAST(o.period AS TEXT) || '|' || CAST(o.vintage AS TEXT) || '|' || o.source AS row_key
FROM observations o JOIN indicators i ON i.id = o.indicator_id CROSS JOIN kept k
WHERE o.period <= :as_of AND o.source <> 'speech'
  AND ((k.signatures AND o.signatory IS NULL) OR (k.records AND o.record_ref IS NULL))
ORDER BY o.period, row_key

-- evidence: target_set
SELECT 'targets' AS table_name, id AS row_key FROM targets WHERE substr(:key, 1, length(id) + 1) = id || '|'
UNION ALL
SELECT 'observations', o.indicator_id || '|' || o.area_id || '|' || CAST(o.period AS TEXT) || '|' || CAST(o.vintage AS TEXT) || '|' || o.source
FROM targets t JOIN observations o ON o.indicator_id = t.indicator_id AND o.area_id = t.area_id AND t.id || '|' || o.source = :key
WHERE o.period <= :as_of AND o.period > add_days(t.set_on, -490)

-- evidence: last_digits
SELECT indicator_id || '|' || area_id || '|' || source AS key, 'observations' AS table_name, indicator_id || '|' || area_id || '|' || CAST(period AS TEXT) || '|' || CAST(vintage AS TEXT) || '|' || source AS row_key
FROM observations WHERE period <= :as_of ORDER BY period, indicator_id, area_id, source, vintage

-- evidence: growth_alike
SELECT indicator_id || '|' || area_id || '|' || source AS key, 'observations' AS table_name, indicator_id || '|' || area_id || '|' || CAST(period AS TEXT) || '|' || CAST(vintage AS TEXT) || '|' || source AS row_key
FROM observations WHERE period <= :as_of ORDER BY period, indicator_id, area_id, source, vintage

-- evidence: first_digits
SELECT 'investments' AS table_name, id AS row_key FROM investments WHERE 'investments|' || CAST(year_of(signed_on) AS TEXT) = :key AND signed_on <= :as_of
UNION ALL
SELECT 'enterprise_months', organisation_id || '|' || CAST(month AS TEXT) FROM enterprise_months WHERE 'enterprise_months|' || CAST(year_of(month) AS TEXT) = :key
UNION ALL
SELECT 'observations', indicator_id || '|' || area_id || '|' || CAST(period AS TEXT) || '|' || CAST(vintage AS TEXT) || '|' || source
FROM observations WHERE 'observations|' || indicator_id || '|' || source || '|' || CAST(period AS TEXT) = :key AND vintage = 1

-- evidence: output_of_area
SELECT 'observations' AS table_name, o.indicator_id || '|' || o.area_id || '|' || CAST(o.period AS TEXT) || '|' || CAST(o.vintage AS TEXT) || '|' || o.source AS row_key
FROM observations o JOIN indicators i ON i.id = o.indicator_id
WHERE o.area_id = :key AND i.frequency = 'monthly' AND o.period <= :as_of AND o.period > add_days(:as_of, -366 * (:source_growth_years + 1) - 62)
  AND (i.name LIKE :output_indicator_like OR i.name LIKE :electricity_indicator_like OR i.name LIKE :freight_indicator_like OR i.name LIKE :tax_indicator_like)
ORDER BY i.name, o.period

-- evidence: output_of_firm
SELECT 'enterprise_months' AS table_name, organisation_id || '|' || CAST(month AS TEXT) AS row_key
FROM enterprise_months WHERE organisation_id = :key AND month <= :as_of AND month > add_days(:as_of, -366 * (:source_growth_years + 1) - 62) ORDER BY month

-- evidence: two_sources
WITH latest AS (
  SELECT indicator_id, area_id, period, source, vintage, value, row_number() OVER (PARTITION BY indicator_id, area_id, period, source ORDER BY vintage DESC) AS nth
  FROM observations WHERE period <= :as_of AND source NOT IN ('speech', 'census')
), periods AS (
  SELECT indicator_id, area_id, period FROM latest WHERE nth = 1 GROUP BY indicator_id, area_id, period
  HAVING share(max(value) - min(value), greatest_of(abs(max(value)), abs(min(value)))) > :source_value_gap_share_max
)
SELECT l.indicator_id || '|' || l.area_id AS key, 'observations' AS table_name, l.indicator_id || '|' || l.area_id || '|' || CAST(l.period AS TEXT) || '|' || CAST(l.vintage AS TEXT) || '|' || l.source AS row_key
FROM latest l JOIN periods p ON p.indicator_id = l.indicator_id AND p.area_id = l.area_id AND p.period = l.period WHERE l.nth = 1
ORDER BY l.indicator_id, l.area_id, l.period, l.source
