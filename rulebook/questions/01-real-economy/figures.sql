-- Question 1: the numbers of the answer. The year is that of the latest signing (receipt), up to the day asked.

-- figure: signing_year
SELECT year_of(max(signed_on)) AS value FROM investments WHERE signed_on <= :as_of

-- figure: signings
SELECT count(*) AS value FROM investments
WHERE signed_on <= :as_of AND year_of(signed_on) =
  (SELECT year_of(max(signed_on)) FROM investments WHERE signed_on <= :as_of)

-- figure: signed_total
SELECT share(sum(signed_fen), 10000000000) AS value FROM investments
WHERE signed_on <= :as_of AND year_of(signed_on) =
  (SELECT year_of(max(signed_on)) FROM investments WHERE signed_on <= :as_of)

-- figure: manufacturing_signed
SELECT share(sum(signed_fen), 10000000000) AS value FROM investments
WHERE signed_on <= :as_of AND year_of(signed_on) =
  (SELECT year_of(max(signed_on)) FROM investments WHERE signed_on <= :as_of) AND sector = 'manufacturing'

-- figure: manufacturing_signed_share
SELECT share(sum(signed_fen) FILTER (WHERE sector = 'manufacturing'), sum(signed_fen)) * 100 AS value
FROM investments WHERE signed_on <= :as_of AND year_of(signed_on) =
  (SELECT year_of(max(signed_on)) FROM investments WHERE signed_on <= :as_of)

-- figure: services_signed
SELECT share(sum(signed_fen), 10000000000) AS value FROM investments
WHERE signed_on <= :as_of AND year_of(signed_on) =
  (SELECT year_of(max(signed_on)) FROM investments WHERE signed_on <= :as_of) AND sector = 'services'

-- figure: services_signed_share
SELECT share(sum(signed_fen) FILTER (WHERE sector = 'services'), sum(signed_fen)) * 100 AS value
FROM investments WHERE signed_on <= :as_of AND year_of(signed_on) =
  (SELECT year_of(max(signed_on)) FROM investments WHERE signed_on <= :as_of)

-- figure: other_signed
SELECT share(sum(signed_fen), 10000000000) AS value FROM investments
WHERE signed_on <= :as_of AND year_of(signed_on) =
  (SELECT year_of(max(signed_on)) FROM investments WHERE signed_on <= :as_of)
  AND sector NOT IN ('manufacturing', 'services')

-- figure: received_usd
SELECT share(sum(amount_usd), 100000000) AS value FROM investment_receipts
WHERE month <= :as_of AND year_of(month) =
  (SELECT year_of(max(month)) FROM investment_receipts WHERE month <= :as_of)

-- figure: manufacturing_received_usd
SELECT share(sum(amount_usd), 100000000) AS value FROM investment_receipts
WHERE month <= :as_of AND year_of(month) =
  (SELECT year_of(max(month)) FROM investment_receipts WHERE month <= :as_of) AND sector = 'manufacturing'

-- figure: manufacturing_received_share
SELECT share(sum(amount_usd) FILTER (WHERE sector = 'manufacturing'), sum(amount_usd)) * 100 AS value
FROM investment_receipts WHERE month <= :as_of AND year_of(month) =
  (SELECT year_of(max(month)) FROM investment_receipts WHERE month <= :as_of)

-- figure: borrowing_in_signed
SELECT share(coalesce(sum(signed_fen), 0), 10000000000) AS value FROM investments
WHERE signed_on <= :as_of AND year_of(signed_on) =
  (SELECT year_of(max(signed_on)) FROM investments WHERE signed_on <= :as_of)
  AND (fixed_return_permille > 0 OR buyback OR form = 'overseas_bond'
       OR id IN (SELECT investment_id FROM debts WHERE investment_id IS NOT NULL))

-- figure: borrowing_extra_cost
SELECT share(coalesce(sum(received_fen * (cost_permille - reference_permille) / 1000), 0), 10000000000) AS value
FROM investments
WHERE signed_on <= :as_of AND cost_permille > reference_permille
  AND (fixed_return_permille > 0 OR buyback OR form = 'overseas_bond')

-- figure: nothing_followed_signed
SELECT share(coalesce(sum(signed_fen), 0), 10000000000) AS value FROM investments
WHERE signed_on <= :as_of AND days_between(signed_on, :as_of) >= :signed_grace_days
  AND filing_code IS NULL AND filed_on IS NULL AND started_on IS NULL
  AND share(coalesce(received_fen, 0), signed_fen) < :received_nothing_share_max

-- figure: migration_year
SELECT max(year) AS value FROM migration WHERE year < year_of(:as_of)

-- figure: migration_in
-- Districts and counties, so that no one is counted again in a total of the city.
SELECT sum(in_persons) AS value FROM migration m JOIN areas a ON a.id = m.area_id
WHERE m.year = (SELECT max(year) FROM migration WHERE year < year_of(:as_of))
  AND (a.kind IN ('district', 'county')
       OR 0 = (SELECT count(*) FROM migration n JOIN areas b ON b.id = n.area_id
               WHERE b.kind IN ('district', 'county')))

-- figure: migration_out
-- Districts and counties, so that no one is counted again in a total of the city.
SELECT sum(out_persons) AS value FROM migration m JOIN areas a ON a.id = m.area_id
WHERE m.year = (SELECT max(year) FROM migration WHERE year < year_of(:as_of))
  AND (a.kind IN ('district', 'county')
       OR 0 = (SELECT count(*) FROM migration n JOIN areas b ON b.id = n.area_id
               WHERE b.kind IN ('district', 'county')))

-- figure: young_in
SELECT sum(in_persons) AS value FROM migration m JOIN areas a ON a.id = m.area_id
WHERE m.year = (SELECT max(year) FROM migration WHERE year < year_of(:as_of))
  AND (a.kind IN ('district', 'county')
       OR 0 = (SELECT count(*) FROM migration n JOIN areas b ON b.id = n.area_id
               WHERE b.kind IN ('district', 'county')))
  AND age_from >= :young_age_from AND age_to <= :young_age_to

-- figure: young_out
SELECT sum(out_persons) AS value FROM migration m JOIN areas a ON a.id = m.area_id
WHERE m.year = (SELECT max(year) FROM migration WHERE year < year_of(:as_of))
  AND (a.kind IN ('district', 'county')
       OR 0 = (SELECT count(*) FROM migration n JOIN areas b ON b.id = n.area_id
               WHERE b.kind IN ('district', 'county')))
  AND age_from >= :young_age_from AND age_to <= :young_age_to

-- figure: migration_net
-- Districts and counties, so that no one is counted again in a total of the city.
SELECT sum(in_persons) - sum(out_persons) AS value FROM migration m JOIN areas a ON a.id = m.area_id
WHERE m.year = (SELECT max(year) FROM migration WHERE year < year_of(:as_of))
  AND (a.kind IN ('district', 'county')
       OR 0 = (SELECT count(*) FROM migration n JOIN areas b ON b.id = n.area_id
               WHERE b.kind IN ('district', 'county')))

-- figure: young_migration_net
SELECT sum(in_persons) - sum(out_persons) AS value FROM migration m JOIN areas a ON a.id = m.area_id
WHERE m.year = (SELECT max(year) FROM migration WHERE year < year_of(:as_of))
  AND (a.kind IN ('district', 'county')
       OR 0 = (SELECT count(*) FROM migration n JOIN areas b ON b.id = n.area_id
               WHERE b.kind IN ('district', 'county')))
  AND age_from >= :young_age_from AND age_to <= :young_age_to
