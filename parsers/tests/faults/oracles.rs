//! Files made at random, read by us and by Python's own libraries: `csv` in strict mode, and expat. Where they differ it is
//! because we mean to:
//!
//! * Blank lines are no records, and a record has as many fields as the header.
//! * A last line without its end is cut if it has not.
//! * A quote in the wrong place costs its record, and not always the file.
//! * In XML nobody looks into declarations and instructions; a blank between two attributes may be missing; and a character
//!   that XML does not allow is passed on as it is.
//!
//! One process of Python reads all cases of a test. `SEED` makes others.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
    process::{Command, Stdio},
};

use parsers::{Dataset, ReadError, Row, Step};
use serde_json::{Value, json};

use super::define;

const DELIMITED: usize = 500;
const DOCUMENTS: usize = 200;

/// What we came to: rows and rejects, and whether we gave up.
#[derive(Debug, Default)]
struct Ours {
    /// A row's values, or why there is none.
    records: Vec<Result<Vec<String>, String>>,
    broken: Option<String>,
}

fn ours(dataset: &Dataset, text: &str) -> Ours {
    let mut ours = Ours::default();
    let ended = walk(dataset, text, &mut ours);
    ours.broken = ended.err().map(|error| error.to_string());
    ours
}

fn walk(dataset: &Dataset, text: &str, ours: &mut Ours) -> Result<(), ReadError> {
    let mut reading = dataset.open(Box::new(Cursor::new(text.as_bytes().to_vec())))?;
    let mut row = Row::default();
    loop {
        ours.records.push(match reading.next(&mut row)? {
            Step::Row => Ok(row.values().map(|value| value.to_string()).collect()),
            Step::Rejected(reject) => Err(reject.reason),
            Step::End => return Ok(()),
        });
    }
}

/// What Python says to each case.
fn pythons(cases: &[Value]) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/oracles.py");
    let started = Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut python = started.expect("python3, to compare with: packaging/install-tools.sh test installs it");
    let mut asked = python.stdin.take().unwrap();
    asked.write_all(Value::from(cases).to_string().as_bytes()).unwrap();
    drop(asked);
    let answered = python.wait_with_output().unwrap();
    assert!(answered.status.success());
    serde_json::from_slice(&answered.stdout).unwrap()
}

/// Numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
        println!("SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

fn delimited(dice: &mut Dice) -> (String, char, char) {
    let (delimiter, quote) = ([',', ';', '\t', '|'][dice.below(4)], ['"', '"', '\''][dice.below(3)]);
    let (d, q) = (delimiter.to_string(), quote.to_string());
    let pieces: [&str; 16] =
        [&d, &d, &d, &q, &q, "\n", "\n", "\r\n", "\r", "a", "Bé", "1", " ", "\t", "\u{1F600}", "x y"];
    let mut text = format!("a{d}b{d}c\n");
    // Fields as they should be, mostly, and now and then anything.
    for _ in 0..dice.below(8) {
        let fields: Vec<String> = (0..3).map(|_| field(dice, &pieces, &q)).collect();
        text += &(fields.join(&d) + dice.of(&["\n", "\r\n"]));
    }
    for _ in 0..[0, 0, 1, 6][dice.below(4)] {
        text += dice.of(&pieces);
    }
    (text, delimiter, quote)
}

fn field(dice: &mut Dice, pieces: &[&str], quote: &str) -> String {
    let inner: String = (0..dice.below(5)).map(|_| dice.of(pieces)).collect();
    match dice.below(20) {
        0 => inner,
        1..10 => format!("{quote}{}{quote}", inner.replace(quote, &quote.repeat(2))),
        _ => inner.replace(['\n', '\r', '\t', ',', ';', '|', '"', '\''], ""),
    }
}

/// What is wrong with ours, beside these rows of Python's.
fn differs(ours: &Ours, theirs: &[Vec<String>]) -> Option<String> {
    let same = |(at, row): (usize, &Vec<String>)| match ours.records.get(at) {
        Some(Ok(values)) => values == row,
        Some(Err(reason)) => row.len() != 3 && reason.contains(&format!("has {} fields", row.len())),
        None => at + 1 == theirs.len() && ours.broken.as_ref().is_some_and(|told| told.contains("no line end")),
    };
    let other = theirs.iter().enumerate().find(|row| !same(*row));
    other.map(|(at, row)| format!("record {}: {row:?}", at + 1)).or_else(|| {
        let more = ours.records.len() > theirs.len();
        more.then(|| format!("only {} records", theirs.len()))
    })
}

#[test]
fn delimited_text_is_what_python_reads_in_it() {
    let mut dice = Dice::new();
    let cases: Vec<_> = (0..DELIMITED).map(|_| delimited(&mut dice)).collect();
    let asked: Vec<_> = cases.iter().map(|(text, d, q)| json!(["csv", [text, d.to_string(), q.to_string()]])).collect();
    let answers = pythons(&asked);
    let columns =
        ["a", "b", "c"].map(|name| format!("{name} = {{ from = {name:?}, type = \"text\", comment = \"c\" }}\n"));
    let (mut refused, mut rows) = (0, 0);
    for ((text, delimiter, quote), theirs) in cases.iter().zip(answers) {
        let (delimiter, quote) = (delimiter.to_string(), quote.to_string());
        let format =
            format!("multiline = true, final_newline = \"optional\", delimiter = {delimiter:?}, quote = {quote:?}");
        let format = format!("nulls = []\nformat = {{ kind = \"csv\", {format} }}\n[columns]\n{}", columns.concat());
        let ours = ours(&define(&format), text);
        if let Ok(theirs) = serde_json::from_value::<Vec<Vec<String>>>(theirs.clone()) {
            // Blank lines are no records; the first record is the header.
            let theirs: Vec<_> = theirs.into_iter().filter(|row| !row.is_empty()).skip(1).collect();
            rows += theirs.len();
            assert_eq!(differs(&ours, &theirs), None, "{ours:?} of {text:?}");
        } else {
            refused += 1;
            let doubted = ours.broken.is_some() || ours.records.iter().any(Result::is_err);
            assert!(doubted, "Python says {theirs}, and we {ours:?} to {text:?}");
        }
    }
    println!("{rows} rows of {} files are the same, {refused} files are refused", cases.len());
}

fn piece(dice: &mut Dice) -> String {
    let plain = [
        "x",
        "é",
        "\u{1F600}",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "&amp;",
        "&lt;",
        "&gt;",
        "&quot;",
        "&apos;",
        "&#65;",
        "&#x3b1;",
        "&#13;",
        "&#10;",
        "<![CDATA[<&]]>",
        "<![CDATA[]]>",
        "<!-- c -->",
        "<?p i?>",
        "'",
        "\"",
        "]]",
        "-->",
        ";",
        "#",
        "=",
    ];
    dice.of(&plain).to_owned()
}

fn document(dice: &mut Dice) -> String {
    let mut text = dice
        .of(&[
            "",
            "<?xml version='1.0'?>\n",
            "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>",
            "\u{feff}",
        ])
        .to_owned();
    text += dice.of(&["<list>", "<list >", "<list xmlns:p='urn:p' p:q='r'>\n", "<list\n y='&gt;'>"]);
    for _ in 0..dice.below(4) {
        let value: String = (0..dice.below(5)).map(|_| piece(dice)).collect();
        let quote = dice.of(&["'", "\""]);
        let attribute = value.replace(['<', '>', quote.chars().next().unwrap()], "").replace("![CDATA[&]]", "");
        let attributes = [
            String::new(),
            format!(" x={quote}{attribute}{quote}"),
            format!(" z = '1'\n x={quote}{attribute}{quote} "),
        ];
        let inner: String = (0..dice.below(6)).map(|_| piece(dice)).collect();
        let other = dice.of(&[
            "",
            "<c/>",
            "<c><d e='f'>g</d></c>",
            "<p:c xmlns:p='urn:x'/>",
            "<!-- - -->",
            "\n  ",
            "<c k='&#9;'/>",
        ]);
        let element = [String::new(), "<a/>".to_owned(), format!("<a>{inner}</a>"), format!("<a b='c'>{inner}</a >")];
        let _infallible = write!(text, "<item{}>{other}{}</item>", attributes[dice.below(3)], element[dice.below(4)]);
    }
    text += dice.of(&["</list>", "</list>\n", "</list>\n<!-- end -->\n", "</list ><?p?>"]);
    if dice.below(2) == 0 { spoiled(dice, &text) } else { text }
}

/// With one character too many, too few, or another.
fn spoiled(dice: &mut Dice, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = loop {
        let at = dice.below(characters.len());
        let before: String = characters[..=at].iter().collect();
        // Instructions and the declaration are passed over, whatever stands in them.
        if before.rsplit_once("<?").is_none_or(|(_, inside)| inside.contains("?>")) && !before.ends_with(['<', '>']) {
            break at;
        }
    };
    let other = ['<', '>', '&', ';', '"', '\'', '/', ']', '-', '!', '?', '=', ' ', 'a', ':', '#'][dice.below(16)];
    match dice.below(3) {
        // A blank between two attributes may be missing.
        0 if !characters[at].is_whitespace() => drop(characters.remove(at)),
        1 if !characters[at].is_whitespace() => characters[at] = other,
        _ => characters.insert(at, other),
    }
    characters.into_iter().collect()
}

/// What expat refuses and we pass on as it is: a character that XML does not allow.
const MILDER: &str = "reference to invalid character number";

#[test]
fn a_document_is_what_expat_reads_in_it() {
    let mut dice = Dice::new();
    let cases: Vec<_> = (0..DOCUMENTS).map(|_| document(&mut dice)).collect();
    let asked: Vec<_> = cases.iter().map(|text| json!(["xml", text])).collect();
    let answers = pythons(&asked);
    let columns = "[columns]\na = { from = \"a\", type = \"text\", may_be_absent = true, comment = \"c\" }\n\
                   x = { from = \"@x\", type = \"text\", may_be_absent = true, comment = \"c\" }\n";
    let dataset = define(&format!("format = {{ kind = \"xml\", record = \"list/item\" }}\n{columns}"));
    let (mut wrong, mut rows, mut refused) = (Vec::new(), 0, 0);
    for (text, theirs) in cases.iter().zip(answers) {
        let ours = ours(&dataset, text);
        let said = ours.broken.clone().or_else(|| ours.records.iter().find_map(|record| record.clone().err()));
        let came: Vec<_> = ours.records.iter().filter_map(|record| record.clone().ok()).collect();
        (rows, refused) = (rows + came.len(), refused + u32::from(said.is_some()));
        let same = match serde_json::from_value::<Vec<Vec<String>>>(theirs.clone()) {
            Ok(theirs) => said.is_none() && came == theirs,
            Err(_) => said.is_some() || theirs.as_str().is_some_and(|told| told.starts_with(MILDER)),
        };
        if !same {
            wrong.push(format!("{text:?}\n   expat {theirs}\n   we    {said:?} {came:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    println!("{rows} records of {} documents are the same, {refused} documents are refused", cases.len());
}
