-- Question 5: what is judged. Every query is one pass over its table with joins on keys.

-- fact: policy_reckoning
-- Policies in force: was it worked out what they cost and whether they fit their neighbours?
WITH kept AS (
  SELECT count(cost_fen) AS costs FROM policies
)
SELECT p.id AS key, p.name AS subject, o.area_id, p.owner_id AS lead_id, p.adopted_on, p.valid_from,
       p.cost_fen,
       CASE WHEN p.affordability_tested THEN 'yes' WHEN NOT p.affordability_tested THEN 'no'
            ELSE 'unknown' END AS affordable,
       CASE WHEN p.related_checked THEN 'yes' WHEN NOT p.related_checked THEN 'no'
            ELSE 'unknown' END AS related,
       CASE WHEN p.cost_fen IS NOT NULL THEN 'yes' WHEN kept.costs = 0 THEN 'unknown' ELSE 'no' END AS costed,
       substr(CASE WHEN NOT p.affordability_tested THEN '、没有测算财政承受能力' ELSE '' END ||
              CASE WHEN p.cost_fen IS NULL THEN '、没有测算年度支出' ELSE '' END ||
              CASE WHEN NOT p.related_checked THEN '、没有与相关政策核对' ELSE '' END, 2, 100) AS lacks_zh,
       substr(CASE WHEN NOT p.affordability_tested THEN ', no test of what can be afforded' ELSE '' END ||
              CASE WHEN p.cost_fen IS NULL THEN ', no yearly cost' ELSE '' END ||
              CASE WHEN NOT p.related_checked THEN ', no check against related policies' ELSE '' END,
              3, 200) AS lacks_en
FROM policies p CROSS JOIN kept
LEFT JOIN organisations o ON o.id = p.owner_id
WHERE (p.valid_from IS NULL OR p.valid_from <= :as_of) AND (p.valid_to IS NULL OR p.valid_to >= :as_of)

-- fact: policy_pair
-- What is paid to those who paid in nothing, beside what those receive who paid in for years. Relief
-- is set against every pension; a poverty line, which is drawn for the poorest, against the lowest.
WITH yearly AS (
  SELECT p.id AS policy_id, p.name, p.field, p.owner_id,
         CASE x.period WHEN 'month' THEN x.amount_fen * 12 ELSE x.amount_fen END AS fen
  FROM policy_parameters x JOIN policies p ON p.id = x.policy_id
  WHERE x.level = 'city' AND x.period IN ('month', 'year') AND x.amount_fen > 0
    AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)
    AND p.field IN ('assistance', 'poverty', 'pension')
), given AS (
  SELECT policy_id, name, field, owner_id, max(fen) AS fen FROM yearly
  WHERE field IN ('assistance', 'poverty') GROUP BY policy_id, name, field, owner_id
), earned AS (
  SELECT policy_id, name, owner_id, min(fen) AS fen, rank() OVER (ORDER BY min(fen)) AS place
  FROM yearly WHERE field = 'pension' GROUP BY policy_id, name, owner_id
), years AS (
  SELECT policy_id, max(years) AS years FROM policy_parameters
  WHERE years > 0 AND valid_from <= :as_of AND (valid_to IS NULL OR valid_to >= :as_of)
  GROUP BY policy_id
)
SELECT g.policy_id || '|' || e.policy_id AS key, g.name AS subject, o.area_id, g.owner_id AS lead_id,
       e.name AS earned_name, g.fen AS given_year_fen, e.fen AS earned_year_fen,
       share(g.fen, 1200) AS given_month_yuan, share(e.fen, 1200) AS earned_month_yuan,
       share(g.fen, 100) AS given_year_yuan, share(e.fen, 100) AS earned_year_yuan,
       share(e.fen - g.fen, 1200) AS gain_month_yuan, y.years AS contribution_years,
       share(g.fen, e.fen) AS ratio
FROM given g
JOIN earned e ON g.field = 'assistance' OR e.place = 1
LEFT JOIN years y ON y.policy_id = e.policy_id
LEFT JOIN organisations o ON o.id = g.owner_id

