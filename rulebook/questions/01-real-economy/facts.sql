-- Question 1: what is judged. Every query is one pass over its table with joins on keys.

-- fact: investment_terms
-- Signed investment whose terms have a mark of debt: is it a loan in the dress of an investment?
SELECT i.id AS key, i.name AS subject, i.area_id, i.reported_by_id AS lead_id, i.form,
       CASE i.form WHEN 'ppp' THEN '政府和社会资本合作' WHEN 'overseas_bond' THEN '境外发债'
                   WHEN 'fund' THEN '基金' WHEN 'lease' THEN '融资租赁' WHEN 'equity' THEN '股权投资'
                   WHEN 'greenfield' THEN '新建' WHEN 'merger' THEN '并购' ELSE '其他形式' END AS form_zh,
       CASE i.form WHEN 'ppp' THEN 'public-private partnership' WHEN 'overseas_bond' THEN 'overseas bond'
                   WHEN 'fund' THEN 'fund' WHEN 'lease' THEN 'finance lease' WHEN 'equity' THEN 'equity'
                   WHEN 'greenfield' THEN 'new plant' WHEN 'merger' THEN 'merger' ELSE 'other form' END AS form_en,
       i.signed_on, i.signed_fen, coalesce(i.received_fen, 0) AS received_fen,
       coalesce(i.fixed_return_permille, 0) AS fixed_return_permille,
       CASE WHEN i.buyback THEN 'yes' ELSE 'no' END AS buyback_agreed,
       CASE WHEN g.id IS NULL THEN 'none'
            WHEN g.kind IN ('government', 'department', 'district_government', 'development_zone',
                            'platform', 'public_institution') OR g.state_owned THEN 'public'
            ELSE 'private' END AS guarantor_nature,
       substr(CASE WHEN coalesce(i.fixed_return_permille, 0) > 0
                   THEN '、年固定回报' || CAST(i.fixed_return_permille / 10 AS TEXT) || '.' ||
                        CAST(i.fixed_return_permille % 10 AS TEXT) || '%' ELSE '' END ||
              CASE WHEN i.buyback THEN '、到期回购' ELSE '' END ||
              CASE WHEN i.form = 'overseas_bond' THEN '、以债券形式筹资' ELSE '' END ||
              CASE WHEN g.id IS NOT NULL THEN '、由' || g.name || '担保' ELSE '' END, 2, 300) AS terms_zh,
       substr(CASE WHEN coalesce(i.fixed_return_permille, 0) > 0
                   THEN ', a fixed yearly return of ' || CAST(i.fixed_return_permille / 10 AS TEXT) || '.' ||
                        CAST(i.fixed_return_permille % 10 AS TEXT) || '%' ELSE '' END ||
              CASE WHEN i.buyback THEN ', a buy-back at the end' ELSE '' END ||
              CASE WHEN i.form = 'overseas_bond' THEN ', bonds as the form of the money' ELSE '' END ||
              CASE WHEN g.id IS NOT NULL THEN ', a guarantee by ' || coalesce(g.name_en, g.name) ELSE '' END,
              3, 400) AS terms_en,
       i.cost_permille, i.reference_permille, share(i.cost_permille, 1000) AS cost_rate,
       share(i.reference_permille, 1000) AS reference_rate
FROM investments i
LEFT JOIN organisations g ON g.id = i.guarantor_id
WHERE i.signed_on <= :as_of
  AND (coalesce(i.fixed_return_permille, 0) > 0 OR i.buyback OR i.guarantor_id IS NOT NULL
       OR i.form = 'overseas_bond')

-- fact: investment_followed
-- Signed investment that is not a loan: was it filed, paid in, begun? Only where the register
-- keeps those steps at all: a register without them says nothing about its rows.
WITH kept AS (
  SELECT count(*) FILTER (WHERE filing_code IS NOT NULL OR filed_on IS NOT NULL) AS filings,
         count(received_fen) AS receipts, count(started_on) AS starts
  FROM investments
)
SELECT i.id AS key, i.name AS subject, i.area_id, i.reported_by_id AS lead_id, i.form, i.signed_on,
       i.signed_fen, i.received_fen, i.filed_on, i.started_on,
       days_between(i.signed_on, :as_of) AS days_signed,
       months_between(i.signed_on, :as_of) AS months_signed,
       share(coalesce(i.received_fen, 0), i.signed_fen) AS received_share,
       CASE WHEN i.filing_code IS NOT NULL OR i.filed_on IS NOT NULL THEN 'yes' ELSE 'no' END AS filed,
       CASE WHEN i.started_on IS NOT NULL OR i.produced_on IS NOT NULL THEN 'yes' ELSE 'no' END AS started
