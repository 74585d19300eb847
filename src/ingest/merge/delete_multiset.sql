-- Of each row as many copies go as the stage names.
WITH both_sides AS (
    SELECT {t_columns}, t.ctid AS _place, false AS _gone FROM {table} t
    UNION ALL
    SELECT {s_columns}, NULL, true FROM {stage} s WHERE s._kind = 'g'
), numbered AS (
    SELECT _place, _gone,
           row_number() OVER (PARTITION BY {columns}, _gone ORDER BY _place DESC) AS _nth,
           count(*) FILTER (WHERE _gone) OVER (PARTITION BY {columns}) AS _copies
    FROM both_sides
)
DELETE FROM {table} t
USING numbered n
WHERE t.ctid = n._place AND NOT n._gone AND n._nth <= n._copies
