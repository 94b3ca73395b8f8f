-- Figures as they were reported. The latest submission of a figure counts, except where submissions are compared.

-- fact: figure_submitted
-- types: key text, subject text, subject_en text, unit_zh text, unit_en text, area_id text, period date, submissions integer, values_unexplained integer, first_value real, last_value real, lowest real, highest real, spread real, last_submitted_on date
WITH o AS (
  SELECT indicator_id, area_id, period, source, vintage, value, submitted_on, submitted_by_id, revision_reason, signatory,
    lag(value) OVER (PARTITION BY indicator_id, area_id, period, source ORDER BY vintage) AS before,
    row_number() OVER (PARTITION BY indicator_id, area_id, period, source ORDER BY vintage) AS nth,
    row_number() OVER (PARTITION BY indicator_id, area_id, period, source ORDER BY vintage DESC) AS nth_last
  FROM observations WHERE period <= :as_of AND (submitted_on IS NULL OR submitted_on <= :as_of)
)
SELECT o.indicator_id || '|' || o.area_id || '|' || CAST(o.period AS TEXT) || '|' || o.source AS key, min(a.name) || '“' || min(i.name) || '”' AS subject,
  min(coalesce(i.name_en, i.name) || ', ' || coalesce(a.name_en, a.name)) AS subject_en,
  min(CASE i.unit WHEN 'yi_yuan' THEN '亿元' WHEN 'wan_yuan' THEN '万元' WHEN 'yuan' THEN '元' WHEN 'yi_usd' THEN '亿美元' WHEN 'wan_kwh' THEN '万千瓦时' WHEN 'wan_tonne' THEN '万吨' WHEN 'percent' THEN '%' WHEN 'persons' THEN '人' WHEN 'pieces' THEN '个' WHEN 'wan_m2' THEN '万平方米' ELSE '' END) AS unit_zh,
  min(CASE i.unit WHEN 'yi_yuan' THEN ' × 100 million yuan' WHEN 'wan_yuan' THEN ' × 10,000 yuan' WHEN 'yuan' THEN ' yuan' WHEN 'yi_usd' THEN ' × 100 million US dollars' WHEN 'wan_kwh' THEN ' × 10,000 kWh' WHEN 'wan_tonne' THEN ' × 10,000 t' WHEN 'percent' THEN ' %' WHEN 'persons' THEN ' persons' WHEN 'pieces' THEN '' WHEN 'wan_m2' THEN ' × 10,000 m²' ELSE '' END) AS unit_en, o.area_id AS area_id,
  o.period AS period, count(*) AS submissions,
  1 + count(*) FILTER (WHERE o.value <> o.before AND (o.revision_reason IS NULL OR o.signatory IS NULL)) AS values_unexplained,
  max(o.value) FILTER (WHERE o.nth = 1) AS first_value, max(o.value) FILTER (WHERE o.nth_last = 1) AS last_value,
  min(o.value) AS lowest, max(o.value) AS highest, share(max(o.value) - min(o.value), abs(min(o.value))) AS spread,
  max(o.submitted_on) AS last_submitted_on
FROM o JOIN indicators i ON i.id = o.indicator_id JOIN areas a ON a.id = o.area_id
GROUP BY o.indicator_id, o.area_id, o.period, o.source HAVING count(*) > 1