FROM investments i CROSS JOIN kept
WHERE i.signed_on <= :as_of AND i.signed_fen > 0
  AND kept.filings > 0 AND kept.receipts > 0 AND kept.starts > 0
  AND coalesce(i.fixed_return_permille, 0) = 0 AND NOT coalesce(i.buyback, FALSE)
  AND i.form IN ('equity', 'greenfield', 'merger', 'other')
  AND i.id NOT IN (SELECT d.investment_id FROM debts d WHERE d.investment_id IS NOT NULL)

-- fact: investment_evidence
-- Money reported as received: do land, permit, electricity, payroll and tax bear it out? Only rows
-- whose meters, payroll and tax are known (0 is known, empty is not).
SELECT i.id AS key, i.name AS subject, i.area_id, i.signed_on,
       i.signed_fen, i.received_fen, i.produced_on, i.electricity_kwh, i.payroll_persons, i.tax_fen,
       days_between(i.signed_on, :as_of) AS days_signed,
       months_between(i.signed_on, :as_of) AS months_signed,
       share(i.received_fen, i.signed_fen) AS received_share,
       CASE WHEN i.produced_on <= :as_of THEN 'yes' ELSE 'no' END AS in_production,
       CASE WHEN i.parcel_id IS NOT NULL OR i.land_granted_on IS NOT NULL THEN 1 ELSE 0 END +
       CASE WHEN i.permit_no IS NOT NULL THEN 1 ELSE 0 END +
       CASE WHEN i.electricity_kwh > 0 THEN 1 ELSE 0 END +
       CASE WHEN i.payroll_persons > 0 THEN 1 ELSE 0 END +
       CASE WHEN i.tax_fen > 0 THEN 1 ELSE 0 END AS traces
FROM investments i
WHERE i.signed_on <= :as_of AND i.signed_fen > 0 AND i.received_fen > 0
  AND i.electricity_kwh IS NOT NULL AND i.payroll_persons IS NOT NULL AND i.tax_fen IS NOT NULL
  AND coalesce(i.fixed_return_permille, 0) = 0 AND NOT coalesce(i.buyback, FALSE)
  AND i.form IN ('equity', 'greenfield', 'merger', 'other')
  AND i.id NOT IN (SELECT d.investment_id FROM debts d WHERE d.investment_id IS NOT NULL)

-- fact: receipt
-- types: key text, subject text, area_id text, received_on date, amount_usd integer, left_on date, left_usd integer, left_after_days integer, left_share real, nature text, nature_zh text, nature_en text, voucher text
-- Foreign funds received, one by one: did they stay, are they capital, is there a voucher?
WITH kept AS (
  SELECT count(voucher_no) AS vouchers FROM investment_receipts
)
SELECT r.id AS key, coalesce(i.name, r.id) AS subject, r.area_id,
       coalesce(r.received_on, r.month) AS received_on, r.amount_usd, r.left_on, r.left_usd,
       days_between(coalesce(r.received_on, r.month), r.left_on) AS left_after_days,
       share(r.left_usd, r.amount_usd) AS left_share, r.nature,
       CASE r.nature WHEN 'loan' THEN '股东借款' WHEN 'bond' THEN '境外债券' ELSE '资本金' END AS nature_zh,
       CASE r.nature WHEN 'loan' THEN 'a shareholder loan' WHEN 'bond' THEN 'an overseas bond'
                     ELSE 'capital' END AS nature_en,
       CASE WHEN r.voucher_no IS NOT NULL THEN 'yes' WHEN kept.vouchers = 0 THEN 'unknown'
            ELSE 'no' END AS voucher
FROM investment_receipts r CROSS JOIN kept
LEFT JOIN investments i ON i.id = r.investment_id
WHERE r.month <= :as_of AND r.amount_usd > 0

