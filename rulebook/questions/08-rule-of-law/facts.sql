-- Land, projects and money against the law. Candidates are chosen here; the decisions judge.

-- A parcel that a survey found in unlawful use, or that is used without an approval (where the register keeps approvals),
-- or beyond the approved area.
-- fact: land_use
-- types: key text, subject text, area_id text, lead_id text, area_m2 real, approved_m2 real, excess_m2 real, mu real, farmland_m2 real, violation text, since date, found_on date, approval boolean, used boolean, records_approvals boolean, over_share real, fine_min_fen integer, fine_max_fen integer
WITH open_violation AS (
  SELECT parcel_id, kind, occupied_m2, since, found_on, officer_id, row_number() OVER (PARTITION BY parcel_id ORDER BY found_on DESC, id) AS nth
  FROM land_violations WHERE state = 'uncleared' AND found_on <= :as_of
), cleared AS (
  SELECT DISTINCT parcel_id FROM land_violations WHERE state <> 'uncleared'
), kept AS (
  SELECT count(approval_no) > 0 AS records_approvals FROM parcels
)
SELECT p.id AS key, coalesce(p.address, p.id) AS subject, p.area_id, v.officer_id AS lead_id, p.area_m2, p.approved_m2,
  round_to(CASE WHEN p.approved_m2 > 0 AND p.area_m2 > p.approved_m2 THEN p.area_m2 - p.approved_m2 ELSE p.area_m2 END, 2) AS excess_m2,
  round_to(p.area_m2 * 3 / 2000, 2) AS mu, p.farmland_m2, coalesce(v.kind, 'none') AS violation, coalesce(v.since, p.started_on) AS since, v.found_on, p.approval_no IS NOT NULL AS approval,
  p.started_on IS NOT NULL AND p.started_on <= :as_of AS used, k.records_approvals, share(p.area_m2, p.approved_m2) - 1 AS over_share,
  CAST(trunc(round_to(CASE WHEN p.approved_m2 > 0 AND p.area_m2 > p.approved_m2 THEN p.area_m2 - p.approved_m2 ELSE p.area_m2 END, 0)) AS BIGINT) * :unlawful_land_fine_min_fen_per_m2 AS fine_min_fen,
  CAST(trunc(round_to(CASE WHEN p.approved_m2 > 0 AND p.area_m2 > p.approved_m2 THEN p.area_m2 - p.approved_m2 ELSE p.area_m2 END, 0)) AS BIGINT) * :unlawful_land_fine_max_fen_per_m2 AS fine_max_fen
FROM parcels p CROSS JOIN kept k LEFT JOIN open_violation v ON v.parcel_id = p.id AND v.nth = 1 LEFT JOIN cleared c ON c.parcel_id = p.id
WHERE v.parcel_id IS NOT NULL OR (c.parcel_id IS NULL AND ((k.records_approvals AND p.approval_no IS NULL AND p.started_on <= :as_of) OR (p.approved_m2 > 0 AND p.area_m2 > p.approved_m2)))

-- Months that land lies idle: from the day work was due, or if work began and stopped, from the day it stopped.
-- fact: land_idle
-- types: key text, subject text, area_id text, area_m2 real, farmland_m2 real, mu real, started boolean, started_share real, invested_share real, late_months integer, stopped_months integer, start_due_on date, stopped_on date, idle_cause text, price_fen integer, land_value_fen integer, fee_paid_share real, idle_fee_fen integer, holder text
SELECT p.id AS key, coalesce(p.address, p.id) AS subject, p.area_id, p.area_m2, coalesce(p.farmland_m2, 0.0) AS farmland_m2, round_to(p.area_m2 * 3 / 2000, 2) AS mu,
  p.started_on IS NOT NULL AND p.started_on <= :as_of AS started, share(coalesce(p.started_m2, 0), p.area_m2) AS started_share, share(coalesce(p.invested_fen, 0), p.invest_due_fen) AS invested_share,
  months_between(p.start_due_on, :as_of) AS late_months, months_between(p.stopped_on, :as_of) AS stopped_months, p.start_due_on, p.stopped_on, coalesce(p.idle_cause, 'none') AS idle_cause,
  p.price_fen, coalesce(p.land_value_fen, p.price_fen) AS land_value_fen,
  coalesce(share(coalesce(p.idle_fee_fen, 0), p.price_fen), 0.0) AS fee_paid_share, p.idle_fee_fen, coalesce(g.name, p.holder_name) AS holder
