-- Question 5: the rows behind sums and pairs. Facts that are about one row have that row.

-- evidence: policy_pair
SELECT 'policy_parameters' AS table_name,
       x.policy_id || '|' || x.name || '|' || x.level || '|' || CAST(x.valid_from AS TEXT) AS row_key
FROM policy_parameters x
WHERE x.policy_id IN (
    SELECT p.id FROM policies p JOIN policies q ON p.id || '|' || q.id = :key OR q.id || '|' || p.id = :key)
  AND x.level = 'city' AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)
ORDER BY row_key

-- evidence: city_over_province
SELECT 'policy_parameters' AS table_name,
       x.policy_id || '|' || x.name || '|' || x.level || '|' || CAST(x.valid_from AS TEXT) AS row_key
FROM policy_parameters x
WHERE x.policy_id || '|' || x.name = :key AND x.valid_from <= :as_of
  AND (x.valid_to IS NULL OR x.valid_to >= :as_of)
ORDER BY row_key

-- evidence: fund
SELECT 'fund_months' AS table_name, fund_id || '|' || CAST(month AS TEXT) AS row_key
FROM fund_months WHERE fund_id = :key AND month <= :as_of
ORDER BY row_key

-- evidence: stay
SELECT 'fund_claims' AS table_name, c.id AS row_key
FROM fund_claims c JOIN fund_claims k ON k.id = :key AND k.person_code = c.person_code AND k.fund_id = c.fund_id
WHERE c.kind = 'inpatient' AND c.admitted_on <= k.admitted_on AND c.discharged_on > k.admitted_on
ORDER BY row_key

-- evidence: district_fees
SELECT 'waiting_households' AS table_name, h.id AS row_key
FROM waiting_households h
WHERE h.area_id = :key AND h.flat_id IS NULL AND h.offered_on IS NULL
  AND h.agreement_on >= :old_resettlement_before AND h.fee_fen > 0
  AND (h.fee_to IS NULL OR h.fee_to > :as_of)
  AND years_between(h.fee_since, :as_of) >= :transition_fee_years_max
UNION ALL
SELECT 'flats', f.id FROM flats f
WHERE f.area_id = :key AND f.state IN ('idle', 'reserved') AND f.accepted AND f.completed_on <= :as_of
ORDER BY table_name DESC, row_key
