-- Question 1: tables behind charts and maps.

-- view: manufacturing_share_by_area
SELECT a.id AS area_id, a.name AS name, share(s.plants, s.total) * 100 AS signed_share,
       share(r.plants, r.total) * 100 AS received_share
FROM areas a
LEFT JOIN (SELECT area_id, sum(signed_fen) AS total,
                  coalesce(sum(signed_fen) FILTER (WHERE sector = 'manufacturing'), 0) AS plants
           FROM investments WHERE signed_on <= :as_of AND year_of(signed_on) =
  (SELECT year_of(max(signed_on)) FROM investments WHERE signed_on <= :as_of)
           GROUP BY area_id) s ON s.area_id = a.id
LEFT JOIN (SELECT area_id, sum(amount_usd) AS total,
                  coalesce(sum(amount_usd) FILTER (WHERE sector = 'manufacturing'), 0) AS plants
           FROM investment_receipts WHERE month <= :as_of AND year_of(month) =
  (SELECT year_of(max(month)) FROM investment_receipts WHERE month <= :as_of)
           GROUP BY area_id) r ON r.area_id = a.id
WHERE s.area_id IS NOT NULL OR r.area_id IS NOT NULL
ORDER BY a.id

-- view: manufacturing_share_by_month
SELECT s.month AS month, share(s.plants, s.total) * 100 AS signed_share,
       share(r.plants, r.total) * 100 AS received_share
FROM (SELECT substr(CAST(signed_on AS TEXT), 1, 7) AS month, sum(signed_fen) AS total,
             coalesce(sum(signed_fen) FILTER (WHERE sector = 'manufacturing'), 0) AS plants
      FROM investments WHERE signed_on <= :as_of AND year_of(signed_on) =
  (SELECT year_of(max(signed_on)) FROM investments WHERE signed_on <= :as_of)
      GROUP BY substr(CAST(signed_on AS TEXT), 1, 7)) s
LEFT JOIN (SELECT substr(CAST(month AS TEXT), 1, 7) AS month, sum(amount_usd) AS total,
                  coalesce(sum(amount_usd) FILTER (WHERE sector = 'manufacturing'), 0) AS plants
           FROM investment_receipts WHERE month <= :as_of AND year_of(month) =
  (SELECT year_of(max(month)) FROM investment_receipts WHERE month <= :as_of)
           GROUP BY substr(CAST(month AS TEXT), 1, 7)) r ON r.month = s.month
ORDER BY s.month

-- view: signed_by_year
SELECT year_of(i.signed_on) AS year,
       share(sum(i.signed_fen), 10000000000) AS signed,
       share(coalesce(sum(i.received_fen), 0), 10000000000) AS received,
       share(coalesce(sum(i.signed_fen) FILTER (
         WHERE i.fixed_return_permille > 0 OR i.buyback OR i.form = 'overseas_bond'), 0), 10000000000) AS borrowed,
       share(coalesce(sum(i.signed_fen) FILTER (
         WHERE i.filing_code IS NULL AND i.filed_on IS NULL AND i.started_on IS NULL), 0), 10000000000) AS unfiled
FROM investments i WHERE i.signed_on <= :as_of
GROUP BY year_of(i.signed_on)
ORDER BY year_of(i.signed_on)

-- view: migration_by_age
SELECT CAST(m.age_from AS TEXT) || CASE WHEN m.age_to >= 120 THEN '+' WHEN m.age_to = m.age_from THEN ''
                                        ELSE '-' || CAST(m.age_to AS TEXT) END AS ages,
       sum(m.in_persons) - sum(m.out_persons) AS net
FROM migration m JOIN areas a ON a.id = m.area_id
WHERE m.year = (SELECT max(year) FROM migration WHERE year < year_of(:as_of))
  AND (a.kind IN ('district', 'county')
       OR 0 = (SELECT count(*) FROM migration n JOIN areas b ON b.id = n.area_id
               WHERE b.kind IN ('district', 'county')))
GROUP BY m.age_from, m.age_to
ORDER BY m.age_from

-- view: young_migration_by_area
SELECT a.id AS area_id, a.name AS name, sum(m.in_persons) - sum(m.out_persons) AS net
FROM migration m JOIN areas a ON a.id = m.area_id
WHERE m.year = (SELECT max(year) FROM migration WHERE year < year_of(:as_of))
  AND m.age_from >= :young_age_from AND m.age_to <= :young_age_to
GROUP BY a.id, a.name
ORDER BY a.id
