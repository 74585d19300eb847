//! A dataset's table: made from its definition, changed with it, true to the bit.

use super::{Scene, definition, things};

const EVERYTHING: &str = r#"
[columns.big]
from = "big"
type = "decimal(38,10)"
comment = "An exact number"

[columns.ratio]
from = "ratio"
type = "float"
comment = "A binary number"

[columns.open]
from = "open"
type = "boolean"
comment = "A truth value"

[columns.at]
from = "at"
type = "timestamp"
comment = "An instant"

[columns.id_of_all]
from = "uuid"
type = "uuid"
comment = "A UUID"

[columns.extra]
from = "extra"
type = "json"
comment = "JSON"

[columns.status]
from = "status"
type = "enum"
values = ["A01", "it's"]
comment = "One of two"

[columns.opens]
from = "opens"
type = "time"
comment = "A time of day"

[columns.during]
from = ["since", "opens"]
type = "range"
label = "end"
interval = "30 min"
comment = "The half hour before"

[time]
zone = "Australia/Lord_Howe"
"#;

#[test]
fn every_type_arrives_as_it_was_written() {
    let scene = Scene::defined(|toml| {
        toml.replace("kind = \"csv\"", "kind = \"csv\"\nmultiline = true")
            .replace("\n[expect]", &format!("{EVERYTHING}\n[expect]"))
    });
    let csv = "id,name,price,since,big,ratio,open,at,uuid,extra,status,opens\n\
               -9223372036854775808,\"a \"\"b\"\"\nc\t\\\",0.01,0001-01-03,\
               -1234567890123456789012345678.0000000001,-0.1,true,1999-12-31T23:59:59.999999Z,\
               {FFFFFFFF-0000-8000-7fff-0123456789AB},\"{\"\"b\"\": [1.50, null], \"\"a\"\": \"\"\\u00e9\"\"}\",it's,00:00\n\
               9223372036854775807,ö€𝄞,-9999999999.99,9999-12-30,0.0000000000,1e300,false,2026-03-29T02:30:00+02:00,\
               00000000-0000-0000-0000-000000000000,[],A01,23:59:59.999999\n\
               0,x,10000.00,2025-04-06,10000,0,,2000-01-01T00:00:00Z,,,,02:00\n";
    scene.serves(csv).ingest(0);
    assert_eq!(scene.house.db().column("SELECT reason FROM bluebook.rejects"), [""; 0]);
    assert_eq!(
        scene.rows(),
        [
            "-9223372036854775808|a \"b\"\nc\t\\|0.01|0001-01-03|\
             -1234567890123456789012345678.0000000001|-0.1|true|1999-12-31 23:59:59.999999+00|\
             ffffffff-0000-8000-7fff-0123456789ab|{\"a\": \"é\", \"b\": [1.50, null]}|it's|00:00:00|\
             [\"0001-01-02 12:53:40+00\",\"0001-01-02 13:23:40+00\")",
            "0|x|10000.00|2025-04-06|10000.0000000000|0|∅|2000-01-01 00:00:00+00|∅|∅|∅|02:00:00|\
             [\"2025-04-05 15:00:00+00\",\"2025-04-05 15:30:00+00\")",
            "9223372036854775807|ö€𝄞|-9999999999.99|9999-12-30|0.0000000000|1e+300|false|2026-03-29 00:30:00+00|\
             00000000-0000-0000-0000-000000000000|[]|A01|23:59:59.999999|\
             [\"9999-12-30 12:29:59.999999+00\",\"9999-12-30 12:59:59.999999+00\")",
        ]
    );
}

#[test]
fn table_and_columns_are_commented_and_keyed() {
    let scene = Scene::new();
    scene.serves(things(&["1,one"])).ingest(0);
    let db = scene.house.db();
    assert_eq!(db.text("SELECT obj_description('data.things'::regclass)"), "Things that tests count");
    let without = "SELECT attname FROM pg_attribute \
                   WHERE attrelid = 'data.things'::regclass AND attnum > 0 \
                   AND col_description(attrelid, attnum) IS NULL";
    assert_eq!(db.column(without), [""; 0]);
    assert!(db.try_batch("INSERT INTO data.things SELECT * FROM data.things").is_err(), "the key is a primary key");
}

