-- Marks the keys of rejected records, unless another record of the release is a row under that key.
INSERT INTO {stage} ({key}, _part, _record, _kind)
SELECT DISTINCT {k_key}, 0, 0, 'k'
FROM jsonb_to_recordset($1) AS k ({typed_key})
WHERE NOT EXISTS (SELECT FROM {stage} s WHERE {marked_key})
