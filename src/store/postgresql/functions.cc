#include "store/postgresql/functions.h"

namespace yipan::store {

// A change to any of these is a new version of the schema's name.
const char* const kFunctionsSql = R"sql(
CREATE SCHEMA yipan_sql_1;
COMMENT ON SCHEMA yipan_sql_1 IS 'Yipan: portable SQL functions, version 1';
SET LOCAL search_path = yipan_sql_1, pg_catalog;

CREATE FUNCTION days_between(a date, b date) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT (b - a)::bigint';

CREATE FUNCTION months_between(a date, b date) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN b >= a
    THEN (extract(year FROM b) * 12 + extract(month FROM b) - extract(year FROM a) * 12
          - extract(month FROM a))::bigint
         - CASE WHEN extract(day FROM b) < extract(day FROM a) THEN 1 ELSE 0 END
    ELSE (extract(year FROM b) * 12 + extract(month FROM b) - extract(year FROM a) * 12
          - extract(month FROM a))::bigint
         + CASE WHEN extract(day FROM a) < extract(day FROM b) THEN 1 ELSE 0 END
  END $$;

CREATE FUNCTION years_between(a date, b date) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT yipan_sql_1.months_between(a, b) / 12';

CREATE FUNCTION add_days(d date, n bigint) RETURNS date
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  result date;
BEGIN
  IF n BETWEEN -4000000 AND 4000000 THEN
    result := d + n::integer;
    IF result BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN
      RETURN result;
    END IF;
  END IF;
  RAISE EXCEPTION 'add_days leaves the years 0001 to 9999' USING ERRCODE = '22008';
END $$;

CREATE FUNCTION year_of(d date) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT extract(year FROM d)::bigint';

CREATE FUNCTION month_of(d date) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT extract(month FROM d)::bigint';

CREATE FUNCTION weekdays_after(a date, b date) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ((b - a) / 7 * 5)::bigint
    + (SELECT count(*) FROM generate_series(1, (b - a) % 7) AS k
       WHERE extract(isodow FROM b - k + 1) <= 5) $$;

-- The calendar y_holidays is that of the search path, if there is one.
CREATE FUNCTION working_days_between(a date, b date) RETURNS bigint
  LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$
DECLARE
  low date := least(a, b);
  high date := greatest(a, b);
  days bigint := yipan_sql_1.weekdays_after(low, high);
BEGIN
  IF to_regclass('y_holidays') IS NOT NULL THEN
    days := days + coalesce((
      SELECT sum(CASE WHEN h.kind = 'holiday' AND extract(isodow FROM h.day) <= 5 THEN -1
                      WHEN h.kind = 'workday' AND extract(isodow FROM h.day) > 5 THEN 1
                      ELSE 0 END)
      FROM (SELECT DISTINCT day, kind FROM y_holidays WHERE day > low AND day <= high) AS h), 0);
  END IF;
  RETURN CASE WHEN a <= b THEN days ELSE -days END;
END $$;

CREATE FUNCTION share(part double precision, whole double precision) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT part / nullif(whole, 0)';

-- + 0.0 makes of -0 a 0.
CREATE FUNCTION round_to(x double precision, n bigint) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  'SELECT round(x::numeric, greatest(-400, least(400, n))::integer)::double precision + 0.0';

CREATE FUNCTION least_of(a anycompatible, b anycompatible) RETURNS anycompatible
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  'SELECT CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE least(a, b) END';
CREATE FUNCTION least_of(a anycompatible, b anycompatible, c anycompatible)
  RETURNS anycompatible LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  'SELECT CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE least(a, b, c) END';
CREATE FUNCTION greatest_of(a anycompatible, b anycompatible) RETURNS anycompatible
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  'SELECT CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE greatest(a, b) END';
CREATE FUNCTION greatest_of(a anycompatible, b anycompatible, c anycompatible)
  RETURNS anycompatible LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  'SELECT CASE WHEN a IS NULL OR b IS NULL OR c IS NULL THEN NULL ELSE greatest(a, b, c) END';

CREATE FUNCTION join_texts(list text[]) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT string_agg(x, '、' ORDER BY x)
  FROM (SELECT DISTINCT unnest(list) COLLATE "C" AS x) AS t $$;
CREATE AGGREGATE text_list(text) (
  SFUNC = array_append, STYPE = text[], FINALFUNC = join_texts
);

-- Summed in ascending order: the last bit does not depend on the order of the rows.
CREATE FUNCTION mean_of(list double precision[]) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  'SELECT avg(x ORDER BY x) FROM unnest(list) AS x';
CREATE AGGREGATE mean(double precision) (
  SFUNC = array_append, STYPE = double precision[], FINALFUNC = mean_of
);

CREATE FUNCTION middle_of(list double precision[]) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM unnest(list) AS x';
CREATE AGGREGATE median(double precision) (
  SFUNC = array_append, STYPE = double precision[], FINALFUNC = middle_of
);

GRANT USAGE ON SCHEMA yipan_sql_1 TO PUBLIC;
)sql";

}  // namespace yipan::store
