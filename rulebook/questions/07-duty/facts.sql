-- Duties, reviews, decisions and property. Candidates are chosen here; the decisions judge.

-- fact: matter
-- types: key text, subject text, area_id text, lead_id text, leads integer, lead_rows integer, lead_names text, rows_total integer, basis text, valid_from date
SELECT d.matter_code || '|' || coalesce(d.area_id, '') AS key, min(d.matter) AS subject, d.area_id AS area_id, max(g.parent_id) FILTER (WHERE d.role = 'lead') AS lead_id,
  count(DISTINCT d.organisation_id) FILTER (WHERE d.role = 'lead') AS leads, count(*) FILTER (WHERE d.role = 'lead') AS lead_rows,
  text_list(g.name) FILTER (WHERE d.role = 'lead') AS lead_names, count(*) AS rows_total, min(d.basis) AS basis, min(d.valid_from) AS valid_from
FROM duties d LEFT JOIN organisations g ON g.id = d.organisation_id
WHERE (d.valid_from IS NULL OR d.valid_from <= :as_of) AND (d.valid_to IS NULL OR d.valid_to >= :as_of)
GROUP BY d.matter_code, d.area_id

-- fact: supervision
-- types: key text, subject text, area_id text, supervisor text, supervisor_id text, operates boolean, basis text
SELECT s.id AS key, s.matter AS subject, s.area_id, g.name AS supervisor, s.organisation_id AS supervisor_id,
  EXISTS (SELECT 1 FROM duties o WHERE o.matter_code = s.matter_code AND o.role = 'operate' AND o.organisation_id = s.organisation_id
    AND coalesce(o.area_id, '') = coalesce(s.area_id, '') AND (o.valid_to IS NULL OR o.valid_to >= :as_of)) AS operates, s.basis
FROM duties s LEFT JOIN organisations g ON g.id = s.organisation_id
WHERE s.role = 'supervise' AND (s.valid_from IS NULL OR s.valid_from <= :as_of) AND (s.valid_to IS NULL OR s.valid_to >= :as_of)

-- fact: reviewer
-- types: key text, subject text, lead_id text, kind text, kind_zh text, kind_en text, reviews integer, changed integer, changed_share real, submitted_fen integer, approved_fen integer, first_on date, last_on date
SELECT r.reviewer_id || '|' || r.kind AS key, min(g.name) AS subject, r.reviewer_id AS lead_id, r.kind AS kind,
  CASE r.kind WHEN 'project' THEN '项目审查' WHEN 'feasibility' THEN '可研审查' WHEN 'budget' THEN '概算审查' WHEN 'fiscal' THEN '财政评审' WHEN 'fund' THEN '资金审查' WHEN 'platform' THEN '平台公司审查' ELSE '审查' END AS kind_zh,
  CASE r.kind WHEN 'project' THEN 'project' WHEN 'feasibility' THEN 'feasibility' WHEN 'budget' THEN 'budget' WHEN 'fiscal' THEN 'fiscal' WHEN 'fund' THEN 'fund' WHEN 'platform' THEN 'platform-company' ELSE 'other' END AS kind_en,
  count(*) AS reviews, count(*) FILTER (WHERE r.outcome <> 'passed' OR r.approved_fen < r.submitted_fen) AS changed,
  share(count(*) FILTER (WHERE r.outcome <> 'passed' OR r.approved_fen < r.submitted_fen), count(*)) AS changed_share,
  sum(r.submitted_fen) AS submitted_fen, sum(r.approved_fen) AS approved_fen, min(r.submitted_on) AS first_on, max(coalesce(r.concluded_on, r.submitted_on)) AS last_on
FROM reviews r JOIN organisations g ON g.id = r.reviewer_id WHERE r.outcome <> 'pending' AND r.submitted_on <= :as_of GROUP BY r.reviewer_id, r.kind

-- fact: review_pending
-- types: key text, subject text, lead_id text, submitted_on date, days_pending integer, submitted_fen integer
SELECT r.id AS key, coalesce(p.name, r.id) AS subject, r.reviewer_id AS lead_id, r.submitted_on, days_between(r.submitted_on, :as_of) AS days_pending, r.submitted_fen
FROM reviews r LEFT JOIN projects p ON p.id = r.project_id WHERE r.outcome = 'pending' AND r.submitted_on <= :as_of

-- fact: decision_carried_out
-- types: key text, subject text, lead_id text, decided_on date, executor boolean, executor_name text, due_on date, done_on date, days_overdue integer, reported boolean, days_since_done integer
SELECT d.id AS key, d.name AS subject, coalesce(d.executor_id, d.drafter_id) AS lead_id, d.decided_on, d.executor_id IS NOT NULL AS executor, g.name AS executor_name, d.due_on, d.done_on,
  CASE WHEN d.done_on IS NULL OR d.done_on > :as_of THEN days_between(d.due_on, :as_of) END AS days_overdue, d.reported_on IS NOT NULL AND d.reported_on <= :as_of AS reported,
  CASE WHEN d.done_on <= :as_of THEN days_between(d.done_on, :as_of) END AS days_since_done
