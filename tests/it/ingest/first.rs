//! The first rows of a table: the stage becomes the table, and nothing but its rows tells so.

use super::{Scene, things};

const NOTES: &str = "SELECT message FROM bluebook.run_events WHERE kind = 'note' ORDER BY id";

/// Everything about data.things that another table in its place could have otherwise.
const SHAPE: &str = "
    SELECT concat_ws(' ', attnum, attname, format_type(atttypid, atttypmod), attnotnull, atthasdef, attacl,
                     col_description(attrelid, attnum))
    FROM pg_attribute WHERE attrelid = 'data.things'::regclass AND attnum > 0
    UNION ALL
    SELECT concat_ws(' ', relname, relowner::regrole, relacl, reloptions, relpersistence, obj_description(oid))
    FROM pg_class WHERE relnamespace = 'data'::regnamespace
    UNION ALL
    SELECT concat_ws(' ', pg_get_indexdef(indexrelid), obj_description(indexrelid))
    FROM pg_index WHERE indrelid = 'data.things'::regclass
    UNION ALL
    SELECT concat_ws(' ', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE conrelid = 'data.things'::regclass
    ORDER BY 1";

impl Scene {
    /// With the table made, and nothing in it: its first release is held for being too small.
    fn emptied(change: impl FnOnce(String) -> String) -> Self {
        let scene = Self::defined(|toml| change(toml.replace("min_rows = 1", "min_rows = 2")));
        assert_eq!(scene.serves(things(&["1,one"])).ingest(3)["outcome"], "held");
        scene
    }

    fn table(&self) -> String {
        self.house.db().text("SELECT 'data.things'::regclass::oid")
    }
}

#[test]
fn a_first_release_takes_the_empty_tables_place_and_looks_like_it() {
    let offer = "indexes = [['name'], ['since', 'name']]\ncompatibility = { view = 'old_things' }";
    let scene = Scene::emptied(|toml| format!("{offer}\n{toml}max_shrink = 0.5\n"));
    let (db, role) = (scene.house.db(), scene.role("first"));
    db.batch("GRANT INSERT ON data.things TO PUBLIC");
    db.batch(&format!("GRANT SELECT ON old_things TO {role} WITH GRANT OPTION"));
    let (before, shape) = (scene.table(), db.column(SHAPE));
    let view = "SELECT relacl::text FROM pg_class WHERE oid = 'old_things'::regclass";
    let opened = db.text(view);
    let first = scene.serves(things(&["1,one", "2,two"])).ingest(0);
    assert_eq!(Scene::counts(&first), "rows 2, inserted 2");
    assert_ne!(scene.table(), before, "the stage is the table now");
    assert_eq!(db.column(SHAPE), shape);
    assert_eq!(db.text(view), opened);
    assert_eq!(db.column("SELECT name FROM old_things ORDER BY 1"), ["one", "two"]);
    assert_eq!(db.column("SELECT relname FROM pg_class WHERE relnamespace = 'stage'::regnamespace"), [""; 0]);
    let second = scene.serves(things(&["2,zwei", "3,three"])).ingest(0);
    assert_eq!(Scene::counts(&second), "rows 2, inserted 1, changed 1, removed 1");
    scene.house.assert_invariants();
}

#[test]
fn what_somebody_has_hung_on_the_empty_table_keeps_it_in_its_place() {
    let hung = [
        "CREATE INDEX by_hand ON data.things (name)",
        "CREATE VIEW by_hand AS SELECT * FROM data.things",
        "CREATE TABLE by_hand (thing bigint REFERENCES data.things)",
        "CREATE TABLE by_hand () INHERITS (data.things)",
        "CREATE STATISTICS by_hand ON name, price FROM data.things",
        "ALTER TABLE data.things ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE data.things ALTER name SET DEFAULT 'by hand'",
        "ALTER TABLE data.things ADD CONSTRAINT by_hand CHECK (id > 0)",
        "ALTER TABLE data.things SET (fillfactor = 50)",
        "GRANT SELECT (name) ON data.things TO PUBLIC",
        "CREATE FUNCTION by_hand() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
         CREATE TRIGGER by_hand BEFORE INSERT ON data.things FOR EACH ROW EXECUTE FUNCTION by_hand()",
        "CREATE PUBLICATION by_hand FOR TABLE data.things",
        "INSERT INTO data.things (id, name, _release, _part, _record) VALUES (1, 'by hand', 0, 0, 0)",
    ];
    for hanging in hung {
        let scene = Scene::emptied(|toml| toml);
        scene.house.db().batch(hanging);
        let before = scene.table();
        let first = scene.serves(things(&["1,one", "2,two"])).ingest(0);
        assert_eq!(first["outcome"], "published", "{hanging}");
        assert_eq!(scene.table(), before, "{hanging}");
        assert_eq!(scene.rows(), ["1|one|∅|∅", "2|two|∅|∅"], "{hanging}");
    }
}

#[test]
fn a_key_that_stands_twice_in_the_first_file_is_settled_as_in_every_other() {
    let scene = Scene::new();
    let first = scene.serves(things(&["1,one", "2,two", "1,one", "3,three", "3,drei"])).ingest(0);
    assert_eq!(Scene::counts(&first), "rows 5, inserted 2, rejected 2, duplicates 1");
    assert!(scene.house.db().column(NOTES).iter().any(|note| note.contains("key more than once")));
    scene.serves(things(&["1,one", "2,two", "1,one", "3,three"])).ingest(0);
    assert_eq!(scene.rows(), ["1|one|∅|∅", "2|two|∅|∅", "3|three|∅|∅"]);
    scene.house.assert_invariants();
}

#[test]
fn a_first_release_that_is_held_shows_its_rows_and_is_published_by_a_person() {
    let scene = Scene::defined(|toml| toml.replace("min_rows = 1", "min_rows = 3"));
    let held = scene.serves(things(&["1,one", "2,two"])).ingest(3);
    let id = held["release"].to_string();
    let shown = scene.house.run(["release", "show", &id]).expect_code(0).stdout();
    assert!(shown.contains("one") && shown.contains("two"), "{shown}");
    assert_eq!(scene.rows(), [""; 0]);
    scene.house.run(["release", "publish", &id, "--reason", "small but right"]).expect_code(0);
    assert_eq!(scene.rows(), ["1|one|∅|∅", "2|two|∅|∅"]);
    scene.house.assert_invariants();
}
