-- Of rows without keys, as many copies end as the release ($1) has fewer of: those first that have been said longest.
WITH both_sides AS (
    SELECT {t_columns}, t._from AS _said, t._release, t._part, t._record, t.ctid AS _place, false AS _gone
    FROM {history} t
    WHERE t._to IS NULL
    UNION ALL
    SELECT {s_columns}, NULL, 0, 0, 0, s.ctid, true FROM {stage} s WHERE s._kind = 'g'
), numbered AS (
    SELECT _place, _gone,
           row_number() OVER (PARTITION BY {columns}, _gone ORDER BY _said, _release, _part, _record) AS _nth,
           count(*) FILTER (WHERE _gone) OVER (PARTITION BY {columns}) AS _copies
    FROM both_sides
)
UPDATE {history} t
SET _to = $2, _until_release = $1
FROM numbered n
WHERE t.ctid = n._place AND NOT n._gone AND n._nth <= n._copies
