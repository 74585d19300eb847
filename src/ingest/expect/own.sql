-- The first violations that a check finds.
SELECT coalesce(jsonb_agg(found), '[]') AS answer
FROM (SELECT to_jsonb(q) AS found FROM (
{query}
) AS q LIMIT 11) AS few
