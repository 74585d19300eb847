-- Keys that the table does not have yet, in the order of the file.
INSERT INTO {table} ({columns}, _release, _part, _record)
SELECT {s_columns}, $1, s._part, s._record
FROM {stage} s
WHERE s._kind = 'r' AND NOT EXISTS (SELECT FROM {table} t WHERE {same_key})
ORDER BY s._part, s._record
