-- The copies of the table that have no open version begin one now ($1), because of $2: those that came last.
WITH both_sides AS (
    SELECT {s_columns}, s._release, s._part, s._record, false AS _said FROM {table} s
    UNION ALL
    SELECT {t_columns}, 0, 0, 0, true FROM {history} t WHERE t._to IS NULL
), numbered AS (
    SELECT *,
           row_number() OVER (PARTITION BY {columns}, _said ORDER BY _release, _part, _record) AS _nth,
           count(*) FILTER (WHERE _said) OVER (PARTITION BY {columns}) AS _copies
    FROM both_sides
)
INSERT INTO {history} ({columns}, _release, _part, _record, _from, _cause)
SELECT {columns}, _release, _part, _record, $1, $2
FROM numbered
WHERE NOT _said AND _nth > _copies
ORDER BY _release, _part, _record
