-- Of rows without keys, the open copies that the table does not have end now ($2), those first that were said longest.
WITH both_sides AS (
    SELECT {t_columns}, t._from AS _said, t._release, t._part, t._record, t.ctid AS _place, false AS _there
    FROM {history} t
    WHERE t._to IS NULL
    UNION ALL
    SELECT {s_columns}, NULL, 0, 0, 0, s.ctid, true FROM {table} s
), numbered AS (
    SELECT _place, _there,
           row_number() OVER (PARTITION BY {columns}, _there ORDER BY _said DESC, _release DESC, _part DESC, _record DESC)
               AS _nth,
           count(*) FILTER (WHERE _there) OVER (PARTITION BY {columns}) AS _copies
    FROM both_sides
)
UPDATE {history} t
SET _to = $2, _until_release = $1
FROM numbered n
WHERE t.ctid = n._place AND NOT n._there AND n._nth > n._copies
