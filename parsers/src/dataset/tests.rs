use super::*;
use crate::schema::Origin;

pub(super) const GOOD: &str = r#"title = "Prices"
description = "Prices of things"
licence = "CC0"
mode = "replace"
key = ["day"]

[publisher]
name = "Office"
page = "https://example.org/prices"

[source]
url = "https://example.org/prices.csv"

[format]
kind = "csv"

[columns]
day = { from = "Day", type = "date", comment = "The day of the price" }
price = { from = "Price", type = "decimal(10,2)", comment = "Price in EUR" }

[expect]
min_rows = 1
max_rejected = 0
"#;

pub(super) fn parse(text: &str) -> Result<Dataset, Vec<Diagnostic>> {
    Dataset::parse("parsers/datasets/prices.toml", "prices".parse().unwrap(), text)
}

pub(super) fn mistakes(text: &str) -> String {
    let show = |mistake: &Diagnostic| {
        let at = mistake.span.clone().and_then(|span| text.get(span)).unwrap_or("-");
        format!("{at} | {} | {}\n", mistake.message, mistake.help.as_deref().unwrap_or("-"))
    };
    parse(text).unwrap_err().iter().map(show).collect()
}

#[test]
fn a_short_definition_is_enough() {
    let dataset = parse(GOOD).unwrap();
    assert_eq!(dataset.mode, Mode::Replace);
    let Expectations { min_rows, max_shrink, max_rejected, max_rejected_share, .. } = dataset.expect;
    assert_eq!((min_rows, max_shrink, max_rejected, max_rejected_share), (1, 0.2, 0, 1.0));
    assert_eq!(dataset.schema.key, [0]);
    assert!(dataset.schema.columns[0].required, "a key column is required");
    assert_eq!(dataset.schema.columns[1].origin, Origin::File("Price".into()));
    assert_eq!(dataset.schema.columns[1].kind.sql(), "numeric(10,2)");
    assert_eq!(dataset.hash.len(), 64);
}

#[test]
fn what_only_shows_the_rows_does_not_make_them_others() {
    let good = parse(GOOD).unwrap();
    let beside = [
        format!("# a comment\n{GOOD}"),
        GOOD.replace("Prices of things", "Prices of all things"),
        GOOD.replace("Price in EUR", "Price in euro"),
        GOOD.replace("example.org/prices.csv", "example.org/all.csv"),
        format!("indexes = [['price']]\nreaders = ['analyst']\ncompatibility = {{ view = 'old' }}\n{GOOD}"),
    ];
    for text in beside {
        let other = parse(&text).unwrap();
        assert_eq!((other.hash, other.text_hash == good.text_hash), (good.hash.clone(), false), "{text}");
    }
}

#[test]
fn what_rows_depend_on_makes_another_definition() {
    let good = parse(GOOD).unwrap();
    let day = "day = { from = \"Day\", type = \"date\", comment = \"The day of the price\" }\n";
    let turned = GOOD.replace(day, "").replace("\n\n[expect]", &format!("\n{day}\n[expect]"));
    let others = [
        GOOD.replace("decimal(10,2)", "decimal(10,3)"),
        GOOD.replace("\"replace\"", "\"upsert\""),
        GOOD.replace("min_rows = 1", "min_rows = 2"),
        GOOD.replace("kind = \"csv\"", "kind = \"csv\"\ndelimiter = \";\""),
        format!("nulls = ['-']\n{GOOD}"),
        format!("trim = true\n{GOOD}"),
        turned,
    ];
    for text in others {
        assert_ne!(parse(&text).unwrap().hash, good.hash, "{text}");
    }
}

#[test]
fn a_table_may_offer_indexes_readers_and_an_old_name() {
    let text = format!(
        "indexes = [['price'], ['price', 'day']]\nreaders = ['analyst']\n{GOOD}\n[compatibility]\nview = 'old.PRICES'\n\
         columns = {{ PRICE = 'price', DAY = 'day' }}\n"
    );
    let offer = parse(&text).unwrap().offer;
    assert_eq!(offer.indexes, [vec!["price".to_owned()], vec!["price".to_owned(), "day".to_owned()]]);
    let pair = |old: &str, new: &str| (old.to_owned(), new.to_owned());
    let columns = vec![pair("PRICE", "price"), pair("DAY", "day")];
    assert_eq!(offer.compatibility, Some(Compatibility { schema: "old".into(), view: "PRICES".into(), columns }));
    let plain = parse(&format!("compatibility = {{ view = 'prices' }}\n{GOOD}")).unwrap().offer.compatibility.unwrap();
    assert_eq!((plain.schema.as_str(), plain.columns[0].clone()), ("public", pair("day", "day")));
}

