-- Rows of another table that refer to rows which the release would remove.
SELECT count(*) AS rows
FROM {referring} r
JOIN {table} t ON {meets}
WHERE EXISTS (SELECT FROM {stage} s WHERE s._kind = 'g' AND {same_row})