-- fact: city_over_province
-- The city's amount above the province's for the same thing.
SELECT c.policy_id || '|' || c.name AS key, p.name AS subject, o.area_id, p.owner_id AS lead_id,
       share(c.amount_fen, 100) AS city_yuan, share(v.amount_fen, 100) AS province_yuan,
       CASE c.period WHEN 'month' THEN '每月' WHEN 'year' THEN '每年' ELSE '' END AS period_zh,
       CASE c.period WHEN 'month' THEN 'a month' WHEN 'year' THEN 'a year' ELSE '' END AS period_en,
       share(c.amount_fen - v.amount_fen, v.amount_fen) AS over_share,
       CASE WHEN p.affordability_tested THEN 'yes' WHEN NOT p.affordability_tested THEN 'no'
            ELSE 'unknown' END AS affordable
FROM policy_parameters c
JOIN policy_parameters v ON v.policy_id = c.policy_id AND v.name = c.name AND v.level = 'province'
  AND v.period = c.period AND v.valid_from <= :as_of AND (v.valid_to IS NULL OR v.valid_to >= :as_of)
JOIN policies p ON p.id = c.policy_id
LEFT JOIN organisations o ON o.id = p.owner_id
WHERE c.level = 'city' AND c.amount_fen > 0 AND v.amount_fen > 0
  AND c.valid_from <= :as_of AND (c.valid_to IS NULL OR c.valid_to >= :as_of)

-- fact: decision_legality
-- Major decisions since the regulation: reviewed for legality, lawful, in time, before discussion?
WITH kept AS (
  SELECT count(*) FILTER (WHERE legality_result IS NOT NULL OR legality_sent_on IS NOT NULL) AS reviews
  FROM decisions
)
SELECT d.id AS key, d.name AS subject, b.area_id, d.drafter_id AS lead_id, d.body_id, d.drafter_id,
       d.decided_on, d.discussed_on, d.legality_sent_on, d.legality_done_on,
       CASE WHEN d.legality_result IS NOT NULL THEN d.legality_result
            WHEN d.legality_sent_on IS NULL AND d.legality_done_on IS NULL AND kept.reviews > 0 THEN 'none'
            ELSE 'unknown' END AS review,
       working_days_between(d.legality_sent_on, d.legality_done_on) AS review_working_days,
       days_between(d.discussed_on, d.legality_done_on) AS days_after_discussion
FROM decisions d CROSS JOIN kept
LEFT JOIN organisations b ON b.id = d.body_id
WHERE d.kind <> 'personnel_rule'
  AND coalesce(d.decided_on, d.discussed_on) >= :major_decision_procedure_from
  AND coalesce(d.decided_on, d.discussed_on) <= :as_of

-- fact: decision_comment
WITH kept AS (
  SELECT count(comment_from) AS comments FROM decisions
)
SELECT d.id AS key, d.name AS subject, b.area_id, d.drafter_id AS lead_id, d.drafter_id, d.decided_on,
       d.comment_from, d.comment_to, days_between(d.comment_from, d.comment_to) AS comment_days,
       CASE WHEN d.comment_short_reason IS NOT NULL THEN 'yes' ELSE 'no' END AS reason_given,
       CASE WHEN d.comment_from IS NOT NULL THEN 'yes' WHEN kept.comments = 0 THEN 'unknown'
            ELSE 'no' END AS commented
FROM decisions d CROSS JOIN kept
LEFT JOIN organisations b ON b.id = d.body_id
WHERE d.kind <> 'personnel_rule'
  AND coalesce(d.decided_on, d.discussed_on) >= :major_decision_procedure_from
  AND coalesce(d.decided_on, d.discussed_on) <= :as_of

-- fact: decision_hearing
SELECT d.id AS key, d.name AS subject, b.area_id, d.drafter_id AS lead_id, d.drafter_id, d.decided_on,
       d.hearing_on, d.hearing_sent_on, days_between(d.hearing_sent_on, d.hearing_on) AS notice_days
FROM decisions d
LEFT JOIN organisations b ON b.id = d.body_id
WHERE d.kind <> 'personnel_rule' AND d.hearing_on IS NOT NULL AND d.hearing_sent_on IS NOT NULL
  AND coalesce(d.decided_on, d.discussed_on) >= :major_decision_procedure_from
  AND coalesce(d.decided_on, d.discussed_on) <= :as_of