FROM decisions d LEFT JOIN organisations g ON g.id = d.executor_id WHERE d.decided_on <= :as_of

-- fact: task
-- types: key text, subject text, lead_id text, owner boolean, owner_name text, decision_name text, set_on date, due_on date, days_overdue integer, state text, evidence boolean, records_evidence boolean
SELECT t.id AS key, t.name AS subject, coalesce(t.owner_id, d.executor_id, d.drafter_id) AS lead_id, t.owner_id IS NOT NULL AS owner, g.name AS owner_name, d.name AS decision_name, t.set_on, t.due_on,
  CASE WHEN t.state = 'open' THEN days_between(t.due_on, :as_of) END AS days_overdue, t.state, t.evidence IS NOT NULL AS evidence, k.records_evidence
FROM tasks t JOIN decisions d ON d.id = t.decision_id LEFT JOIN organisations g ON g.id = t.owner_id
CROSS JOIN (SELECT count(evidence) > 0 AS records_evidence FROM tasks) k WHERE t.set_on <= :as_of AND t.state <> 'dropped'

-- fact: inspection
-- types: key text, subject text, area_id text, lead_id text, inspector text, inspected text, kind text, on_date date, authorised boolean, concluded_on date, days_without_feedback integer, records_feedback boolean, days_unrectified integer, rectify_due_on date
SELECT i.id AS key, i.subject AS subject, b.area_id, CASE WHEN NOT i.authorised THEN NULL WHEN i.feedback_on IS NULL THEN i.inspector_id ELSE i.inspected_id END AS lead_id, a.name AS inspector, b.name AS inspected, i.kind, i.on_date, i.authorised, i.concluded_on,
  CASE WHEN i.feedback_on IS NULL THEN days_between(i.concluded_on, :as_of) END AS days_without_feedback, k.records_feedback,
  CASE WHEN i.rectified_on IS NULL OR i.rectified_on > :as_of THEN days_between(i.rectify_due_on, :as_of) END AS days_unrectified, i.rectify_due_on
FROM inspections i JOIN organisations a ON a.id = i.inspector_id JOIN organisations b ON b.id = i.inspected_id
CROSS JOIN (SELECT count(feedback_on) > 0 AS records_feedback FROM inspections) k WHERE i.on_date <= :as_of

-- fact: inspection_repeated
-- types: key text, subject text, area_id text, times integer, inspectors integer, inspector_names text, inspected text, shortest_days integer, first_on date, last_on date
WITH ordered AS (
  SELECT subject, inspected_id, inspector_id, on_date, lag(on_date) OVER (PARTITION BY subject, inspected_id ORDER BY on_date, id) AS before
  FROM inspections WHERE kind IN ('supervision', 'check', 'appraisal') AND on_date <= :as_of AND on_date > add_days(:as_of, -365)
)
SELECT o.subject || '|' || o.inspected_id AS key, o.subject AS subject, min(b.area_id) AS area_id, count(*) AS times, count(DISTINCT o.inspector_id) AS inspectors,
  text_list(a.name) AS inspector_names, min(b.name) AS inspected, min(days_between(o.before, o.on_date)) AS shortest_days, min(o.on_date) AS first_on, max(o.on_date) AS last_on
FROM ordered o JOIN organisations b ON b.id = o.inspected_id JOIN organisations a ON a.id = o.inspector_id
GROUP BY o.subject, o.inspected_id HAVING count(*) > 1

-- fact: audit_finding
-- types: key text, subject text, area_id text, lead_id text, finding text, audited text, reported_on date, due_on date, amount_fen integer, rectified boolean, reported_back boolean, records_report boolean, days_overdue integer
SELECT a.id AS key, coalesce(p.name, g.name, a.id) AS subject, coalesce(p.area_id, g.area_id) AS area_id, a.organisation_id AS lead_id, a.finding, g.name AS audited, a.reported_on,
  coalesce(a.due_on, add_days(a.reported_on, :audit_rectification_days_max)) AS due_on, a.amount_fen, a.rectified_on IS NOT NULL AND a.rectified_on <= :as_of AS rectified,
  a.reported_back_on IS NOT NULL AND a.reported_back_on <= :as_of AS reported_back, k.records_report,
  days_between(coalesce(a.due_on, add_days(a.reported_on, :audit_rectification_days_max)), :as_of) AS days_overdue
FROM audits a LEFT JOIN projects p ON p.id = a.project_id LEFT JOIN organisations g ON g.id = a.organisation_id
CROSS JOIN (SELECT count(reported_back_on) > 0 AS records_report FROM audits) k WHERE a.reported_on <= :as_of

