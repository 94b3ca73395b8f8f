-- evidence: land_use
SELECT 'parcels' AS table_name, id AS row_key FROM parcels WHERE id = :key
UNION ALL
SELECT 'land_violations', id FROM land_violations WHERE parcel_id = :key

-- evidence: unit_cost
SELECT 'estimates' AS table_name, e.id AS row_key FROM estimates k JOIN estimates e ON e.project_id = k.project_id WHERE k.id = :key AND (e.id = :key OR e.unit_cost_fen > 0)

-- evidence: office_building
SELECT 'projects' AS table_name, id AS row_key FROM projects WHERE id = :key
UNION ALL
SELECT 'estimates', id FROM estimates WHERE project_id = :key AND unit_cost_fen > 0

-- evidence: planning_permit
SELECT 'projects' AS table_name, id AS row_key FROM projects WHERE id = :key
UNION ALL
SELECT 'approvals', id FROM approvals WHERE project_id = :key AND kind IN ('land_planning_permit', 'project_planning_permit', 'construction_permit')

-- evidence: other_subject
SELECT coalesce(c.organisation_id, y.payer_account_id, '?') || '|' || CAST(year_of(y.paid_on) AS TEXT) AS key, 'payments' AS table_name, y.id AS row_key
FROM payments y JOIN budget_lines b ON b.id = y.budget_line_id LEFT JOIN accounts c ON c.id = y.payer_account_id
WHERE y.subject_code <> b.subject_code AND y.paid_on <= :as_of AND (y.project_id IS NULL OR NOT coalesce(b.special_fund, FALSE))
ORDER BY y.id

-- evidence: earmarked_money
SELECT y.project_id AS key, 'payments' AS table_name, y.id AS row_key
FROM payments y JOIN budget_lines b ON b.id = y.budget_line_id
WHERE y.subject_code <> b.subject_code AND y.paid_on <= :as_of AND b.special_fund ORDER BY y.id

-- evidence: revenue_target
SELECT 'levies' AS table_name, id AS row_key FROM levies WHERE target_ref || '|' || organisation_id = :key AND collected_on <= :as_of ORDER BY id

-- The key of a circle is the ids of its transfers.
-- evidence: circle
SELECT 'transfers' AS table_name, id AS row_key FROM transfers WHERE replace('|' || :key || '|', '|' || id || '|', '') <> '|' || :key || '|' ORDER BY at, id
