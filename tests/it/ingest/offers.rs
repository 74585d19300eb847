//! What a table offers to those who read it: indexes, readers, a view under an older name.

use super::{Scene, things};
use crate::support::Db;

const INDEXES: &str =
    "SELECT relname FROM pg_class WHERE relkind = 'i' AND relnamespace = 'data'::regnamespace ORDER BY 1";
const NOTES: &str = "SELECT message FROM bluebook.run_events WHERE kind = 'note' ORDER BY id";

/// A definition with these lines at its top.
fn with(lines: &str) -> impl FnOnce(String) -> String {
    let lines = lines.to_owned();
    move |toml| format!("{lines}\n{toml}")
}

impl Scene {
    /// A role of this test's own that may sign in.
    pub(super) fn role(&self, name: &str) -> String {
        let role = format!("{name}_{}", self.house.db().text("SELECT current_database()"));
        self.house.server().admin("postgres").batch(&format!("CREATE ROLE {role} LOGIN"));
        role
    }

    /// The database as a role sees it.
    fn as_role(&self, role: &str) -> Db {
        Db::connect(&self.house.url().replacen("bluebook@", &format!("{role}@"), 1))
    }

    /// A definition that offers something else, and a run that finds the same bytes.
    fn offers(&self, lines: &str) {
        self.redefine(with(lines));
        assert_eq!(self.ingest(0)["outcome"], "unchanged", "an offer changes no row, so nothing is read again");
    }
}

#[test]
fn indexes_come_and_go_with_the_definition_and_others_stay() {
    let scene = Scene::defined(with("indexes = [['name'], ['since', 'name']]"));
    scene.serves(things(&["1,one", "2,two"])).ingest(0);
    let db = scene.house.db();
    assert_eq!(db.column(INDEXES), ["things_name_idx", "things_pkey", "things_since_name_idx"]);
    let oid = "SELECT 'data.things_name_idx'::regclass::oid";
    let before = db.text(oid);
    db.batch("CREATE INDEX by_hand ON data.things (price)");
    scene.offers("indexes = [['name'], ['since']]");
    assert_eq!(db.column(INDEXES), ["by_hand", "things_name_idx", "things_pkey", "things_since_idx"]);
    assert_eq!(db.text(oid), before, "what stays is not built again");
    scene.offers("");
    assert_eq!(db.column(INDEXES), ["by_hand", "things_pkey"]);
    assert_eq!(db.column(NOTES), [""; 0]);
}

#[test]
fn an_index_that_cannot_be_made_is_told_and_the_release_is_published() {
    let scene = Scene::new();
    scene.serves(things(&["1,one"])).ingest(0);
    scene.house.db().batch("CREATE INDEX things_name_idx ON data.things (price)");
    scene.redefine(with("indexes = [['name'], ['since']]"));
    assert_eq!(scene.serves(things(&["1,uno"])).ingest(0)["outcome"], "published");
    let notes = scene.house.db().column(NOTES);
    assert_eq!(notes, ["index things_name_idx: relation \"things_name_idx\" already exists"]);
    assert!(scene.house.db().column(INDEXES).contains(&"things_since_idx".to_owned()), "the other one is made");
}

#[test]
fn readers_read_the_table_and_its_views_over_every_load_and_reshaping() {
    let scene = Scene::new();
    let (analyst, other) = (scene.role("analyst"), scene.role("other"));
    let lines = format!("readers = [\"{analyst}\"]\ncompatibility = {{ view = 'old.items' }}");
    scene.redefine(with(&lines));
    scene.serves("id,name,price,since\n1,one,1.50,\n").ingest(0);
    let read = |role: &str, table: &str| scene.as_role(role).try_batch(&format!("SELECT * FROM {table}"));
    for table in ["data.things", "old.items"] {
        read(&analyst, table).unwrap();
        assert!(read(&other, table).is_err(), "{table} is nobody else's");
    }
    scene.redefine(|toml| with(&lines)(toml.replace("decimal(12,2)", "decimal(20,4)")));
    scene.serves("id,name,price,since\n1,one,1.5025,\n").ingest(0);
    assert_eq!(scene.as_role(&analyst).column("SELECT price FROM old.items"), ["1.5025"]);
    read(&analyst, "data.things").unwrap();
    assert!(scene.as_role(&analyst).try_batch("DELETE FROM data.things").is_err(), "a reader only reads");
    scene.house.db().batch(&format!("GRANT USAGE ON SCHEMA data TO {other}; GRANT SELECT ON data.things TO {other}"));
    scene.redefine(|toml| toml.replace("decimal(12,2)", "decimal(20,4)"));
    scene.ingest(0);
    assert!(read(&analyst, "data.things").is_err(), "taken off the list");
    read(&other, "data.things").expect("whom a person let in stays");
    assert_eq!(scene.house.db().text("SELECT readers FROM bluebook.datasets"), "{}");
}

