DROP TABLE IF EXISTS {table};
-- The table as it would be if it were made anew. Unlogged: a crash empties it, and ends with it whatever makes it.
CREATE UNLOGGED TABLE {table} AS TABLE {true_table} WITH NO DATA
