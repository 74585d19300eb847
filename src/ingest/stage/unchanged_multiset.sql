-- Copies that the table has already are no difference: of each row the stage keeps those that the table lacks.
WITH both_sides AS (
    SELECT {t_columns}, t.ctid AS _place, false AS _new FROM {table} t
    UNION ALL
    SELECT {s_columns}, s.ctid, true FROM {stage} s WHERE s._kind = 'r'
), numbered AS (
    SELECT _place, _new,
           row_number() OVER (PARTITION BY {columns}, _new ORDER BY _place) AS _nth,
           count(*) FILTER (WHERE NOT _new) OVER (PARTITION BY {columns}) AS _there
    FROM both_sides
)
DELETE FROM {stage} s
USING numbered n
WHERE s.ctid = n._place AND n._new AND n._nth <= n._there
