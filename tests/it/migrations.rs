//! Migrations go up, down and up again to the same schema, and diesel's picture of it is true.

use std::{collections::BTreeMap, process::Command};

use bluebook::db::{
    Connector,
    migrations::{self, MigrateError, Set},
};

use crate::support::{Cluster, Db, TestHouse, binaries, block_on};

const SCHEMA_RS: &str = concat!(
    include_str!("../../src/db/schema.rs"),
    include_str!("../../src/db/schema/load.rs"),
    include_str!("../../src/db/schema/news.rs"),
    include_str!("../../src/db/schema/people.rs"),
    include_str!("../../src/db/schema/reports.rs"),
);

#[test]
fn the_systems_migrations_go_up_down_and_up_to_the_same_schema() {
    let database = Scratch::like("template1");
    database.migrate(Set::System).unwrap();
    let up = database.dump();
    assert!(up.contains("CREATE TABLE bluebook.runs"), "{up}");
    database.revert(Set::System);
    let down = database.dump();
    // What remains is what the program makes before the first migration: the list of those applied.
    let left: Vec<&str> = down.lines().filter(|line| line.starts_with("CREATE ")).collect();
    assert_eq!(left, ["CREATE SCHEMA bluebook;", "CREATE TABLE bluebook.__diesel_schema_migrations ("]);
    database.migrate(Set::System).unwrap();
    assert_same_text(&database.dump(), &up);
}

#[test]
fn the_customer_tables_go_up_and_down_and_leave_nothing() {
    let database = Scratch::like("bare");
    let before = database.dump();
    database.migrate(Set::Customers).unwrap();
    let up = database.dump();
    for table in migrations::CUSTOMER_TABLES {
        assert!(up.contains(&format!("CREATE TABLE public.{table} (")), "{table} is missing");
    }
    database.revert(Set::Customers);
    assert_same_text(&database.dump(), &before);
    database.migrate(Set::Customers).unwrap();
    assert_same_text(&database.dump(), &up);
}

#[test]
fn the_customer_tables_are_refused_where_the_company_has_its_own() {
    for table in migrations::CUSTOMER_TABLES {
        let database = Scratch::like("bare");
        database.db().batch(&format!("CREATE TABLE public.{table} (theirs text)"));
        let before = database.dump();
        let refused = database.migrate(Set::Customers).unwrap_err();
        assert!(matches!(&refused, MigrateError::Theirs(name) if name == table), "{refused}");
        assert_same_text(&database.dump(), &before);
    }
}

#[test]
fn migrating_twice_does_nothing_the_second_time() {
    let database = Scratch::like("whole");
    assert!(database.migrate(Set::System).unwrap().is_empty());
    assert!(database.migrate(Set::Customers).unwrap().is_empty());
}

#[test]
fn two_programs_that_migrate_at_once_do_it_once() {
    let database = Scratch::like("template1");
    let applied = std::thread::scope(|scope| {
        let both = [0, 1].map(|_| scope.spawn(|| database.migrate(Set::System).unwrap().len()));
        both.map(|one| one.join().unwrap())
    });
    assert!(applied.contains(&0) && applied.iter().sum::<usize>() > 0, "{applied:?}");
}

#[test]
fn the_audit_refuses_to_be_changed() {
    let house = TestHouse::new();
    let db = house.db();
    db.batch("INSERT INTO bluebook.audit (who, action) VALUES ('one', 'a'), ('two', 'b'), ('three', 'c')");
    house.assert_invariants();
    for change in ["UPDATE bluebook.audit SET who = 'x'", "DELETE FROM bluebook.audit", "TRUNCATE bluebook.audit"] {
        let refused = db.try_batch(change).unwrap_err();
        assert!(format!("{refused:?}").contains("append-only"), "{change}: {refused:?}");
    }
    assert_eq!(db.column("SELECT who FROM bluebook.audit ORDER BY id"), ["one", "two", "three"]);
}

#[test]
fn diesels_picture_of_the_schema_is_the_database() {
    let house = TestHouse::new();
    let (code, database) = (tables_in_code(), tables_in_database(house.db()));
    for (name, table) in &database {
        assert_eq!(code.get(name), Some(table), "left: table!, right: the database; {name}");
    }
    assert_eq!(code.len(), database.len(), "table! without a table: {:?}", code.keys());
}

#[test]
fn every_table_and_every_column_that_people_see_is_explained() {
    let house = TestHouse::new();
    let silent = house.db().column(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname IN ('bluebook', 'public') AND c.relkind IN ('r', 'p', 'v') AND c.relname !~ '^__diesel' \
           AND obj_description(c.oid, 'pg_class') IS NULL \
         UNION ALL \
         SELECT format('%s.%s', c.oid::regclass, a.attname) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid \
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT attisdropped \
           AND attidentity = '' AND col_description(c.oid, a.attnum) IS NULL",
    );
    assert!(silent.is_empty(), "without a COMMENT: {silent:?}");
}

