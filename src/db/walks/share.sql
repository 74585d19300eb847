-- A run for each of the datasets $1 that read what has just been fetched; $2 says by which run. Who waits for it already
-- will read the same, and who is paused reads nothing.
INSERT INTO bluebook.runs (job, trigger)
SELECT 'ingest:' || reader.dataset, $2
FROM unnest($1) AS reader (dataset)
WHERE NOT EXISTS (SELECT FROM bluebook.datasets d WHERE d.name = reader.dataset AND d.paused_at IS NOT NULL)
  AND NOT EXISTS (
      SELECT FROM bluebook.runs r
      WHERE r.job = 'ingest:' || reader.dataset AND r.trigger = $2 AND r.state = 'queued' AND r.attempt = 0)
