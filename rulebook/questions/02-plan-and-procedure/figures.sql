-- The numbers of the answer. "Our projects" as in facts.sql.

-- figure: urban_surface
SELECT share(sum(area_m2), 1000000) AS value FROM areas WHERE kind = 'urban'

-- figure: built_up_surface
SELECT share(sum(built_up_m2), 1000000) AS value FROM areas WHERE kind = 'urban'

-- figure: urban_persons
WITH RECURSIVE inside AS (
  SELECT id FROM areas WHERE kind = 'urban'
  UNION ALL
  SELECT a.id FROM areas a JOIN inside i ON a.parent_id = i.id)
SELECT share(sum(n.resident_persons), 10000) AS value
FROM population n JOIN inside i ON i.id = n.area_id
WHERE n.on_date = (SELECT max(on_date) FROM population WHERE on_date <= :as_of)

-- figure: railway_stations
SELECT count(*) AS value FROM facilities
WHERE kind = 'railway_station' AND built_up_area AND (opened_on IS NULL OR opened_on <= :as_of)
  AND (closed_on IS NULL OR closed_on > :as_of)

-- figure: construction_agents
SELECT count(DISTINCT agent_id) AS value FROM projects
WHERE (proposed_on IS NULL OR proposed_on <= :as_of) AND (currency IS NULL OR currency = 'CNY')

-- figure: debt_growth_cap
SELECT max(share(growth_cap_permille, 10)) AS value FROM debt_limits
WHERE year = (SELECT max(year) FROM debt_limits
              WHERE year <= year_of(:as_of) AND growth_cap_permille IS NOT NULL)

-- figure: debt_growth
SELECT share(sum(n.balance_fen - b.balance_fen), sum(b.balance_fen)) * 100 AS value
FROM debt_limits n JOIN debt_limits b ON b.area_id = n.area_id AND b.year = n.year - 1
WHERE n.year = (SELECT max(year) FROM debt_limits WHERE year <= year_of(:as_of))

-- figure: debt_balance
SELECT share(sum(balance_fen), 10000000000) AS value FROM debt_limits
WHERE year = (SELECT max(year) FROM debt_limits WHERE year <= year_of(:as_of))

-- figure: projects
SELECT count(*) AS value FROM projects
WHERE investment_mode IN ('direct', 'capital') AND (currency IS NULL OR currency = 'CNY')
  AND (proposed_on IS NULL OR proposed_on <= :as_of)

-- figure: projects_begun
SELECT count(*) AS value FROM projects
WHERE investment_mode IN ('direct', 'capital') AND (currency IS NULL OR currency = 'CNY')
  AND started_on <= :as_of

-- figure: projects_invested
SELECT share(sum(invest_total_fen), 10000000000) AS value FROM projects
WHERE investment_mode IN ('direct', 'capital') AND (currency IS NULL OR currency = 'CNY')
  AND (proposed_on IS NULL OR proposed_on <= :as_of)

-- figure: projects_outside_plan
SELECT count(*) AS value FROM projects
WHERE NOT in_adopted_plan AND investment_mode IN ('direct', 'capital', 'ppp')
  AND (currency IS NULL OR currency = 'CNY') AND (state IS NULL OR state <> 'cancelled')

-- figure: works_untendered
SELECT share(sum(CASE WHEN c.tender_id IS NULL AND c.method NOT IN ('public', 'invited') THEN c.amount_fen ELSE 0 END),
             sum(c.amount_fen)) * 100 AS value
FROM contracts c
WHERE c.category = 'works' AND c.method IS NOT NULL AND (c.currency IS NULL OR c.currency = 'CNY')
  AND (c.signed_on IS NULL OR c.signed_on <= :as_of)