-- fact: decision_experts
SELECT d.id AS key, d.name AS subject, b.area_id, d.drafter_id AS lead_id, d.drafter_id, d.decided_on,
       d.experts,
       CASE WHEN d.expert_interest THEN 'yes' WHEN NOT d.expert_interest THEN 'no'
            ELSE 'unknown' END AS interest,
       CASE WHEN d.expert_signed THEN 'yes' WHEN NOT d.expert_signed THEN 'no'
            ELSE 'unknown' END AS opinion_signed,
       CASE WHEN NOT d.expert_signed THEN '，论证意见也没有署名' ELSE '' END AS unsigned_zh,
       CASE WHEN NOT d.expert_signed THEN ', and the opinion is not signed' ELSE '' END AS unsigned_en
FROM decisions d
LEFT JOIN organisations b ON b.id = d.body_id
WHERE d.kind <> 'personnel_rule'
  AND coalesce(d.decided_on, d.discussed_on) >= :major_decision_procedure_from
  AND coalesce(d.decided_on, d.discussed_on) <= :as_of

-- fact: decision_discussion
WITH kept AS (
  SELECT count(discussed_on) AS discussions FROM decisions
)
SELECT d.id AS key, d.name AS subject, b.area_id, d.body_id AS lead_id, d.body_id, d.decided_on,
       d.discussed_on,
       CASE WHEN d.discussed_on IS NOT NULL THEN 'yes' WHEN kept.discussions = 0 THEN 'unknown'
            ELSE 'no' END AS discussed,
       CASE WHEN d.minutes_kept THEN 'yes' WHEN NOT d.minutes_kept THEN 'no' ELSE 'unknown' END AS minutes,
       CASE WHEN d.head_spoke_last THEN 'yes' WHEN NOT d.head_spoke_last THEN 'no'
            ELSE 'unknown' END AS head_last,
       substr(CASE WHEN d.discussed_on IS NULL THEN '、没有集体讨论' ELSE '' END ||
              CASE WHEN NOT d.minutes_kept THEN '、讨论记录不完整' ELSE '' END ||
              CASE WHEN NOT d.head_spoke_last THEN '、行政首长没有最后发言' ELSE '' END, 2, 100) AS lacks_zh,
       substr(CASE WHEN d.discussed_on IS NULL THEN ', it was not discussed together' ELSE '' END ||
              CASE WHEN NOT d.minutes_kept THEN ', its minutes are incomplete' ELSE '' END ||
              CASE WHEN NOT d.head_spoke_last THEN ', the head did not speak last' ELSE '' END,
              3, 200) AS lacks_en
FROM decisions d CROSS JOIN kept
LEFT JOIN organisations b ON b.id = d.body_id
WHERE d.kind <> 'personnel_rule'
  AND coalesce(d.decided_on, d.discussed_on) >= :major_decision_procedure_from
  AND coalesce(d.decided_on, d.discussed_on) <= :as_of

-- fact: decision_reckoning
WITH kept AS (
  SELECT count(cost_forecast_fen) AS costs FROM decisions
)
SELECT d.id AS key, d.name AS subject, b.area_id, d.drafter_id AS lead_id, d.drafter_id, d.decided_on,
       d.cost_forecast_fen,
       CASE WHEN d.related_checked THEN 'yes' WHEN NOT d.related_checked THEN 'no'
            ELSE 'unknown' END AS related,
       CASE WHEN d.cost_forecast_fen IS NOT NULL THEN 'yes' WHEN kept.costs = 0 THEN 'unknown'
            ELSE 'no' END AS costed,
       substr(CASE WHEN NOT d.related_checked THEN '、没有与相关政策核对' ELSE '' END ||
              CASE WHEN d.cost_forecast_fen IS NULL THEN '、没有测算成本' ELSE '' END, 2, 100) AS lacks_zh,
       substr(CASE WHEN NOT d.related_checked THEN ', no check against related policies' ELSE '' END ||
              CASE WHEN d.cost_forecast_fen IS NULL THEN ', no forecast of cost' ELSE '' END,
              3, 200) AS lacks_en