-- fact: total_and_parts
-- types: key text, subject text, subject_en text, unit_zh text, unit_en text, area_id text, months integer, months_off integer, worst_gap real, worst_period date, worst_total real, worst_parts real, last_period date
WITH part_of AS (
  SELECT p.id AS part_id, t.id AS total_id
  FROM areas p LEFT JOIN areas q ON q.id = p.parent_id JOIN areas t ON t.id = p.parent_id OR t.id = q.parent_id
  WHERE p.kind IN ('district', 'county') AND t.kind IN ('city', 'urban')
), parts AS (
  SELECT total_id, count(*) AS parts FROM part_of GROUP BY total_id
), latest AS (
  SELECT o.indicator_id, o.area_id, o.period, o.source, o.value,
    row_number() OVER (PARTITION BY o.indicator_id, o.area_id, o.period, o.source ORDER BY o.vintage DESC) AS nth
  FROM observations o JOIN indicators i ON i.id = o.indicator_id WHERE o.period <= :as_of AND i.additive AND o.source <> 'speech'
), sums AS (
  SELECT l.indicator_id, p.total_id, l.period, l.source, mean(l.value) * count(*) AS parts_sum, count(*) AS reported,
    CASE WHEN max(abs(round_to(l.value, 1) - l.value)) > 0.001 THEN 0.01 WHEN max(abs(round_to(l.value, 0) - l.value)) > 0.001 THEN 0.1 ELSE 1.0 END AS unit
  FROM latest l JOIN part_of p ON p.part_id = l.area_id WHERE l.nth = 1 GROUP BY l.indicator_id, p.total_id, l.period, l.source
), complete AS (
  SELECT s.indicator_id, s.total_id, s.period, s.parts_sum, (s.reported + 1) * s.unit * :total_rounding_units + 0.000001 AS rounding, row_number() OVER (PARTITION BY s.indicator_id, s.total_id, s.period ORDER BY s.source) AS pick
  FROM sums s JOIN parts n ON n.total_id = s.total_id AND n.parts = s.reported
), compared AS (
  SELECT l.indicator_id, l.area_id, l.period, l.value, c.parts_sum, share(l.value - c.parts_sum, c.parts_sum) AS gap, abs(l.value - c.parts_sum) > c.rounding AS off
  FROM latest l JOIN complete c ON c.indicator_id = l.indicator_id AND c.total_id = l.area_id AND c.period = l.period AND c.pick = 1
  WHERE l.nth = 1
), ranked AS (
  SELECT indicator_id, area_id, period, value, parts_sum, gap, off,
    row_number() OVER (PARTITION BY indicator_id, area_id ORDER BY abs(gap) DESC NULLS LAST, period) AS nth FROM compared
)
SELECT r.indicator_id || '|' || r.area_id AS key, min(a.name) || '“' || min(i.name) || '”' AS subject,
  min(coalesce(i.name_en, i.name) || ', ' || coalesce(a.name_en, a.name)) AS subject_en,
  min(CASE i.unit WHEN 'yi_yuan' THEN '亿元' WHEN 'wan_yuan' THEN '万元' WHEN 'yuan' THEN '元' WHEN 'yi_usd' THEN '亿美元' WHEN 'wan_kwh' THEN '万千瓦时' WHEN 'wan_tonne' THEN '万吨' WHEN 'percent' THEN '%' WHEN 'persons' THEN '人' WHEN 'pieces' THEN '个' WHEN 'wan_m2' THEN '万平方米' ELSE '' END) AS unit_zh,
  min(CASE i.unit WHEN 'yi_yuan' THEN ' × 100 million yuan' WHEN 'wan_yuan' THEN ' × 10,000 yuan' WHEN 'yuan' THEN ' yuan' WHEN 'yi_usd' THEN ' × 100 million US dollars' WHEN 'wan_kwh' THEN ' × 10,000 kWh' WHEN 'wan_tonne' THEN ' × 10,000 t' WHEN 'percent' THEN ' %' WHEN 'persons' THEN ' persons' WHEN 'pieces' THEN '' WHEN 'wan_m2' THEN ' × 10,000 m²' ELSE '' END) AS unit_en, r.area_id AS area_id, count(*) AS months,
  count(*) FILTER (WHERE r.off) AS months_off, max(r.gap) FILTER (WHERE r.nth = 1) AS worst_gap,
  max(r.period) FILTER (WHERE r.nth = 1) AS worst_period, max(r.value) FILTER (WHERE r.nth = 1) AS worst_total,
  max(r.parts_sum) FILTER (WHERE r.nth = 1) AS worst_parts, max(r.period) FILTER (WHERE r.off) AS last_period
FROM ranked r JOIN indicators i ON i.id = r.indicator_id JOIN areas a ON a.id = r.area_id GROUP BY r.indicator_id, r.area_id

