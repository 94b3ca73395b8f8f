-- Question 1: the rows behind sums. Facts that are about one row have that row as evidence.

-- evidence: manufacturing_share
SELECT 'investments' AS table_name, id AS row_key FROM investments
WHERE 'signed|' || CAST(year_of(signed_on) AS TEXT) = :key AND signed_on <= :as_of
UNION ALL
SELECT 'investment_receipts', id FROM investment_receipts
WHERE 'received|' || CAST(year_of(month) AS TEXT) = :key AND month <= :as_of
ORDER BY table_name, row_key

-- evidence: young_migration
SELECT 'migration' AS table_name,
       area_id || '|' || CAST(year AS TEXT) || '|' || CAST(age_from AS TEXT) || '|' || sex AS row_key
FROM migration
WHERE area_id || '|' || CAST(year AS TEXT) = :key
  AND age_from >= :young_age_from AND age_to <= :young_age_to
ORDER BY row_key