FROM parcels p LEFT JOIN organisations g ON g.id = p.holder_id
WHERE p.start_due_on < :as_of AND p.completed_on IS NULL AND (p.started_on IS NULL OR p.started_on > :as_of OR p.stopped_on <= :as_of)

-- fact: construction_agent
-- types: key text, subject text, area_id text, agent text, owner_name text, supervisor text, same_body boolean, agent_kind text, agent_is_owner boolean, state text, invest_total_fen integer, proposed_on date
SELECT p.id AS key, p.name AS subject, p.area_id, g.name AS agent, o.name AS owner_name, s.name AS supervisor, p.agent_id = p.supervisor_id AS same_body, g.kind AS agent_kind,
  p.agent_id = p.owner_id AS agent_is_owner, p.state, p.invest_total_fen, p.proposed_on
FROM projects p JOIN organisations g ON g.id = p.agent_id LEFT JOIN organisations o ON o.id = p.owner_id LEFT JOIN organisations s ON s.id = p.supervisor_id

-- One row a project: its latest budget, or where there is none its estimate, that states a cost per square metre and a standard.
-- fact: unit_cost
-- types: key text, subject text, area_id text, lead_id text, project_kind text, stage text, stage_zh text, stage_en text, amount_fen integer, floor_m2 real, unit_cost_fen integer, norm_unit_cost_fen integer, excess_share real, excess_fen integer, approved_on date
WITH ranked AS (
  SELECT id, project_id, stage, amount_fen, floor_m2, unit_cost_fen, norm_unit_cost_fen, approved_on, approved_by_id,
    row_number() OVER (PARTITION BY project_id ORDER BY CASE stage WHEN 'adjusted_budget' THEN 1 WHEN 'budget' THEN 2 WHEN 'working_budget' THEN 3 ELSE 4 END, version DESC, id) AS nth
  FROM estimates WHERE stage IN ('adjusted_budget', 'budget', 'working_budget', 'estimate') AND unit_cost_fen > 0 AND norm_unit_cost_fen > 0 AND (approved_on IS NULL OR approved_on <= :as_of)
)
SELECT r.id AS key, p.name AS subject, p.area_id, r.approved_by_id AS lead_id, p.kind AS project_kind, r.stage,
  CASE r.stage WHEN 'adjusted_budget' THEN '调整概算' WHEN 'budget' THEN '概算' WHEN 'working_budget' THEN '预算' ELSE '估算' END AS stage_zh,
  CASE r.stage WHEN 'adjusted_budget' THEN 'adjusted budget' WHEN 'budget' THEN 'budget' WHEN 'working_budget' THEN 'working budget' ELSE 'estimate' END AS stage_en,
  r.amount_fen, r.floor_m2, r.unit_cost_fen, r.norm_unit_cost_fen, share(r.unit_cost_fen - r.norm_unit_cost_fen, r.norm_unit_cost_fen) AS excess_share,
  r.amount_fen - CAST(trunc(round_to(r.norm_unit_cost_fen * r.floor_m2, 0)) AS BIGINT) AS excess_fen, r.approved_on
FROM ranked r JOIN projects p ON p.id = r.project_id WHERE r.nth = 1

-- fact: office_building
-- types: key text, subject text, area_id text, owner_name text, reception boolean, approved boolean, records_approvals boolean, money_unlawful text, unit_cost_fen integer, norm_unit_cost_fen integer, excess_share real, excess_fen integer, floor_m2 real, invest_total_fen integer, proposed_on date
WITH costs AS (
  SELECT project_id, unit_cost_fen, norm_unit_cost_fen, floor_m2, amount_fen,
    row_number() OVER (PARTITION BY project_id ORDER BY CASE stage WHEN 'adjusted_budget' THEN 1 WHEN 'budget' THEN 2 WHEN 'working_budget' THEN 3 ELSE 4 END, version DESC, id) AS nth
  FROM estimates WHERE stage IN ('adjusted_budget', 'budget', 'working_budget', 'estimate') AND unit_cost_fen > 0 AND norm_unit_cost_fen > 0
), permits AS (
  SELECT project_id, count(*) FILTER (WHERE kind IN ('proposal', 'feasibility', 'preliminary_design') AND result = 'approved') AS approved, count(*) AS records FROM approvals GROUP BY project_id
), sources AS (
  SELECT project_id, text_list(fund_source) AS money_unlawful FROM annual_plans
  WHERE fund_source LIKE '%借款%' OR fund_source LIKE '%贷款%' OR fund_source LIKE '%摊派%' OR fund_source LIKE '%捐赠%' OR fund_source LIKE '%赞助%' OR fund_source LIKE '%挪用%' GROUP BY project_id
)
SELECT p.id AS key, p.name AS subject, p.area_id, o.name AS owner_name,
  p.name LIKE '%培训中心%' OR p.name LIKE '%接待%' OR p.name LIKE '%招待所%' OR p.name LIKE '%宾馆%' OR p.name LIKE '%疗养%' AS reception,
  coalesce(a.approved, 0) > 0 AS approved, coalesce(a.records, 0) > 0 AS records_approvals, s.money_unlawful, c.unit_cost_fen, c.norm_unit_cost_fen,
  share(c.unit_cost_fen - c.norm_unit_cost_fen, c.norm_unit_cost_fen) AS excess_share, c.amount_fen - CAST(trunc(round_to(c.norm_unit_cost_fen * c.floor_m2, 0)) AS BIGINT) AS excess_fen,
  coalesce(c.floor_m2, p.scale_m2) AS floor_m2, p.invest_total_fen, p.proposed_on
