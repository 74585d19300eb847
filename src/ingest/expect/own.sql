-- The first violations that a check finds.
SELECT coalesce(jsonb_agg(found), '[]') AS answer
FROM (SELECT to_jsonb(_row) AS found FROM (
{query}
) AS _row LIMIT 11) AS few
