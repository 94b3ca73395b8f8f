-- view: unlawful_by_area
SELECT p.area_id AS area_id, min(a.name) AS name, count(DISTINCT p.id) AS parcels, round_to(mean(v.occupied_m2) * count(*) * 3 / 2000, 2) AS mu
FROM land_violations v JOIN parcels p ON p.id = v.parcel_id JOIN areas a ON a.id = p.area_id WHERE v.state = 'uncleared' AND v.found_on <= :as_of GROUP BY p.area_id ORDER BY p.area_id

-- view: unlawful_by_year
SELECT CAST(year_of(since) AS TEXT) AS year, count(*) AS parcels FROM land_violations WHERE state = 'uncleared' AND found_on <= :as_of AND since IS NOT NULL GROUP BY year_of(since) ORDER BY year

-- view: idle_by_area
SELECT a.name AS name, count(*) FILTER (WHERE s.months < :idle_land_recover_months) AS one_year, count(*) FILTER (WHERE s.months >= :idle_land_recover_months) AS two_years
FROM (SELECT area_id, CASE WHEN started_on IS NULL THEN months_between(start_due_on, :as_of)
    WHEN share(coalesce(started_m2, 0), area_m2) < :idle_land_started_area_share_min OR share(coalesce(invested_fen, 0), invest_due_fen) < :idle_land_invested_share_min THEN months_between(stopped_on, :as_of) END AS months
  FROM parcels WHERE completed_on IS NULL) s
JOIN areas a ON a.id = s.area_id WHERE s.months >= :idle_land_fee_months GROUP BY a.id, a.name ORDER BY a.id

-- view: money_by_year
SELECT CAST(y.year AS TEXT) AS year, share(sum(y.other_subject), 1000000) AS other_subject, share(sum(y.levied), 1000000) AS levied
FROM (SELECT year_of(p.paid_on) AS year, p.amount_fen AS other_subject, 0 AS levied FROM payments p JOIN budget_lines b ON b.id = p.budget_line_id WHERE p.subject_code <> b.subject_code AND p.paid_on <= :as_of
  UNION ALL
  SELECT year_of(l.collected_on), 0, CASE WHEN l.legal_basis IS NULL AND k.records_basis THEN l.collected_fen WHEN l.collected_fen > l.due_fen THEN l.collected_fen - l.due_fen ELSE l.collected_fen END
  FROM levies l CROSS JOIN (SELECT count(legal_basis) > 0 AS records_basis FROM levies) k
  WHERE l.collected_on <= :as_of AND ((l.legal_basis IS NULL AND k.records_basis) OR l.collected_fen > l.due_fen OR days_between(l.collected_on, l.due_on) >= :levy_early_days_min)) y
GROUP BY y.year ORDER BY y.year

-- view: agents_by_supervisor
SELECT g.name AS name, count(*) FILTER (WHERE p.agent_id <> p.supervisor_id) AS apart, count(*) FILTER (WHERE p.agent_id = p.supervisor_id) AS same
FROM projects p JOIN organisations g ON g.id = p.supervisor_id WHERE p.agent_id IS NOT NULL GROUP BY g.name ORDER BY g.name