FROM projects p LEFT JOIN organisations o ON o.id = p.owner_id LEFT JOIN costs c ON c.project_id = p.id AND c.nth = 1 LEFT JOIN permits a ON a.project_id = p.id LEFT JOIN sources s ON s.project_id = p.id
WHERE p.kind = 'office' AND (p.state IS NULL OR p.state <> 'cancelled')

-- fact: planning_permit
-- types: key text, subject text, area_id text, project_kind text, started_on date, has_permit boolean, permit_on date, days_early integer, has_land_permit boolean, needs_land_permit boolean, cost_fen integer, fine_min_fen integer, fine_max_fen integer
WITH permits AS (
  SELECT project_id, min(decided_on) FILTER (WHERE kind = 'project_planning_permit' AND result = 'approved') AS permit_on,
    min(decided_on) FILTER (WHERE kind = 'land_planning_permit' AND result = 'approved') AS land_permit_on
  FROM approvals GROUP BY project_id
)
SELECT p.id AS key, p.name AS subject, p.area_id, p.kind AS project_kind, p.started_on, a.permit_on IS NOT NULL AND a.permit_on <= :as_of AS has_permit, a.permit_on,
  days_between(p.started_on, a.permit_on) AS days_early, a.land_permit_on IS NOT NULL AND a.land_permit_on <= :as_of AS has_land_permit, p.parcel_id IS NOT NULL AS needs_land_permit,
  p.invest_total_fen AS cost_fen, p.invest_total_fen / 20 AS fine_min_fen, p.invest_total_fen / 10 AS fine_max_fen
FROM projects p JOIN permits a ON a.project_id = p.id WHERE p.started_on <= :as_of AND p.kind NOT IN ('digital', 'service', 'defence')

-- Payments that pay for running a department or for no project, charged to a budget line of another subject; by payer and year.
-- fact: other_subject
-- types: key text, subject text, area_id text, year integer, payments integer, amount_fen integer, earmarked integer, true_subject text, charged_to text, first_on date, last_on date
WITH names AS (
  SELECT subject_code, min(subject_name) AS name FROM budget_lines GROUP BY subject_code
), wrong AS (
  SELECT coalesce(c.organisation_id, y.payer_account_id, '?') AS payer, year_of(y.paid_on) AS year, y.amount_fen, y.paid_on, b.special_fund, b.subject_name, coalesce(n.name, y.subject_code) AS true_name
  FROM payments y JOIN budget_lines b ON b.id = y.budget_line_id LEFT JOIN accounts c ON c.id = y.payer_account_id LEFT JOIN names n ON n.subject_code = y.subject_code
  WHERE y.subject_code <> b.subject_code AND y.paid_on <= :as_of AND (y.project_id IS NULL OR NOT coalesce(b.special_fund, FALSE))
)
SELECT w.payer || '|' || CAST(w.year AS TEXT) AS key, coalesce(min(g.name), w.payer) AS subject, min(g.area_id) AS area_id, w.year, count(*) AS payments, sum(w.amount_fen) AS amount_fen,
  count(*) FILTER (WHERE w.special_fund) AS earmarked, text_list(w.true_name) AS true_subject, text_list(w.subject_name) AS charged_to, min(w.paid_on) AS first_on, max(w.paid_on) AS last_on
FROM wrong w LEFT JOIN organisations g ON g.id = w.payer GROUP BY w.payer, w.year