/// Whatever is known of its rows is then known of another table.
#[test]
fn a_table_that_was_emptied_or_moved_away_is_filled_anew() {
    let harms = ["DROP TABLE data.things", "ALTER TABLE data.things RENAME TO moved", "TRUNCATE data.things"];
    for (harm, csv) in
        harms.into_iter().flat_map(|harm| [(harm, &["1,one", "2,two"][..]), (harm, &["2,two", "3,three"])])
    {
        for history in ["", "history = true\n"] {
            let scene = Scene::defined(|toml| {
                format!("{history}{}", toml.replace("min_rows = 1", "min_rows = 1\nmax_shrink = 1.0"))
            });
            scene.serves(things(&["1,one", "2,two"])).ingest(0);
            scene.house.db().batch(harm);
            scene.house.run(["migrate"]).expect_code(0);
            let answer = scene.serves(things(csv)).ingest(0);
            assert_eq!(Scene::counts(&answer), "rows 2, inserted 2", "{harm}");
            assert_eq!(scene.rows().len(), 2, "{harm}");
            if !history.is_empty() {
                let said = scene.house.db().column("SELECT id FROM data.things_as_of(now()) ORDER BY 1");
                assert_eq!(said, scene.house.db().column("SELECT id FROM data.things ORDER BY 1"), "{harm}");
            }
            let notes = "SELECT count(*) FROM bluebook.run_events WHERE message LIKE 'data.things had no rows: %'";
            assert_eq!(scene.house.db().number(notes), 1);
            scene.house.assert_invariants();
        }
    }
}

#[test]
fn a_new_column_joins_the_table_and_replay_fills_it() {
    let scene = Scene::defined(|toml| {
        toml.replace(
            "[columns.price]\nfrom = \"price\"\ntype = \"decimal(12,2)\"\ncomment = \"What it costs, in euro\"\n",
            "",
        )
    });
    scene.serves("id,name,price,since\n1,one,1.50,\n").ingest(0);
    scene.redefine(|toml| toml);
    let replayed = scene.replay(0);
    assert_eq!(Scene::counts(&replayed), "rows 1, changed 1");
    assert_eq!(scene.house.db().column("SELECT price FROM data.things"), ["1.50"]);
}

#[test]
fn a_wider_number_widens_its_column() {
    let scene = Scene::new();
    scene.serves("id,name,price,since\n1,one,1.50,\n").ingest(0);
    scene.redefine(|toml| toml.replace("decimal(12,2)", "decimal(20,4)"));
    scene.serves("id,name,price,since\n1,one,1.5025,\n").ingest(0);
    assert_eq!(scene.house.db().column("SELECT price FROM data.things"), ["1.5025"]);
}

#[test]
fn what_cannot_be_changed_without_loss_is_told_and_nothing_happens() {
    let scene = Scene::new();
    scene.serves(things(&["1,one"])).ingest(0);
    let cases = [
        (
            definition().replace("decimal(12,2)", "decimal(12,1)"),
            "column price was numeric(12,2) and is now numeric(12,1)",
        ),
        (definition().replace("key = [\"id\"]", "key = [\"id\", \"name\"]"), "its key was (id) and is now (id, name)"),
        (definition().replace("columns.since", "columns.from_day"), "the definition no longer names column since"),
    ];
    for (toml, sentence) in cases {
        scene.house.dataset("things", &toml);
        let refused = scene.house.run(["ingest", "things"]).expect_code(1);
        assert!(refused.stderr().contains(sentence), "{sentence}: {}", refused.stderr());
    }
    assert_eq!(scene.rows(), ["1|one|∅|∅"]);
    scene.house.assert_invariants();
}

#[test]
fn rows_changed_by_hand_are_mended_by_a_replay() {
    let scene = Scene::new();
    scene.serves(things(&["1,one", "2,two", "3,three"])).ingest(0);
    scene.house.db().batch(
        "UPDATE data.things SET name = 'eins' WHERE id = 1; DELETE FROM data.things WHERE id = 2; \
         INSERT INTO data.things SELECT 9, 'nine', NULL, NULL, _release, 0, 9 FROM data.things WHERE id = 3",
    );
    let replayed = scene.replay(0);
    assert_eq!(Scene::counts(&replayed), "rows 3, inserted 1, changed 1, removed 1, unchanged 1");
    assert_eq!(scene.rows(), ["1|one|∅|∅", "2|two|∅|∅", "3|three|∅|∅"]);
}

#[test]
fn a_pool_of_one_is_enough() {
    let mut scene = Scene::new();
    scene.house.set("BLUEBOOK_POOL_SIZE", "1");
    scene.serves(things(&["1,one", "x,bad"])).ingest(0);
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    assert_eq!(scene.rows().len(), 2);
}
