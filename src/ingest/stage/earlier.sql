-- Stages of the run that $1, a pattern with the epoch in its parentheses, describes, from epochs before $2.
SELECT tablename::text AS name
FROM pg_tables
WHERE schemaname = 'stage' AND substring(tablename FROM $1)::bigint < $2