-- A column that nobody filled in says nothing about one reporter: signature and record count only where others gave them.
-- fact: reporter
-- types: key text, subject text, area_id text, lead_id text, figures integer, no_signatory integer, no_record integer, lacking integer, first_period date, last_period date, indicators_lacking text
WITH kept AS (
  SELECT count(signatory) > 0 AS signatures, count(record_ref) > 0 AS records FROM observations
), o AS (
  SELECT coalesce(o.submitted_by_id, i.owner_id, o.area_id) AS who, coalesce(o.submitted_by_id, i.owner_id) AS organisation_id, o.area_id, o.period, i.name,
    k.signatures AND o.signatory IS NULL AS unsigned, k.records AND o.record_ref IS NULL AS unrecorded
  FROM observations o JOIN indicators i ON i.id = o.indicator_id CROSS JOIN kept k WHERE o.period <= :as_of AND o.source <> 'speech'
)
SELECT o.who AS key, coalesce(min(g.name), min(a.name)) AS subject, min(o.area_id) AS area_id, min(o.organisation_id) AS lead_id, count(*) AS figures,
  count(*) FILTER (WHERE o.unsigned) AS no_signatory, count(*) FILTER (WHERE o.unrecorded) AS no_record,
  count(*) FILTER (WHERE o.unsigned OR o.unrecorded) AS lacking, min(o.period) FILTER (WHERE o.unsigned OR o.unrecorded) AS first_period,
  max(o.period) FILTER (WHERE o.unsigned OR o.unrecorded) AS last_period, text_list(o.name) FILTER (WHERE o.unsigned OR o.unrecorded) AS indicators_lacking
FROM o LEFT JOIN organisations g ON g.id = o.organisation_id LEFT JOIN areas a ON a.id = o.area_id GROUP BY o.who

-- fact: indicator
-- types: key text, subject text, figures integer, owner boolean
SELECT i.id AS key, min(i.name) AS subject, count(o.value) AS figures, max(i.owner_id) IS NOT NULL AS owner
FROM indicators i JOIN observations o ON o.indicator_id = i.id GROUP BY i.id

-- Year-on-year growth in the months after a target was set, against those up to it, beside all other areas of
-- its level; and the spread of the same measure over all targets of the indicator.
-- fact: target_set
-- types: key text, subject text, subject_en text, area_id text, indicator_name text, set_on date, document text, growth_before real, growth_after real, excess real, robust_z real
WITH latest AS (
  SELECT o.indicator_id, o.area_id, o.source, CASE WHEN a.kind IN ('district', 'county') THEN 'district' ELSE a.kind END AS level,
    year_of(o.period) * 12 + month_of(o.period) AS ym, o.value,
    row_number() OVER (PARTITION BY o.indicator_id, o.area_id, o.period, o.source ORDER BY o.vintage DESC) AS nth
  FROM observations o JOIN areas a ON a.id = o.area_id JOIN indicators i ON i.id = o.indicator_id
  WHERE o.period <= :as_of AND i.frequency = 'monthly' AND o.source NOT IN ('speech', 'survey', 'census')
), everyone AS (
  SELECT indicator_id, source, level, ym, mean(value) * count(*) AS total FROM latest WHERE nth = 1 GROUP BY indicator_id, source, level, ym
), months AS (
  SELECT l.indicator_id, l.area_id, l.source, l.ym, l.value AS own, e.total - l.value AS others
  FROM latest l JOIN everyone e ON e.indicator_id = l.indicator_id AND e.source = l.source AND e.level = l.level AND e.ym = l.ym WHERE l.nth = 1
), windows AS (
  SELECT t.id, m.source, mean(m.own) FILTER (WHERE m.ym > t.ym) AS own_after, mean(m.own) FILTER (WHERE m.ym > t.ym - :target_jump_window_months AND m.ym <= t.ym) AS own_before,
    mean(m.own) FILTER (WHERE m.ym > t.ym - 12 AND m.ym <= t.ym - 12 + :target_jump_window_months) AS own_after_base,
    mean(m.own) FILTER (WHERE m.ym > t.ym - 12 - :target_jump_window_months AND m.ym <= t.ym - 12) AS own_before_base,
    mean(m.others) FILTER (WHERE m.ym > t.ym) AS others_after, mean(m.others) FILTER (WHERE m.ym > t.ym - :target_jump_window_months AND m.ym <= t.ym) AS others_before,
    mean(m.others) FILTER (WHERE m.ym > t.ym - 12 AND m.ym <= t.ym - 12 + :target_jump_window_months) AS others_after_base,
    mean(m.others) FILTER (WHERE m.ym > t.ym - 12 - :target_jump_window_months AND m.ym <= t.ym - 12) AS others_before_base
  FROM (SELECT id, indicator_id, area_id, year_of(set_on) * 12 + month_of(set_on) AS ym FROM targets WHERE set_on <= :as_of) t
  JOIN months m ON m.indicator_id = t.indicator_id AND m.area_id = t.area_id AND m.ym > t.ym - 12 - :target_jump_window_months AND m.ym <= t.ym + :target_jump_window_months
  GROUP BY t.id, m.source HAVING count(*) = 12 + 2 * :target_jump_window_months
), jumps AS (
  SELECT w.id, w.source, t.indicator_id, t.area_id, t.set_on, t.document, share(own_before, own_before_base) - 1 AS growth_before, share(own_after, own_after_base) - 1 AS growth_after,
    share(share(own_after, own_after_base), share(own_before, own_before_base)) - share(share(others_after, others_after_base), share(others_before, others_before_base)) AS excess
  FROM windows w JOIN targets t ON t.id = w.id
), middle AS (
  SELECT indicator_id, source, median(excess) AS centre FROM jumps GROUP BY indicator_id, source
), spread AS (
  SELECT j.indicator_id, j.source, median(abs(j.excess - m.centre)) AS deviation
  FROM jumps j JOIN middle m ON m.indicator_id = j.indicator_id AND m.source = j.source GROUP BY j.indicator_id, j.source
)
SELECT j.id || '|' || j.source AS key, a.name || '“' || i.name || '”' AS subject, coalesce(i.name_en, i.name) || ', ' || coalesce(a.name_en, a.name) AS subject_en, j.area_id AS area_id, i.name AS indicator_name, j.set_on AS set_on, j.document AS document,
  j.growth_before, j.growth_after, j.excess, share(j.excess - m.centre, 1.4826 * s.deviation) AS robust_z
