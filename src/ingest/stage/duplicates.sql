-- Identical copies of a row: the first stays. PARTITION BY takes nulls as equal, and 1.0 as 1.00.
WITH twice AS (
    SELECT {key} FROM {stage} GROUP BY {key} HAVING count(*) > 1
), copies AS (
    SELECT s.ctid AS _place, row_number() OVER (PARTITION BY {s_columns} ORDER BY s._part, s._record) AS _nth
    FROM {stage} s
    JOIN twice t ON {same_key}
), struck AS (
    DELETE FROM {stage} s
    USING copies c
    WHERE s.ctid = c._place AND c._nth > 1
    RETURNING s._part AS part, s._record AS record
)
{struck}
