-- Rows of the board that stand behind a fact beside its own row.

-- evidence: project_steps
SELECT 'approvals' AS table_name, id AS row_key FROM approvals WHERE project_id = :key
UNION ALL
SELECT 'tenders', id FROM tenders WHERE project_id = :key AND category = 'works'
UNION ALL
SELECT 'contracts', id FROM contracts WHERE project_id = :key AND category = 'works'

-- evidence: step_order
SELECT 'approvals' AS table_name, id AS row_key FROM approvals
WHERE project_id = :key AND result IN ('approved', 'filed')
  AND kind IN ('proposal', 'feasibility', 'preliminary_design', 'budget', 'survey', 'design',
               'drawing_review', 'construction_permit')

-- evidence: platform_code
SELECT 'approvals' AS table_name, id AS row_key FROM approvals
WHERE project_id = :key AND platform_code IS NULL AND result IN ('approved', 'filed')
  AND decided_on <= :as_of

-- evidence: approval_findings
SELECT 'approvals' AS table_name, id AS row_key FROM approvals
WHERE project_id = :key AND result = 'approved' AND decided_on <= :as_of
  AND ((kind = 'proposal' AND NOT necessity_found)
    OR (kind = 'feasibility' AND (NOT feasibility_found OR NOT funding_found))
    OR (kind IN ('preliminary_design', 'budget') AND NOT conformity_found))

-- evidence: major_assessment
SELECT 'projects' AS table_name, project_id AS row_key FROM approvals WHERE id = :key

-- evidence: approval_papers
SELECT 'approvals' AS table_name, id AS row_key FROM approvals
WHERE project_id = :key AND document_no IS NULL AND result IN ('approved', 'filed')
  AND decided_on <= :as_of

-- evidence: approval_time
SELECT 'approvals' AS table_name, id AS row_key FROM approvals
WHERE project_id = :key AND applied_on IS NOT NULL AND decided_on >= applied_on
  AND decided_on <= :as_of
  AND kind NOT IN ('acceptance_filing', 'final_accounts', 'audit', 'change')

-- evidence: estimate_excess
SELECT 'estimates' AS table_name, e.id AS row_key
FROM estimates b JOIN estimates e ON e.project_id = b.project_id AND e.stage = 'estimate'
WHERE b.id = :key

-- evidence: budget_adjustment
SELECT 'estimates' AS table_name, e.id AS row_key
FROM estimates b JOIN estimates e ON e.project_id = b.project_id AND e.stage = 'budget'
WHERE b.id = :key

-- evidence: budget_excess
SELECT 'estimates' AS table_name, id AS row_key FROM estimates
WHERE project_id = :key AND stage IN ('budget', 'adjusted_budget')
UNION ALL
SELECT 'contracts', id FROM contracts WHERE project_id = :key AND category <> 'financing'

-- evidence: plan_change
SELECT 'projects' AS table_name, project_id AS row_key FROM plan_versions WHERE id = :key