-- Earmarked money that paid for a project whose subject is another; by project.
-- fact: earmarked_money
-- types: key text, subject text, area_id text, payments integer, amount_fen integer, true_subject text, charged_to text, first_on date, last_on date
WITH names AS (
  SELECT subject_code, min(subject_name) AS name FROM budget_lines GROUP BY subject_code
)
SELECT y.project_id AS key, min(p.name) AS subject, min(p.area_id) AS area_id, count(*) AS payments, sum(y.amount_fen) AS amount_fen,
  text_list(coalesce(n.name, y.subject_code)) AS true_subject, text_list(b.subject_name) AS charged_to, min(y.paid_on) AS first_on, max(y.paid_on) AS last_on
FROM payments y JOIN budget_lines b ON b.id = y.budget_line_id JOIN projects p ON p.id = y.project_id LEFT JOIN names n ON n.subject_code = y.subject_code
WHERE y.subject_code <> b.subject_code AND y.paid_on <= :as_of AND b.special_fund GROUP BY y.project_id

-- fact: levy
-- types: key text, subject text, area_id text, lead_id text, payer text, collector text, kind_zh text, kind_en text, period text, due_on date, collected_on date, days_early integer, basis boolean, records_basis boolean, legal_basis text, due_fen integer, collected_fen integer, excess_fen integer
SELECT l.id AS key, coalesce(p.name, l.id) AS subject, p.area_id, l.organisation_id AS lead_id, p.name AS payer, g.name AS collector,
  CASE l.kind WHEN 'tax' THEN '税款' WHEN 'fee' THEN '收费' WHEN 'fund' THEN '政府性基金' WHEN 'fine' THEN '罚款' ELSE '款项' END AS kind_zh,
  CASE l.kind WHEN 'tax' THEN 'tax' WHEN 'fee' THEN 'fee' WHEN 'fund' THEN 'government fund' WHEN 'fine' THEN 'fine' ELSE 'levy' END AS kind_en,
  l.period, l.due_on, l.collected_on, days_between(l.collected_on, l.due_on) AS days_early, l.legal_basis IS NOT NULL AS basis, k.records_basis, l.legal_basis, l.due_fen, l.collected_fen,
  l.collected_fen - l.due_fen AS excess_fen
FROM levies l LEFT JOIN organisations g ON g.id = l.organisation_id LEFT JOIN organisations p ON p.id = l.payer_id
CROSS JOIN (SELECT count(legal_basis) > 0 AS records_basis FROM levies) k WHERE l.collected_on <= :as_of

-- fact: revenue_target
-- types: key text, subject text, collector text, levies integer, collected_fen integer, early integer, first_on date, last_on date
SELECT l.target_ref || '|' || l.organisation_id AS key, l.target_ref AS subject, min(g.name) AS collector, count(*) AS levies, sum(l.collected_fen) AS collected_fen,
  count(*) FILTER (WHERE l.collected_on < l.due_on) AS early, min(l.collected_on) AS first_on, max(l.collected_on) AS last_on
FROM levies l JOIN organisations g ON g.id = l.organisation_id WHERE l.target_ref IS NOT NULL AND l.collected_on <= :as_of GROUP BY l.target_ref, l.organisation_id

