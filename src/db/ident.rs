//! The one way in which names and comments come into SQL text. Values never do: they are bound.

/// A name as SQL reads it: quoted, so that no letter of it can be anything but a name.
pub fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A table or view with its schema.
pub fn qualified(schema: &str, name: &str) -> String {
    format!("{}.{}", quote(schema), quote(name))
}

/// Names with commas between them.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}

/// Text for the few statements that take no binds: `COMMENT ON` and `CREATE VIEW`. Right whatever
/// `standard_conforming_strings` says.
pub fn literal(text: &str) -> String {
    format!("E'{}'", text.replace('\0', "").replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_quotes() {
        assert_eq!(quote("usd"), "\"usd\"");
        assert_eq!(quote("a\"; DROP TABLE x; --"), "\"a\"\"; DROP TABLE x; --\"");
        assert_eq!(qualified("data", "ecb"), "\"data\".\"ecb\"");
        assert_eq!(list(["a", "b\"c"]), "\"a\", \"b\"\"c\"");
    }

    #[test]
    fn comments_cannot_leave_their_quotes() {
        assert_eq!(literal("it's"), "E'it''s'");
        assert_eq!(literal("a\\'; DROP TABLE x; --"), "E'a\\\\''; DROP TABLE x; --'");
    }
}