FROM decisions d CROSS JOIN kept
LEFT JOIN organisations b ON b.id = d.body_id
WHERE d.kind <> 'personnel_rule'
  AND coalesce(d.decided_on, d.discussed_on) >= :major_decision_procedure_from
  AND coalesce(d.decided_on, d.discussed_on) <= :as_of

-- fact: fund
-- Pooled funds: balance of the last month on record, and how spending and income moved in the
-- twelve-month windows that end with it (window 0 is the last).
WITH ordered AS (
  SELECT fund_id, month, income_fen, spending_fen, balance_fen, contributors, retired,
         row_number() OVER (PARTITION BY fund_id ORDER BY month DESC) - 1 AS back
  FROM fund_months WHERE month <= :as_of
), windows AS (
  SELECT fund_id, back / 12 AS w, sum(income_fen) AS income, sum(spending_fen) AS spending,
         count(*) AS months
  FROM ordered GROUP BY fund_id, back / 12
), growth AS (
  SELECT n.fund_id, n.w,
         CASE WHEN share(n.spending, b.spending) > share(n.income, b.income) THEN 1 ELSE 0 END AS outgrown
  FROM windows n JOIN windows b ON b.fund_id = n.fund_id AND b.w = n.w + 1
  WHERE n.months = 12 AND b.months = 12 AND b.spending > 0 AND b.income > 0
), runs AS (
  SELECT fund_id, coalesce(min(w) FILTER (WHERE outgrown = 0), count(*)) AS years_outgrown
  FROM growth GROUP BY fund_id
), deficits AS (
  SELECT fund_id, count(*) FILTER (WHERE balance_fen < 0) AS deficit_months FROM ordered GROUP BY fund_id
)
SELECT f.id AS key, f.name AS subject, f.area_id, f.manager_id AS lead_id, o.month AS last_month,
       o.balance_fen, -o.balance_fen AS deficit_fen, w.income AS income_fen, w.spending AS spending_fen,
       w.spending - w.income AS gap_fen, coalesce(r.years_outgrown, 0) AS years_outgrown,
       d.deficit_months, o.contributors, o.retired, share(o.contributors, o.retired) AS per_retired
FROM funds f
JOIN ordered o ON o.fund_id = f.id AND o.back = 0
JOIN windows w ON w.fund_id = f.id AND w.w = 0
JOIN deficits d ON d.fund_id = f.id
LEFT JOIN runs r ON r.fund_id = f.id

