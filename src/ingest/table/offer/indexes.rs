//! Indexes beside the key's.

use std::collections::BTreeSet;

use diesel::{
    QueryableByName,
    sql_types::{Array, Text},
};
use parsers::Dataset;
use sha2::{Digest, Sha256};

use super::Act;
use crate::{
    archive::hex,
    db::{AsyncPgConnection, DbResult, RunQueryDsl, ident},
};

/// The comment that makes an index ours. One that somebody else made is left alone.
pub(crate) const OURS: &str = "Kept by Bluebook: named by `indexes` in the dataset's definition";

/// PostgreSQL cuts names behind this many bytes.
const LONGEST_NAME: usize = 63;

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Text)]
    name: String,
}

/// An index of ours that is there.
#[derive(QueryableByName)]
struct Existing {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Array<Text>)]
    columns: Vec<String>,
}

/// What is to be done so that exactly the declared indexes are there.
pub(super) async fn acts(conn: &mut AsyncPgConnection, dataset: &Dataset) -> DbResult<Vec<Act>> {
    let existing = diesel::sql_query(include_str!("indexes.sql"))
        .bind::<Text, _>(dataset.name.as_str())
        .bind::<Text, _>(OURS)
        .load(conn)
        .await?;
    let taken: Vec<Taken> =
        diesel::sql_query(include_str!("taken.sql")).bind::<Text, _>(dataset.name.as_str()).load(conn).await?;
    let taken = taken.into_iter().map(|taken| taken.name).collect();
    Ok(plan(dataset, existing, &taken))
}

/// Makes the declared indexes on a table that has the dataset's columns and stands elsewhere. Moved to its place, it
/// gets their proper names by [`acts`].
pub(in super::super) fn statements(dataset: &Dataset, schema: &str, table: &str) -> Vec<String> {
    let numbered = dataset.offer.indexes.iter().enumerate();
    numbered.flat_map(|(at, columns)| create(schema, table, &format!("{table}_{at}_idx"), columns)).collect()
}

fn plan(dataset: &Dataset, mut existing: Vec<Existing>, taken: &BTreeSet<String>) -> Vec<Act> {
    let (mut renamed, mut made) = (Vec::new(), Vec::new());
    for (name, columns) in named(dataset, taken) {
        let found = existing.iter().position(|index| index.columns == *columns);
        match found.map(|at| existing.swap_remove(at)) {
            Some(index) if index.name == name => {}
            Some(index) => {
                let old = ident::qualified("data", &index.name);
                renamed.push(one(&name, [format!("ALTER INDEX {old} RENAME TO {}", ident::quote(&name))]));
            }
            None => made.push(one(&name, create("data", dataset.name.as_str(), &name, columns))),
        }
    }
    let dropped = existing
        .iter()
        .map(|index| one(&index.name, [format!("DROP INDEX {}", ident::qualified("data", &index.name))]));
    dropped.chain(renamed).chain(made).collect()
}

fn one(name: &str, statements: impl IntoIterator<Item = String>) -> Act {
    Act { what: format!("index {name}"), ways: vec![statements.into_iter().collect()] }
}

fn create(schema: &str, table: &str, name: &str, columns: &[String]) -> [String; 2] {
    let columns = ident::list(columns.iter().map(String::as_str));
    [
        format!("CREATE INDEX {} ON {} ({columns})", ident::quote(name), ident::qualified(schema, table)),
        format!("COMMENT ON INDEX {} IS {}", ident::qualified(schema, name), ident::literal(OURS)),
    ]
}

