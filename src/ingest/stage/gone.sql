-- The keys of rows that the release lacks; a marked key stands in the stage already, so its row stays.
INSERT INTO {stage} ({key}, _part, _record, _kind)
SELECT {t_key}, t._part, t._record, 'g'
FROM {table} t
WHERE NOT EXISTS (SELECT FROM {stage} s WHERE {same_key})
