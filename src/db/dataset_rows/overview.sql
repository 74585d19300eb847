-- One line a dataset. The table's rows come from its statistics, which each load renews, or autovacuum a minute later.
SELECT d.name,
       d.title,
       d.published_release,
       p.published_at,
       p.period,
       d.history_since,
       nullif(c.reltuples, -1)::bigint AS rows,
       d.checked_at,
       d.changed_at,
       d.paused_at,
       (SELECT f.since FROM bluebook.conditions f
        WHERE f.job = 'ingest:' || d.name AND f.condition = 'failing') AS failing_since,
       (SELECT max(r.id) FROM bluebook.releases r WHERE r.dataset = d.name AND r.state = 'held') AS held_release
FROM bluebook.datasets d
LEFT JOIN bluebook.releases p ON p.id = d.published_release
LEFT JOIN pg_class c ON c.oid = to_regclass(format('data.%I', d.name))
ORDER BY d.name
