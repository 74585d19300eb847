-- Every row of the table that has no open version begins one now ($1), because of $2. t is the history, s the table.
INSERT INTO {history} ({columns}, _release, _part, _record, _from, _cause)
SELECT {s_columns}, s._release, s._part, s._record, $1, $2
FROM {table} s
WHERE NOT EXISTS (SELECT FROM {history} t WHERE t._to IS NULL AND {same_key})
ORDER BY s._release, s._part, s._record
