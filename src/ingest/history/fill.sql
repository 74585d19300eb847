-- A history begins with the table as it is: what it shows as a whole has been said since its release was published ($1).
-- Since when each row has stood there, its own release tells; what stood beside it then, nobody knows.
INSERT INTO {history} ({columns}, _release, _part, _record, _from, _cause)
SELECT {s_columns}, s._release, s._part, s._record, $1, 'publisher'
FROM {table} s
ORDER BY s._release, s._part, s._record