-- Money that leaves a public body and comes back to it. First pairs of a payment out and one in, of about one amount within
-- the days set: joined on the holder, the season and a bucket of the amount (its length and leading digit; a tolerance of up to
-- 10 % touches two), so that each transfer meets only its like. Then, only for such pairs, the way between them, transfer by transfer. Accounts of one holder are one.
-- fact: circle
-- types: key text, subject text, area_id text, hops integer, days integer, out_fen integer, back_fen integer, kept_fen integer, left_on date, back_on date, booked_out text, booked_back text, way text
WITH RECURSIVE stamped AS (
  SELECT t.id, t.at, coalesce(f.organisation_id, f.id) AS payer, coalesce(g.organisation_id, g.id) AS payee, t.amount_fen, t.booked_as,
    CAST(substr(CAST(t.at AS TEXT), 1, 4) AS INTEGER) AS y, CAST(substr(CAST(t.at AS TEXT), 6, 2) AS INTEGER) AS m, CAST(substr(CAST(t.at AS TEXT), 9, 2) AS INTEGER) AS d
  FROM transfers t JOIN accounts f ON f.id = t.from_account_id JOIN accounts g ON g.id = t.to_account_id
  WHERE t.amount_fen >= :round_trip_min_fen * 9 / 10 AND coalesce(f.organisation_id, f.id) <> coalesce(g.organisation_id, g.id)
), dated AS (
  SELECT id, at, payer, payee, amount_fen, booked_as,
    d + (153 * (m + 12 * ((14 - m) / 12) - 3) + 2) / 5 + 365 * (y + 4800 - (14 - m) / 12) + (y + 4800 - (14 - m) / 12) / 4
      - (y + 4800 - (14 - m) / 12) / 100 + (y + 4800 - (14 - m) / 12) / 400 - 32045 AS day
  FROM stamped
), moves AS (
  SELECT id, at, day, payer, payee, amount_fen, booked_as, day / :round_trip_days AS season,
    length(CAST(amount_fen AS TEXT)) * 10 + CAST(substr(CAST(amount_fen AS TEXT), 1, 1) AS INTEGER) AS size
  FROM dated
), outs AS (
  SELECT m.id, m.at, m.day, m.payer, m.payee, m.amount_fen, m.booked_as, m.season, m.size, CAST(trunc(round_to(m.amount_fen * (1 - :round_trip_tolerance_share), 0)) AS BIGINT) AS least_fen,
    CAST(trunc(round_to(m.amount_fen * (1 + :round_trip_tolerance_share), 0)) AS BIGINT) AS most_fen
  FROM moves m JOIN organisations o ON o.id = m.payer
  WHERE o.kind IN ('government', 'department', 'district_government', 'development_zone', 'public_institution') AND m.amount_fen >= :round_trip_min_fen
), sizes AS (
  SELECT id, size, season FROM outs
  UNION SELECT id, length(CAST(least_fen AS TEXT)) * 10 + CAST(substr(CAST(least_fen AS TEXT), 1, 1) AS INTEGER), season FROM outs
  UNION SELECT id, length(CAST(most_fen AS TEXT)) * 10 + CAST(substr(CAST(most_fen AS TEXT), 1, 1) AS INTEGER), season FROM outs
), buckets AS (
  SELECT id, size, season FROM sizes UNION ALL SELECT id, size, season + 1 FROM sizes
), pairs AS (
  SELECT o.id AS out_id, b.id AS back_id, o.at AS out_at, b.at AS back_at, o.day AS out_day, b.day AS back_day, o.payer AS holder, o.payee AS next_holder, o.amount_fen AS out_fen, b.amount_fen AS back_fen,
    o.booked_as AS booked_out, b.booked_as AS booked_back, o.least_fen, o.most_fen
  FROM outs o JOIN buckets k ON k.id = o.id JOIN moves b ON b.payee = o.payer AND b.size = k.size AND b.season = k.season
  WHERE (b.booked_as IS NULL OR b.booked_as NOT IN ('expenditure', 'trade')) AND b.at > o.at AND b.amount_fen BETWEEN o.least_fen AND o.most_fen AND b.day - o.day <= :round_trip_days
), walk AS (
  SELECT out_id, back_id, next_holder AS at_holder, out_at AS at, 1 AS hops, out_id AS way, holder, back_at, least_fen, most_fen FROM pairs
  UNION ALL
  SELECT w.out_id, w.back_id, m.payee, m.at, w.hops + 1, w.way || '|' || m.id, w.holder, w.back_at, w.least_fen, w.most_fen
  FROM walk w JOIN buckets k ON k.id = w.out_id JOIN moves m ON m.payer = w.at_holder AND m.size = k.size AND m.season = k.season
  WHERE w.at_holder <> w.holder AND m.at > w.at AND m.at <= w.back_at AND m.amount_fen BETWEEN w.least_fen AND w.most_fen AND w.hops < :round_trip_hops_max
    AND (m.payee <> w.holder OR m.id = w.back_id)
), closed AS (
  SELECT w.way, w.hops, p.out_id, p.back_id, p.holder, p.out_fen, p.back_fen, p.out_day, p.back_day, p.booked_out, p.booked_back,
    row_number() OVER (PARTITION BY p.back_id ORDER BY p.back_day - p.out_day, abs(p.out_fen - p.back_fen), w.hops, w.way) AS of_back
  FROM walk w JOIN pairs p ON p.out_id = w.out_id AND p.back_id = w.back_id WHERE w.at_holder = w.holder
), best AS (
  SELECT way, hops, holder, out_fen, back_fen, out_day, back_day, booked_out, booked_back, row_number() OVER (PARTITION BY out_id ORDER BY back_day - out_day, hops, way) AS of_out
  FROM closed WHERE of_back = 1
)
SELECT b.way AS key, g.name AS subject, g.area_id, b.hops, b.back_day - b.out_day AS days, b.out_fen, b.back_fen, b.out_fen - b.back_fen AS kept_fen,
  add_days('1970-01-01', b.out_day - 2440588) AS left_on, add_days('1970-01-01', b.back_day - 2440588) AS back_on, b.booked_out, b.booked_back, b.way AS way
FROM best b JOIN organisations g ON g.id = b.holder WHERE b.of_out = 1
