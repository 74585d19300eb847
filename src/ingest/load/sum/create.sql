DROP TABLE IF EXISTS {table};
-- The table as it would be if it were made anew. Unlogged: a crash empties it, and ends the run with it.
CREATE UNLOGGED TABLE {table} (LIKE {true_table})
