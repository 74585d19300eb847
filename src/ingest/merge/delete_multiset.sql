-- Of each row the table keeps as many copies as the release has.
WITH both_sides AS (
    SELECT {t_columns}, t.ctid AS place, false AS new FROM {table} t
    UNION ALL
    SELECT {s_columns}, s.ctid, true FROM {stage} s
), numbered AS (
    SELECT place, new,
           row_number() OVER (PARTITION BY {columns}, new) AS nth,
           count(*) FILTER (WHERE new) OVER (PARTITION BY {columns}) AS wanted
    FROM both_sides
)
DELETE FROM {table} t
USING numbered n
WHERE t.ctid = n.place AND NOT n.new AND n.nth > n.wanted
