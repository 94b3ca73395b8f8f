-- Question 5: tables behind charts and maps.

-- view: relief_and_pension
SELECT p.name AS name,
       share(max(CASE x.period WHEN 'month' THEN x.amount_fen * 12 ELSE x.amount_fen END), 100) AS year_yuan
FROM policy_parameters x JOIN policies p ON p.id = x.policy_id
WHERE p.field IN ('assistance', 'poverty', 'pension') AND x.level = 'city' AND x.period IN ('month', 'year')
  AND x.amount_fen > 0 AND x.valid_from <= :as_of AND (x.valid_to IS NULL OR x.valid_to >= :as_of)
GROUP BY p.id, p.name
ORDER BY p.id

-- view: fund_balance
SELECT substr(CAST(m.month AS TEXT), 1, 7) AS month, share(sum(m.balance_fen), 1000000) AS balance
FROM fund_months m JOIN funds f ON f.id = m.fund_id
WHERE f.kind = 'medical' AND m.month <= :as_of
GROUP BY m.month
ORDER BY m.month

-- view: fees_and_flats
SELECT a.id AS area_id, a.name AS name, w.households AS households, w.month_wan AS month_wan,
       coalesce(r.reserved, 0) AS reserved_flats, coalesce(r.idle, 0) AS idle_flats
FROM areas a
JOIN (SELECT area_id, count(*) AS households, share(sum(fee_fen), 1000000) AS month_wan
      FROM waiting_households
      WHERE flat_id IS NULL AND offered_on IS NULL AND fee_fen > 0 AND (fee_to IS NULL OR fee_to > :as_of)
      GROUP BY area_id) w ON w.area_id = a.id
LEFT JOIN (SELECT area_id, count(*) FILTER (WHERE state = 'reserved') AS reserved,
                  count(*) FILTER (WHERE state = 'idle') AS idle
           FROM flats WHERE completed_on <= :as_of GROUP BY area_id) r ON r.area_id = a.id
ORDER BY a.id

-- view: idle_flats_by_area
SELECT a.id AS area_id, a.name AS name, count(*) AS flats
FROM flats f JOIN areas a ON a.id = f.area_id
WHERE f.state IN ('idle', 'reserved') AND f.completed_on <= :as_of
GROUP BY a.id, a.name
ORDER BY a.id

-- view: fees_by_year
SELECT CAST(year_of(paid_on) AS TEXT) AS year, share(sum(amount_fen), 1000000) AS paid
FROM payments WHERE kind = 'transition_fee' AND paid_on <= :as_of
GROUP BY year_of(paid_on)
ORDER BY year_of(paid_on)
