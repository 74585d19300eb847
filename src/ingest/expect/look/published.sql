-- What is published now.
CREATE TEMPORARY VIEW published AS SELECT {t_columns} FROM {table} t
