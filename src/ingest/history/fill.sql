-- A history begins with the table as it is: each row has been said since its release was published ($1: if that is
-- not known).
INSERT INTO {history} ({columns}, _release, _part, _record, _from, _cause)
SELECT {s_columns}, s._release, s._part, s._record, coalesce(r.published_at, $1), 'publisher'
FROM {table} s
LEFT JOIN bluebook.releases r ON r.id = s._release
ORDER BY s._release, s._part, s._record
