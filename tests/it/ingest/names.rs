//! Columns that are called as the program's own SQL calls its tables, rows and counts.

use std::{collections::BTreeSet, fs, path::Path};

use super::{Scene, history::with_history};

/// Every word of the SQL that is filled in with a dataset's names.
fn words() -> BTreeSet<String> {
    let mut words: BTreeSet<_> = ["n", "o", "q"].map(str::to_owned).into();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut words);
    for taken in ["id", "name", "price", "since", "moment", "xmin", "xmax", "cmin", "cmax", "ctid", "tableoid"] {
        words.remove(taken);
    }
    words
}

fn read(folder: &Path, words: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, words);
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            let sql = fs::read_to_string(&path).unwrap();
            let filled_in = sql.split('{').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
            let lines = sql.lines().filter(|line| filled_in && !line.trim_start().starts_with("--"));
            let split = lines.flat_map(|line| line.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')));
            words.extend(split.filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase())).map(str::to_owned));
        }
    }
}

/// Things with a column for each word, `moment` for `since`, and a value in `q` only.
fn scene(change: impl FnOnce(String) -> String) -> Scene {
    let words = words();
    assert!(["k", "r", "s", "t", "values"].iter().all(|word| words.contains(*word)), "the SQL is found");
    let columns: String = words.iter().fold(String::new(), |toml, word| {
        format!(
            "{toml}[columns.{word}]\nfrom = \"{word}\"\ntype = \"text\"\nmay_be_absent = true\ncomment = \"A word\"\n\n"
        )
    });
    let expect = "max_shrink = 1.0\nmax_nulls = { t = 1.0, q = 1.0, row = 1.0 }\nwarn = [\"references\"]\n\
                  newest = { column = \"moment\" }\ncalendar = { column = \"moment\", every = \"1 day\" }\n\
                  references = [{ columns = [\"t\"], to = \"things\", their = [\"r\"] }]\n";
    Scene::defined(|toml| {
        let toml =
            toml.replace("[columns.since]", "[columns.moment]").replace("[expect]", &format!("{columns}[expect]"));
        change(format!("{toml}{expect}"))
    })
}

const FIRST: &str = "id,name,price,since,q,t\n1,one,1,2026-01-01,x,\n2,two,2,2026-01-02,x,\n2,zwei,2,2026-01-02,x,\n\
                     3,three,3,2026-01-02,x,\n3,three,3,2026-01-02,x,\n";
const GAPPY: &str = "id,name,price,since,q,t\n1,uno,1,2026-01-02,y,\n4,four,4,2026-01-04,y,t\n";

/// A release, one that is held for its calendar, its difference, and what follows the decision to publish it.
#[track_caller]
fn all_of_it(scene: &Scene) -> serde_json::Value {
    scene.serves(FIRST).ingest(0);
    let held = scene.serves(GAPPY).ingest(3);
    let message = held["findings"].to_string();
    assert!(message.contains("1 values of `moment` are missing: 2026-01-03."), "{message}");
    assert!(message.contains("1 rows refer by t to what"), "{message}");
    let release = held["release"].to_string();
    let shown = scene.house.run(["release", "show", &release, "--json"]).expect_code(0).json();
    scene.house.run(["release", "publish", &release, "--reason", "they are closed"]).expect_code(0);
    let traced = scene.house.run(["trace", "things", "id=1", "--json"]).expect_code(0).json();
    assert_eq!(traced["versions"].as_array().unwrap().last().unwrap()["values"]["id"], 1, "{traced}");
    scene.house.assert_invariants();
    shown["difference"].clone()
}

#[test]
fn columns_may_be_called_as_the_program_calls_its_own() {
    let shown = all_of_it(&scene(|toml| toml));
    assert_eq!(shown["changed"][0]["key"], "1", "{shown}");
    let cells = shown["changed"][0]["cells"].as_array().unwrap();
    assert!(cells.contains(&serde_json::json!({"column": "q", "old": "x", "new": "y"})), "{shown}");
    assert_eq!(shown["inserted"][0][0]["value"], "4");
}

#[test]
fn so_may_those_of_a_history_of_rows_that_are_only_added_and_of_rows_without_keys() {
    let with_history = |toml: String| with_history(&toml).replace("min_rows = 0\nmax_shrink = 1.0", "min_rows = 1");
    let scene = scene(with_history);
    all_of_it(&scene);
    assert_eq!(scene.house.db().column("SELECT q FROM data.things_as_of(now()) ORDER BY id"), ["y", "y"]);
    let appended = self::scene(|toml| toml.replace("\"replace\"", "\"append\""));
    all_of_it(&appended);
    assert_eq!(appended.house.db().number("SELECT count(*) FROM data.things"), 3);
    let without_key = |toml: String| with_history(toml.replace("key = [\"id\"]", "key = []"));
    let shown = all_of_it(&self::scene(without_key));
    assert_eq!(shown["removed"].as_array().unwrap().len(), 5, "{shown}");
}
