//! Looking into a database, and at what a table holds.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::block_on;

/// A session with a test's database, opened again when it was lost. SQL is written out: nothing here comes from outside.
pub(crate) struct Db {
    url: String,
    session: Mutex<Arc<Client>>,
}

impl Db {
    /// Opens a session.
    #[track_caller]
    pub(crate) fn connect(url: &str) -> Self {
        Self::try_connect(url).expect("a session with the test's database")
    }

    /// Opens a session, if the server will have us.
    pub(crate) fn try_connect(url: &str) -> Result<Self, tokio_postgres::Error> {
        let session = Mutex::new(open(url)?);
        Ok(Self { url: url.to_owned(), session })
    }

    fn session(&self) -> Result<Arc<Client>, tokio_postgres::Error> {
        let mut session = self.session.lock().unwrap();
        if session.is_closed() {
            *session = open(&self.url)?;
        }
        Ok(Arc::clone(&session))
    }

    /// Runs statements whose answer does not matter.
    #[track_caller]
    pub(crate) fn batch(&self, sql: &str) {
        self.try_batch(sql).unwrap_or_else(|error| panic!("{error:?}\n{sql}"));
    }

    /// Runs statements that may be refused.
    pub(crate) fn try_batch(&self, sql: &str) -> Result<(), tokio_postgres::Error> {
        let (client, sql) = (self.session()?, sql.to_owned());
        block_on(async move { client.batch_execute(&sql).await })
    }

    /// The answer to a query, each value as PostgreSQL prints it.
    #[track_caller]
    pub(crate) fn rows(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        let (client, text) = (self.session().expect("the server answers"), sql.to_owned());
        let answer = block_on(async move { client.simple_query(&text).await });
        let cells = |message| match message {
            SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|i| row.get(i).map(str::to_owned)).collect()),
            _ => None,
        };
        answer.unwrap_or_else(|error| panic!("{error:?}\n{sql}")).into_iter().filter_map(cells).collect()
    }

    /// The first column of a query's answer; NULL as an empty string.
    #[track_caller]
    pub(crate) fn column(&self, sql: &str) -> Vec<String> {
        self.rows(sql).into_iter().map(|row| row.into_iter().next().flatten().unwrap_or_default()).collect()
    }

    /// The first value of a query's only row; NULL as an empty string.
    #[track_caller]
    pub(crate) fn text(&self, sql: &str) -> String {
        let mut found = self.column(sql);
        assert_eq!(found.len(), 1, "one row expected of: {sql}\n{found:?}");
        found.remove(0)
    }

    /// The first value of a query's answer, if the server gives one.
    pub(crate) fn try_text(&self, sql: &str) -> Option<String> {
        let (client, text) = (self.session().ok()?, sql.to_owned());
        let answer = block_on(async move { client.simple_query(&text).await }).ok()?;
        answer.into_iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        })
    }

    /// The number that a query answers with.
    #[track_caller]
    pub(crate) fn number(&self, sql: &str) -> i64 {
        let text = self.text(sql);
        text.parse().unwrap_or_else(|_| panic!("{text:?} is no number; asked: {sql}"))
    }

    /// A query's rows as an array of JSON objects.
    #[track_caller]
    pub(crate) fn json(&self, sql: &str) -> Value {
        let text = self.text(&format!("SELECT coalesce(json_agg(q), '[]') FROM ({sql}) q"));
        serde_json::from_str(&text).expect("PostgreSQL writes JSON")
    }

    /// A table's rows over its declared columns (not `_release` and its like), in their order, one line each.
    #[track_caller]
    pub(crate) fn dump(&self, table: &str) -> Vec<String> {
        let columns = self.column(&format!(
            "SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0 \
             AND NOT attisdropped AND attname NOT LIKE '\\_%' ORDER BY attnum"
        ));
        let shown: Vec<String> = columns.iter().map(|name| format!("coalesce({name}::text, '∅')")).collect();
        self.column(&format!("SELECT concat_ws('|', {}) FROM {table} ORDER BY 1", shown.join(", ")))
    }
}

fn open(url: &str) -> Result<Arc<Client>, tokio_postgres::Error> {
    let url = url.to_owned();
    block_on(async move {
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
        tokio::spawn(connection);
        Ok(Arc::new(client))
    })
}

/// Fails with the first lines that differ, instead of printing two whole tables.
#[track_caller]
pub(crate) fn assert_same_rows(found: &[String], expected: &[String]) {
    let odd = |one: &[String], other: &[String]| -> Vec<String> {
        let other: std::collections::HashSet<_> = other.iter().collect();
        one.iter().filter(|line| !other.contains(line)).take(5).cloned().collect()
    };
    assert!(
        found == expected,
        "{} rows, {} expected\n  too much: {:#?}\n  missing: {:#?}",
        found.len(),
        expected.len(),
        odd(found, expected),
        odd(expected, found),
    );
}
