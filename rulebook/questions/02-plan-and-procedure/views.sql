-- Tables behind the charts and maps.

-- view: steps_of_projects
WITH p AS (
  SELECT id FROM projects
  WHERE investment_mode IN ('direct', 'capital') AND (currency IS NULL OR currency = 'CNY')
    AND started_on <= :as_of),
done AS (
  SELECT DISTINCT a.project_id, a.kind FROM approvals a JOIN p ON p.id = a.project_id
  WHERE a.result IN ('approved', 'filed') AND a.decided_on <= :as_of),
steps AS (
  SELECT 1 AS place, 'proposal' AS kind, '项目建议书' AS name
  UNION ALL SELECT 2, 'feasibility', '可行性研究'
  UNION ALL SELECT 3, 'preliminary_design', '初步设计'
  UNION ALL SELECT 4, 'budget', '概算核定'
  UNION ALL SELECT 5, 'fiscal_review', '财政评审'
  UNION ALL SELECT 6, 'project_planning_permit', '工程规划许可'
  UNION ALL SELECT 7, 'drawing_review', '施工图审查'
  UNION ALL SELECT 8, 'construction_permit', '施工许可')
SELECT s.name, count(d.project_id) AS with_step,
       (SELECT count(*) FROM p) - count(d.project_id) AS without_step
FROM steps s LEFT JOIN done d ON d.kind = s.kind
GROUP BY s.place, s.name
ORDER BY s.place

-- view: debt_by_year
SELECT CAST(year AS TEXT) AS year, share(sum(balance_fen), 10000000000) AS balance,
       share(sum(limit_fen), 10000000000) AS ceiling,
       share(sum(capacity_fen), 10000000000) AS capacity
FROM debt_limits WHERE year <= year_of(:as_of)
GROUP BY year
ORDER BY year

-- view: projects_by_area
SELECT a.id AS area_id, a.name, count(*) AS projects,
       count(*) FILTER (WHERE NOT p.in_adopted_plan) AS outside,
       share(sum(p.invest_total_fen), 10000000000) AS invested
FROM projects p JOIN areas a ON a.id = p.area_id
WHERE p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')
GROUP BY a.id, a.name
ORDER BY a.id

-- view: agents
SELECT o.name, count(*) AS projects,
       count(*) FILTER (WHERE p.completed_on IS NULL AND p.started_on <= :as_of) AS building,
       share(sum(p.invest_total_fen), 10000000000) AS invested
FROM projects p JOIN organisations o ON o.id = p.agent_id
WHERE (p.proposed_on IS NULL OR p.proposed_on <= :as_of) AND (p.currency IS NULL OR p.currency = 'CNY')
GROUP BY o.id, o.name
ORDER BY count(*) DESC, o.id

-- view: works_by_year
SELECT CAST(year_of(c.signed_on) AS TEXT) AS year,
       share(sum(CASE WHEN c.tender_id IS NOT NULL OR c.method IN ('public', 'invited') THEN c.amount_fen ELSE 0 END), 10000000000) AS tendered,
       share(sum(CASE WHEN c.tender_id IS NULL AND c.method NOT IN ('public', 'invited') THEN c.amount_fen ELSE 0 END), 10000000000) AS untendered
FROM contracts c
WHERE c.category = 'works' AND c.method IS NOT NULL AND c.signed_on <= :as_of
  AND (c.currency IS NULL OR c.currency = 'CNY')
GROUP BY year_of(c.signed_on)
ORDER BY year_of(c.signed_on)
