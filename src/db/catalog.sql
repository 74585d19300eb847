-- What the tables that admin.toml names look like: one JSON document each. $1 and $2 are their schemas and names, side
-- by side. A table that is not named appears nowhere, not even as what a foreign key points at.
WITH RECURSIVE shown AS (
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltuples
    FROM unnest($1::text[], $2::text[]) AS named (schema_name, table_name)
    JOIN pg_namespace n ON n.nspname = named.schema_name
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = named.table_name
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_table_privilege(c.oid, 'SELECT')
),
attributes AS (
    SELECT a.* FROM pg_attribute a JOIN shown ON shown.oid = a.attrelid WHERE a.attnum > 0 AND NOT a.attisdropped
),
-- A domain may stand on a domain: walk down to the type that holds the values, collecting NOT NULL on the way.
layers AS (
    SELECT DISTINCT atttypid AS type, atttypid AS base, -1 AS typmod, false AS not_null, 0 AS depth FROM attributes
    UNION ALL
    SELECT l.type, t.typbasetype, CASE l.typmod WHEN -1 THEN t.typtypmod ELSE l.typmod END, l.not_null OR t.typnotnull, depth + 1
    FROM layers l JOIN pg_type t ON t.oid = l.base AND t.typtype = 'd'
),
grounds AS (SELECT DISTINCT ON (type) * FROM layers ORDER BY type, depth DESC),
-- Types with an order of their own; varchar borrows that of text, arrays are ordered if their elements are.
ordered AS (
    SELECT c.opcintype AS type FROM pg_opclass c JOIN pg_am m ON m.oid = c.opcmethod AND m.amname = 'btree' WHERE c.opcdefault
    UNION
    SELECT oid FROM pg_type WHERE typtype IN ('e', 'r') OR oid = 'varchar'::regtype
),
columns AS (
    SELECT a.attrelid, jsonb_agg(jsonb_build_object(
        'number', a.attnum,
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        'cast', format_type(a.atttypid, -1),
        'base', b.typname,
        'category', b.typcategory,
        'max_length', CASE WHEN b.typname IN ('varchar', 'bpchar') AND m.typmod >= 4 THEN m.typmod - 4 END,
        'scale', CASE WHEN b.typname = 'numeric' AND m.typmod >= 4 THEN (((m.typmod - 4) & 2047) # 1024) - 1024 END,
        'labels', (SELECT jsonb_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = b.oid),
        'not_null', a.attnotnull OR g.not_null,
        'identity', nullif(a.attidentity, ''),
        'generated', a.attgenerated <> '',
        'default', pg_get_expr(d.adbin, d.adrelid),
        'comment', col_description(a.attrelid, a.attnum),
        'sortable', b.oid IN (TABLE ordered) OR b.typcategory = 'A' AND b.typelem IN (TABLE ordered),
        'can_insert', has_column_privilege(a.attrelid, a.attnum, 'INSERT'),
        'can_update', has_column_privilege(a.attrelid, a.attnum, 'UPDATE')
    ) ORDER BY a.attnum) AS list
    FROM attributes a
    JOIN grounds g ON g.type = a.atttypid
    JOIN pg_type b ON b.oid = g.base
    CROSS JOIN LATERAL (SELECT CASE a.atttypmod WHEN -1 THEN g.typmod ELSE a.atttypmod END) AS m (typmod)
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    GROUP BY a.attrelid
),
checks AS (
    SELECT k.conrelid, jsonb_agg(jsonb_build_object(
        'name', k.conname,
        'columns', to_jsonb(coalesce(k.conkey, '{}')),
        'expression', pg_get_expr(k.conbin, k.conrelid),
        'comment', obj_description(k.oid, 'pg_constraint')
    ) ORDER BY k.conname) AS list
    FROM pg_constraint k JOIN shown ON shown.oid = k.conrelid
    WHERE k.contype = 'c'
    GROUP BY k.conrelid
),
links AS (
    SELECT k.conrelid, jsonb_agg(jsonb_build_object(
        'name', k.conname,
        'columns', to_jsonb(k.conkey),
        'target_schema', target.nspname,
        'target_name', target.relname,
        'target_columns', to_jsonb(k.confkey),
        'comment', obj_description(k.oid, 'pg_constraint')
    ) ORDER BY k.conkey) AS list
    FROM pg_constraint k
    JOIN shown ON shown.oid = k.conrelid
    LEFT JOIN shown AS target ON target.oid = k.confrelid
    WHERE k.contype = 'f'
    GROUP BY k.conrelid
),
-- Unique constraints, unique indexes and exclusion constraints say the same thing: no two rows may agree in this.
-- An index on an expression has 0 in place of a column.
uniques AS (
    SELECT i.indrelid, jsonb_agg(jsonb_build_object(
        'name', c.relname,
        'primary', i.indisprimary,
        'exclusion', coalesce(k.contype = 'x', false),
        'columns', (SELECT jsonb_agg(number ORDER BY place)
            FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS part (number, place) WHERE place <= i.indnkeyatts),
        'operators', (SELECT jsonb_agg(format('OPERATOR(%I.%s)', n.nspname, o.oprname) ORDER BY place)
            FROM unnest(k.conexclop) WITH ORDINALITY AS part (operator, place)
            JOIN pg_operator o ON o.oid = part.operator JOIN pg_namespace n ON n.oid = o.oprnamespace),
        'predicate', pg_get_expr(i.indpred, i.indrelid),
        'nulls_clash', coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
        'comment', coalesce(obj_description(k.oid, 'pg_constraint'), obj_description(c.oid, 'pg_class'))
    ) ORDER BY i.indisprimary DESC, c.relname) AS list
    FROM pg_index i
    JOIN shown ON shown.oid = i.indrelid
    JOIN pg_class c ON c.oid = i.indexrelid
    LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
    WHERE i.indisvalid AND (i.indisunique OR k.contype = 'x')
    GROUP BY i.indrelid
)
SELECT jsonb_build_object(
    'schema', s.nspname,
    'name', s.relname,
    'kind', s.relkind,
    'comment', obj_description(s.oid, 'pg_class'),
    'rows', s.reltuples::bigint,
    'columns', columns.list,
    'checks', coalesce(checks.list, '[]'),
    'links', coalesce(links.list, '[]'),
    'uniques', coalesce(uniques.list, '[]')
) AS document
FROM shown s
JOIN columns ON columns.attrelid = s.oid
LEFT JOIN checks ON checks.conrelid = s.oid
LEFT JOIN links ON links.conrelid = s.oid
LEFT JOIN uniques ON uniques.indrelid = s.oid
ORDER BY s.nspname, s.relname
