DROP TABLE IF EXISTS {stage};
-- Unlogged: a crash empties it, so whoever uses it counts it first. _kind: a row of the release, the key of a reject
-- whose old row stays (k), or what goes (g).
CREATE UNLOGGED TABLE {stage} (
    {typed},
    _part integer NOT NULL,
    _record bigint NOT NULL,
    _kind "char" NOT NULL DEFAULT 'r'
) WITH (autovacuum_enabled = false);
