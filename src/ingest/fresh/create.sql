DROP TABLE IF EXISTS {stage};
-- Logged, for it is to be the table itself. What costs more with every row than at the end, key and indexes, is made at
-- the end.
CREATE TABLE {stage} (LIKE {table} INCLUDING COMMENTS) WITH ({storage}, autovacuum_enabled = false);
ALTER TABLE {stage} ALTER COLUMN _release SET DEFAULT {release};
