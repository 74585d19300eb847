-- Every staged row whose key the table has differs from it; only these name the new release ($1).
UPDATE {table} t
SET {set}, _release = $1, _part = s._part, _record = s._record
FROM {stage} s
WHERE s._kind = 'r' AND {same_key}
