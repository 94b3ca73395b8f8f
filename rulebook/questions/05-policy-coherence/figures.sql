-- Question 5: the numbers of the answer. Amounts of policies are those in force on the day asked.

-- figure: relief_month
SELECT share(max(x.amount_fen), 100) AS value
FROM policy_parameters x JOIN policies p ON p.id = x.policy_id
WHERE p.field = 'assistance' AND x.level = 'city' AND x.period = 'month'
  AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)

-- figure: pension_month
SELECT share(min(x.amount_fen), 100) AS value
FROM policy_parameters x JOIN policies p ON p.id = x.policy_id
WHERE p.field = 'pension' AND x.name = 'pension_lowest' AND x.level = 'city' AND x.period = 'month'
  AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)

-- figure: relief_ratio
SELECT share(max(x.amount_fen) FILTER (WHERE p.field = 'assistance'),
             min(x.amount_fen) FILTER (WHERE x.name = 'pension_lowest')) AS value
FROM policy_parameters x JOIN policies p ON p.id = x.policy_id
WHERE p.field IN ('assistance', 'pension') AND x.level = 'city' AND x.period = 'month'
  AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)

-- figure: contribution_gain_month
SELECT share(min(x.amount_fen) FILTER (WHERE x.name = 'pension_lowest') -
             max(x.amount_fen) FILTER (WHERE p.field = 'assistance'), 100) AS value
FROM policy_parameters x JOIN policies p ON p.id = x.policy_id
WHERE p.field IN ('assistance', 'pension') AND x.level = 'city' AND x.period = 'month'
  AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)

-- figure: pension_years
SELECT max(y.years) AS value
FROM policy_parameters x JOIN policy_parameters y ON y.policy_id = x.policy_id AND y.years > 0
WHERE x.name = 'pension_lowest' AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)
  AND y.valid_from <= :as_of AND (y.valid_to IS NULL OR y.valid_to >= :as_of)

-- figure: poverty_line_province
SELECT share(max(x.amount_fen), 100) AS value
FROM policy_parameters x JOIN policies p ON p.id = x.policy_id
WHERE p.field = 'poverty' AND x.level = 'province' AND x.period = 'year'
  AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)

-- figure: poverty_line_city
SELECT share(max(x.amount_fen), 100) AS value
FROM policy_parameters x JOIN policies p ON p.id = x.policy_id
WHERE p.field = 'poverty' AND x.level = 'city' AND x.period = 'year'
  AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)

-- figure: rural_pension_years
SELECT max(y.years) AS value
FROM policy_parameters x JOIN policy_parameters y ON y.policy_id = x.policy_id AND y.years > 0
WHERE x.name = 'pension_highest' AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)
  AND y.valid_from <= :as_of AND (y.valid_to IS NULL OR y.valid_to >= :as_of)

-- figure: rural_pension_month
SELECT share(max(x.amount_fen), 100) AS value
FROM policy_parameters x JOIN policies p ON p.id = x.policy_id
WHERE p.field = 'pension' AND x.name = 'pension_highest' AND x.level = 'city' AND x.period = 'month'
  AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)

-- figure: rural_pension_year
SELECT share(max(x.amount_fen) * 12, 100) AS value
FROM policy_parameters x JOIN policies p ON p.id = x.policy_id
WHERE p.field = 'pension' AND x.name = 'pension_highest' AND x.level = 'city' AND x.period = 'month'
  AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)

-- figure: fund_deficit_then
SELECT share(-sum(m.balance_fen), 1000000) AS value
FROM fund_months m JOIN funds f ON f.id = m.fund_id
WHERE f.kind = 'medical' AND year_of(m.month) = :fund_deficit_year_of_speech AND month_of(m.month) = 12

-- figure: fund_balance_now
SELECT share(sum(m.balance_fen), 1000000) AS value
FROM fund_months m JOIN funds f ON f.id = m.fund_id
JOIN (SELECT fund_id, max(month) AS month FROM fund_months WHERE month <= :as_of GROUP BY fund_id) l
  ON l.fund_id = m.fund_id AND l.month = m.month
WHERE f.kind = 'medical'

-- figure: fee_lowest
SELECT share(min(fee_fen), 100) AS value FROM waiting_households
WHERE fee_fen > 0 AND fee_since <= :as_of AND (fee_to IS NULL OR fee_to > :as_of)

-- figure: fee_highest
SELECT share(max(fee_fen), 100) AS value FROM waiting_households
WHERE fee_fen > 0 AND fee_since <= :as_of AND (fee_to IS NULL OR fee_to > :as_of)

-- figure: fee_month
SELECT share(coalesce(sum(fee_fen), 0), 1000000) AS value FROM waiting_households
WHERE fee_fen > 0 AND fee_since <= :as_of AND (fee_to IS NULL OR fee_to > :as_of)

-- figure: waiting_households
SELECT count(*) AS value FROM waiting_households
WHERE flat_id IS NULL AND offered_on IS NULL AND agreement_on <= :as_of

-- figure: flats_stock
SELECT count(*) AS value FROM flats WHERE state IN ('idle', 'reserved') AND completed_on <= :as_of

-- figure: flats_due
SELECT count(*) AS value FROM flats WHERE state = 'reserved' AND completed_on <= :as_of

-- figure: flats_spare
SELECT count(*) AS value FROM flats WHERE state = 'idle' AND completed_on <= :as_of
