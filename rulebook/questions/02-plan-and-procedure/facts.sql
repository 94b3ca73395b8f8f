-- Question 2: is the city planned and built as one? One section for each kind of fact.
-- "Our projects" are those that government pays for or capitalises, in yuan: rows of foreign
-- registers, which have no mode of investment, do not come under Chinese procedure.

-- ---- the procedure, from proposal to design ----------------------------------------------------

-- fact: project_steps
-- types: key text, subject text, area_id text, ahead_on date, missing_early integer, missing_design integer, missing_zh text, missing_en text, completed boolean
WITH ahead AS (
  SELECT w.project_id, min(w.on_date) AS ahead_on
  FROM (SELECT id AS project_id, started_on AS on_date FROM projects
        UNION ALL SELECT project_id, noticed_on FROM tenders WHERE category = 'works'
        UNION ALL SELECT project_id, signed_on FROM contracts WHERE category = 'works') w
  WHERE w.on_date <= :as_of
  GROUP BY w.project_id),
done AS (
  SELECT project_id,
         count(*) FILTER (WHERE kind = 'proposal') AS proposals,
         count(*) FILTER (WHERE kind = 'feasibility') AS studies,
         count(*) FILTER (WHERE kind = 'preliminary_design') AS designs,
         count(*) FILTER (WHERE kind = 'budget') AS budgets
  FROM approvals
  WHERE (result IN ('approved', 'filed') AND (decided_on IS NULL OR decided_on <= :as_of))
     OR exemption_ground IS NOT NULL
  GROUP BY project_id),
fixed AS (
  SELECT project_id, count(*) AS budgets FROM estimates
  WHERE stage IN ('budget', 'adjusted_budget') AND (approved_on IS NULL OR approved_on <= :as_of)
  GROUP BY project_id),
step AS (
  SELECT p.id, p.name, p.area_id, a.ahead_on,
         coalesce(p.completed_on <= :as_of, FALSE) AS completed,
         coalesce(d.proposals, 0) = 0 AS no_proposal,
         coalesce(d.studies, 0) = 0 AS no_study,
         coalesce(d.designs, 0) = 0 AS no_design,
         coalesce(d.budgets, 0) = 0 AND coalesce(f.budgets, 0) = 0 AS no_budget
  FROM projects p
  JOIN ahead a ON a.project_id = p.id
  LEFT JOIN done d ON d.project_id = p.id
  LEFT JOIN fixed f ON f.project_id = p.id
  WHERE p.investment_mode IN ('direct', 'capital')
    AND (p.currency IS NULL OR p.currency = 'CNY'))
SELECT id AS key, name AS subject, area_id, ahead_on,
       CASE WHEN no_proposal THEN 1 ELSE 0 END + CASE WHEN no_study THEN 1 ELSE 0 END AS missing_early,
       CASE WHEN no_design THEN 1 ELSE 0 END + CASE WHEN no_budget THEN 1 ELSE 0 END AS missing_design,
       substr(CASE WHEN no_proposal THEN '、项目建议书批复' ELSE '' END
              || CASE WHEN no_study THEN '、可行性研究报告批复' ELSE '' END
              || CASE WHEN no_design THEN '、初步设计批复' ELSE '' END
              || CASE WHEN no_budget THEN '、投资概算核定' ELSE '' END, 2, 100) AS missing_zh,
       substr(CASE WHEN no_proposal THEN ', the approved proposal' ELSE '' END
              || CASE WHEN no_study THEN ', the approved feasibility study' ELSE '' END
              || CASE WHEN no_design THEN ', the approved preliminary design' ELSE '' END
              || CASE WHEN no_budget THEN ', the fixed budget' ELSE '' END, 3, 200) AS missing_en,
       completed
FROM step

-- fact: step_order
-- types: key text, subject text, area_id text, decision_inversions integer, design_inversions integer, last_on date, order_zh text, order_en text
WITH s AS (
  SELECT project_id,
         min(decided_on) FILTER (WHERE kind = 'proposal') AS proposal,
         min(decided_on) FILTER (WHERE kind = 'feasibility') AS study,
         min(decided_on) FILTER (WHERE kind = 'preliminary_design') AS preliminary,
         min(decided_on) FILTER (WHERE kind = 'budget') AS budget,
         min(decided_on) FILTER (WHERE kind = 'survey') AS survey,
         min(decided_on) FILTER (WHERE kind = 'design') AS design,
         min(decided_on) FILTER (WHERE kind = 'drawing_review') AS drawing,
         min(decided_on) FILTER (WHERE kind = 'construction_permit') AS permit,
         max(decided_on) AS last_on
  FROM approvals
  WHERE result IN ('approved', 'filed') AND decided_on <= :as_of
  GROUP BY project_id)
SELECT p.id AS key, p.name AS subject, p.area_id,
       CASE WHEN s.study < s.proposal THEN 1 ELSE 0 END
         + CASE WHEN s.preliminary < s.study THEN 1 ELSE 0 END
         + CASE WHEN s.budget < s.study THEN 1 ELSE 0 END AS decision_inversions,
       CASE WHEN s.design < s.survey THEN 1 ELSE 0 END
         + CASE WHEN s.drawing < s.design THEN 1 ELSE 0 END
         + CASE WHEN s.permit < s.drawing THEN 1 ELSE 0 END AS design_inversions,
       s.last_on,
       substr(CASE WHEN s.study < s.proposal THEN '、可研批复早于项目建议书批复' ELSE '' END
              || CASE WHEN s.preliminary < s.study THEN '、初步设计批复早于可研批复' ELSE '' END
              || CASE WHEN s.budget < s.study THEN '、概算核定早于可研批复' ELSE '' END
              || CASE WHEN s.design < s.survey THEN '、设计早于勘察' ELSE '' END
              || CASE WHEN s.drawing < s.design THEN '、施工图审查早于设计' ELSE '' END
              || CASE WHEN s.permit < s.drawing THEN '、施工许可早于施工图审查' ELSE '' END,
              2, 200) AS order_zh,
       substr(CASE WHEN s.study < s.proposal THEN ', feasibility study before proposal' ELSE '' END
              || CASE WHEN s.preliminary < s.study THEN ', preliminary design before feasibility study' ELSE '' END
              || CASE WHEN s.budget < s.study THEN ', budget before feasibility study' ELSE '' END
              || CASE WHEN s.design < s.survey THEN ', design before survey' ELSE '' END
              || CASE WHEN s.drawing < s.design THEN ', drawing review before design' ELSE '' END
              || CASE WHEN s.permit < s.drawing THEN ', construction permit before drawing review' ELSE '' END,
              3, 400) AS order_en
FROM projects p JOIN s ON s.project_id = p.id
WHERE p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: platform_code
-- types: key text, subject text, area_id text, project_coded boolean, documents integer, uncoded integer, first_on date, last_on date, secret boolean
SELECT p.id AS key, p.name AS subject, p.area_id, p.platform_code IS NOT NULL AS project_coded,
       count(*) AS documents, count(*) FILTER (WHERE a.platform_code IS NULL) AS uncoded,
       min(a.decided_on) AS first_on, max(a.decided_on) AS last_on, p.kind = 'defence' AS secret
FROM projects p JOIN approvals a ON a.project_id = p.id
WHERE p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')
  AND a.result IN ('approved', 'filed') AND a.decided_on <= :as_of
GROUP BY p.id, p.name, p.area_id, p.platform_code, p.kind

-- fact: approval_findings
-- types: key text, subject text, area_id text, bare integer, bare_zh text, bare_en text, first_on date, last_on date, completed boolean
WITH bare AS (
  SELECT project_id, count(*) AS bare, min(decided_on) AS first_on, max(decided_on) AS last_on,
         count(*) FILTER (WHERE kind = 'proposal') AS proposals,
         count(*) FILTER (WHERE kind = 'feasibility') AS studies,
         count(*) FILTER (WHERE kind = 'preliminary_design') AS designs,
         count(*) FILTER (WHERE kind = 'budget') AS budgets
  FROM approvals
  WHERE result = 'approved' AND decided_on <= :as_of
    AND ((kind = 'proposal' AND NOT necessity_found)
      OR (kind = 'feasibility' AND (NOT feasibility_found OR NOT funding_found))
      OR (kind IN ('preliminary_design', 'budget') AND NOT conformity_found))
  GROUP BY project_id)
