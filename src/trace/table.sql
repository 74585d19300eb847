-- The rows that $1 asks for, each since its release was published. $2 is a moment, which only a history knows of.
SELECT to_jsonb(_t) - ARRAY['_release', '_part', '_record'] AS "values",
       _t._release AS release, _t._part AS part, _t._record AS record,
       r.published_at AS "from", NULL::timestamptz AS "to", NULL::bigint AS until_release, NULL::text AS cause
FROM {table} _t
LEFT JOIN bluebook.releases r ON r.id = _t._release
WHERE {asked} AND $2::timestamptz IS NULL
ORDER BY _t._release, _t._part, _t._record
LIMIT $3