FROM jumps j JOIN middle m ON m.indicator_id = j.indicator_id AND m.source = j.source JOIN spread s ON s.indicator_id = j.indicator_id AND s.source = j.source
JOIN indicators i ON i.id = j.indicator_id JOIN areas a ON a.id = j.area_id

-- Last digits of each series. The unit of the last digit is that of the indicator as most areas report it (0, 1 or 2
-- decimals). Testable: enough values, and a span of many such units.
-- fact: last_digits
-- types: key text, subject text, subject_en text, area_id text, numbers integer, span integer, zero_five integer, double_zero integer, chi_square real, chi_square_heaping real, tests integer, first_period date, last_period date
WITH latest AS (
  SELECT indicator_id, area_id, source, period, abs(CAST(trunc(round_to(value * 100, 0)) AS BIGINT)) AS hundredths,
    row_number() OVER (PARTITION BY indicator_id, area_id, period, source ORDER BY vintage DESC) AS nth
  FROM observations WHERE period <= :as_of AND source NOT IN ('speech', 'census')
), unit AS (
  SELECT indicator_id, source, CASE WHEN 20 * count(*) FILTER (WHERE hundredths % 10 <> 0) > 9 * count(*) THEN 1
    WHEN 20 * count(*) FILTER (WHERE hundredths % 100 <> 0) > 9 * count(*) THEN 10 ELSE 100 END AS unit
  FROM latest WHERE nth = 1 GROUP BY indicator_id, source
), digits AS (
  SELECT l.indicator_id, l.area_id, l.source, l.period, l.hundredths / u.unit AS number, (l.hundredths / u.unit) % 10 AS digit
  FROM latest l JOIN unit u ON u.indicator_id = l.indicator_id AND u.source = l.source WHERE l.nth = 1
), series AS (
  SELECT indicator_id, area_id, source, count(*) AS numbers, max(number) - min(number) AS span, min(period) AS first_period, max(period) AS last_period,
    count(*) FILTER (WHERE digit IN (0, 5)) AS zero_five, count(*) FILTER (WHERE number % 100 = 0) AS double_zero,
    count(*) FILTER (WHERE digit = 0) AS d0, count(*) FILTER (WHERE digit = 1) AS d1, count(*) FILTER (WHERE digit = 2) AS d2, count(*) FILTER (WHERE digit = 3) AS d3,
    count(*) FILTER (WHERE digit = 4) AS d4, count(*) FILTER (WHERE digit = 5) AS d5, count(*) FILTER (WHERE digit = 6) AS d6, count(*) FILTER (WHERE digit = 7) AS d7,
    count(*) FILTER (WHERE digit = 8) AS d8, count(*) FILTER (WHERE digit = 9) AS d9
  FROM digits GROUP BY indicator_id, area_id, source
), tests AS (
  SELECT 2 * count(*) AS tests FROM series WHERE numbers >= :digit_series_values_min AND span >= :digit_series_span_min
)
SELECT s.indicator_id || '|' || s.area_id || '|' || s.source AS key, a.name || '“' || i.name || '”' AS subject, coalesce(i.name_en, i.name) || ', ' || coalesce(a.name_en, a.name) AS subject_en, s.area_id AS area_id, s.numbers, s.span, s.zero_five, s.double_zero,
  share(10 * (d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3 + d4 * d4 + d5 * d5 + d6 * d6 + d7 * d7 + d8 * d8 + d9 * d9), s.numbers) - s.numbers AS chi_square,
  CASE WHEN 5 * s.zero_five > s.numbers THEN share((10 * s.zero_five - 2 * s.numbers - 5) * (10 * s.zero_five - 2 * s.numbers - 5), 16 * s.numbers) ELSE 0.0 END AS chi_square_heaping,
  t.tests, s.first_period, s.last_period
