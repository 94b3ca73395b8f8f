-- The numbers of the answer.

-- figure: zone_submissions
SELECT max(n) AS value FROM (SELECT count(*) AS n FROM observations o JOIN areas a ON a.id = o.area_id
  WHERE a.kind IN ('development_zone', 'zone') AND o.period <= :as_of AND (o.submitted_on IS NULL OR o.submitted_on <= :as_of)
  GROUP BY o.indicator_id, o.area_id, o.period, o.source) s

-- figure: figures_checked
SELECT count(*) AS value FROM observations WHERE period <= :as_of AND source <> 'speech'

-- figure: figures_lacking
SELECT count(*) FILTER (WHERE (k.signatures AND o.signatory IS NULL) OR (k.records AND o.record_ref IS NULL)) AS value
FROM observations o CROSS JOIN (SELECT count(signatory) > 0 AS signatures, count(record_ref) > 0 AS records FROM observations) k
WHERE o.period <= :as_of AND o.source <> 'speech'

-- figure: series_checked
SELECT count(*) AS value FROM (SELECT 1 AS one FROM observations WHERE period <= :as_of AND source NOT IN ('speech', 'census')
  GROUP BY indicator_id, area_id, source HAVING count(*) >= :digit_series_values_min) s

-- Output of twelve months that the growth of electricity cannot explain, of areas where the two are far apart.
-- figure: output_unexplained
WITH kinds AS (
  SELECT min(id) AS indicator_id, what FROM (
    SELECT id, CASE WHEN name LIKE :output_indicator_like THEN 'output' WHEN name LIKE :electricity_indicator_like THEN 'electricity' END AS what
    FROM indicators WHERE frequency = 'monthly') named WHERE what IS NOT NULL GROUP BY what
), latest AS (
  SELECT k.what, o.area_id, year_of(o.period) * 12 + month_of(o.period) AS ym, o.value,
    row_number() OVER (PARTITION BY o.indicator_id, o.area_id, o.period ORDER BY o.source, o.vintage DESC) AS nth
  FROM observations o JOIN kinds k ON k.indicator_id = o.indicator_id JOIN areas a ON a.id = o.area_id
  WHERE o.period <= :as_of AND o.source NOT IN ('speech', 'census') AND a.kind IN ('district', 'county')
), ends AS (
  SELECT area_id, max(ym) AS last_ym FROM latest WHERE what = 'output' GROUP BY area_id
), sums AS (
  SELECT l.area_id, l.what, 12 * mean(l.value) FILTER (WHERE l.ym > e.last_ym - 12) AS now, 12 * mean(l.value) FILTER (WHERE l.ym <= e.last_ym - 12 * :source_growth_years) AS base
  FROM latest l JOIN ends e ON e.area_id = l.area_id
  WHERE l.nth = 1 AND l.ym <= e.last_ym AND (l.ym > e.last_ym - 12 OR (l.ym > e.last_ym - 12 - 12 * :source_growth_years AND l.ym <= e.last_ym - 12 * :source_growth_years))
  GROUP BY l.area_id, l.what HAVING count(*) = 24
)
SELECT coalesce(mean(o.now - o.base * share(e.now, e.base)) * count(*), 0.0) AS value
FROM sums o JOIN sums e ON e.area_id = o.area_id AND e.what = 'electricity'
WHERE o.what = 'output' AND share(share(o.now, o.base), share(e.now, e.base)) - 1 > :source_growth_gap_share_max * :source_growth_years
