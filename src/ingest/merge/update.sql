-- Only rows that differ are written, and only they name the new release ($1).
UPDATE {table} t
SET {set}, _release = $1, _part = s._part, _record = s._record
FROM {stage} s
WHERE NOT s._kept AND {same_key} AND {differs}
