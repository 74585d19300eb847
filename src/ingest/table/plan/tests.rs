use parsers::dataset::LongView;

use super::*;

fn dataset() -> Dataset {
    let text = "title = 'Rates'\ndescription = \"It's a table\"\nlicence = 'L'\nmode = 'replace'\nkey = ['day']\n\
        [publisher]\nname = 'P'\npage = 'https://p.example/'\n[source]\nurl = 'https://p.example/r.csv'\n\
        [format]\nkind = 'csv'\n\
        [columns.day]\nfrom = 'Day'\ntype = 'date'\ncomment = 'The day'\n\
        [columns.usd]\nfrom = 'USD'\ntype = 'decimal(12,4)'\ncomment = 'US dollar'\n\
        [columns.jpy]\nfrom = 'JPY'\ntype = 'decimal(12,4)'\nrequired = true\ncomment = 'Yen'\n\
        [expect]\nmin_rows = 1\nmax_rejected = 0\n";
    Dataset::parse("rates.toml", "rates".parse().unwrap(), text).unwrap()
}

fn existing(columns: &[(&str, &str, bool)]) -> Existing {
    let own = OWN.iter().map(|(name, kind, _)| (*name, *kind, true));
    let columns = columns.iter().copied().chain(own).map(|(name, kind, required)| ExistingColumn {
        name: name.to_owned(),
        kind: kind.to_owned(),
        required,
    });
    Existing { columns: columns.collect(), key: vec!["day".to_owned()], in_the_way: vec!["DROP VIEW v".to_owned()] }
}

const AS_DEFINED: [(&str, &str, bool); 3] =
    [("day", "date", true), ("usd", "numeric(12,4)", false), ("jpy", "numeric(12,4)", true)];

/// The statements less the comments, which are always written.
fn changes(dataset: &Dataset, existing: &Existing) -> Result<Vec<String>, String> {
    let all = statements(dataset, Some(existing))?;
    Ok(all.into_iter().filter(|statement| !statement.starts_with("COMMENT")).collect())
}

#[test]
fn a_table_is_made_with_its_columns_its_key_and_a_comment_on_each() {
    let made = statements(&dataset(), None).unwrap();
    let create = "CREATE TABLE \"data\".\"rates\" (\n    \"day\" date NOT NULL,\n    \"usd\" numeric(12,4),\n    \
                  \"jpy\" numeric(12,4) NOT NULL,\n    \"_release\" bigint NOT NULL,\n    \"_part\" integer NOT NULL,\n    \
                  \"_record\" bigint NOT NULL,\n    PRIMARY KEY (\"day\")\n) WITH (fillfactor=95)";
    assert_eq!(made[0], create);
    assert_eq!(made[1], "COMMENT ON TABLE \"data\".\"rates\" IS E'It''s a table'");
    assert_eq!(made.len(), 1 + 1 + 6);
}

#[test]
fn a_table_that_fits_is_left_alone() {
    assert_eq!(changes(&dataset(), &existing(&AS_DEFINED)).unwrap(), [""; 0]);
}

#[test]
fn new_columns_and_wider_numbers_come_in_one_statement() {
    let old = existing(&[("day", "date", true), ("usd", "numeric(8,2)", true)]);
    let expected = "ALTER TABLE \"data\".\"rates\" ALTER COLUMN \"usd\" TYPE numeric(12,4), \
                    ALTER COLUMN \"usd\" DROP NOT NULL, ADD COLUMN \"jpy\" numeric(12,4)";
    assert_eq!(changes(&dataset(), &old).unwrap(), ["DROP VIEW v", expected]);
}

#[test]
fn numbers_widen_only_where_no_digit_is_lost() {
    let decimal = |precision, scale| ColumnType::Decimal { precision, scale };
    assert!(widens("numeric(12,4)", decimal(13, 5)));
    assert!(widens("bigint", decimal(21, 2)));
    assert!(!widens("numeric(12,4)", decimal(12, 5)), "a digit before the point would be lost");
    assert!(!widens("numeric(12,4)", decimal(20, 3)), "a digit behind it");
    assert!(!widens("bigint", decimal(20, 2)));
    assert!(!widens("numeric", decimal(20, 2)));
    assert!(!widens("text", decimal(20, 2)));
    assert!(!widens("numeric(12,4)", ColumnType::Text), "1.5000 is not how the source writes it");
}

#[test]
fn what_would_lose_something_is_left_to_a_person() {
    let mut gone = AS_DEFINED.to_vec();
    gone.push(("chf", "numeric(12,4)", false));
    let refused = changes(&dataset(), &existing(&gone)).unwrap_err();
    assert!(refused.starts_with("the definition no longer names column chf"), "{refused}");
    let retyped = [("day", "text", true), AS_DEFINED[1], AS_DEFINED[2]];
    let refused = changes(&dataset(), &existing(&retyped)).unwrap_err();
    assert!(refused.starts_with("column day was text and is now date: move the old table away"), "{refused}");
    let other_key = Existing { key: vec!["usd".to_owned()], ..existing(&AS_DEFINED) };
    let refused = changes(&dataset(), &other_key).unwrap_err();
    assert!(refused.starts_with("its key was (usd) and is now (day)"), "{refused}");
}

#[test]
fn the_long_view_is_made_over_all_other_columns_and_out_of_a_new_types_way() {
    let mut dataset = dataset();
    dataset.long_view = Some(LongView {
        name: "rates_long".parse().unwrap(),
        keep: vec!["day".to_owned()],
        name_column: "currency".to_owned(),
        value_column: "rate".to_owned(),
        upper: true,
        comment: "One row a rate".to_owned(),
    });
    let narrow = existing(&[AS_DEFINED[0], ("usd", "numeric(8,2)", false), AS_DEFINED[2]]);
    let changes = changes(&dataset, &narrow).unwrap();
    assert_eq!(changes[0], "DROP VIEW IF EXISTS \"data\".\"rates_long\"");
    assert!(changes[2].starts_with("ALTER TABLE"));
    assert!(changes[3].contains("(E'USD', t.\"usd\"),\n    (E'JPY', t.\"jpy\")"), "{}", changes[3]);
}
