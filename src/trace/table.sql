-- The rows that $1 asks for, each since its release was published. $2 is a moment, which only a history knows of.
SELECT to_jsonb(t) - ARRAY['_release', '_part', '_record'] AS "values",
       t._release AS release, t._part AS part, t._record AS record,
       r.published_at AS "from", NULL::timestamptz AS "to", NULL::bigint AS until_release, NULL::text AS cause
FROM {table} t
LEFT JOIN bluebook.releases r ON r.id = t._release
WHERE {asked} AND $2::timestamptz IS NULL
ORDER BY t._release, t._part, t._record
LIMIT $3
