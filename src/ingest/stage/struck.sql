-- How many they are, and where they stood, as far as a fingerprint takes note of it ($1).
SELECT count(*) AS records,
       coalesce((array_agg(part))[:$1], '{}') AS parts,
       coalesce((array_agg(record))[:$1], '{}') AS places
FROM struck