-- fact: debt_cost
-- Debt with a balance outside the budget: raised in the name of an investment, or dear?
SELECT d.id AS key, coalesce(i.name, o.name) AS subject, coalesce(i.area_id, o.area_id) AS area_id,
       d.debtor_id, d.creditor, d.kind,
       CASE d.kind WHEN 'bank_loan' THEN '银行贷款' WHEN 'trust' THEN '信托' WHEN 'lease' THEN '融资租赁'
                   WHEN 'overseas_bond' THEN '境外债券' WHEN 'ppp' THEN 'PPP支出责任'
                   WHEN 'buyback' THEN '回购' WHEN 'fixed_return' THEN '明股实债'
                   WHEN 'general_bond' THEN '一般债券' WHEN 'special_bond' THEN '专项债券'
                   ELSE '其他' END AS kind_zh,
       CASE d.kind WHEN 'bank_loan' THEN 'bank loan' WHEN 'trust' THEN 'trust loan'
                   WHEN 'lease' THEN 'finance lease' WHEN 'overseas_bond' THEN 'overseas bond'
                   WHEN 'ppp' THEN 'PPP obligation' WHEN 'buyback' THEN 'buy-back'
                   WHEN 'fixed_return' THEN 'debt dressed as equity'
                   WHEN 'general_bond' THEN 'general bond' WHEN 'special_bond' THEN 'special bond'
                   ELSE 'other debt' END AS kind_en,
       d.borrowed_on, d.due_on, d.balance_fen, d.investment_id, d.all_in_permille, d.reference_permille,
       share(d.all_in_permille, 1000) AS cost_rate, share(d.reference_permille, 1000) AS reference_rate,
       CASE WHEN d.on_budget THEN 'yes' ELSE 'no' END AS on_budget,
       CASE WHEN d.investment_id IS NOT NULL THEN 'yes' ELSE 'no' END AS for_investment,
       CASE WHEN i.cost_permille > 0 THEN 'yes' ELSE 'no' END AS counted_with_investment
FROM debts d
JOIN organisations o ON o.id = d.debtor_id
LEFT JOIN investments i ON i.id = d.investment_id
WHERE d.borrowed_on <= :as_of AND d.balance_fen > 0

-- fact: manufacturing_share
-- Signings and receipts of the latest year that has any, of the whole city.
WITH s AS (
  SELECT year_of(signed_on) AS year, sum(signed_fen) AS total, count(*) AS n,
         sum(CASE WHEN sector = 'manufacturing' THEN signed_fen ELSE 0 END) AS plants
  FROM investments WHERE signed_on <= :as_of GROUP BY year_of(signed_on)
), r AS (
  SELECT year_of(month) AS year, sum(amount_usd) AS total, count(*) AS n,
         sum(CASE WHEN sector = 'manufacturing' THEN amount_usd ELSE 0 END) AS plants
  FROM investment_receipts WHERE month <= :as_of GROUP BY year_of(month)
)
SELECT 'signed|' || CAST(s.year AS TEXT) AS key, '签约投资' AS subject, a.id AS area_id, s.year,
       '签约投资' AS measure_zh, 'signed investment' AS measure_en,
       share(s.plants, s.total) AS plant_share, s.n AS entries
FROM s JOIN areas a ON a.id = (SELECT min(c.id) FROM areas c WHERE c.kind = 'city')
WHERE s.total > 0 AND s.year = (SELECT max(year) FROM s)
UNION ALL
SELECT 'received|' || CAST(r.year AS TEXT), '到账外资', a.id, r.year,
       '到账外资', 'foreign funds received', share(r.plants, r.total), r.n
FROM r JOIN areas a ON a.id = (SELECT min(c.id) FROM areas c WHERE c.kind = 'city')
WHERE r.total > 0 AND r.year = (SELECT max(year) FROM r)

-- fact: young_migration
-- Registered people of the young ages by area, in the latest year that is complete on the day asked.
WITH latest AS (
  SELECT max(year) AS year FROM migration WHERE year < year_of(:as_of)
), sums AS (
  SELECT m.area_id, m.year,
         sum(m.in_persons) FILTER (WHERE m.age_from >= :young_age_from AND m.age_to <= :young_age_to) AS young_in,
         sum(m.out_persons) FILTER (WHERE m.age_from >= :young_age_from AND m.age_to <= :young_age_to) AS young_out,
         sum(m.in_persons) AS all_in, sum(m.out_persons) AS all_out
  FROM migration m JOIN latest l ON m.year IN (l.year, l.year - 1)
  GROUP BY m.area_id, m.year
)
SELECT s.area_id || '|' || CAST(s.year AS TEXT) AS key, a.name AS subject, s.area_id, s.year,
       s.young_in, s.young_out, s.young_out - s.young_in AS young_net_out,
       s.all_out - s.all_in AS all_net_out, p.young_in - p.young_out AS young_net_in_before,
       s.year - 1 AS year_before
FROM sums s
JOIN latest l ON s.year = l.year
JOIN areas a ON a.id = s.area_id
LEFT JOIN sums p ON p.area_id = s.area_id AND p.year = s.year - 1
WHERE s.young_in IS NOT NULL AND s.young_out IS NOT NULL
