-- The versions of the rows that $1 asks for, oldest first; of a moment $2, if one is given. At most $3.
SELECT to_jsonb(t) - ARRAY['_release', '_part', '_record', '_from', '_to', '_until_release', '_cause'] AS "values",
       t._release AS release, t._part AS part, t._record AS record,
       t._from AS "from", t._to AS "to", t._until_release AS until_release, t._cause AS cause
FROM {history} t
WHERE {asked} AND ($2::timestamptz IS NULL OR t._from <= $2 AND (t._to IS NULL OR t._to > $2))
ORDER BY t._from, t._release, t._part, t._record
LIMIT $3