SELECT p.id AS key, p.name AS subject, p.area_id, b.bare,
       substr(CASE WHEN b.proposals > 0 THEN '、项目建议书（必要性）' ELSE '' END
              || CASE WHEN b.studies > 0 THEN '、可行性研究（技术经济可行性、资金落实）' ELSE '' END
              || CASE WHEN b.designs > 0 THEN '、初步设计（是否符合可研批复和标准）' ELSE '' END
              || CASE WHEN b.budgets > 0 THEN '、概算（是否符合可研批复和标准）' ELSE '' END, 2, 200) AS bare_zh,
       substr(CASE WHEN b.proposals > 0 THEN ', proposal (need)' ELSE '' END
              || CASE WHEN b.studies > 0 THEN ', feasibility study (feasibility, funding)' ELSE '' END
              || CASE WHEN b.designs > 0 THEN ', preliminary design (conformity)' ELSE '' END
              || CASE WHEN b.budgets > 0 THEN ', budget (conformity)' ELSE '' END, 3, 200) AS bare_en,
       b.first_on, b.last_on, coalesce(p.completed_on <= :as_of, FALSE) AS completed
FROM bare b JOIN projects p ON p.id = b.project_id
WHERE p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: major_assessment
-- types: key text, subject text, area_id text, decided_on date, invest_total_fen integer, unassessed integer, unassessed_zh text, unassessed_en text, completed boolean
SELECT a.id AS key, p.name AS subject, p.area_id, a.decided_on, p.invest_total_fen,
       CASE WHEN NOT a.agency_assessed THEN 1 ELSE 0 END
         + CASE WHEN NOT a.public_took_part THEN 1 ELSE 0 END
         + CASE WHEN NOT a.experts_reviewed THEN 1 ELSE 0 END
         + CASE WHEN NOT a.risk_assessed THEN 1 ELSE 0 END AS unassessed,
       substr(CASE WHEN NOT a.agency_assessed THEN '、中介机构评估' ELSE '' END
              || CASE WHEN NOT a.public_took_part THEN '、公众参与' ELSE '' END
              || CASE WHEN NOT a.experts_reviewed THEN '、专家评议' ELSE '' END
              || CASE WHEN NOT a.risk_assessed THEN '、风险评估' ELSE '' END, 2, 100) AS unassessed_zh,
       substr(CASE WHEN NOT a.agency_assessed THEN ', outside appraisal' ELSE '' END
              || CASE WHEN NOT a.public_took_part THEN ', public participation' ELSE '' END
              || CASE WHEN NOT a.experts_reviewed THEN ', expert review' ELSE '' END
              || CASE WHEN NOT a.risk_assessed THEN ', risk assessment' ELSE '' END, 3, 200) AS unassessed_en,
       coalesce(p.completed_on <= :as_of, FALSE) AS completed
FROM approvals a JOIN projects p ON p.id = a.project_id
WHERE a.kind = 'feasibility' AND a.result = 'approved' AND a.decided_on <= :as_of
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: approval_papers
-- types: key text, subject text, area_id text, documents integer, unnumbered integer, last_on date
SELECT p.id AS key, p.name AS subject, p.area_id, count(*) AS documents,
       count(*) FILTER (WHERE a.document_no IS NULL) AS unnumbered, max(a.decided_on) AS last_on
FROM approvals a JOIN projects p ON p.id = a.project_id
WHERE a.result IN ('approved', 'filed') AND a.decided_on <= :as_of
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')
GROUP BY p.id, p.name, p.area_id
HAVING count(a.document_no) > 0

