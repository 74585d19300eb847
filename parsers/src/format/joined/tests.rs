use std::io::Cursor;

use crate::{Dataset, ReadError, Reject, Row, Step, sample};

fn dataset() -> Dataset {
    let rest = r#"
mode = "replace"
key = ["n"]
decode = { packing = "zip", members = "*.csv" }
format = { kind = "csv" }

[columns]
n = { from = "n", type = "integer", comment = "c" }
"#;
    sample::parse(rest).unwrap()
}

/// What an archive comes to: rows as member, record, line and value; rejects; new columns.
type Came = (Vec<String>, Vec<Reject>, Vec<String>);

fn read(members: &[(&str, &str)]) -> Result<Came, ReadError> {
    let dataset = dataset();
    let mut reading = dataset.open(Box::new(Cursor::new(sample::zipped(members))))?;
    let (mut rows, mut rejects, mut row) = (Vec::new(), Vec::new(), Row::default());
    loop {
        match reading.next(&mut row)? {
            Step::Row => {
                let value = row.values().next().unwrap().to_string();
                let member = reading.member().unwrap_or_default();
                rows.push(format!("{member} {} {} {value}", row.record, row.line.unwrap()));
            }
            Step::Rejected(reject) => rejects.push(*reject),
            Step::End => break,
        }
    }
    let news = reading.new_columns().into_iter().map(|column| column.to_string()).collect();
    Ok((rows, rejects, news))
}

#[test]
fn records_are_numbered_through_and_lines_begin_anew() {
    let (rows, rejects, news) =
        read(&[("2.csv", "m,n\nx,3\ny,?\nz,4\n"), ("1.csv", "n\n1\n2\n"), ("3.csv", "n,m\n5,w\n")]).unwrap();
    assert_eq!(rows, ["1.csv 1 2 1", "1.csv 2 3 2", "2.csv 3 2 3", "2.csv 5 4 4", "3.csv 6 2 5"]);
    assert_eq!((rejects[0].record, rejects[0].line), (4, Some(3)));
    assert_eq!(rejects[0].reason, "is not a whole number (in the member \"2.csv\")");
    assert_eq!(news, ["m = { from = \"m\", type = \"text\", comment = \"…\" }"]);
}

#[test]
fn an_error_names_the_file_that_it_is_in() {
    let cut = read(&[("1.csv", "n\n1\n"), ("2.csv", "n\n2")]).unwrap_err().to_string();
    assert!(cut.starts_with("in the member \"2.csv\": line 2, the last, has no line end"), "{cut}");
    let other = read(&[("1.csv", "n\n1\n"), ("2.csv", "m\n2\n")]).unwrap_err().to_string();
    assert!(other.contains("member \"2.csv\"") && other.contains("lacks \"n\""), "{other}");
    let page = read(&[("1.csv", "<html>"), ("2.csv", "n\n2\n")]).unwrap_err().to_string();
    assert!(page.contains("member \"1.csv\"") && page.contains("a web page"), "{page}");
}

#[test]
fn one_word_says_whether_one_or_all_members_are_meant() {
    let both = "mode = \"replace\"\nkey = []\nformat = { kind = \"csv\" }\n\
                decode = { packing = \"zip\", member = \"a\", members = \"b\" }\n\
                columns = { n = { from = \"n\", type = \"text\", comment = \"c\" } }";
    let mistakes = sample::parse(both).unwrap_err();
    assert!(mistakes[0].message.contains("say one of them"), "{mistakes:?}");
}

fn named(member: &str, column: &str) -> Result<Dataset, Vec<crate::Diagnostic>> {
    sample::parse(&format!(
        "mode = \"replace\"\nkey = [\"year\", \"n\"]\ndecode = {{ packing = \"zip\", {member} }}\n\
         format = {{ kind = \"csv\" }}\n[columns]\nn = {{ from = \"n\", type = \"integer\", comment = \"c\" }}\n\
         year = {{ {column}, type = \"integer\", comment = \"c\" }}\n"
    ))
}

const YEAR: &str = "from_name = \"yob{}.csv\"";

#[test]
fn what_only_a_members_name_says_belongs_to_each_of_its_records() {
    let several = named("members = \"*.csv\"", YEAR).unwrap();
    let file = sample::zipped(&[("yob2011.csv", "n\n1\nx\n"), ("yob2010.csv", "n\n1\n2\n")]);
    let reject = |reject: &Reject| format!("!{} {:?}", reject.reason, reject.column);
    let (rows, _) = sample::read_as(&several, &file, sample::values, reject).unwrap();
    let rejected = "!is not a whole number (in the member \"yob2011.csv\") Some(\"n\")";
    assert_eq!(rows, ["1|2010", "2|2010", "1|2011", rejected]);
    let one = named("member = \"*.csv\"", YEAR).unwrap();
    assert_eq!(sample::read(&one, &sample::zipped(&[("yob1880.csv", "n\n7\n")])).unwrap().0, ["7|1880"]);
}

#[test]
fn a_record_under_another_name_is_another_record() {
    let dataset = named("members = \"*.csv\"", YEAR).unwrap();
    let file = sample::zipped(&[("yob2010.csv", "n\n1\n"), ("yob2011.csv", "n\n1\n")]);
    let mut reading = dataset.open(Box::new(Cursor::new(file))).unwrap();
    let mut digest = || {
        assert!(reading.advance().unwrap());
        reading.digest(0).unwrap()
    };
    assert_ne!(digest(), digest());
}

#[test]
fn a_member_whose_name_says_nothing_is_an_error_that_names_it() {
    let refused = "in the member \"notes.csv\": the file is not named as \"yob{}.csv\" says, from which `year` comes";
    for (member, file) in [
        ("members = \"*.csv\"", sample::zipped(&[("notes.csv", "n\n1\n"), ("yob2010.csv", "n\n1\n")])),
        ("member = \"*.csv\"", sample::zipped(&[("notes.csv", "n\n1\n")])),
    ] {
        let dataset = named(member, YEAR).unwrap();
        assert_eq!(sample::read(&dataset, &file).unwrap_err().to_string(), refused);
    }
}

#[test]
fn a_value_of_a_name_has_no_other_source_and_files_without_names_have_none() {
    let mistake = |member: &str, column: &str| named(member, column).unwrap_err().remove(0).message;
    assert!(mistake("member = \"a\"", "from_name = \"yob.csv\"").contains("write `{}` in its place, once"));
    let both = mistake("member = \"a\"", "from_name = \"yob{}.csv\", from = \"y\"");
    assert!(both.contains("comes from the file's name"), "{both}");
    let plain = "mode = \"replace\"\nkey = []\nformat = { kind = \"csv\" }\n\
                 columns = { y = { from_name = \"{}\", type = \"text\", comment = \"c\" } }";
    assert!(sample::parse(plain).unwrap_err()[0].message.contains("members of a zip archive"));
}

#[test]
fn of_a_new_column_no_more_is_kept_however_many_files_have_it() {
    let text: String = std::iter::once("n,m\n".to_owned()).chain((0..400).map(|n| format!("{n},{n}\n"))).collect();
    let names: Vec<String> = (10..20).map(|at| format!("{at}.csv")).collect();
    let members: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), text.as_str())).collect();
    let dataset = dataset();
    let mut reading = dataset.open(Box::new(Cursor::new(sample::zipped(&members)))).unwrap();
    while reading.advance().unwrap() {}
    assert_eq!((reading.record(), reading.new_columns()[0].values.len()), (4000, 1000));
}