#[test]
fn what_cannot_be_offered_is_told() {
    let text = format!(
        "indexes = [['prize'], ['day'], [], ['price', 'price']]\nreaders = ['public', 'a', 'a']\n{GOOD}\n[compatibility]\n\
         view = 'data.prices'\ncolumns = {{ DAY = 'date' }}\n"
    );
    insta::assert_snapshot!(mistakes(&text), @r#"
    [['prize'], ['day'], [], ['price', 'price']] | there is no column `prize` | did you mean `price`?
    [['prize'], ['day'], [], ['price', 'price']] | the key has its index already | take this one away
    [['prize'], ['day'], [], ['price', 'price']] | an index needs a column | -
    [['prize'], ['day'], [], ['price', 'price']] | an index names `price` twice | -
    ['public', 'a', 'a'] | "public" is no role, but PostgreSQL's word for all or nobody | a dataset names its readers one by one
    ['public', 'a', 'a'] | "a" stands here twice | -
    'data.prices' | no view of yours can stand in schema data | leave the schema out for `public`, or name the old table's
    'date' | there is no column `date` | -
    "#);
}

#[test]
fn a_definition_with_many_mistakes_shows_them_all() {
    let text = GOOD
        .replace("\"replace\"", "\"merge\"")
        .replace("[\"day\"]", "[\"dya\"]")
        .replace("https://example.org/prices.csv", "ftp://example.org")
        .replace("decimal(10,2)", "decimal(2,10)")
        .replace("day = { from", "Day = { from")
        .replace("max_rejected = 0", "max_rejects = 0\nmax_shrink = 20");
    insta::assert_snapshot!(mistakes(&text), @r#"
    "merge" | `mode` cannot be "merge" | it is one of "replace", "upsert", "append"
    "ftp://example.org" | "ftp://example.org" is no URL | it starts with https://, http:// or file:
    { from = "Day", type = "date", comment = "The day of the price" } | "Day" cannot be a column's name | use lower-case letters, digits and underscores, a letter first, at most 63 characters, and no name that PostgreSQL keeps for itself, such as ctid
    "decimal(2,10)" | "decimal(2,10)" is no column type: use text, integer, decimal(precision,scale), float, boolean, date, time, timestamp, range, uuid, json or enum, a decimal with 1 to 1000 digits in all and no more of them after the point | -
    [expect] | [expect] lacks `max_rejected` | add `max_rejected`: a whole number, zero or more
    max_rejects | `max_rejects` is not a key of [expect] | did you mean `max_rejected`?
    20 | `max_shrink` is a share: 20 is not between 0 and 1 | -
    "#);
}

#[test]
fn a_key_names_columns_and_no_floats() {
    let text = GOOD.replace("[\"day\"]", "[\"dya\", \"price\"]").replace("decimal(10,2)", "float");
    insta::assert_snapshot!(mistakes(&text), @r#"
    ["dya", "price"] | there is no column `dya` | did you mean `day`?
    ["dya", "price"] | `price` is a float, and floats are no key | use a decimal
    "#);
}

#[test]
fn a_local_time_needs_a_clock_and_a_pattern_that_works() {
    let local = GOOD.replace("type = \"date\"", "type = \"timestamp\", pattern = \"%d.%m.%Y %H:%M\"");
    assert!(mistakes(&local).contains("does not say whose clock this is"));
    assert!(parse(&format!("{local}[time]\nzone = \"Europe/Madrid\"\nfold = \"later\"\n")).is_ok());
    assert!(mistakes(&format!("{local}[time]\nzone = \"Europe/Atlantis\"\n")).contains("is no time zone"));
    let odd = GOOD.replace("type = \"date\"", "type = \"date\", pattern = \"%E\"");
    assert!(mistakes(&odd).contains("the pattern cannot be used"));
    let price = GOOD.replace("\"decimal(10,2)\"", "\"decimal(10,2)\", lower_case = true");
    assert!(mistakes(&price).contains("`lower_case` is for text only"));
}

#[test]
fn paths_of_xml_are_checked_with_the_file() {
    let xml = GOOD
        .replace("kind = \"csv\"", "kind = \"xml\"\nrecord = \"Prices/Day/Price\"")
        .replace("from = \"Day\"", "from = \"../../../../@date\"")
        .replace("from = \"Price\"", "series = \"start\"");
    insta::assert_snapshot!(mistakes(&xml), @r#"
    "../../../../@date" | "../../../../@date" leads out of the document | -
    "start" | the format has no [format.series] | -
    "#);
    let csv = GOOD.replace("from = \"Price\"", "series = \"start\"");
    assert!(mistakes(&csv).contains("only XML has series"));
}

const EXPECT: &str = r#"
max_rows = 10
max_growth = 3
max_changed_share = 0.5
max_conflicts_share = 0.1
max_nulls = { price = 0.25 }
newest = { column = "day", max_step_back = "2 days", ahead = "36 hours" }
calendar = { column = "day", every = "business day", from = "2026-01-02", exceptions = "holidays.day" }
references = [{ columns = ["price"], to = "prices", their = ["price"] }]
warn = ["max_growth", "calendar"]
"#;

#[test]
fn everything_that_can_be_expected_of_a_release_is_read() {
    let expect = parse(&format!("{GOOD}{EXPECT}")).unwrap().expect;
    assert_eq!(expect.max_nulls, [("price".to_owned(), 0.25)]);
    let newest = expect.newest.as_ref().unwrap();
    assert_eq!((newest.max_step_back.as_str(), newest.ahead.as_deref()), ("P2D", Some("PT36H")));
    let calendar = expect.calendar.as_ref().unwrap();
    assert!(calendar.business_days && calendar.every == "P1D");
    assert_eq!(calendar.exceptions, Some(("holidays".parse().unwrap(), "day".into())));
    assert_eq!(expect.references[0].max_missing, 0);
    assert!(expect.holds("newest") && !expect.holds("calendar"));
    assert_eq!(expect.most_rejects(), Some(0));
}

#[test]
fn expectations_of_what_is_not_there_are_mistakes() {
    let text = EXPECT
        .replace("{ price = 0.25 }", "{ prize = 25 }")
        .replace("column = \"day\", max", "column = \"price\", max")
        .replace("36 hours", "soon")
        .replace("2026-01-02", "new year")
        .replace("holidays.day", "holidays")
        .replace("their = [\"price\"]", "their = []")
        .replace("\"max_growth\", ", "\"growth\", ");
    insta::assert_snapshot!(mistakes(&format!("{GOOD}{text}")), @r#"
    25 | there is no column `prize` | did you mean `price`?
    25 | `prize` is a share: 25 is not between 0 and 1 | -
    "price" | `price` is decimal(10,2), and this is about dates and timestamps | -
    "soon" | "soon" is no length of time | write it as "1 day", "36 hours" or "15 min"
    "new year" | "new year" is no day and no moment | write "2026-01-31"
    "holidays" | "holidays" names no column of a dataset | dataset.column
    [] | `columns` and `their` go in pairs: as many of one as of the other | -
    ["growth", "calendar"] | `growth` is no expectation | did you mean `max_growth`?
    "#);
}

#[test]
fn what_would_stop_the_program_or_could_never_be_made_is_a_mistake() {
    let calendar = |every: &str| format!("{GOOD}calendar = {{ column = \"day\", every = \"{every}\" }}\n");
    let cases = [
        (calendar("0 days"), "`every` is one second or more"),
        (calendar("1 ns"), "`every` is one second or more"),
        (GOOD.replace("[expect]", "[time]\nzone = \"+999999999:00\"\n\n[expect]"), "+999999999:00"),
        (GOOD.replace("[format]", "timeout = \"2562047788015215 h\"\n\n[format]"), "`timeout` is at most a day"),
        (GOOD.replace("price = {", "xmin = {"), "\"xmin\" cannot be a column's name"),
    ];
    for (text, told) in cases {
        let mistakes = mistakes(&text);
        assert!(mistakes.contains(told), "{told}: {mistakes}");
    }
}

#[test]
fn the_text_of_a_check_is_part_of_the_definition() {
    let check = |sql: &str| Check { name: "c".into(), file: "c.sql".into(), sql: sql.into(), holds: true };
    let hash = |checks: Vec<Check>| parse(GOOD).unwrap().with_checks(checks).hash;
    assert_eq!(hash(Vec::new()), parse(GOOD).unwrap().hash);
    assert_ne!(hash(vec![check("SELECT 1")]), hash(vec![check("SELECT 2")]));
}

#[test]
fn numbers_are_written_as_the_dataset_says_and_otherwise_as_a_column_does() {
    let text = format!("decimal_mark = ','\nthousands = '.'\n{GOOD}")
        .replace("decimal(10,2)\"", "decimal(10,2)\", thousands = '', prefix = '€ '");
    let written = parse(&text).unwrap().schema.columns[1].rule.written.clone().unwrap();
    assert_eq!((written.decimal_mark, written.thousands, written.prefix.as_str()), (',', None, "€ "));
    assert_eq!(parse(GOOD).unwrap().schema.columns[1].rule.written, None);
    let wrong = format!("decimal_mark = '.,'\nthousands = '1'\ndigits = 'some'\n{GOOD}")
        .replace("type = \"date\"", "type = \"date\", suffix = '%', digits = 'binary'")
        .replace("decimal(10,2)\"", "decimal(10,2)\", thousands = '.'");
    insta::assert_snapshot!(mistakes(&wrong), @r#"
    '.,' | `decimal_mark` is one character, and no letter, digit or sign | write "." or ",", for example
    '1' | `thousands` is one character, and no letter, digit or sign | write "." or ",", for example
    'some' | `digits` cannot be "some" | it is one of "exact", "binary", "rounded"
    '%' | `suffix` is for numbers only | -
    'binary' | `digits` is for decimals only | -
    '.' | `thousands` and `decimal_mark` are the same mark | `thousands = ""` says that there is no mark between groups
    "#);
}