#[test]
fn a_reader_that_the_server_does_not_know_is_told_and_let_in_once_it_does() {
    let scene = Scene::new();
    scene.serves(things(&["1,one"])).ingest(0);
    let role = format!("late_{}", scene.house.db().text("SELECT current_database()"));
    scene.offers(&format!("readers = [\"{role}\"]"));
    let sentence = format!("readers: the server has no role {role}: CREATE ROLE \"{role}\", or take it off the list");
    assert_eq!(scene.house.db().column(NOTES), [sentence.as_str()]);
    let checked = scene.house.run(["check"]).expect_code(1);
    assert!(checked.stdout().contains(&sentence), "{}", checked.stdout());
    let doctor = scene.house.run(["doctor"]);
    assert!(doctor.stdout().contains(&format!("things: {sentence}")), "{}", doctor.stdout());
    scene.role("late");
    scene.house.run(["migrate"]).expect_code(0);
    scene.as_role(&role).batch("SELECT * FROM data.things");
    assert!(!scene.house.run(["check"]).stdout().contains("readers"));
}

#[test]
fn an_old_name_shows_the_columns_as_they_were_called() {
    let scene = Scene::defined(with(
        "compatibility = { view = 'warehouse.THINGS', columns = { THING_NO = 'id', \"Label text\" = 'name' } }",
    ));
    scene.serves(things(&["1,one"])).ingest(0);
    let db = scene.house.db();
    assert_eq!(
        db.rows("SELECT \"THING_NO\", \"Label text\" FROM warehouse.\"THINGS\"")[0],
        [Some("1".to_owned()), Some("one".to_owned())]
    );
    scene.offers("compatibility = { view = 'items' }");
    assert_eq!(db.column("SELECT name FROM public.items"), ["one"]);
    assert_eq!(db.column("SELECT viewname FROM pg_views WHERE schemaname = 'warehouse'"), [""; 0]);
    scene.offers("");
    assert_eq!(db.column("SELECT viewname FROM pg_views WHERE viewname = 'items'"), [""; 0]);
}

#[test]
fn an_old_name_that_is_taken_is_refused_in_words_and_nothing_of_it_is_touched() {
    for theirs in ["CREATE TABLE public.items (theirs text)", "CREATE VIEW public.items AS SELECT 1 AS theirs"] {
        let scene = Scene::new();
        scene.house.db().batch(theirs);
        scene.redefine(with("compatibility = { view = 'items' }"));
        assert_eq!(scene.serves(things(&["1,one"])).ingest(0)["outcome"], "published");
        let sentence = "compatibility.view: public.items is there already and is not Bluebook's: rename it or drop it";
        assert_eq!(scene.house.db().column(NOTES), [sentence]);
        assert!(scene.house.run(["check"]).expect_code(1).stdout().contains(sentence));
        scene.house.db().batch("SELECT theirs FROM public.items");
    }
}

#[test]
fn an_old_name_follows_the_table_that_has_the_datasets_name_now() {
    let scene = Scene::defined(with("compatibility = { view = 'items' }"));
    scene.serves(things(&["1,one"])).ingest(0);
    scene.house.db().batch("ALTER TABLE data.things RENAME TO things_moved");
    scene.replay(0);
    scene.house.db().batch("UPDATE data.things SET name = 'now'");
    assert_eq!(scene.house.db().column("SELECT name FROM public.items"), ["now"]);
}

#[test]
fn two_datasets_cannot_stand_in_for_one_old_name() {
    let scene = Scene::defined(with("compatibility = { view = 'items' }"));
    scene.house.dataset("others", &with("compatibility = { view = 'public.items' }")(super::definition()));
    let checked = scene.house.run(["check"]).expect_code(1).stdout();
    assert!(
        checked.contains("the compatibility view `public.items` has the name of another table or view"),
        "{checked}"
    );
}
