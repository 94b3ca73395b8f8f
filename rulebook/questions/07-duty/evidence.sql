-- evidence: matter
SELECT 'duties' AS table_name, id AS row_key FROM duties
WHERE matter_code || '|' || coalesce(area_id, '') = :key AND (valid_from IS NULL OR valid_from <= :as_of) AND (valid_to IS NULL OR valid_to >= :as_of) ORDER BY role, id

-- evidence: supervision
SELECT 'duties' AS table_name, s.id AS row_key FROM duties s WHERE s.id = :key
UNION ALL
SELECT 'duties', o.id FROM duties s JOIN duties o ON o.matter_code = s.matter_code AND o.role = 'operate' AND o.organisation_id = s.organisation_id WHERE s.id = :key

-- evidence: reviewer
SELECT 'reviews' AS table_name, id AS row_key FROM reviews WHERE reviewer_id || '|' || kind = :key AND outcome <> 'pending' AND submitted_on <= :as_of ORDER BY id

-- evidence: inspection_repeated
SELECT 'inspections' AS table_name, id AS row_key FROM inspections
WHERE subject || '|' || inspected_id = :key AND kind IN ('supervision', 'check', 'appraisal') AND on_date <= :as_of AND on_date > add_days(:as_of, -365) ORDER BY id

-- evidence: flats_and_households
SELECT 'waiting_households' AS table_name, id AS row_key FROM waiting_households
WHERE area_id = :key AND flat_id IS NULL AND offered_on IS NULL AND moved_out_on <= :as_of AND (resettle_mode IS NULL OR resettle_mode <> 'money')
UNION ALL
SELECT 'flats', id FROM flats WHERE area_id = :key AND state IN ('idle', 'reserved') AND (accepted IS NULL OR accepted) AND (completed_on IS NULL OR completed_on <= :as_of)

-- evidence: vacant_land
SELECT 'parcels' AS table_name, id AS row_key FROM parcels
WHERE area_id = :key AND actual_use = 'vacant' AND start_due_on IS NULL AND started_on IS NULL ORDER BY id