-- fact: stay
-- types: key text, subject text, area_id text, lead_id text, admitted_on date, discharged_on date, amount_fen integer, busy_until date, hospital text, earlier_zh text, earlier_en text, overlap_days integer
-- Inpatient stays that began before an earlier stay of the same person was over. A move to another
-- hospital on the day of discharge is none.
WITH stays AS (
  SELECT c.id, c.fund_id, c.person_code, c.facility_id, c.admitted_on, c.discharged_on, c.amount_fen,
         max(c.discharged_on) OVER (PARTITION BY c.fund_id, c.person_code ORDER BY c.admitted_on, c.id
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until,
         lag(c.discharged_on) OVER (PARTITION BY c.fund_id, c.person_code
                                    ORDER BY c.admitted_on, c.id) AS last_until,
         lag(c.facility_id) OVER (PARTITION BY c.fund_id, c.person_code
                                  ORDER BY c.admitted_on, c.id) AS last_facility_id
  FROM fund_claims c
  WHERE c.kind = 'inpatient' AND c.discharged_on > c.admitted_on AND c.admitted_on <= :as_of
)
SELECT s.id AS key, s.person_code AS subject, h.area_id, f.manager_id AS lead_id, s.admitted_on,
       s.discharged_on, s.amount_fen, s.busy_until, h.name AS hospital,
       CASE WHEN s.last_until = s.busy_until THEN coalesce(e.name, '另一机构')
            ELSE '另一机构' END AS earlier_zh,
       CASE WHEN s.last_until = s.busy_until THEN coalesce(e.name, 'another institution')
            ELSE 'another institution' END AS earlier_en,
       days_between(s.admitted_on, least_of(s.discharged_on, s.busy_until)) AS overlap_days
FROM stays s
JOIN funds f ON f.id = s.fund_id
LEFT JOIN facilities h ON h.id = s.facility_id
LEFT JOIN facilities e ON e.id = s.last_facility_id
WHERE s.busy_until > s.admitted_on

-- fact: bed_days
-- Years of hospitals that ran near or beyond full: more days in beds than beds have days?
SELECT y.facility_id || '|' || CAST(y.year AS TEXT) AS key, f.name AS subject, f.area_id, y.year, y.beds,
       y.bed_days, share(y.bed_days, y.beds * 365) AS occupancy
FROM facility_years y JOIN facilities f ON f.id = y.facility_id
WHERE y.beds > 0 AND y.bed_days >= y.beds * 330 AND y.year <= year_of(:as_of)

-- fact: household_old
-- Households that agreed before the day set (old_resettlement_before) and are not rehoused.
SELECT h.id AS key, h.id AS subject, h.area_id, h.agreement_on, h.moved_out_on, h.promised_on, h.persons,
       h.due_m2, h.due_flats,
       CASE h.resettle_mode WHEN 'same_site' THEN '原地回迁' WHEN 'other_site' THEN '异地安置'
                            WHEN 'money' THEN '货币补偿' ELSE '安置方式未填' END AS mode_zh,
       CASE h.resettle_mode WHEN 'same_site' THEN 'to return to the same site'
                            WHEN 'other_site' THEN 'to be housed elsewhere' WHEN 'money' THEN 'to be paid in money'
                            ELSE 'with no mode stated' END AS mode_en,
       years_between(coalesce(h.moved_out_on, h.agreement_on), :as_of) AS years_waiting, h.fee_fen,
       CASE WHEN h.fee_fen > 0 AND h.fee_since <= :as_of AND (h.fee_to IS NULL OR h.fee_to > :as_of)
            THEN h.fee_fen * 12 ELSE 0 END AS fee_year_fen
FROM waiting_households h
WHERE h.agreement_on < :old_resettlement_before AND h.flat_id IS NULL AND h.offered_on IS NULL

-- fact: district_fees
-- types: key text, subject text, area_id text, households integer, persons integer, due_flats integer, month_fen integer, longest_since date, paid_fen integer, ready_flats integer, idle_flats integer
-- By district: households whose fee has run beyond the years set, beside flats that stand ready.
WITH waiting AS (
  SELECT h.area_id, count(*) AS households, sum(h.persons) AS persons, sum(h.due_flats) AS due_flats,
         sum(h.fee_fen) AS month_fen, min(h.fee_since) AS longest_since,
         sum(h.fee_fen * months_between(h.fee_since, :as_of)) AS paid_fen
  FROM waiting_households h
  WHERE h.flat_id IS NULL AND h.offered_on IS NULL AND h.agreement_on >= :old_resettlement_before
    AND h.fee_fen > 0 AND (h.fee_to IS NULL OR h.fee_to > :as_of)
    AND years_between(h.fee_since, :as_of) >= :transition_fee_years_max
  GROUP BY h.area_id
), ready AS (
  SELECT area_id, count(*) AS flats, count(*) FILTER (WHERE state = 'idle') AS idle_flats
  FROM flats
  WHERE state IN ('idle', 'reserved') AND accepted AND completed_on <= :as_of
  GROUP BY area_id
)
SELECT a.id AS key, a.name AS subject, a.id AS area_id, w.households, w.persons, w.due_flats, w.month_fen,
       w.longest_since, w.paid_fen, coalesce(r.flats, 0) AS ready_flats,
       coalesce(r.idle_flats, 0) AS idle_flats
FROM waiting w
JOIN areas a ON a.id = w.area_id
LEFT JOIN ready r ON r.area_id = w.area_id

-- fact: fee_after_flat
-- Households with a flat allotted whose fee still runs.
SELECT h.id AS key, h.id AS subject, h.area_id, h.flat_id, h.offered_on, h.fee_fen,
       days_between(h.offered_on, :as_of) AS days_since_offer
FROM waiting_households h
WHERE h.flat_id IS NOT NULL AND h.offered_on <= :as_of AND h.fee_fen > 0
  AND (h.fee_to IS NULL OR h.fee_to > :as_of)