-- evidence: plan_row_timing
-- (the key is the year, four digits, and the project)
SELECT 'approvals' AS table_name, id AS row_key FROM approvals
WHERE project_id = replace(replace(substr(:key, 6, 1000), '\|', '|'), '\\', '\')
  AND kind IN ('feasibility', 'budget')

-- evidence: tender_timing
SELECT 'tenders' AS table_name, t.id AS row_key
FROM tenders t
JOIN (SELECT project_id, min(decided_on) FILTER (WHERE kind = 'feasibility') AS study_on,
             min(decided_on) FILTER (WHERE kind = 'budget') AS budget_on
      FROM approvals
      WHERE project_id = :key AND result IN ('approved', 'filed') AND decided_on <= :as_of
      GROUP BY project_id) s ON s.project_id = t.project_id
WHERE t.noticed_on <= :as_of
  AND (t.noticed_on < s.study_on OR (t.category = 'works' AND t.noticed_on < s.budget_on))
UNION ALL
SELECT 'approvals', id FROM approvals
WHERE project_id = :key AND kind IN ('feasibility', 'budget') AND result IN ('approved', 'filed')

-- evidence: contract_after_award
SELECT 'tenders' AS table_name, tender_id AS row_key FROM contracts
WHERE id = :key AND tender_id IS NOT NULL

-- evidence: split_contracts
WITH small AS (
  SELECT c.id, c.project_id, coalesce(c.supplier_id, c.supplier_name) AS who, c.category, c.signed_on,
         days_between(lag(c.signed_on) OVER (PARTITION BY c.project_id, coalesce(c.supplier_id, c.supplier_name), c.category
                                             ORDER BY c.signed_on, c.id), c.signed_on) AS gap
  FROM contracts c
  WHERE c.project_id = (SELECT project_id FROM contracts WHERE id = :key)
    AND c.tender_id IS NULL AND c.method IN ('direct', 'single_source', 'negotiation', 'other')
    AND c.exemption_ground IS NULL AND c.signed_on <= :as_of
    AND coalesce(c.supplier_id, c.supplier_name) IS NOT NULL
    AND (c.currency IS NULL OR c.currency = 'CNY')
    AND c.amount_fen < CASE c.category WHEN 'works' THEN CAST(:tender_construction_min_fen AS BIGINT)
                                       WHEN 'goods' THEN CAST(:tender_goods_min_fen AS BIGINT)
                                       WHEN 'services' THEN CAST(:tender_services_min_fen AS BIGINT) ELSE 0 END),
runs AS (
  SELECT id, who, category,
         sum(CASE WHEN gap IS NULL OR gap > :split_contract_window_days THEN 1 ELSE 0 END)
           OVER (PARTITION BY project_id, who, category ORDER BY signed_on, id) AS run
  FROM small)
SELECT 'contracts' AS table_name, r.id AS row_key
FROM runs r JOIN runs k ON k.who = r.who AND k.category = r.category AND k.run = r.run
WHERE k.id = :key

-- evidence: progress_payment
SELECT 'payments' AS table_name, id AS row_key FROM payments
WHERE contract_id = :key AND kind IN ('prepayment', 'progress') AND paid_on <= :as_of

-- evidence: start_conditions
SELECT 'approvals' AS table_name, id AS row_key FROM approvals
WHERE project_id = :key
  AND kind IN ('feasibility', 'budget', 'drawing_review', 'construction_permit')
UNION ALL
SELECT 'contracts', id FROM contracts WHERE project_id = :key AND category = 'works'

-- evidence: use_before_acceptance
SELECT 'approvals' AS table_name, id AS row_key FROM approvals
WHERE project_id = :key AND kind IN ('planning_verification', 'completion_acceptance')

-- evidence: acceptance_filing
SELECT 'approvals' AS table_name, a.id AS row_key
FROM approvals f JOIN approvals a ON a.project_id = f.project_id
WHERE f.id = :key AND a.kind IN ('completion_acceptance', 'acceptance_filing')

-- evidence: planning_verification
SELECT 'approvals' AS table_name, id AS row_key FROM approvals
WHERE project_id = :key AND kind IN ('planning_verification', 'completion_acceptance')

-- evidence: final_accounts
SELECT 'approvals' AS table_name, id AS row_key FROM approvals
WHERE project_id = :key AND kind IN ('completion_acceptance', 'final_accounts')

-- evidence: final_audit
SELECT 'approvals' AS table_name, id AS row_key FROM approvals
WHERE project_id = :key AND kind IN ('final_accounts', 'audit')

-- evidence: progress_reporting
SELECT 'project_reports' AS table_name,
       replace(replace(project_id, '\', '\\'), '|', '\|') || '|' || CAST(month AS TEXT) || '|' || kind AS row_key
FROM project_reports WHERE project_id = :key

-- evidence: construction_agents
SELECT 'organisations' AS table_name, o.id AS row_key FROM organisations o
WHERE :key = 'city' AND o.id IN (
  SELECT agent_id FROM projects
  WHERE (proposed_on IS NULL OR proposed_on <= :as_of) AND (currency IS NULL OR currency = 'CNY'))

-- evidence: rail_stations
WITH RECURSIVE inside AS (
  SELECT id FROM areas WHERE id = :key
  UNION ALL
  SELECT a.id FROM areas a JOIN inside i ON a.parent_id = i.id)
SELECT 'facilities' AS table_name, f.id AS row_key
FROM facilities f JOIN inside i ON i.id = f.area_id
WHERE f.kind = 'railway_station' AND (f.opened_on IS NULL OR f.opened_on <= :as_of)
  AND (f.closed_on IS NULL OR f.closed_on > :as_of)

-- evidence: duplicated_projects
SELECT 'projects' AS table_name, b.id AS row_key
FROM projects a
JOIN m_places am ON am.table_name = 'projects' AND am.row_key = a.id
JOIN projects b ON b.kind = a.kind
JOIN m_places bm ON bm.table_name = 'projects' AND bm.row_key = b.id
WHERE a.id = :key AND b.service_level IN ('regional', 'city')
  AND (b.state IS NULL OR b.state <> 'cancelled') AND (b.currency IS NULL OR b.currency = 'CNY')
  AND (b.proposed_on < a.proposed_on OR (b.proposed_on = a.proposed_on AND b.id < a.id))
  AND (bm.x_m - am.x_m) * (bm.x_m - am.x_m) + (bm.y_m - am.y_m) * (bm.y_m - am.y_m)
      <= :duplicate_facility_radius_m * :duplicate_facility_radius_m

-- evidence: interventions
SELECT 'projects' AS table_name, project_id AS row_key FROM interventions
WHERE id = :key AND project_id IS NOT NULL

-- evidence: debt_ceiling
SELECT 'debt_limits' AS table_name,
       replace(replace(area_id, '\', '\\'), '|', '\|') || '|' || CAST(year AS TEXT) AS row_key
FROM debt_limits
WHERE area_id = :key AND year <= year_of(:as_of) AND balance_fen > limit_fen

-- evidence: debt_growth
SELECT 'debt_limits' AS table_name,
       replace(replace(y.area_id, '\', '\\'), '|', '\|') || '|' || CAST(y.year AS TEXT) AS row_key
FROM (SELECT area_id, year, balance_fen,
             lag(balance_fen) OVER (PARTITION BY area_id ORDER BY year) AS before_fen,
             lag(year) OVER (PARTITION BY area_id ORDER BY year) AS before_year,
             coalesce(share(growth_cap_permille, 1000), :debt_growth_share_max) AS cap_share
      FROM debt_limits WHERE year <= year_of(:as_of)) y
WHERE y.area_id = :key AND y.before_year = y.year - 1
  AND share(y.balance_fen - y.before_fen, y.before_fen) > y.cap_share

-- evidence: bunching
WITH lines AS (
  SELECT 'CNY' AS currency, 'works' AS category, CAST(:tender_construction_min_fen AS BIGINT) AS threshold_fen
  UNION ALL SELECT 'CNY', 'goods', CAST(:tender_goods_min_fen AS BIGINT)
  UNION ALL SELECT 'CNY', 'services', CAST(:tender_services_min_fen AS BIGINT)
  UNION ALL
  SELECT c.currency, c.category, m.mantissa * e.power
  FROM (SELECT DISTINCT currency, category FROM contracts
        WHERE currency IS NOT NULL AND currency <> 'CNY') c
  CROSS JOIN (SELECT 1 AS mantissa UNION ALL SELECT 2 UNION ALL SELECT 5) m
  CROSS JOIN (SELECT 100000000 AS power UNION ALL SELECT 1000000000 UNION ALL SELECT 10000000000) e)
SELECT 'contracts' AS table_name, c.id AS row_key
FROM lines l
JOIN contracts c ON c.category = l.category AND coalesce(c.currency, 'CNY') = l.currency
WHERE l.currency || '/' || l.category || '/' || CAST(l.threshold_fen AS TEXT) = :key
  AND (coalesce(c.signed_on, c.start_on) IS NULL OR coalesce(c.signed_on, c.start_on) <= :as_of)
  AND c.amount_fen < l.threshold_fen
  AND c.amount_fen >= l.threshold_fen * (1.0 - :threshold_band_share)

-- evidence: prices_equal_budget
SELECT 'contracts' AS table_name, c.id AS row_key
FROM contracts c JOIN projects p ON p.id = c.project_id
WHERE coalesce(c.buyer_id, p.owner_name) = :key AND c.amount_fen = c.budget_fen AND c.budget_fen > 0
  AND c.category IN ('works', 'goods', 'services')
  AND (coalesce(c.signed_on, c.start_on) IS NULL OR coalesce(c.signed_on, c.start_on) <= :as_of)

-- evidence: same_place
WITH me AS (
  SELECT c.supplier_id, c.supplier_name, round_to(m.lon * 10000, 0) AS east,
         round_to(m.lat * 10000, 0) AS north
  FROM contracts c JOIN m_places m ON m.table_name = 'projects' AND m.row_key = c.project_id
  WHERE c.id = :key),
theirs AS (
  SELECT c.id, c.project_id, c.signed_on, c.start_on, me.east, me.north
  FROM me JOIN contracts c ON c.supplier_id = me.supplier_id AND c.category = 'works'
  UNION ALL
  SELECT c.id, c.project_id, c.signed_on, c.start_on, me.east, me.north
  FROM me JOIN contracts c ON c.supplier_name = me.supplier_name AND c.category = 'works'
  WHERE me.supplier_id IS NULL AND c.supplier_id IS NULL),
works AS (
  SELECT c.id, c.project_id
  FROM theirs c
  JOIN m_places m ON m.table_name = 'projects' AND m.row_key = c.project_id
  WHERE coalesce(c.signed_on, c.start_on) <= :as_of
    AND round_to(m.lon * 10000, 0) = c.east AND round_to(m.lat * 10000, 0) = c.north)
SELECT 'contracts' AS table_name, id AS row_key FROM works
UNION ALL
SELECT DISTINCT 'projects', project_id FROM works

-- evidence: cost_growth
SELECT 'projects' AS table_name, y.key AS row_key
FROM y_changes y
WHERE y.dataset || '/' || y.key = :key AND y.kind = 'changed' AND y.field = 'invest_total_fen'
