-- The versions of the rows that $1 asks for, oldest first; of a moment $2, if one is given. At most $3.
SELECT to_jsonb(_t) - ARRAY['_release', '_part', '_record', '_from', '_to', '_until_release', '_cause'] AS "values",
       _t._release AS release, _t._part AS part, _t._record AS record,
       _t._from AS "from", _t._to AS "to", _t._until_release AS until_release, _t._cause AS cause
FROM {history} _t
WHERE {asked} AND ($2::timestamptz IS NULL OR _t._from <= $2 AND (_t._to IS NULL OR _t._to > $2))
ORDER BY _t._from, _t._release, _t._part, _t._record
LIMIT $3
