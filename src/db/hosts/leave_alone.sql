-- Host $1 wishes not to be asked for $2 seconds.
INSERT INTO bluebook.hosts (host, free_at)
VALUES ($1, clock_timestamp() + make_interval(secs => $2))
ON CONFLICT (host) DO UPDATE SET free_at = greatest(bluebook.hosts.free_at, excluded.free_at)
