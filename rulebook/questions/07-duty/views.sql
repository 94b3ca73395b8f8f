-- view: flats_by_area
SELECT a.id AS area_id, a.name AS name, f.flats AS flats, w.due AS due, f.flats - w.due AS left_over
FROM areas a JOIN (SELECT area_id, count(*) AS flats FROM flats WHERE state IN ('idle', 'reserved') GROUP BY area_id) f ON f.area_id = a.id
JOIN (SELECT area_id, sum(due_flats) AS due FROM waiting_households WHERE flat_id IS NULL GROUP BY area_id) w ON w.area_id = a.id ORDER BY a.id

-- view: fees_by_month
SELECT substr(CAST(paid_on AS TEXT), 1, 7) AS month, share(sum(amount_fen), 1000000) AS fees FROM payments
WHERE kind = 'transition_fee' AND paid_on <= :as_of GROUP BY substr(CAST(paid_on AS TEXT), 1, 7) ORDER BY month

-- view: fee_by_area
SELECT w.area_id AS area_id, min(a.name) AS name, share(sum(w.fee_fen), 1000000) AS fees FROM waiting_households w JOIN areas a ON a.id = w.area_id
WHERE w.flat_id IS NULL AND w.moved_out_on <= :as_of GROUP BY w.area_id ORDER BY w.area_id

-- view: reviewers
SELECT g.name || CASE r.kind WHEN 'project' THEN '：项目审查' WHEN 'feasibility' THEN '：可研审查' WHEN 'budget' THEN '：概算审查' WHEN 'fiscal' THEN '：财政评审' WHEN 'fund' THEN '：资金审查' WHEN 'platform' THEN '：平台公司审查' ELSE '：其他' END AS name,
  share(count(*) FILTER (WHERE r.outcome <> 'passed' OR r.approved_fen < r.submitted_fen), count(*)) * 100 AS changed
FROM reviews r JOIN organisations g ON g.id = r.reviewer_id WHERE r.outcome <> 'pending' AND r.submitted_on <= :as_of GROUP BY g.name, r.kind ORDER BY name

-- view: overdue_by_department
SELECT g.name AS name, count(*) FILTER (WHERE o.what = 'decision') AS decisions, count(*) FILTER (WHERE o.what = 'task') AS tasks, count(*) FILTER (WHERE o.what = 'audit') AS audits,
  count(*) FILTER (WHERE o.what = 'suggestion') AS suggestions, count(*) AS total
FROM (SELECT 'task' AS what, owner_id AS who FROM tasks WHERE state = 'open' AND due_on < :as_of
  UNION ALL SELECT 'decision', executor_id FROM decisions WHERE done_on IS NULL AND due_on < :as_of
  UNION ALL SELECT 'audit', organisation_id FROM audits WHERE rectified_on IS NULL AND due_on < :as_of
  UNION ALL SELECT 'suggestion', handler_id FROM suggestions WHERE replied_on IS NULL AND reply_due_on < :as_of) o
JOIN organisations g ON g.id = o.who GROUP BY g.name ORDER BY total DESC, g.name