-- fact: approval_time
-- types: key text, subject text, area_id text, proposed_on date, accepted_on date, working_days integer, steps integer
WITH run AS (
  SELECT project_id, kind, applied_on, decided_on,
         max(decided_on) OVER (PARTITION BY project_id ORDER BY applied_on, decided_on, id
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before_on
  FROM approvals
  WHERE applied_on IS NOT NULL AND decided_on >= applied_on AND decided_on <= :as_of
    AND kind NOT IN ('acceptance_filing', 'final_accounts', 'audit', 'change')),
spent AS (
  SELECT project_id,
         sum(working_days_between(
               CASE WHEN before_on IS NULL OR before_on < applied_on THEN applied_on
                    WHEN before_on > decided_on THEN decided_on ELSE before_on END,
               decided_on)) AS working_days,
         count(*) AS steps, min(applied_on) AS proposed_on,
         max(decided_on) FILTER (WHERE kind = 'completion_acceptance') AS accepted_on
  FROM run GROUP BY project_id)
SELECT p.id AS key, p.name AS subject, p.area_id, s.proposed_on, s.accepted_on, s.working_days,
       s.steps
FROM spent s JOIN projects p ON p.id = s.project_id
WHERE p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- ---- estimate, budget, scale -------------------------------------------------------------------

-- fact: estimate_excess
-- types: key text, subject text, area_id text, decided_on date, estimate_fen integer, budget_fen integer, excess_fen integer, excess_share real, reports integer, completed boolean
WITH study AS (
  SELECT project_id, amount_fen, approved_on,
         row_number() OVER (PARTITION BY project_id ORDER BY version DESC, id DESC) AS place
  FROM estimates WHERE stage = 'estimate' AND (approved_on IS NULL OR approved_on <= :as_of)),
told AS (
  SELECT project_id, count(*) AS reports FROM approvals
  WHERE kind = 'change' AND decided_on <= :as_of GROUP BY project_id)
SELECT b.id AS key, p.name AS subject, p.area_id, b.approved_on AS decided_on,
       s.amount_fen AS estimate_fen, b.amount_fen AS budget_fen,
       b.amount_fen - s.amount_fen AS excess_fen,
       share(b.amount_fen - s.amount_fen, s.amount_fen) AS excess_share,
       coalesce(t.reports, 0) AS reports,
       coalesce(p.completed_on <= :as_of, FALSE) AS completed
FROM estimates b
JOIN study s ON s.project_id = b.project_id AND s.place = 1
JOIN projects p ON p.id = b.project_id
LEFT JOIN told t ON t.project_id = b.project_id
WHERE b.stage = 'budget' AND s.amount_fen > 0 AND (b.approved_on IS NULL OR b.approved_on <= :as_of)
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: budget_adjustment
-- types: key text, subject text, area_id text, decided_on date, budget_fen integer, adjusted_fen integer, excess_fen integer, increase_share real, audited_first boolean
WITH first AS (
  SELECT project_id, amount_fen,
         row_number() OVER (PARTITION BY project_id ORDER BY version, id) AS place
  FROM estimates WHERE stage = 'budget')
SELECT a.id AS key, p.name AS subject, p.area_id, a.approved_on AS decided_on,
       f.amount_fen AS budget_fen, a.amount_fen AS adjusted_fen,
       a.amount_fen - f.amount_fen AS excess_fen,
       share(a.amount_fen - f.amount_fen, f.amount_fen) AS increase_share, a.audited_first
FROM estimates a
JOIN first f ON f.project_id = a.project_id AND f.place = 1
JOIN projects p ON p.id = a.project_id
WHERE a.stage = 'adjusted_budget' AND f.amount_fen > 0
  AND (a.approved_on IS NULL OR a.approved_on <= :as_of)
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: budget_excess
-- types: key text, subject text, area_id text, completed_on date, budget_fen integer, forecast_fen integer, committed_fen integer, outlook_fen integer, excess_fen integer, excess_share real
WITH limits AS (
  SELECT project_id, amount_fen,
         row_number() OVER (PARTITION BY project_id
                            ORDER BY CASE stage WHEN 'adjusted_budget' THEN 1 ELSE 0 END DESC,
                                     version DESC, id DESC) AS place
  FROM estimates
  WHERE stage IN ('budget', 'adjusted_budget') AND (approved_on IS NULL OR approved_on <= :as_of)),
deals AS (
  SELECT project_id, sum(coalesce(final_fen, amount_fen)) AS committed_fen
  FROM contracts
  WHERE category <> 'financing' AND (signed_on IS NULL OR signed_on <= :as_of)
  GROUP BY project_id),
outlook AS (
  SELECT p.id, p.name, p.area_id, p.completed_on, l.amount_fen AS budget_fen,
         coalesce(p.forecast_fen, 0) AS forecast_fen, coalesce(p.spent_fen, 0) AS spent_fen,
         coalesce(d.committed_fen, 0) AS committed_fen
  FROM projects p
  JOIN limits l ON l.project_id = p.id AND l.place = 1
  LEFT JOIN deals d ON d.project_id = p.id
  WHERE p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')
    AND l.amount_fen > 0)
SELECT id AS key, name AS subject, area_id, completed_on, budget_fen,
       forecast_fen, committed_fen,
       greatest_of(forecast_fen, spent_fen, committed_fen) AS outlook_fen,
       greatest_of(forecast_fen, spent_fen, committed_fen) - budget_fen AS excess_fen,
       share(greatest_of(forecast_fen, spent_fen, committed_fen) - budget_fen, budget_fen) AS excess_share
FROM outlook

-- fact: scale_excess
-- types: key text, subject text, area_id text, completed_on date, scale_m2 real, built_m2 real, excess_m2 real, excess_share real, changes integer
WITH told AS (
  SELECT project_id, count(*) AS changes FROM approvals
  WHERE kind = 'change' AND result = 'approved' AND decided_on <= :as_of GROUP BY project_id)
SELECT p.id AS key, p.name AS subject, p.area_id, p.completed_on, p.scale_m2, p.built_m2,
       p.built_m2 - p.scale_m2 AS excess_m2, share(p.built_m2 - p.scale_m2, p.scale_m2) AS excess_share,
       coalesce(t.changes, 0) AS changes
FROM projects p LEFT JOIN told t ON t.project_id = p.id
WHERE p.scale_m2 > 0 AND p.built_m2 IS NOT NULL
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- ---- plans -------------------------------------------------------------------------------------

-- fact: plan_membership
-- types: key text, subject text, area_id text, in_adopted_plan boolean, begun boolean, begun_on date, invest_total_fen integer, spent_fen integer, completed boolean
SELECT p.id AS key, p.name AS subject, p.area_id, p.in_adopted_plan,
       coalesce(p.started_on <= :as_of, FALSE) AS begun,
       coalesce(p.started_on, p.proposed_on) AS begun_on, p.invest_total_fen, p.spent_fen,
       coalesce(p.completed_on <= :as_of, FALSE) AS completed
FROM projects p
WHERE p.investment_mode IN ('direct', 'capital', 'ppp') AND (p.currency IS NULL OR p.currency = 'CNY')
  AND (p.state IS NULL OR p.state <> 'cancelled')

-- fact: zone_cover
-- types: key text, subject text, area_id text, area_km2 real, plan text, approved_on date, covered_share real
-- The master plan in force, if its zones are on the board: what it does not show cannot be judged.
SELECT a.id AS key, a.name AS subject, a.id AS area_id, share(a.area_m2, 1000000) AS area_km2,
       v.plan, v.approved_on, round_to(c.covered_share, 4) AS covered_share
FROM areas a JOIN m_cover c ON c.area_id = a.id JOIN plan_versions v ON v.id = c.plan_version_id
WHERE a.kind = 'development_zone' AND v.kind = 'master' AND v.approved_on <= :as_of
  AND (v.valid_to IS NULL OR v.valid_to > :as_of)

-- fact: parcel_zones
-- types: key text, subject text, area_id text, area_m2 real, first_zone text, first_share real, second_zone text, second_share real
-- Of the zones of plans in force, alike ones (same code and use) of one plan taken together.
WITH zone_share(parcel_id, plan, zone, share) AS (
  SELECT m.parcel_id, v.plan, coalesce(z.use_code, z.zone_code, z.use), sum(m.share)
  FROM m_zones m JOIN plan_zones z ON z.id = m.plan_zone_id
  JOIN plan_versions v ON v.id = z.plan_version_id
  WHERE v.kind = 'detailed' AND (v.approved_on IS NULL OR v.approved_on <= :as_of)
    AND (v.valid_to IS NULL OR v.valid_to > :as_of)
  GROUP BY m.parcel_id, v.plan, coalesce(z.use_code, z.zone_code, z.use)),
ranked(parcel_id, zone, share, n) AS (
  SELECT parcel_id, zone, share,
         row_number() OVER (PARTITION BY parcel_id ORDER BY share DESC, zone, plan)
  FROM zone_share)
SELECT p.id AS key, coalesce(p.address, p.id) AS subject, p.area_id, p.area_m2,
       a.zone AS first_zone, round_to(a.share, 4) AS first_share,
       b.zone AS second_zone, round_to(b.share, 4) AS second_share
FROM ranked b JOIN ranked a ON a.parcel_id = b.parcel_id AND a.n = 1
JOIN parcels p ON p.id = b.parcel_id
WHERE b.n = 2 AND b.zone <> a.zone

-- fact: plan_change
-- types: key text, subject text, area_id text, project_name text, proposed_on date, approved_on date, days_after integer, detailed boolean, lacking integer, lacking_zh text, lacking_en text
SELECT v.id AS key, v.plan AS subject, v.area_id, p.name AS project_name, p.proposed_on,
       v.approved_on, days_between(p.proposed_on, v.approved_on) AS days_after,
       v.kind = 'detailed' AS detailed,
       CASE WHEN NOT v.necessity_studied THEN 1 ELSE 0 END
         + CASE WHEN NOT v.parties_heard THEN 1 ELSE 0 END
         + CASE WHEN NOT v.authority_agreed THEN 1 ELSE 0 END AS lacking,
       substr(CASE WHEN NOT v.necessity_studied THEN '、必要性论证' ELSE '' END
              || CASE WHEN NOT v.parties_heard THEN '、利害关系人意见' ELSE '' END
              || CASE WHEN NOT v.authority_agreed THEN '、原审批机关同意' ELSE '' END, 2, 100) AS lacking_zh,
       substr(CASE WHEN NOT v.necessity_studied THEN ', a study of its need' ELSE '' END
              || CASE WHEN NOT v.parties_heard THEN ', a hearing of those affected' ELSE '' END
              || CASE WHEN NOT v.authority_agreed THEN ', the consent of the original authority' ELSE '' END,
              3, 200) AS lacking_en
FROM plan_versions v JOIN projects p ON p.id = v.project_id
WHERE v.version > 1 AND v.approved_on <= :as_of

-- fact: plan_row_timing
-- types: key text, subject text, area_id text, plan_year integer, listed_on date, study_on date, budget_on date, year_fen integer, past boolean
WITH s AS (
  SELECT project_id, min(decided_on) FILTER (WHERE kind = 'feasibility') AS study_on,
         min(decided_on) FILTER (WHERE kind = 'budget') AS budget_on
  FROM approvals
  WHERE (result IN ('approved', 'filed') OR exemption_ground IS NOT NULL)
    AND kind IN ('feasibility', 'budget') AND decided_on <= :as_of
  GROUP BY project_id)
SELECT CAST(r.year AS TEXT) || '|' || replace(replace(r.project_id, '\', '\\'), '|', '\|') AS key,
       p.name AS subject, p.area_id, r.year AS plan_year, r.listed_on, s.study_on, s.budget_on,
       r.year_fen, r.year < year_of(:as_of) AS past
FROM annual_plans r
JOIN projects p ON p.id = r.project_id
LEFT JOIN s ON s.project_id = r.project_id
WHERE r.listed_on <= :as_of
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: plan_row_content
-- types: key text, subject text, area_id text, plan_year integer, listed_on date, lacking integer, lacking_zh text, lacking_en text, past boolean
SELECT CAST(r.year AS TEXT) || '|' || replace(replace(r.project_id, '\', '\\'), '|', '\|') AS key,
       p.name AS subject, p.area_id, r.year AS plan_year, r.listed_on,
       CASE WHEN r.content IS NULL THEN 1 ELSE 0 END + CASE WHEN r.months IS NULL THEN 1 ELSE 0 END
         + CASE WHEN r.invest_total_fen IS NULL THEN 1 ELSE 0 END
         + CASE WHEN r.year_fen IS NULL THEN 1 ELSE 0 END
         + CASE WHEN r.fund_source IS NULL THEN 1 ELSE 0 END AS lacking,
       substr(CASE WHEN r.content IS NULL THEN '、建设内容和规模' ELSE '' END
              || CASE WHEN r.months IS NULL THEN '、建设工期' ELSE '' END
              || CASE WHEN r.invest_total_fen IS NULL THEN '、总投资' ELSE '' END
              || CASE WHEN r.year_fen IS NULL THEN '、年度投资额' ELSE '' END
              || CASE WHEN r.fund_source IS NULL THEN '、资金来源' ELSE '' END, 2, 100) AS lacking_zh,
       substr(CASE WHEN r.content IS NULL THEN ', content and scale' ELSE '' END
              || CASE WHEN r.months IS NULL THEN ', duration' ELSE '' END
              || CASE WHEN r.invest_total_fen IS NULL THEN ', total investment' ELSE '' END
              || CASE WHEN r.year_fen IS NULL THEN ', the year''s investment' ELSE '' END
              || CASE WHEN r.fund_source IS NULL THEN ', source of funds' ELSE '' END, 3, 200) AS lacking_en,
       r.year < year_of(:as_of) AS past
FROM annual_plans r JOIN projects p ON p.id = r.project_id
WHERE (r.listed_on IS NULL OR r.listed_on <= :as_of)
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- ---- tenders and contracts ---------------------------------------------------------------------

-- fact: tender_timing
-- types: key text, subject text, area_id text, early_tenders integer, noticed_on date, study_on date, budget_on date, days_early integer, tendered_fen integer
WITH s AS (
  SELECT project_id, min(decided_on) FILTER (WHERE kind = 'feasibility') AS study_on,
         min(decided_on) FILTER (WHERE kind = 'budget') AS budget_on
  FROM approvals
  WHERE result IN ('approved', 'filed') AND kind IN ('feasibility', 'budget') AND decided_on <= :as_of
  GROUP BY project_id)
SELECT p.id AS key, p.name AS subject, p.area_id, count(*) AS early_tenders,
       min(t.noticed_on) AS noticed_on, s.study_on, s.budget_on,
       days_between(min(t.noticed_on), s.study_on) AS days_early, sum(t.estimate_fen) AS tendered_fen
FROM tenders t
JOIN s ON s.project_id = t.project_id
JOIN projects p ON p.id = t.project_id
WHERE t.noticed_on <= :as_of
  AND (t.noticed_on < s.study_on OR (t.category = 'works' AND t.noticed_on < s.budget_on))
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')
GROUP BY p.id, p.name, p.area_id, s.study_on, s.budget_on

-- fact: tender_funds
-- types: key text, subject text, area_id text, package text, noticed_on date, funded_on date, days_early integer, estimate_fen integer
SELECT t.id AS key, p.name AS subject, p.area_id, t.package, t.noticed_on, t.funded_on,
       days_between(t.noticed_on, t.funded_on) AS days_early, t.estimate_fen
FROM tenders t JOIN projects p ON p.id = t.project_id
WHERE t.noticed_on <= :as_of AND t.funded_on IS NOT NULL
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: tender_period
-- types: key text, subject text, area_id text, package text, noticed_on date, deadline_on date, period_days integer, estimate_fen integer
SELECT t.id AS key, p.name AS subject, p.area_id, t.package, t.noticed_on, t.deadline_on,
       days_between(t.noticed_on, t.deadline_on) AS period_days, t.estimate_fen
FROM tenders t JOIN projects p ON p.id = t.project_id
WHERE t.noticed_on <= :as_of AND t.deadline_on IS NOT NULL
  AND (t.method IS NULL OR t.method IN ('public', 'invited'))
  AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: tender_bond
-- types: key text, subject text, area_id text, package text, noticed_on date, estimate_fen integer, bond_fen integer, bond_share real
SELECT t.id AS key, p.name AS subject, p.area_id, t.package, t.noticed_on, t.estimate_fen,
       t.bond_fen, share(t.bond_fen, t.estimate_fen) AS bond_share
FROM tenders t JOIN projects p ON p.id = t.project_id
WHERE t.estimate_fen > 0 AND t.bond_fen IS NOT NULL
  AND (t.noticed_on IS NULL OR t.noticed_on <= :as_of)
  AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: tender_method
-- types: key text, subject text, area_id text, package text, noticed_on date, method text, category text, tendered_fen integer, grounded boolean, state_money boolean
SELECT t.id AS key, p.name AS subject, p.area_id, t.package, t.noticed_on, t.method, t.category,
       coalesce(t.award_fen, t.estimate_fen) AS tendered_fen, t.ground IS NOT NULL AS grounded,
       coalesce(p.investment_mode IN ('direct', 'capital'), FALSE) OR coalesce(o.state_owned, FALSE) AS state_money
FROM tenders t
JOIN projects p ON p.id = t.project_id
LEFT JOIN organisations o ON o.id = p.owner_id
WHERE (t.noticed_on IS NULL OR t.noticed_on <= :as_of) AND t.method IS NOT NULL
  AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: contract_after_award
-- types: key text, subject text, area_id text, lead_id text, name text, awarded_on date, signed_on date, days_after integer, amount_fen integer
SELECT c.id AS key, p.name AS subject, p.area_id, c.buyer_id AS lead_id, c.name, t.awarded_on,
       c.signed_on, days_between(t.awarded_on, c.signed_on) AS days_after, c.amount_fen
FROM contracts c
JOIN tenders t ON t.id = c.tender_id
JOIN projects p ON p.id = c.project_id
WHERE t.awarded_on <= :as_of AND c.signed_on IS NOT NULL AND (c.currency IS NULL OR c.currency = 'CNY')

-- fact: award_without_contract
-- types: key text, subject text, area_id text, package text, awarded_on date, days_after integer, award_fen integer
SELECT t.id AS key, p.name AS subject, p.area_id, t.package, t.awarded_on,
       days_between(t.awarded_on, :as_of) AS days_after, t.award_fen
FROM tenders t
JOIN projects p ON p.id = t.project_id
LEFT JOIN contracts c ON c.tender_id = t.id
WHERE t.awarded_on <= :as_of AND c.id IS NULL AND (p.currency IS NULL OR p.currency = 'CNY')
  AND (p.state IS NULL OR p.state <> 'cancelled')

-- fact: untendered_contract
-- types: key text, subject text, area_id text, name text, supplier text, category text, method text, signed_on date, amount_fen integer, exempt boolean, tendered boolean, fiscal_fen integer, fiscal_share real, state_owned boolean
SELECT c.id AS key, p.name AS subject, p.area_id, c.name, coalesce(s.name, c.supplier_name) AS supplier,
       c.category, c.method, c.signed_on, c.amount_fen, c.exemption_ground IS NOT NULL AS exempt,
       c.tender_id IS NOT NULL OR c.method IN ('public', 'invited') AS tendered, p.fiscal_fen,
       share(p.fiscal_fen, p.invest_total_fen) AS fiscal_share, coalesce(o.state_owned, FALSE) AS state_owned
FROM contracts c
JOIN projects p ON p.id = c.project_id
LEFT JOIN organisations s ON s.id = c.supplier_id
LEFT JOIN organisations o ON o.id = p.owner_id
WHERE c.category IN ('works', 'goods', 'services') AND c.method IS NOT NULL
  AND (c.signed_on IS NULL OR c.signed_on <= :as_of) AND (c.currency IS NULL OR c.currency = 'CNY')

-- fact: split_contracts
-- types: key text, subject text, area_id text, supplier text, category text, contracts integer, first_on date, last_on date, largest_fen integer, total_fen integer
WITH small AS (
  SELECT c.id, c.project_id, c.supplier_id, coalesce(c.supplier_id, c.supplier_name) AS who, c.category,
         c.signed_on, c.amount_fen,
         days_between(lag(c.signed_on) OVER (PARTITION BY c.project_id, coalesce(c.supplier_id, c.supplier_name), c.category
                                             ORDER BY c.signed_on, c.id), c.signed_on) AS gap
  FROM contracts c
  WHERE c.tender_id IS NULL AND c.method IN ('direct', 'single_source', 'negotiation', 'other')
    AND c.exemption_ground IS NULL AND c.signed_on <= :as_of
    AND coalesce(c.supplier_id, c.supplier_name) IS NOT NULL
    AND (c.currency IS NULL OR c.currency = 'CNY')
    AND c.amount_fen < CASE c.category WHEN 'works' THEN CAST(:tender_construction_min_fen AS BIGINT)
                                       WHEN 'goods' THEN CAST(:tender_goods_min_fen AS BIGINT)
                                       WHEN 'services' THEN CAST(:tender_services_min_fen AS BIGINT) ELSE 0 END),
runs AS (
  SELECT id, project_id, supplier_id, who, category, signed_on, amount_fen,
         sum(CASE WHEN gap IS NULL OR gap > :split_contract_window_days THEN 1 ELSE 0 END)
           OVER (PARTITION BY project_id, who, category ORDER BY signed_on, id) AS run
  FROM small),
placed AS (
  SELECT id, project_id, supplier_id, who, category, signed_on, amount_fen, run,
         row_number() OVER (PARTITION BY project_id, who, category, run ORDER BY signed_on, id) AS place
  FROM runs)
SELECT min(r.id) FILTER (WHERE r.place = 1) AS key, p.name AS subject, p.area_id, coalesce(o.name, r.who) AS supplier, r.category,
       count(*) AS contracts, min(r.signed_on) AS first_on, max(r.signed_on) AS last_on,
       max(r.amount_fen) AS largest_fen, sum(r.amount_fen) AS total_fen
FROM placed r
JOIN projects p ON p.id = r.project_id
LEFT JOIN organisations o ON o.id = r.supplier_id
GROUP BY r.project_id, r.who, r.category, r.run, p.name, p.area_id, o.name
HAVING count(*) > 1

-- fact: contract_advances
-- types: key text, subject text, area_id text, lead_id text, name text, supplier text, signed_on date, amount_fen integer, contractor_advances boolean, completed boolean
SELECT c.id AS key, p.name AS subject, p.area_id, c.buyer_id AS lead_id, c.name,
       coalesce(s.name, c.supplier_name) AS supplier, c.signed_on, c.amount_fen, c.contractor_advances,
       coalesce(p.completed_on <= :as_of, FALSE) AS completed
FROM contracts c
JOIN projects p ON p.id = c.project_id
LEFT JOIN organisations s ON s.id = c.supplier_id
WHERE c.contractor_advances IS NOT NULL AND (c.signed_on IS NULL OR c.signed_on <= :as_of)
  AND p.investment_mode IN ('direct', 'capital') AND (c.currency IS NULL OR c.currency = 'CNY')

-- fact: contract_prepayment
-- types: key text, subject text, area_id text, lead_id text, name text, signed_on date, amount_fen integer, prepaid_share real
SELECT c.id AS key, p.name AS subject, p.area_id, c.buyer_id AS lead_id, c.name, c.signed_on,
       c.amount_fen, share(c.prepaid_permille, 1000) AS prepaid_share
FROM contracts c JOIN projects p ON p.id = c.project_id
WHERE c.category = 'works' AND c.prepaid_permille IS NOT NULL
  AND (c.signed_on IS NULL OR c.signed_on <= :as_of) AND (c.currency IS NULL OR c.currency = 'CNY')

-- fact: contract_retention
-- types: key text, subject text, area_id text, lead_id text, name text, signed_on date, settled_fen integer, retained_share real
SELECT c.id AS key, p.name AS subject, p.area_id, c.buyer_id AS lead_id, c.name, c.signed_on,
       coalesce(c.final_fen, c.amount_fen) AS settled_fen,
       share(c.retention_permille, 1000) AS retained_share
FROM contracts c JOIN projects p ON p.id = c.project_id
WHERE c.category IN ('works', 'goods', 'services') AND c.retention_permille IS NOT NULL
  AND (c.signed_on IS NULL OR c.signed_on <= :as_of) AND (c.currency IS NULL OR c.currency = 'CNY')

-- fact: progress_payment
-- types: key text, subject text, area_id text, lead_id text, name text, supplier text, signed_on date, paid_on date, paid_fen integer, completed_value_fen integer, paid_share real
WITH recent AS (
  SELECT id, project_id, buyer_id, supplier_id, name, signed_on FROM contracts
  WHERE category = 'works' AND signed_on >= :payment_notice_from
    AND (currency IS NULL OR currency = 'CNY')),
paid AS (
  SELECT y.contract_id, y.paid_on, y.kind, y.completed_value_fen,
         sum(y.amount_fen) OVER (PARTITION BY y.contract_id ORDER BY y.paid_on, y.id) AS paid_fen,
         row_number() OVER (PARTITION BY y.contract_id ORDER BY y.paid_on DESC, y.id DESC) AS place
  FROM payments y JOIN recent r ON r.id = y.contract_id
  WHERE y.kind IN ('prepayment', 'progress') AND y.paid_on <= :as_of)
SELECT r.id AS key, p.name AS subject, p.area_id, r.buyer_id AS lead_id, r.name, s.name AS supplier,
       r.signed_on, y.paid_on, y.paid_fen, y.completed_value_fen,
       share(y.paid_fen, y.completed_value_fen) AS paid_share
FROM recent r
JOIN paid y ON y.contract_id = r.id AND y.place = 1
JOIN projects p ON p.id = r.project_id
LEFT JOIN organisations s ON s.id = r.supplier_id
WHERE y.completed_value_fen > 0

-- fact: contract_schedule
-- types: key text, subject text, area_id text, name text, start_on date, end_on date, contract_days integer, planned_days integer, cut_share real, changes integer
WITH told AS (
  SELECT project_id, count(*) AS changes FROM approvals
  WHERE kind = 'change' AND result = 'approved' AND decided_on <= :as_of GROUP BY project_id),
largest AS (
  SELECT id, project_id, name, start_on, end_on,
         row_number() OVER (PARTITION BY project_id ORDER BY amount_fen DESC, id) AS place,
         count(*) OVER (PARTITION BY project_id) AS parts
  FROM contracts
  WHERE category = 'works' AND (signed_on IS NULL OR signed_on <= :as_of)
    AND (currency IS NULL OR currency = 'CNY'))
SELECT c.id AS key, p.name AS subject, p.area_id, c.name, c.start_on, c.end_on,
       days_between(c.start_on, c.end_on) AS contract_days,
       days_between(p.planned_start_on, p.planned_end_on) AS planned_days,
       share(days_between(p.planned_start_on, p.planned_end_on) - days_between(c.start_on, c.end_on),
             days_between(p.planned_start_on, p.planned_end_on)) AS cut_share,
       coalesce(t.changes, 0) AS changes
FROM largest c
JOIN projects p ON p.id = c.project_id
LEFT JOIN told t ON t.project_id = p.id
WHERE c.place = 1 AND c.parts = 1 AND c.end_on > c.start_on AND p.planned_end_on > p.planned_start_on
  AND p.investment_mode IN ('direct', 'capital')

-- ---- start, acceptance, accounts ---------------------------------------------------------------

-- fact: start_conditions
-- types: key text, subject text, area_id text, started_on date, permit_on date, permit_days integer, permit_needed boolean, late_zh text, late_en text, late_conditions integer, works_fen integer, completed boolean
WITH s AS (
  SELECT project_id,
         min(decided_on) FILTER (WHERE kind = 'feasibility') AS study_on,
         min(decided_on) FILTER (WHERE kind = 'budget') AS budget_on,
         min(decided_on) FILTER (WHERE kind = 'drawing_review') AS drawing_on,
         min(decided_on) FILTER (WHERE kind = 'construction_permit') AS permit_on
  FROM approvals
  WHERE result IN ('approved', 'filed') AND decided_on <= :as_of
  GROUP BY project_id),
works AS (
  SELECT project_id, sum(amount_fen) AS works_fen FROM contracts
  WHERE category = 'works' AND (signed_on IS NULL OR signed_on <= :as_of) GROUP BY project_id)
SELECT p.id AS key, p.name AS subject, p.area_id, p.started_on, s.permit_on,
       days_between(p.started_on, coalesce(s.permit_on, :as_of)) AS permit_days,
       p.kind NOT IN ('digital', 'service', 'defence', 'other') OR s.permit_on IS NOT NULL AS permit_needed,
       substr(CASE WHEN s.study_on > p.started_on THEN '、可研批复' ELSE '' END
              || CASE WHEN s.budget_on > p.started_on THEN '、概算核定' ELSE '' END
              || CASE WHEN s.drawing_on > p.started_on THEN '、施工图审查' ELSE '' END, 2, 100) AS late_zh,
       substr(CASE WHEN s.study_on > p.started_on THEN ', the feasibility study' ELSE '' END
              || CASE WHEN s.budget_on > p.started_on THEN ', the budget' ELSE '' END
              || CASE WHEN s.drawing_on > p.started_on THEN ', the drawing review' ELSE '' END, 3, 200) AS late_en,
       CASE WHEN s.study_on > p.started_on THEN 1 ELSE 0 END
         + CASE WHEN s.budget_on > p.started_on THEN 1 ELSE 0 END
         + CASE WHEN s.drawing_on > p.started_on THEN 1 ELSE 0 END AS late_conditions,
       w.works_fen, coalesce(p.completed_on <= :as_of, FALSE) AS completed
FROM projects p
LEFT JOIN s ON s.project_id = p.id
LEFT JOIN works w ON w.project_id = p.id
WHERE p.started_on <= :as_of
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: use_before_acceptance
-- types: key text, subject text, area_id text, used_since date, accepted_on date, used_days integer, works_fen integer
WITH s AS (
  SELECT project_id, min(decided_on) AS accepted_on FROM approvals
  WHERE kind = 'completion_acceptance' AND result IN ('approved', 'filed') AND decided_on <= :as_of
  GROUP BY project_id),
works AS (
  SELECT project_id, sum(coalesce(final_fen, amount_fen)) AS works_fen FROM contracts
  WHERE category = 'works' AND (signed_on IS NULL OR signed_on <= :as_of) GROUP BY project_id)
SELECT p.id AS key, p.name AS subject, p.area_id, p.used_since, s.accepted_on,
       days_between(p.used_since, coalesce(s.accepted_on, :as_of)) AS used_days, w.works_fen
FROM projects p
LEFT JOIN s ON s.project_id = p.id
LEFT JOIN works w ON w.project_id = p.id
WHERE p.used_since <= :as_of AND p.kind NOT IN ('digital', 'service')
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: acceptance_filing
-- types: key text, subject text, area_id text, accepted_on date, filed_on date, days_after integer
WITH accepted AS (
  SELECT project_id, min(decided_on) AS accepted_on, min(id) AS id FROM approvals
  WHERE kind = 'completion_acceptance' AND result IN ('approved', 'filed') AND decided_on <= :as_of
  GROUP BY project_id),
filed AS (
  SELECT project_id, decided_on, id,
         row_number() OVER (PARTITION BY project_id ORDER BY decided_on, id) AS place
  FROM approvals
  WHERE kind = 'acceptance_filing' AND result IN ('approved', 'filed') AND decided_on <= :as_of)
SELECT coalesce(f.id, a.id) AS key, p.name AS subject, p.area_id, a.accepted_on,
       f.decided_on AS filed_on, days_between(a.accepted_on, coalesce(f.decided_on, :as_of)) AS days_after
FROM accepted a
JOIN projects p ON p.id = a.project_id
LEFT JOIN filed f ON f.project_id = a.project_id AND f.place = 1
WHERE p.kind NOT IN ('digital', 'service') AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: planning_verification
-- types: key text, subject text, area_id text, accepted_on date, verified_on date, refused integer
SELECT p.id AS key, p.name AS subject, p.area_id,
       min(a.decided_on) FILTER (WHERE a.kind = 'completion_acceptance' AND a.result IN ('approved', 'filed')) AS accepted_on,
       min(a.decided_on) FILTER (WHERE a.kind = 'planning_verification' AND a.result IN ('approved', 'filed')) AS verified_on,
       count(*) FILTER (WHERE a.kind = 'planning_verification' AND a.result IN ('refused', 'returned')) AS refused
FROM approvals a JOIN projects p ON p.id = a.project_id
WHERE a.kind IN ('completion_acceptance', 'planning_verification') AND a.decided_on <= :as_of
  AND p.kind NOT IN ('digital', 'service') AND (p.currency IS NULL OR p.currency = 'CNY')
GROUP BY p.id, p.name, p.area_id
HAVING count(*) FILTER (WHERE a.kind = 'completion_acceptance' AND a.result IN ('approved', 'filed')) > 0

-- fact: final_accounts
-- types: key text, subject text, area_id text, lead_id text, accepted_on date, accounts_on date, months_after integer, owner_public boolean, invest_total_fen integer
WITH s AS (
  SELECT project_id,
         min(decided_on) FILTER (WHERE kind = 'completion_acceptance') AS accepted_on,
         min(decided_on) FILTER (WHERE kind = 'final_accounts') AS accounts_on
  FROM approvals
  WHERE result IN ('approved', 'filed') AND decided_on <= :as_of
    AND kind IN ('completion_acceptance', 'final_accounts')
  GROUP BY project_id)
SELECT p.id AS key, p.name AS subject, p.area_id, p.owner_id AS lead_id, s.accepted_on, s.accounts_on,
       months_between(s.accepted_on, add_days(coalesce(s.accounts_on, :as_of), -1)) AS months_after,
       coalesce(o.kind IN ('government', 'department', 'district_government', 'development_zone', 'public_institution'), FALSE) AS owner_public,
       p.invest_total_fen
FROM s
JOIN projects p ON p.id = s.project_id
LEFT JOIN organisations o ON o.id = p.owner_id
WHERE s.accepted_on IS NOT NULL
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: final_audit
-- types: key text, subject text, area_id text, accounts_on date, months_after integer, audited boolean, fiscal_share real, owner_state boolean, invest_total_fen integer
WITH s AS (
  SELECT project_id,
         min(decided_on) FILTER (WHERE kind = 'final_accounts') AS accounts_on,
         count(*) FILTER (WHERE kind = 'audit') AS audits
  FROM approvals
  WHERE result IN ('approved', 'filed') AND decided_on <= :as_of AND kind IN ('final_accounts', 'audit')
  GROUP BY project_id),
reports AS (SELECT project_id, count(*) AS reports FROM audits
            WHERE reported_on <= :as_of AND project_id IS NOT NULL GROUP BY project_id)
SELECT p.id AS key, p.name AS subject, p.area_id, s.accounts_on,
       months_between(s.accounts_on, :as_of) AS months_after,
       s.audits > 0 OR coalesce(r.reports, 0) > 0 AS audited,
       share(p.fiscal_fen, p.invest_total_fen) AS fiscal_share,
       coalesce(o.state_owned, FALSE) OR coalesce(o.kind IN ('government', 'department', 'district_government'), FALSE) AS owner_state,
       p.invest_total_fen
FROM s
JOIN projects p ON p.id = s.project_id
LEFT JOIN reports r ON r.project_id = p.id
LEFT JOIN organisations o ON o.id = p.owner_id
WHERE s.accounts_on IS NOT NULL AND (p.currency IS NULL OR p.currency = 'CNY')

-- fact: progress_reporting
-- types: key text, subject text, area_id text, lead_id text, started_on date, completed_on date, reports integer, last_month date, silent_months integer, building boolean, completion_reports integer
WITH s AS (
  SELECT project_id, count(*) AS reports, max(month) AS last_month,
         count(*) FILTER (WHERE kind = 'completion') AS completion_reports
  FROM project_reports WHERE month <= :as_of GROUP BY project_id)
SELECT p.id AS key, p.name AS subject, p.area_id, p.owner_id AS lead_id, p.started_on, p.completed_on,
       coalesce(s.reports, 0) AS reports, s.last_month,
       months_between(coalesce(s.last_month, p.started_on), :as_of) AS silent_months,
       p.completed_on IS NULL AND (p.state IS NULL OR p.state NOT IN ('suspended', 'cancelled')) AS building,
       coalesce(s.completion_reports, 0) AS completion_reports
FROM projects p LEFT JOIN s ON s.project_id = p.id
WHERE p.started_on <= :as_of
  AND p.investment_mode IN ('direct', 'capital') AND (p.currency IS NULL OR p.currency = 'CNY')

-- ---- the city as a whole -----------------------------------------------------------------------

-- fact: construction_agents
-- types: key text, subject text, area_id text, agents integer, departments integer, projects integer, largest_agent text, largest_projects integer
WITH per_agent AS (
  SELECT p.agent_id, o.name, o.kind, count(*) AS projects,
         row_number() OVER (ORDER BY count(*) DESC, p.agent_id) AS place
  FROM projects p JOIN organisations o ON o.id = p.agent_id
  WHERE (p.proposed_on IS NULL OR p.proposed_on <= :as_of) AND (p.currency IS NULL OR p.currency = 'CNY')
  GROUP BY p.agent_id, o.name, o.kind)
SELECT 'city' AS key, a.name AS subject, a.id AS area_id, g.agents, g.departments, g.projects,
       g.largest_agent, g.largest_projects
FROM (SELECT count(*) AS agents, count(*) FILTER (WHERE kind IN ('department', 'government')) AS departments,
             sum(projects) AS projects, min(name) FILTER (WHERE place = 1) AS largest_agent,
             max(projects) AS largest_projects
      FROM per_agent) g
CROSS JOIN (SELECT id, name, row_number() OVER (ORDER BY id) AS place FROM areas WHERE kind = 'city') a
WHERE a.place = 1 AND g.agents > 0

-- fact: rail_stations
-- types: key text, subject text, area_id text, stations integer, names text, names_en text, persons integer, per_million real, on_date date
WITH RECURSIVE inside AS (
  SELECT id AS top_id, id FROM areas WHERE kind = 'urban'
  UNION ALL
  SELECT i.top_id, a.id FROM areas a JOIN inside i ON a.parent_id = i.id),
people AS (
  SELECT i.top_id, n.on_date, sum(n.resident_persons) AS persons
  FROM population n JOIN inside i ON i.id = n.area_id
  WHERE n.on_date = (SELECT max(on_date) FROM population WHERE on_date <= :as_of)
  GROUP BY i.top_id, n.on_date),
stations AS (
  SELECT i.top_id, count(*) AS stations, text_list(f.name) AS names
  FROM facilities f JOIN inside i ON i.id = f.area_id
  WHERE f.kind = 'railway_station' AND (f.opened_on IS NULL OR f.opened_on <= :as_of)
    AND (f.closed_on IS NULL OR f.closed_on > :as_of)
  GROUP BY i.top_id)
SELECT a.id AS key, a.name AS subject, a.id AS area_id, s.stations, s.names, replace(s.names, '、', ', ') AS names_en, p.persons,
       share(s.stations, p.persons) * 1000000 AS per_million, p.on_date
FROM areas a
JOIN stations s ON s.top_id = a.id
JOIN people p ON p.top_id = a.id

-- fact: duplicated_projects
-- types: key text, subject text, area_id text, proposed_on date, others integer, names text, names_en text, owners integer, invest_total_fen integer
WITH sites AS (
  SELECT p.id, p.name, p.kind, p.area_id, p.owner_id, p.proposed_on, p.invest_total_fen, m.x_m, m.y_m,
         CAST(trunc((m.x_m + 10000000) / :duplicate_facility_radius_m) AS BIGINT) AS east,
         CAST(trunc((m.y_m + 10000000) / :duplicate_facility_radius_m) AS BIGINT) AS north
  FROM projects p JOIN m_places m ON m.table_name = 'projects' AND m.row_key = p.id
  WHERE p.service_level IN ('regional', 'city') AND p.proposed_on <= :as_of
    AND p.kind IN ('rail_station', 'hospital', 'culture_sport', 'commercial', 'industrial_park', 'environment')
    AND (p.state IS NULL OR p.state <> 'cancelled') AND (p.currency IS NULL OR p.currency = 'CNY')),
steps AS (SELECT -1 AS step UNION ALL SELECT 0 UNION ALL SELECT 1)
SELECT a.id AS key, a.name AS subject, a.area_id, a.proposed_on, count(*) AS others,
       text_list(b.name) AS names, replace(text_list(b.name), '、', ', ') AS names_en,
       count(DISTINCT b.owner_id) AS owners, a.invest_total_fen
FROM sites a
CROSS JOIN steps e
CROSS JOIN steps n
JOIN sites b ON b.kind = a.kind AND b.east = a.east + e.step AND b.north = a.north + n.step
WHERE (b.proposed_on < a.proposed_on OR (b.proposed_on = a.proposed_on AND b.id < a.id))
  AND (b.x_m - a.x_m) * (b.x_m - a.x_m) + (b.y_m - a.y_m) * (b.y_m - a.y_m)
      <= :duplicate_facility_radius_m * :duplicate_facility_radius_m
GROUP BY a.id, a.name, a.area_id, a.proposed_on, a.invest_total_fen

-- fact: interventions
-- types: key text, subject text, area_id text, on_date date, by_post text, organisation_id text, kind text, effect text, kind_zh text, kind_en text
SELECT i.id AS key, coalesce(p.name, '未写明项目') AS subject, p.area_id, i.on_date, i.by_post,
       i.organisation_id, i.kind, i.effect,
       CASE i.kind WHEN 'contractor_named' THEN '指定承包单位' WHEN 'skip_step' THEN '要求跳过程序'
                   WHEN 'instruction' THEN '直接下达指令' WHEN 'payment' THEN '干预付款' ELSE '过问' END AS kind_zh,
       CASE i.kind WHEN 'contractor_named' THEN 'named a contractor' WHEN 'skip_step' THEN 'asked to skip a step'
                   WHEN 'instruction' THEN 'gave an instruction' WHEN 'payment' THEN 'interfered with a payment'
                   ELSE 'asked about it' END AS kind_en
FROM interventions i LEFT JOIN projects p ON p.id = i.project_id
WHERE i.on_date <= :as_of

-- ---- debt --------------------------------------------------------------------------------------

-- fact: debt_ceiling
-- types: key text, subject text, area_id text, first_year integer, last_year integer, over_years integer, latest_year integer, balance_fen integer, limit_fen integer, excess_fen integer
WITH years AS (
  SELECT area_id, year, balance_fen, limit_fen,
         row_number() OVER (PARTITION BY area_id ORDER BY year DESC) AS place
  FROM debt_limits
  WHERE year <= year_of(:as_of) AND limit_fen IS NOT NULL AND area_id IN (SELECT id FROM areas)),
beyond AS (
  SELECT area_id, min(year) AS first_year, max(year) AS last_year, count(*) AS over_years
  FROM years WHERE balance_fen > limit_fen GROUP BY area_id)
SELECT y.area_id AS key, a.name AS subject, y.area_id, o.first_year, o.last_year,
       coalesce(o.over_years, 0) AS over_years, y.year AS latest_year, y.balance_fen, y.limit_fen,
       y.balance_fen - y.limit_fen AS excess_fen
FROM years y
JOIN areas a ON a.id = y.area_id
LEFT JOIN beyond o ON o.area_id = y.area_id
WHERE y.place = 1

-- fact: debt_growth
-- types: key text, subject text, area_id text, latest_year integer, balance_fen integer, before_fen integer, growth_share real, cap_share real, over_years integer, years_text text, years_en text, excess_fen integer
WITH years AS (
  SELECT area_id, year, balance_fen, lag(balance_fen) OVER (PARTITION BY area_id ORDER BY year) AS before_fen,
         lag(year) OVER (PARTITION BY area_id ORDER BY year) AS before_year,
         coalesce(share(growth_cap_permille, 1000), :debt_growth_share_max) AS cap_share,
         row_number() OVER (PARTITION BY area_id ORDER BY year DESC) AS place
  FROM debt_limits WHERE year <= year_of(:as_of)),
grown AS (
  SELECT area_id, year, balance_fen, before_fen, cap_share, place,
         share(balance_fen - before_fen, before_fen) AS growth_share
  FROM years WHERE before_year = year - 1),
beyond AS (
  SELECT area_id, count(*) AS over_years, text_list(CAST(year AS TEXT)) AS years_text
  FROM grown WHERE growth_share > cap_share GROUP BY area_id)
SELECT g.area_id AS key, a.name AS subject, g.area_id, g.year AS latest_year, g.balance_fen, g.before_fen,
       g.growth_share, g.cap_share, coalesce(o.over_years, 0) AS over_years, o.years_text,
       replace(o.years_text, '、', ', ') AS years_en,
       g.balance_fen - g.before_fen - CAST(trunc(g.before_fen * g.cap_share) AS BIGINT) AS excess_fen
FROM grown g
JOIN areas a ON a.id = g.area_id
LEFT JOIN beyond o ON o.area_id = g.area_id
WHERE g.place = 1

-- fact: debt_interest
-- types: key text, subject text, area_id text, latest_year integer, interest_fen integer, spending_fen integer, interest_share real
WITH years AS (
  SELECT area_id, year, general_interest_fen, general_spending_fen,
         row_number() OVER (PARTITION BY area_id ORDER BY year DESC) AS place
  FROM debt_limits
  WHERE year <= year_of(:as_of) AND general_spending_fen > 0 AND general_interest_fen IS NOT NULL)
SELECT y.area_id || '|' || CAST(y.year AS TEXT) AS key, a.name AS subject, y.area_id,
       y.year AS latest_year, y.general_interest_fen AS interest_fen,
       y.general_spending_fen AS spending_fen,
       share(y.general_interest_fen, y.general_spending_fen) AS interest_share
FROM years y JOIN areas a ON a.id = y.area_id
WHERE y.place = 1

-- fact: debt_ratio
-- types: key text, subject text, area_id text, latest_year integer, balance_fen integer, capacity_fen integer, debt_ratio real
WITH years AS (
  SELECT area_id, year, balance_fen, capacity_fen,
         row_number() OVER (PARTITION BY area_id ORDER BY year DESC) AS place
  FROM debt_limits WHERE year <= year_of(:as_of) AND capacity_fen > 0)
SELECT y.area_id || '|' || CAST(y.year AS TEXT) AS key, a.name AS subject, y.area_id,
       y.year AS latest_year, y.balance_fen, y.capacity_fen,
       share(y.balance_fen, y.capacity_fen) AS debt_ratio
FROM years y JOIN areas a ON a.id = y.area_id
WHERE y.place = 1

-- fact: guarantees
-- types: key text, subject text, area_id text, lead_id text, guarantor_kind text, borrowed_on date, balance_fen integer, creditor text, debtor text
SELECT d.id AS key, coalesce(g.name, d.guarantor_id) AS subject, g.area_id, d.guarantor_id AS lead_id,
       g.kind AS guarantor_kind, d.borrowed_on, d.balance_fen, d.creditor, o.name AS debtor
FROM debts d
JOIN organisations g ON g.id = d.guarantor_id
LEFT JOIN organisations o ON o.id = d.debtor_id
WHERE d.borrowed_on <= :as_of AND d.investment_id IS NULL

-- fact: direct_borrowing
-- types: key text, subject text, area_id text, debtor_kind text, debt_kind text, borrowed_on date, balance_fen integer, creditor text
SELECT d.id AS key, o.name AS subject, o.area_id, o.kind AS debtor_kind, d.kind AS debt_kind,
       d.borrowed_on, d.balance_fen, d.creditor
FROM debts d JOIN organisations o ON o.id = d.debtor_id
WHERE d.borrowed_on <= :as_of AND d.investment_id IS NULL AND d.balance_fen > 0

-- fact: bond_use
-- types: key text, subject text, area_id text, debt_kind text, borrowed_on date, balance_fen integer, purpose text, public_benefit boolean
SELECT d.id AS key, coalesce(p.name, o.name) AS subject, p.area_id, d.kind AS debt_kind, d.borrowed_on,
       d.balance_fen, d.purpose, d.public_benefit
FROM debts d
JOIN organisations o ON o.id = d.debtor_id
LEFT JOIN projects p ON p.id = d.project_id
WHERE d.kind IN ('general_bond', 'special_bond') AND d.borrowed_on <= :as_of

-- fact: bond_repayment
-- types: key text, subject text, area_id text, debt_kind text, borrowed_on date, due_on date, balance_fen integer, repayment_source text
SELECT d.id AS key, coalesce(p.name, o.name) AS subject, p.area_id, d.kind AS debt_kind, d.borrowed_on,
       d.due_on, d.balance_fen, d.repayment_source
FROM debts d
JOIN organisations o ON o.id = d.debtor_id
LEFT JOIN projects p ON p.id = d.project_id
WHERE d.kind IN ('general_bond', 'special_bond') AND d.borrowed_on <= :as_of AND d.balance_fen > 0

-- ---- registers: prices, places, growth ---------------------------------------------------------

-- fact: bunching
-- types: key text, subject text, area_id text, currency text, category text, threshold_fen integer, below integer, above integer, budgets_below integer, budgets_above integer, domestic boolean
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
SELECT l.currency || '/' || l.category || '/' || CAST(l.threshold_fen AS TEXT) AS key,
       l.currency || ' ' || l.category AS subject,
       CAST(NULL AS TEXT) AS area_id, l.currency, l.category, l.threshold_fen,
       count(*) FILTER (WHERE c.amount_fen < l.threshold_fen
                          AND c.amount_fen >= l.threshold_fen * (1.0 - :threshold_band_share)) AS below,
       count(*) FILTER (WHERE c.amount_fen >= l.threshold_fen
                          AND c.amount_fen < l.threshold_fen * (1.0 + :threshold_band_share)) AS above,
       count(*) FILTER (WHERE c.budget_fen < l.threshold_fen
                          AND c.budget_fen >= l.threshold_fen * (1.0 - :threshold_band_share)) AS budgets_below,
       count(*) FILTER (WHERE c.budget_fen >= l.threshold_fen
                          AND c.budget_fen < l.threshold_fen * (1.0 + :threshold_band_share)) AS budgets_above,
       l.currency = 'CNY' AS domestic
FROM lines l
JOIN contracts c ON c.category = l.category AND coalesce(c.currency, 'CNY') = l.currency
WHERE coalesce(c.signed_on, c.start_on) IS NULL OR coalesce(c.signed_on, c.start_on) <= :as_of
GROUP BY l.currency, l.category, l.threshold_fen

-- fact: prices_equal_budget
-- types: key text, subject text, area_id text, lead_id text, contracts integer, equal integer, equal_share real, equal_fen integer, above_budget integer, domestic boolean
SELECT coalesce(c.buyer_id, p.owner_name) AS key, coalesce(o.name, p.owner_name, c.buyer_id) AS subject,
       min(o.area_id) AS area_id, min(o.id) AS lead_id, count(*) AS contracts,
       count(*) FILTER (WHERE c.amount_fen = c.budget_fen) AS equal,
       share(count(*) FILTER (WHERE c.amount_fen = c.budget_fen), count(*)) AS equal_share,
       sum(CASE WHEN c.amount_fen = c.budget_fen THEN c.amount_fen ELSE 0 END) AS equal_fen,
       count(*) FILTER (WHERE c.amount_fen > c.budget_fen) AS above_budget,
       count(*) FILTER (WHERE coalesce(c.currency, 'CNY') <> 'CNY') = 0 AS domestic
FROM contracts c
JOIN projects p ON p.id = c.project_id
LEFT JOIN organisations o ON o.id = c.buyer_id
WHERE c.budget_fen > 0 AND c.amount_fen > 0 AND c.category IN ('works', 'goods', 'services')
  AND (coalesce(c.signed_on, c.start_on) IS NULL OR coalesce(c.signed_on, c.start_on) <= :as_of)
  AND coalesce(c.buyer_id, p.owner_name) IS NOT NULL
GROUP BY coalesce(c.buyer_id, p.owner_name), coalesce(o.name, p.owner_name, c.buyer_id)

-- fact: same_place
-- types: key text, subject text, area_id text, supplier text, contracts integer, projects integer, first_on date, last_on date, span_days integer, largest_fen integer, total_fen integer, domestic boolean
WITH works AS (
  SELECT c.id, c.project_id, coalesce(c.supplier_id, c.supplier_name) AS who, c.amount_fen,
         coalesce(c.signed_on, c.start_on) AS on_date, coalesce(c.currency, 'CNY') AS currency, p.name,
         p.area_id, CAST(trunc(round_to(m.lon * 10000, 0)) AS BIGINT) AS east,
         CAST(trunc(round_to(m.lat * 10000, 0)) AS BIGINT) AS north
  FROM contracts c
  JOIN projects p ON p.id = c.project_id
  JOIN m_places m ON m.table_name = 'projects' AND m.row_key = p.id
  WHERE c.category = 'works' AND coalesce(c.signed_on, c.start_on) <= :as_of
    AND coalesce(c.supplier_id, c.supplier_name) IS NOT NULL)
SELECT min(w.id) AS key, min(w.name) AS subject, min(w.area_id) AS area_id, coalesce(min(o.name), w.who) AS supplier,
       count(*) AS contracts, count(DISTINCT w.project_id) AS projects, min(w.on_date) AS first_on,
       max(w.on_date) AS last_on, days_between(min(w.on_date), max(w.on_date)) AS span_days,
       max(w.amount_fen) AS largest_fen, sum(w.amount_fen) AS total_fen,
       count(*) FILTER (WHERE w.currency <> 'CNY') = 0 AS domestic
FROM works w LEFT JOIN organisations o ON o.id = w.who
GROUP BY w.who, w.east, w.north
HAVING count(DISTINCT w.project_id) > 1

-- fact: cost_growth
-- types: key text, subject text, area_id text, owner_name text, currency text, before_fen integer, after_fen integer, growth_fen integer, growth_share real, before_vintage integer, rescoped boolean, reason text, domestic boolean
WITH cost AS (
  SELECT y.dataset, y.vintage, y.key, y.old_value, y.new_value,
         row_number() OVER (PARTITION BY y.dataset, y.key ORDER BY y.vintage DESC) AS place
  FROM y_changes y JOIN y_datasets d ON d.dataset = y.dataset AND d.vintage = y.vintage
  WHERE d.table_name = 'projects' AND y.kind = 'changed' AND y.field = 'invest_total_fen'
    AND y.old_value IS NOT NULL AND y.new_value IS NOT NULL),
scope AS (
  SELECT dataset, vintage, key, count(*) AS changes FROM y_changes
  WHERE kind = 'changed' AND field IN ('name', 'description', 'kind', 'scale_m2', 'capacity', 'length_m')
  GROUP BY dataset, vintage, key)
SELECT c.dataset || '/' || c.key AS key, p.name AS subject, p.area_id,
       coalesce(p.owner_name, o.name) AS owner_name, coalesce(p.currency, 'CNY') AS currency,
       CAST(c.old_value AS BIGINT) AS before_fen, CAST(c.new_value AS BIGINT) AS after_fen,
       CAST(c.new_value AS BIGINT) - CAST(c.old_value AS BIGINT) AS growth_fen,
       share(CAST(c.new_value AS BIGINT) - CAST(c.old_value AS BIGINT), CAST(c.old_value AS BIGINT)) AS growth_share,
       c.vintage AS before_vintage, coalesce(s.changes, 0) > 0 AS rescoped, d.reason,
       coalesce(p.currency, 'CNY') = 'CNY' AS domestic
FROM cost c
JOIN projects p ON p.id = c.key
JOIN y_datasets d ON d.dataset = c.dataset AND d.vintage = c.vintage
LEFT JOIN organisations o ON o.id = p.owner_id
LEFT JOIN scope s ON s.dataset = c.dataset AND s.vintage = c.vintage AND s.key = c.key
WHERE c.place = 1