-- fact: suggestion
-- types: key text, subject text, lead_id text, handler text, made_on date, made_by text, reply_due_on date, days_overdue integer
SELECT s.id AS key, s.content AS subject, s.handler_id AS lead_id, g.name AS handler, s.made_on, s.made_by, s.reply_due_on,
  CASE WHEN s.replied_on IS NULL OR s.replied_on > :as_of THEN days_between(s.reply_due_on, :as_of) END AS days_overdue
FROM suggestions s LEFT JOIN organisations g ON g.id = s.handler_id WHERE s.made_on <= :as_of

-- fact: asset
-- types: key text, subject text, area_id text, lead_id text, owner text, floor_m2 real, idle_m2 real, idle_since date, idle_months integer, keeper boolean, records_keeper boolean, on_ledger boolean, reuse_tried boolean, value_fen integer
SELECT a.id AS key, a.name AS subject, a.area_id, CASE WHEN NOT a.on_ledger OR a.keeper_id IS NULL THEN a.owner_id END AS lead_id, g.name AS owner, a.floor_m2, a.idle_m2, a.idle_since,
  CASE WHEN a.idle_m2 > 0 THEN months_between(a.idle_since, :as_of) END AS idle_months, a.keeper_id IS NOT NULL AS keeper, k.records_keeper, a.on_ledger, a.reuse_tried, a.value_fen
FROM assets a LEFT JOIN organisations g ON g.id = a.owner_id CROSS JOIN (SELECT count(keeper_id) > 0 AS records_keeper FROM assets) k

-- fact: facility_kept
-- types: key text, subject text, area_id text, lead_id text, kind text, ownership text, keeper boolean, records_keeper boolean, floor_m2 integer, opened_on date
SELECT f.id AS key, f.name AS subject, f.area_id, f.owner_id AS lead_id, f.kind, f.ownership, f.manager_id IS NOT NULL AS keeper, k.records_keeper, f.floor_m2, f.opened_on
FROM facilities f JOIN (SELECT kind, count(manager_id) > 0 AS records_keeper FROM facilities GROUP BY kind) k ON k.kind = f.kind
WHERE f.closed_on IS NULL OR f.closed_on > :as_of

-- Flats that stand ready against households that were moved out, have none and were offered none, by area.
-- fact: flats_and_households
-- types: key text, subject text, area_id text, lead_id text, flats_ready integer, flats_surplus integer, households integer, households_old integer, flats_due integer, fee_month_fen integer, fee_year_fen integer, oldest_on date, years_waited integer
WITH flats_in AS (
  SELECT area_id, count(*) AS ready, count(*) FILTER (WHERE state = 'idle') AS surplus, min(keeper_id) AS keeper_id
  FROM flats WHERE state IN ('idle', 'reserved') AND (accepted IS NULL OR accepted) AND (completed_on IS NULL OR completed_on <= :as_of) GROUP BY area_id
)
SELECT w.area_id AS key, min(a.name) AS subject, w.area_id AS area_id, min(f.keeper_id) AS lead_id, max(f.ready) AS flats_ready, max(f.surplus) AS flats_surplus, count(*) AS households,
  count(*) FILTER (WHERE w.moved_out_on < '2009-01-01') AS households_old, sum(w.due_flats) AS flats_due, sum(w.fee_fen) AS fee_month_fen, 12 * sum(w.fee_fen) AS fee_year_fen,
  min(w.moved_out_on) AS oldest_on, years_between(min(w.moved_out_on), :as_of) AS years_waited
FROM waiting_households w JOIN areas a ON a.id = w.area_id LEFT JOIN flats_in f ON f.area_id = w.area_id
WHERE w.flat_id IS NULL AND w.offered_on IS NULL AND w.moved_out_on <= :as_of AND (w.resettle_mode IS NULL OR w.resettle_mode <> 'money')
GROUP BY w.area_id

-- Vacant parcels of which no start date is known: where one is, question 8 judges idleness.
-- fact: vacant_land
-- types: key text, subject text, area_id text, vacant_parcels integer, vacant_m2 real, largest text, largest_m2 real
WITH vacant AS (
  SELECT p.area_id, p.id, coalesce(p.address, p.id) AS name, p.area_m2,
         row_number() OVER (PARTITION BY p.area_id ORDER BY p.area_m2 DESC, p.id) AS n
  FROM parcels p
  WHERE p.actual_use = 'vacant' AND p.start_due_on IS NULL AND p.started_on IS NULL AND p.area_id IS NOT NULL
)
SELECT v.area_id AS key, min(a.name) AS subject, v.area_id AS area_id, count(*) AS vacant_parcels,
  round_to(mean(v.area_m2) * count(*), 0) AS vacant_m2, min(v.name) FILTER (WHERE v.n = 1) AS largest,
  round_to(max(v.area_m2), 0) AS largest_m2
FROM vacant v JOIN areas a ON a.id = v.area_id
GROUP BY v.area_id
