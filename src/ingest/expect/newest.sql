-- The newest value of the release and of what is published; whether it goes back by more than $1, and whether it lies
-- ahead of the clock by more than $2.
WITH found AS (
    SELECT (SELECT max({column}) FROM pg_temp.release) AS newest,
           (SELECT max({column}) FROM pg_temp.published) AS before
)
SELECT jsonb_build_object(
           'newest', newest::text,
           'before', before::text,
           'behind', newest < before - $1::interval,
           'ahead', newest > now() + $2::interval) AS answer
FROM found
