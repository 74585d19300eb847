-- Of each row the table gets the copies that it lacks.
WITH both_sides AS (
    SELECT {t_columns}, t.ctid AS place, false AS new FROM {table} t
    UNION ALL
    SELECT {s_columns}, s.ctid, true FROM {stage} s
), numbered AS (
    SELECT place, new,
           row_number() OVER (PARTITION BY {columns}, new ORDER BY place) AS nth,
           count(*) FILTER (WHERE NOT new) OVER (PARTITION BY {columns}) AS there
    FROM both_sides
)
INSERT INTO {table} ({columns}, _release, _part, _record)
SELECT {s_columns}, $1, s._part, s._record
FROM {stage} s
JOIN numbered n ON n.place = s.ctid AND n.new AND n.nth > n.there
ORDER BY s._part, s._record