FROM series s JOIN indicators i ON i.id = s.indicator_id JOIN areas a ON a.id = s.area_id CROSS JOIN tests t WHERE s.numbers >= 12

-- Growth that is always the same, to half a percentage point; values that are the same as another area's.
-- fact: growth_alike
-- types: key text, subject text, subject_en text, area_id text, pairs integer, alike integer, alike_growth real, alike_share real, smallest integer, equal_values integer, equal_share real, last_period date
WITH latest AS (
  SELECT indicator_id, area_id, source, period, year_of(period) * 12 + month_of(period) AS ym, abs(CAST(trunc(round_to(value * 100, 0)) AS BIGINT)) AS hundredths,
    row_number() OVER (PARTITION BY indicator_id, area_id, period, source ORDER BY vintage DESC) AS nth
  FROM observations WHERE period <= :as_of AND source NOT IN ('speech', 'census')
), unit AS (
  SELECT indicator_id, source, max(ym) AS last_ym, CASE WHEN 20 * count(*) FILTER (WHERE hundredths % 10 <> 0) > 9 * count(*) THEN 1
    WHEN 20 * count(*) FILTER (WHERE hundredths % 100 <> 0) > 9 * count(*) THEN 10 ELSE 100 END AS unit
  FROM latest WHERE nth = 1 GROUP BY indicator_id, source
), recent AS (
  SELECT l.indicator_id, l.area_id, l.source, l.period, l.ym, l.hundredths / u.unit AS number, l.ym > u.last_ym - :alike_months AS inside,
    count(*) OVER (PARTITION BY l.indicator_id, l.source, l.ym, CASE WHEN a.kind IN ('district', 'county') THEN 'district' ELSE a.kind END, l.hundredths) AS equals
  FROM latest l JOIN unit u ON u.indicator_id = l.indicator_id AND u.source = l.source JOIN areas a ON a.id = l.area_id
  WHERE l.nth = 1 AND l.ym > u.last_ym - :alike_months - 12
), growth AS (
  SELECT n.indicator_id, n.area_id, n.source, n.period, b.number, CAST(trunc(round_to(share(n.number - b.number, b.number) * 200, 0)) AS BIGINT) AS half_points
  FROM recent n JOIN recent b ON b.indicator_id = n.indicator_id AND b.area_id = n.area_id AND b.source = n.source AND b.ym = n.ym - 12 WHERE n.inside
), bins AS (
  SELECT indicator_id, area_id, source, half_points, count(*) AS alike FROM growth WHERE half_points <> 0 GROUP BY indicator_id, area_id, source, half_points
), mode AS (
  SELECT indicator_id, area_id, source, half_points, alike, row_number() OVER (PARTITION BY indicator_id, area_id, source ORDER BY alike DESC, half_points) AS nth FROM bins
), pairs AS (
  SELECT indicator_id, area_id, source, count(*) AS pairs, min(number) AS smallest, max(period) AS last_period FROM growth GROUP BY indicator_id, area_id, source
), equals AS (
  SELECT indicator_id, area_id, source, count(*) FILTER (WHERE equals > 1) AS equal_values, count(*) AS numbers FROM recent WHERE inside GROUP BY indicator_id, area_id, source
)
SELECT p.indicator_id || '|' || p.area_id || '|' || p.source AS key, a.name || '“' || i.name || '”' AS subject, coalesce(i.name_en, i.name) || ', ' || coalesce(a.name_en, a.name) AS subject_en, p.area_id AS area_id, p.pairs, coalesce(m.alike, 0) AS alike,
  share(m.half_points, 200) AS alike_growth, share(coalesce(m.alike, 0), p.pairs) AS alike_share, p.smallest, e.equal_values, share(e.equal_values, e.numbers) AS equal_share, p.last_period
