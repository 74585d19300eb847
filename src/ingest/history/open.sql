-- What the release ($1) says anew is said from now on ($2), because of $3. What was closed just now is not open.
INSERT INTO {history} ({columns}, _release, _part, _record, _from, _cause)
SELECT {s_columns}, $1, s._part, s._record, $2, $3
FROM {stage} s
WHERE s._kind = 'r' AND NOT EXISTS (SELECT FROM {history} t WHERE t._to IS NULL AND {same_key})
ORDER BY s._part, s._record
