-- The numbers of the answer.

-- figure: unlawful_parcels
SELECT count(DISTINCT parcel_id) AS value FROM land_violations WHERE state = 'uncleared' AND found_on <= :as_of

-- figure: unlawful_mu
SELECT round_to(mean(occupied_m2) * count(*) * 3 / 2000, 2) AS value FROM land_violations WHERE state = 'uncleared' AND found_on <= :as_of

-- figure: unlawful_recent_share
SELECT share(count(*) FILTER (WHERE years_between(since, :as_of) < 5), count(*)) * 100 AS value FROM land_violations WHERE state = 'uncleared' AND found_on <= :as_of AND since IS NOT NULL

-- figure: unlawful_farmland_mu
SELECT round_to(coalesce(mean(p.farmland_m2) * count(p.farmland_m2), 0.0) * 3 / 2000, 2) AS value
FROM parcels p JOIN (SELECT DISTINCT parcel_id FROM land_violations WHERE state = 'uncleared' AND found_on <= :as_of) v ON v.parcel_id = p.id

-- figure: idle_mu
SELECT round_to(coalesce(mean(area_m2) * count(*), 0.0) * 3 / 2000, 2) AS value FROM parcels
WHERE completed_on IS NULL AND ((started_on IS NULL AND months_between(start_due_on, :as_of) >= :idle_land_fee_months)
  OR (started_on IS NOT NULL AND months_between(stopped_on, :as_of) >= :idle_land_stopped_months AND (share(coalesce(started_m2, 0), area_m2) < :idle_land_started_area_share_min
    OR share(coalesce(invested_fen, 0), invest_due_fen) < :idle_land_invested_share_min)))

-- figure: agent_supervises
SELECT count(*) AS value FROM projects WHERE agent_id = supervisor_id

-- figure: other_subject_money
SELECT share(coalesce(sum(y.amount_fen), 0), 1000000) AS value FROM payments y JOIN budget_lines b ON b.id = y.budget_line_id WHERE y.subject_code <> b.subject_code AND y.paid_on <= :as_of

-- figure: levied_wrongly
SELECT share(coalesce(sum(CASE WHEN l.legal_basis IS NULL AND k.records_basis THEN l.collected_fen WHEN l.collected_fen > l.due_fen THEN l.collected_fen - l.due_fen
  WHEN days_between(l.collected_on, l.due_on) >= :levy_early_days_min THEN l.collected_fen ELSE 0 END), 0), 1000000) AS value
FROM levies l CROSS JOIN (SELECT count(legal_basis) > 0 AS records_basis FROM levies) k WHERE l.collected_on <= :as_of