FROM pairs p JOIN equals e ON e.indicator_id = p.indicator_id AND e.area_id = p.area_id AND e.source = p.source
LEFT JOIN mode m ON m.indicator_id = p.indicator_id AND m.area_id = p.area_id AND m.source = p.source AND m.nth = 1
JOIN indicators i ON i.id = p.indicator_id JOIN areas a ON a.id = p.area_id

-- First digits of amounts reported once each: a year's output of firms, signed investment, one period of an indicator over
-- many areas. Series in time are left out: their values depend on each other.
-- fact: first_digits
-- types: key text, subject text, numbers integer, magnitudes real, chi_square real, tests integer
WITH last_month AS (
  SELECT max(month) AS month FROM enterprise_months WHERE month <= :as_of
), amounts AS (
  SELECT 'enterprise_months' || '|' || CAST(year_of(e.month) AS TEXT) AS name, CAST(year_of(e.month) AS TEXT) || '年企业产值' AS subject, sum(e.output_fen) AS amount
  FROM enterprise_months e CROSS JOIN last_month l WHERE year_of(e.month) = year_of(l.month) - 1 GROUP BY e.organisation_id, year_of(e.month)
  UNION ALL
  SELECT 'investments' || '|' || CAST(year_of(signed_on) AS TEXT), CAST(year_of(signed_on) AS TEXT) || '年签约投资额', signed_fen FROM investments WHERE signed_on <= :as_of
  UNION ALL
  SELECT 'observations' || '|' || o.indicator_id || '|' || o.source || '|' || CAST(o.period AS TEXT), i.name, CAST(trunc(round_to(abs(o.value) * 100, 0)) AS BIGINT)
  FROM observations o JOIN indicators i ON i.id = o.indicator_id WHERE o.period <= :as_of AND o.vintage = 1
), ranked AS (
  SELECT name, subject, amount, CAST(substr(CAST(amount AS TEXT), 1, 1) AS INTEGER) AS digit, count(*) OVER (PARTITION BY name) AS numbers,
    row_number() OVER (PARTITION BY name ORDER BY amount) AS nth
  FROM amounts WHERE amount > 0
), sets AS (
  SELECT name, min(subject) AS subject, count(*) AS numbers, max(amount) FILTER (WHERE nth * 100 <= numbers * 99) AS high, min(amount) FILTER (WHERE nth * 100 >= numbers) AS low,
    count(*) FILTER (WHERE digit = 1) AS d1, count(*) FILTER (WHERE digit = 2) AS d2, count(*) FILTER (WHERE digit = 3) AS d3, count(*) FILTER (WHERE digit = 4) AS d4,
    count(*) FILTER (WHERE digit = 5) AS d5, count(*) FILTER (WHERE digit = 6) AS d6, count(*) FILTER (WHERE digit = 7) AS d7, count(*) FILTER (WHERE digit = 8) AS d8,
    count(*) FILTER (WHERE digit = 9) AS d9
  FROM ranked GROUP BY name HAVING count(*) >= 100
), sized AS (
  SELECT name, subject, numbers, d1, d2, d3, d4, d5, d6, d7, d8, d9, CASE WHEN high >= 10000 * low THEN 4.0 WHEN high >= 1000 * low THEN 3.0 WHEN high >= 100 * low THEN 2.0
    WHEN high >= 10 * low THEN 1.0 ELSE 0.0 END AS magnitudes FROM sets
)
SELECT name AS key, subject, numbers, magnitudes,
  share(share(d1 * d1, 0.3010299957) + share(d2 * d2, 0.1760912591) + share(d3 * d3, 0.1249387366) + share(d4 * d4, 0.0969100130) + share(d5 * d5, 0.0791812460)
    + share(d6 * d6, 0.0669467896) + share(d7 * d7, 0.0579919470) + share(d8 * d8, 0.0511525224) + share(d9 * d9, 0.0457574906), numbers) - numbers AS chi_square,
  count(*) OVER () AS tests
FROM sized