/// A database to migrate.
struct Scratch(String);

impl Scratch {
    fn like(template: &str) -> Self {
        Self(Cluster::shared().create(template))
    }

    fn url(&self) -> String {
        Cluster::shared().url(&self.0)
    }

    fn db(&self) -> Db {
        Db::connect(&self.url())
    }

    fn migrate(&self, set: Set) -> Result<Vec<String>, MigrateError> {
        let url = self.url();
        block_on(async move { migrations::apply(&Connector::new(&url)?, set).await })
    }

    fn revert(&self, set: Set) {
        let url = self.url();
        let reverted = block_on(async move { migrations::revert(&Connector::new(&url)?, set).await }).unwrap();
        assert!(!reverted.is_empty());
    }

    /// The schema as `pg_dump` writes it, without what differs from call to call.
    fn dump(&self) -> String {
        let mut pg_dump = Command::new(binaries().join("pg_dump"));
        let dumped = pg_dump.args(["--schema-only", "--no-owner", &self.url()]).output().expect("pg_dump runs");
        assert!(dumped.status.success(), "{}", String::from_utf8_lossy(&dumped.stderr));
        let text = String::from_utf8(dumped.stdout).expect("UTF-8");
        let noise = |line: &&str| line.is_empty() || line.starts_with("--") || line.starts_with('\\');
        text.lines().filter(|line| !noise(line)).collect::<Vec<_>>().join("\n")
    }
}

#[track_caller]
fn assert_same_text(found: &str, expected: &str) {
    let (found, expected): (Vec<_>, Vec<_>) = (found.lines().collect(), expected.lines().collect());
    let differing = found.iter().zip(&expected).find(|(one, other)| one != other);
    assert!(found == expected, "{} and {} lines; first difference: {differing:#?}", found.len(), expected.len());
}

/// One table: its key and comment, and each column with its type.
#[derive(Debug, Default, PartialEq)]
struct Table {
    comment: String,
    key: String,
    columns: Vec<String>,
}

/// What stands in schema.rs.
fn tables_in_code() -> BTreeMap<String, Table> {
    let blocks = SCHEMA_RS.split("diesel::table! {").skip(1);
    blocks.map(|block| table_in_code(block.split("\n}").next().expect("a block's end"))).collect()
}

fn table_in_code(block: &str) -> (String, Table) {
    let (mut name, mut table) = (String::new(), Table::default());
    for line in block.lines().map(str::trim) {
        if let Some(comment) = line.strip_prefix("/// ") {
            table.comment.push_str(comment);
        } else if let Some((head, key)) = line.strip_suffix(") {").and_then(|head| head.split_once(" (")) {
            (name, table.key) = (head.trim_start_matches("bluebook.").to_owned(), key.to_owned());
        } else if line.contains("->") {
            table.columns.push(line.trim_end_matches(',').to_owned());
        }
    }
    (name, table)
}

/// What stands in the database, written as diesel would.
fn tables_in_database(db: &Db) -> BTreeMap<String, Table> {
    let table = |row: Vec<Option<String>>| {
        let [name, comment, key] = [0, 1, 2].map(|at: usize| row[at].clone().unwrap_or_default());
        let columns = db.column(&format!(
            "SELECT column_name || ' -> ' || CASE is_nullable WHEN 'YES' THEN 'Nullable<' ELSE '' END || \
             CASE udt_name WHEN 'int8' THEN 'BigInt' WHEN 'int4' THEN 'Integer' \
             WHEN '_text' THEN 'Array<Text>' ELSE initcap(udt_name) END || \
             CASE is_nullable WHEN 'YES' THEN '>' ELSE '' END \
             FROM information_schema.columns WHERE table_schema = 'bluebook' AND table_name = '{name}' \
             ORDER BY ordinal_position"
        ));
        (name, Table { comment: format!("{comment}."), key, columns })
    };
    let named = "SELECT relname, obj_description(c.oid, 'pg_class'), \
           (SELECT string_agg(attname, ', ' ORDER BY array_position(indkey::int2[], attnum)) \
            FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (indkey) \
            WHERE i.indrelid = c.oid AND indisprimary) \
         FROM pg_class c WHERE relnamespace = 'bluebook'::regnamespace AND relkind = 'r' AND relname !~ '^__diesel'";
    db.rows(named).into_iter().map(table).collect()
}
