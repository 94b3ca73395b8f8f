-- figure: flats_stock
SELECT count(*) AS value FROM flats WHERE state IN ('idle', 'reserved')

-- figure: flats_stock_m2
SELECT round_to(share(mean(floor_m2) * count(*), 10000), 4) AS value FROM flats WHERE state IN ('idle', 'reserved')

-- figure: flats_due
SELECT sum(due_flats) AS value FROM waiting_households WHERE flat_id IS NULL

-- figure: flats_due_m2
SELECT round_to(share(mean(due_m2) * count(*), 10000), 4) AS value FROM waiting_households WHERE flat_id IS NULL

-- figure: flats_left
SELECT f.flats - w.due AS value FROM (SELECT count(*) AS flats FROM flats WHERE state IN ('idle', 'reserved')) f
CROSS JOIN (SELECT sum(due_flats) AS due FROM waiting_households WHERE flat_id IS NULL) w

-- figure: flats_left_m2
SELECT round_to(share(f.m2 - w.m2, 10000), 4) AS value FROM (SELECT mean(floor_m2) * count(*) AS m2 FROM flats WHERE state IN ('idle', 'reserved')) f
CROSS JOIN (SELECT mean(due_m2) * count(*) AS m2 FROM waiting_households WHERE flat_id IS NULL) w

-- figure: households_waiting
SELECT count(*) AS value FROM waiting_households WHERE flat_id IS NULL AND moved_out_on <= :as_of

-- figure: transition_fee_month
SELECT share(sum(fee_fen), 1000000) AS value FROM waiting_households WHERE flat_id IS NULL AND moved_out_on <= :as_of AND (fee_to IS NULL OR fee_to >= :as_of)

-- figure: transition_fee_paid
SELECT share(sum(amount_fen), 10000000000) AS value FROM payments WHERE kind = 'transition_fee' AND paid_on <= :as_of

-- figure: idle_commercial
SELECT round_to(share(mean(idle_m2) * count(*), 10000), 4) AS value FROM assets WHERE kind = 'commercial' AND idle_m2 > 0

-- figure: construction_agents
SELECT count(DISTINCT agent_id) AS value FROM projects WHERE agent_id IS NOT NULL

-- figure: reviews_without_change
SELECT share(count(*) FILTER (WHERE outcome = 'passed' AND (approved_fen IS NULL OR approved_fen >= submitted_fen)), count(*)) * 100 AS value
FROM reviews WHERE outcome <> 'pending' AND submitted_on <= :as_of

-- figure: overdue
SELECT t.n + d.n + a.n + s.n AS value FROM (SELECT count(*) AS n FROM tasks WHERE state = 'open' AND due_on < :as_of) t
CROSS JOIN (SELECT count(*) AS n FROM decisions WHERE done_on IS NULL AND due_on < :as_of) d
CROSS JOIN (SELECT count(*) AS n FROM audits WHERE rectified_on IS NULL AND due_on < :as_of) a
CROSS JOIN (SELECT count(*) AS n FROM suggestions WHERE replied_on IS NULL AND reply_due_on < :as_of) s
