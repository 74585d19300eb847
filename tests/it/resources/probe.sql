-- One row of every kind of value that a careless form would damage.
CREATE TYPE mood AS ENUM ('calm', 'so-so', 'wild');
CREATE DOMAIN percentage AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100);
CREATE TYPE place AS (street text, number integer);
CREATE TABLE target (code text PRIMARY KEY, name text NOT NULL);
INSERT INTO target VALUES ('a/b', 'Slash, the first'), ('c', 'C');
CREATE TABLE probe (
    part text, number integer,
    PRIMARY KEY (part, number),
    one text REFERENCES target, other text REFERENCES target,
    t text, v varchar(40), c char(8), b boolean, i2 smallint, i8 bigint, n numeric, n2 numeric(40, 10), p percentage,
    r real, d double precision, day date, clock time, ts timestamp, tz timestamptz, wait interval, e mood, es mood[],
    list text[], matrix integer[], odd_bounds integer[], u uuid, ip inet, net cidr, mac macaddr, raw bytea, j json, jb jsonb,
    days daterange, hours tstzrange, several int4multirange, spot point, xm xml, words tsvector, bits varbit, home place,
    twice bigint GENERATED ALWAYS AS (i8 * 2) STORED
);
INSERT INTO probe VALUES
    ('a,b/c.~', 1, 'a/b', 'c', E'two\nlines with "quotes" & <tags>', '  padded  ', 'ab', true, -32768, 4611686018427387903,
     123456789012345678901234567890.123456789, 1234567890123456789012345678.0123456789, 12.5, 1.1, 0.1, '2024-02-29', '23:59:59.999999',
     '2024-02-29 12:00:00.000001', '2026-10-25 00:30:00.123456+00', '1 year 2 mons -3 days 04:05:06.7', 'so-so', '{calm,wild}',
     '{"a,b",c,"",NULL,"null","{x}"}', '{{1,2},{3,4}}', '[0:1]={5,6}', '11111111-2222-3333-4444-555555555555', '10.0.0.1/24', '10.0.0.0/8',
     '08:00:2b:01:02:03', '\xdeadbeef', '{"b": 1,   "a": 12345678901234567890.123}', '{"n": 12345678901234567890.1230}',
     '[2024-01-01,2024-12-31)', '["2026-10-25 00:30+00","2026-10-25 01:30+00")', '{[1,3),[5,9)}', '(1.5,-2)', '<a>x &amp; y</a>', 'a:1 fat:2',
     B'10101', ROW('Main, street', 5)),
    ('', 2, DEFAULT, DEFAULT, '', '', '', false, 0, 0, 'NaN', 0, 0, 'Infinity', '-Infinity', 'infinity', '24:00', '-infinity', 'infinity',
     '0', 'wild', '{}', '{}', '{}', '{}', NULL, '::1', '::/0', NULL, '', 'null', 'null', 'empty', 'empty', '{}', NULL, '', '', '', ROW(NULL, NULL)),
    (E'tab\there', 3, NULL, NULL, E'carriage\r\nreturn', E' lead\n', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '0044-03-15 BC', NULL, NULL, NULL,
     NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