-- Industrial output of an area over some years beside electricity, freight and tax of the same months.
-- fact: output_of_area
-- types: key text, subject text, area_id text, output_growth real, electricity_growth real, freight_growth real, tax_growth real, electricity_gap real, freight_gap real, tax_gap real, last_period date, indicator_name text
WITH kinds AS (
  SELECT min(id) AS indicator_id, min(name) AS name, what FROM (
    SELECT id, name, CASE WHEN name LIKE :output_indicator_like THEN 'output' WHEN name LIKE :electricity_indicator_like THEN 'electricity'
      WHEN name LIKE :freight_indicator_like THEN 'freight' WHEN name LIKE :tax_indicator_like THEN 'tax' END AS what
    FROM indicators WHERE frequency = 'monthly') named
  WHERE what IS NOT NULL GROUP BY what
), latest AS (
  SELECT k.what, o.area_id, o.period, year_of(o.period) * 12 + month_of(o.period) AS ym, o.value,
    row_number() OVER (PARTITION BY o.indicator_id, o.area_id, o.period ORDER BY o.source, o.vintage DESC) AS nth
  FROM observations o JOIN kinds k ON k.indicator_id = o.indicator_id WHERE o.period <= :as_of AND o.source NOT IN ('speech', 'census')
), ends AS (
  SELECT area_id, max(ym) AS last_ym, max(period) AS last_period FROM latest WHERE what = 'output' GROUP BY area_id
), sums AS (
  SELECT l.area_id, l.what, max(e.last_period) AS last_period, mean(l.value) FILTER (WHERE l.ym > e.last_ym - 12) AS now,
    mean(l.value) FILTER (WHERE l.ym <= e.last_ym - 12 * :source_growth_years) AS base
  FROM latest l JOIN ends e ON e.area_id = l.area_id
  WHERE l.nth = 1 AND l.ym <= e.last_ym AND (l.ym > e.last_ym - 12 OR (l.ym > e.last_ym - 12 - 12 * :source_growth_years AND l.ym <= e.last_ym - 12 * :source_growth_years))
  GROUP BY l.area_id, l.what HAVING count(*) = 24
), ratios AS (
  SELECT area_id, max(last_period) AS last_period, max(share(now, base)) FILTER (WHERE what = 'output') AS output, max(share(now, base)) FILTER (WHERE what = 'electricity') AS electricity,
    max(share(now, base)) FILTER (WHERE what = 'freight') AS freight, max(share(now, base)) FILTER (WHERE what = 'tax') AS tax
  FROM sums GROUP BY area_id
)
SELECT r.area_id AS key, a.name AS subject, r.area_id AS area_id, r.output - 1 AS output_growth, r.electricity - 1 AS electricity_growth, r.freight - 1 AS freight_growth,
  r.tax - 1 AS tax_growth, share(r.output, r.electricity) - 1 AS electricity_gap, share(r.output, r.freight) - 1 AS freight_gap, share(r.output, r.tax) - 1 AS tax_gap,
  r.last_period, k.name AS indicator_name
FROM ratios r JOIN areas a ON a.id = r.area_id JOIN kinds k ON k.what = 'output' WHERE r.output IS NOT NULL

