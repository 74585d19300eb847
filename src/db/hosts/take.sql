-- Host $1 is asked by run $2 under epoch $3, and by the next one no sooner than $4 seconds after it.
UPDATE bluebook.hosts
SET free_at = greatest(free_at, clock_timestamp()) + make_interval(secs => $4),
    run = $2,
    epoch = $3
WHERE host = $1