/// The declared indexes with their names: no two alike, none longer than PostgreSQL takes, and none that something else
/// has, such as the index of a table that was moved away.
fn named<'d>(dataset: &'d Dataset, taken: &BTreeSet<String>) -> Vec<(String, &'d Vec<String>)> {
    let mut named: Vec<(String, &'d Vec<String>)> = Vec::new();
    for columns in &dataset.offer.indexes {
        let spelled = format!("{}_{}", dataset.name, columns.join("_"));
        let plain = format!("{spelled}_idx");
        let plain = Some(plain).filter(|plain| plain.len() <= LONGEST_NAME);
        let mut candidates =
            plain.into_iter().chain((0..=taken.len() + named.len()).map(|nth| cut(&spelled, columns, nth)));
        let free = |name: &String| !taken.contains(name) && named.iter().all(|(other, _)| other != name);
        named.extend(candidates.find(free).map(|name| (name, columns)));
    }
    named
}

/// As much of the spelling as there is room for, and a hash of which columns they are: the one of this number.
fn cut(spelled: &str, columns: &[String], nth: usize) -> String {
    let salt = if nth == 0 { String::new() } else { format!("\0\0{nth}") };
    let hash: String = hex(&Sha256::digest(columns.join("\0") + &salt)).chars().take(8).collect();
    let room = LONGEST_NAME - hash.len() - "__idx".len();
    let end = spelled.floor_char_boundary(room);
    format!("{}_{hash}_idx", spelled.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dataset(indexes: &str) -> Dataset {
        let text = format!(
            "title = 'T'\ndescription = 'D'\nlicence = 'L'\nmode = 'replace'\nkey = ['a']\nindexes = {indexes}\n\
             [publisher]\nname = 'P'\npage = 'p'\n[source]\nurl = 'https://p.example/'\n[format]\nkind = 'csv'\n\
             [columns]\na = {{ from = 'A', type = 'text', comment = 'A' }}\nb = {{ from = 'B', type = 'text', comment = 'B' }}\n\
             a_b = {{ from = 'C', type = 'text', comment = 'C' }}\n\
             {} = {{ from = 'D', type = 'text', comment = 'D' }}\n[expect]\nmin_rows = 1\nmax_rejected = 0\n",
            "long".repeat(15)
        );
        Dataset::parse("t.toml", "t".parse().unwrap(), &text).unwrap()
    }

    fn existing(name: &str, columns: &[&str]) -> Existing {
        Existing { name: name.into(), columns: columns.iter().map(|column| (*column).into()).collect() }
    }

    #[test]
    fn names_are_told_apart_and_fit() {
        let long = format!("[['b'], ['a', 'b'], ['a_b'], ['{}', 'b']]", "long".repeat(15));
        let dataset = dataset(&long);
        let names: Vec<String> = named(&dataset, &BTreeSet::new()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names[..2], ["t_b_idx", "t_a_b_idx"]);
        assert!(names[2].starts_with("t_a_b_") && names[2].ends_with("_idx") && names[2] != "t_a_b_idx", "{names:?}");
        assert!(names[3].starts_with("t_longlong") && names[3].len() == LONGEST_NAME, "{names:?}");
    }

    #[test]
    fn a_name_that_something_else_has_is_left_to_it() {
        let dataset = dataset("[['b']]");
        let mut taken = BTreeSet::new();
        for _ in 0..3 {
            let name = named(&dataset, &taken).remove(0).0;
            assert!(name.starts_with("t_b_") && taken.insert(name));
        }
    }

    #[test]
    fn only_what_differs_is_touched() {
        let dataset = dataset("[['b'], ['b', 'a']]");
        let there = || vec![existing("t_b_a_idx", &["b", "a"]), existing("t_b_idx", &["b"])];
        assert_eq!(plan(&dataset, there(), &BTreeSet::new()), []);
        let sql = |acts: Vec<Act>| acts.into_iter().flat_map(|act| act.ways).flatten().collect::<Vec<_>>();
        let moved = vec![existing("stage_0_idx", &["b"]), existing("t_a_idx", &["a"])];
        let planned = sql(plan(&dataset, moved, &BTreeSet::new()));
        assert_eq!(planned[0], "DROP INDEX \"data\".\"t_a_idx\"");
        assert_eq!(planned[1], "ALTER INDEX \"data\".\"stage_0_idx\" RENAME TO \"t_b_idx\"");
        assert_eq!(planned[2], "CREATE INDEX \"t_b_a_idx\" ON \"data\".\"t\" (\"b\", \"a\")");
        assert!(planned[3].starts_with("COMMENT ON INDEX \"data\".\"t_b_a_idx\" IS"));
    }
}
