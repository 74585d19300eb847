SELECT
    current_setting('server_version') AS version,
    current_setting('server_version_num')::integer AS version_number,
    current_setting('server_encoding') AS encoding,
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
    current_setting('max_connections')::integer AS places,
    (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS taken,
    pg_database_size(current_database()) AS bytes,
    extract(epoch FROM clock_timestamp())::double precision AS clock,
    (SELECT count(*) FROM bluebook.users WHERE disabled_at IS NULL) AS people,
    (SELECT extract(epoch FROM clock_timestamp() - max(planned_until))::double precision
     FROM bluebook.schedules WHERE active) AS since_planned,
    (SELECT count(*) FROM bluebook.runs WHERE state = 'running' AND lease_until < clock_timestamp()) AS lost_runs,
    (SELECT count(*) FROM bluebook.releases WHERE state = 'held') AS held,
    (SELECT count(*) FROM bluebook.notices WHERE state = 'pending' AND error IS NOT NULL) AS unsent,
    (SELECT count(*) FROM bluebook.notices WHERE state = 'dead' AND made_at > now() - interval '30 days') AS dead_notices,
    (SELECT sha256 FROM bluebook.artifacts ORDER BY id DESC LIMIT 1) AS newest_artifact
