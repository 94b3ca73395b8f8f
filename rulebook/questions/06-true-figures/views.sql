-- view: growth_by_area
WITH kinds AS (
  SELECT min(id) AS indicator_id, what FROM (
    SELECT id, CASE WHEN name LIKE :output_indicator_like THEN 'output' WHEN name LIKE :electricity_indicator_like THEN 'electricity'
      WHEN name LIKE :freight_indicator_like THEN 'freight' WHEN name LIKE :tax_indicator_like THEN 'tax' END AS what
    FROM indicators WHERE frequency = 'monthly') named WHERE what IS NOT NULL GROUP BY what
), latest AS (
  SELECT k.what, o.area_id, year_of(o.period) * 12 + month_of(o.period) AS ym, o.value,
    row_number() OVER (PARTITION BY o.indicator_id, o.area_id, o.period ORDER BY o.source, o.vintage DESC) AS nth
  FROM observations o JOIN kinds k ON k.indicator_id = o.indicator_id JOIN areas a ON a.id = o.area_id
  WHERE o.period <= :as_of AND o.source NOT IN ('speech', 'census') AND a.kind IN ('district', 'county')
), ends AS (
  SELECT area_id, max(ym) AS last_ym FROM latest WHERE what = 'output' GROUP BY area_id
), sums AS (
  SELECT l.area_id, l.what, mean(l.value) FILTER (WHERE l.ym > e.last_ym - 12) AS now, mean(l.value) FILTER (WHERE l.ym <= e.last_ym - 12 * :source_growth_years) AS base
  FROM latest l JOIN ends e ON e.area_id = l.area_id
  WHERE l.nth = 1 AND l.ym <= e.last_ym AND (l.ym > e.last_ym - 12 OR (l.ym > e.last_ym - 12 - 12 * :source_growth_years AND l.ym <= e.last_ym - 12 * :source_growth_years))
  GROUP BY l.area_id, l.what HAVING count(*) = 24
)
SELECT s.area_id AS area_id, min(a.name) AS name, max(share(now, base) - 1) FILTER (WHERE what = 'output') * 100 AS output, max(share(now, base) - 1) FILTER (WHERE what = 'electricity') * 100 AS electricity,
  max(share(now, base) - 1) FILTER (WHERE what = 'freight') * 100 AS freight, max(share(now, base) - 1) FILTER (WHERE what = 'tax') * 100 AS tax
FROM sums s JOIN areas a ON a.id = s.area_id GROUP BY s.area_id ORDER BY s.area_id

-- view: total_gap_by_month
WITH part_of AS (
  SELECT p.id AS part_id, t.id AS total_id
  FROM areas p LEFT JOIN areas q ON q.id = p.parent_id JOIN areas t ON t.id = p.parent_id OR t.id = q.parent_id
  WHERE p.kind IN ('district', 'county') AND t.kind = 'city'
), parts AS (
  SELECT total_id, count(*) AS parts FROM part_of GROUP BY total_id
), latest AS (
  SELECT o.indicator_id, o.area_id, o.period, o.source, o.value,
    row_number() OVER (PARTITION BY o.indicator_id, o.area_id, o.period, o.source ORDER BY o.vintage DESC) AS nth
  FROM observations o JOIN indicators i ON i.id = o.indicator_id WHERE o.period <= :as_of AND i.additive AND o.source <> 'speech'
), sums AS (
  SELECT l.indicator_id, p.total_id, l.period, l.source, mean(l.value) * count(*) AS parts_sum, count(*) AS reported
  FROM latest l JOIN part_of p ON p.part_id = l.area_id WHERE l.nth = 1 GROUP BY l.indicator_id, p.total_id, l.period, l.source
), complete AS (
  SELECT s.indicator_id, s.total_id, s.period, s.parts_sum, row_number() OVER (PARTITION BY s.indicator_id, s.total_id, s.period ORDER BY s.source) AS pick
  FROM sums s JOIN parts n ON n.total_id = s.total_id AND n.parts = s.reported
)
SELECT substr(CAST(l.period AS TEXT), 1, 7) AS month, round_to(max(abs(share(l.value - c.parts_sum, c.parts_sum))) * 100, 4) AS largest_gap
FROM latest l JOIN complete c ON c.indicator_id = l.indicator_id AND c.total_id = l.area_id AND c.period = l.period AND c.pick = 1
WHERE l.nth = 1 GROUP BY l.period ORDER BY month

-- view: lacking_by_area
SELECT o.area_id AS area_id, min(a.name) AS name,
  share(count(*) FILTER (WHERE (k.signatures AND o.signatory IS NULL) OR (k.records AND o.record_ref IS NULL)), count(*)) * 100 AS lacking
FROM observations o JOIN areas a ON a.id = o.area_id CROSS JOIN (SELECT count(signatory) > 0 AS signatures, count(record_ref) > 0 AS records FROM observations) k
WHERE o.period <= :as_of AND o.source <> 'speech' AND a.kind IN ('district', 'county') GROUP BY o.area_id ORDER BY o.area_id

-- view: submissions
WITH many AS (
  SELECT indicator_id, area_id, period, source, count(*) AS n FROM observations WHERE period <= :as_of GROUP BY indicator_id, area_id, period, source HAVING count(*) > 1
), ranked AS (
  SELECT indicator_id, area_id, period, source, row_number() OVER (ORDER BY n DESC, indicator_id, area_id, period, source) AS nth FROM many
)
SELECT CAST(coalesce(o.submitted_on, o.period) AS TEXT) || ' (' || CAST(o.vintage AS TEXT) || ')' AS name, o.value AS value
FROM ranked m JOIN observations o ON o.indicator_id = m.indicator_id AND o.area_id = m.area_id AND o.period = m.period AND o.source = m.source
WHERE m.nth = 1 ORDER BY o.vintage

-- view: firms
WITH ends AS (
  SELECT max(year_of(month) * 12 + month_of(month)) AS last_ym FROM enterprise_months WHERE month <= :as_of
), months AS (
  SELECT e.organisation_id, year_of(e.month) * 12 + month_of(e.month) > n.last_ym - 12 AS now, e.output_fen, e.electricity_kwh, e.tax_fen
  FROM enterprise_months e CROSS JOIN ends n
  WHERE e.month <= :as_of AND (year_of(e.month) * 12 + month_of(e.month) > n.last_ym - 12
    OR (year_of(e.month) * 12 + month_of(e.month) > n.last_ym - 12 - 12 * :source_growth_years AND year_of(e.month) * 12 + month_of(e.month) <= n.last_ym - 12 * :source_growth_years))
), firms AS (
  SELECT organisation_id, sum(output_fen) FILTER (WHERE now) AS output, sum(electricity_kwh) FILTER (WHERE now) AS kwh, sum(tax_fen) FILTER (WHERE now) AS tax,
    sum(output_fen) FILTER (WHERE NOT now) AS output_base, sum(electricity_kwh) FILTER (WHERE NOT now) AS kwh_base, sum(tax_fen) FILTER (WHERE NOT now) AS tax_base
  FROM months GROUP BY organisation_id HAVING count(*) = 24
)
SELECT g.name AS name, (share(output, output_base) - 1) * 100 AS output, (share(kwh, kwh_base) - 1) * 100 AS electricity, (share(tax, tax_base) - 1) * 100 AS tax
FROM firms f JOIN organisations g ON g.id = f.organisation_id WHERE share(share(output, output_base), share(kwh, kwh_base)) > 1 + :source_growth_gap_share_max * :source_growth_years
ORDER BY share(share(output, output_base), share(kwh, kwh_base)) DESC NULLS LAST, f.organisation_id LIMIT 30
