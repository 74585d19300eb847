-- One query of a report. What it is given is bound and typed here, so that it may use any of it, or nothing:
-- $1 the slot, $2 the edition before, $3 the report's time zone. One row more than is allowed shows that it is too many.
WITH given AS (SELECT $1::timestamptz AS slot, $2::timestamptz AS previous_slot, $3::text AS time_zone)
SELECT row_to_json(_answer) AS row
FROM (
{query}
) AS _answer
LIMIT 100001