-- The same of each enterprise. Normal is its own ratio some years ago, or where there is none, the middle one of all firms.
-- fact: output_of_firm
-- types: key text, subject text, area_id text, output_fen integer, electricity_kwh integer, tax_fen integer, payroll_persons integer, output_growth real, electricity_growth real, tax_growth real, electricity_gap real, tax_gap real, electricity_share real, tax_share real, last_month date
WITH ends AS (
  SELECT max(year_of(month) * 12 + month_of(month)) AS last_ym, max(month) AS last_month FROM enterprise_months WHERE month <= :as_of
), months AS (
  SELECT e.organisation_id, year_of(e.month) * 12 + month_of(e.month) > n.last_ym - 12 AS now, e.output_fen, e.electricity_kwh, e.tax_fen, e.payroll_persons, n.last_month
  FROM enterprise_months e CROSS JOIN ends n
  WHERE e.month <= :as_of AND (year_of(e.month) * 12 + month_of(e.month) > n.last_ym - 12
    OR (year_of(e.month) * 12 + month_of(e.month) > n.last_ym - 12 - 12 * :source_growth_years AND year_of(e.month) * 12 + month_of(e.month) <= n.last_ym - 12 * :source_growth_years))
), firms AS (
  SELECT organisation_id, max(last_month) AS last_month, sum(output_fen) FILTER (WHERE now) AS output, sum(electricity_kwh) FILTER (WHERE now) AS kwh, sum(tax_fen) FILTER (WHERE now) AS tax,
    max(payroll_persons) FILTER (WHERE now) AS persons, sum(output_fen) FILTER (WHERE NOT now) AS output_base, sum(electricity_kwh) FILTER (WHERE NOT now) AS kwh_base,
    sum(tax_fen) FILTER (WHERE NOT now) AS tax_base, count(*) FILTER (WHERE NOT now) AS base_months, count(*) FILTER (WHERE now) AS now_months
  FROM months GROUP BY organisation_id
), middle AS (
  SELECT median(share(kwh, output)) AS kwh_per_fen, median(share(tax, output)) AS tax_per_fen FROM firms
), compared AS (
  SELECT organisation_id, last_month, output, kwh, tax, persons, now_months, CASE WHEN base_months = 12 AND now_months = 12 THEN share(output, output_base) END AS output_ratio,
    CASE WHEN base_months = 12 AND now_months = 12 THEN share(kwh, kwh_base) END AS kwh_ratio, CASE WHEN base_months = 12 AND now_months = 12 THEN share(tax, tax_base) END AS tax_ratio,
    share(share(kwh, output), coalesce(share(kwh_base, output_base), kwh_per_fen)) AS electricity_share, share(share(tax, output), coalesce(share(tax_base, output_base), tax_per_fen)) AS tax_share
  FROM firms CROSS JOIN middle
)
SELECT c.organisation_id AS key, g.name AS subject, g.area_id, c.output AS output_fen, c.kwh AS electricity_kwh, c.tax AS tax_fen, c.persons AS payroll_persons,
  c.output_ratio - 1 AS output_growth, c.kwh_ratio - 1 AS electricity_growth, c.tax_ratio - 1 AS tax_growth, share(c.output_ratio, c.kwh_ratio) - 1 AS electricity_gap,
  share(c.output_ratio, c.tax_ratio) - 1 AS tax_gap, c.electricity_share, c.tax_share, c.last_month
FROM compared c JOIN organisations g ON g.id = c.organisation_id WHERE c.output > 0

-- fact: two_sources
-- types: key text, subject text, subject_en text, area_id text, periods integer, periods_off integer, mean_gap real, worst_gap real, sources_zh text, sources_en text, first_off date, last_off date
WITH latest AS (
  SELECT indicator_id, area_id, period, source, value, row_number() OVER (PARTITION BY indicator_id, area_id, period, source ORDER BY vintage DESC) AS nth
  FROM observations WHERE period <= :as_of AND source NOT IN ('speech', 'census')
), periods AS (
  SELECT indicator_id, area_id, period, text_list(CASE source WHEN 'district' THEN '区县' WHEN 'department' THEN '部门' WHEN 'bureau' THEN '统计局' WHEN 'tax' THEN '税务' WHEN 'power' THEN '供电' WHEN 'customs' THEN '海关' WHEN 'freight' THEN '货运' WHEN 'survey' THEN '调查' ELSE source END) AS sources_zh,
    text_list(CASE source WHEN 'district' THEN 'district' WHEN 'department' THEN 'department' WHEN 'bureau' THEN 'statistics bureau' WHEN 'tax' THEN 'tax office' WHEN 'power' THEN 'power company' WHEN 'customs' THEN 'customs' WHEN 'freight' THEN 'freight' WHEN 'survey' THEN 'survey' ELSE source END) AS sources_en, share(max(value) - min(value), greatest_of(abs(max(value)), abs(min(value)))) AS gap
  FROM latest WHERE nth = 1 GROUP BY indicator_id, area_id, period HAVING count(*) > 1
)
SELECT p.indicator_id || '|' || p.area_id AS key, min(a.name) || '“' || min(i.name) || '”' AS subject,
  min(coalesce(i.name_en, i.name) || ', ' || coalesce(a.name_en, a.name)) AS subject_en, p.area_id AS area_id, count(*) AS periods,
  count(*) FILTER (WHERE p.gap > :source_value_gap_share_max) AS periods_off, mean(p.gap) FILTER (WHERE p.gap > :source_value_gap_share_max) AS mean_gap,
  max(p.gap) AS worst_gap, text_list(p.sources_zh) AS sources_zh, text_list(p.sources_en) AS sources_en, min(p.period) FILTER (WHERE p.gap > :source_value_gap_share_max) AS first_off,
  max(p.period) FILTER (WHERE p.gap > :source_value_gap_share_max) AS last_off
FROM periods p JOIN indicators i ON i.id = p.indicator_id JOIN areas a ON a.id = p.area_id GROUP BY p.indicator_id, p.area_id
