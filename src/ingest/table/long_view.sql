CREATE OR REPLACE VIEW {view} AS
SELECT {keep}, v.{name}, v.{value}, t._release
FROM {table} t
CROSS JOIN LATERAL (VALUES
    {values}
) AS v ({name}, {value})
WHERE v.{value} IS NOT NULL
