DROP TABLE IF EXISTS {stage};
-- Unlogged: a crash empties it, so whoever uses it counts it first. _kept marks a key whose record was rejected.
CREATE UNLOGGED TABLE {stage} (
    {typed},
    _part integer NOT NULL,
    _record bigint NOT NULL,
    _kept boolean NOT NULL DEFAULT false
) WITH (autovacuum_enabled = false);
