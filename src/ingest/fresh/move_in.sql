DROP TABLE {table};
ALTER TABLE {stage} ALTER COLUMN _release DROP DEFAULT, RESET (autovacuum_enabled);
ALTER TABLE {stage} RENAME TO {unqualified};
ALTER TABLE stage.{unqualified} SET SCHEMA data;
