-- The copies that the release ($1) adds are said from now on ($2), because of $3.
INSERT INTO {history} ({columns}, _release, _part, _record, _from, _cause)
SELECT {s_columns}, $1, s._part, s._record, $2, $3
FROM {stage} s
WHERE s._kind = 'r'
ORDER BY s._part, s._record
