//! Columns that come, go, move and change their names: a value is in its own column or in none.

use super::{define, of, workbooks};

const COLUMNS: &str = r#"[columns]
a = { from = "a", type = "text", comment = "A" }
b = { from = "b", type = "text", comment = "B" }
c = { from = "c", type = "text", may_be_absent = true, comment = "C" }
"#;

/// What becomes of a file with these columns.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    /// Every value comes into its own column.
    Read,
    /// The same without the one that may be absent.
    ReadWithout,
    /// It is refused, and the sentence says why.
    Refused,
}

use Fate::{Read, ReadWithout, Refused};

const DRIFTS: [(&str, &[&str], Fate); 14] = [
    ("as it was", &["a", "b", "c"], Read),
    ("in another order", &["c", "a", "b"], Read),
    ("backwards", &["c", "b", "a"], Read),
    ("one more at the end", &["a", "b", "c", "d"], Read),
    ("one more in front", &["d", "a", "b", "c"], Read),
    ("one more in between", &["a", "d", "b", "c"], Read),
    ("many more", &["d", "e", "c", "f", "b", "g", "a", "h"], Read),
    ("one gone", &["a", "c"], Refused),
    ("one gone that may be", &["a", "b"], ReadWithout),
    ("one renamed", &["a", "beta", "c"], Refused),
    ("one in capitals", &["a", "B", "c"], Refused),
    ("one with its unit", &["a", "b_kWh", "c"], Refused),
    ("all renamed", &["x", "y", "z"], Refused),
    ("one gone and another in its place", &["a", "d", "c"], Refused),
];

/// Two records: in each column its name and the record's number.
fn cells(names: &[&str]) -> [Vec<String>; 2] {
    [1, 2].map(|record| names.iter().map(|name| format!("{name}{record}")).collect())
}

fn delimited(names: &[&str]) -> Vec<u8> {
    let lines = cells(names).map(|cells| cells.join(","));
    format!("{}\n{}\n", names.join(","), lines.join("\n")).into_bytes()
}

fn objects(names: &[&str]) -> [String; 2] {
    cells(names).map(|cells| {
        let members: Vec<_> = names.iter().zip(cells).map(|(name, cell)| format!("\"{name}\": \"{cell}\"")).collect();
        format!("{{{}}}", members.join(", "))
    })
}

fn json(names: &[&str]) -> Vec<u8> {
    format!("[{}]", objects(names).join(",")).into_bytes()
}

fn lines_of_json(names: &[&str]) -> Vec<u8> {
    format!("{}\n", objects(names).join("\n")).into_bytes()
}

fn xml(names: &[&str]) -> Vec<u8> {
    let items = cells(names).map(|cells| {
        let inner = names.iter().zip(cells).map(|(name, cell)| format!("<{name}>{cell}</{name}>"));
        format!("<item>{}</item>", inner.collect::<String>())
    });
    format!("<list>{}</list>", items.concat()).into_bytes()
}

fn workbook(names: &[&str]) -> Vec<u8> {
    let row = |number: usize, cells: &[String]| {
        let cell = |(at, text): (usize, &String)| {
            format!(
                "<c r='{}{number}' t='inlineStr'><is><t>{text}</t></is></c>",
                char::from(b'A' + u8::try_from(at).unwrap())
            )
        };
        format!("<row r='{number}'>{}</row>", cells.iter().enumerate().map(cell).collect::<String>())
    };
    let names_too: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let [one, two] = cells(names);
    let rows = [row(1, &names_too), row(2, &one), row(3, &two)].concat();
    workbooks::book(&format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"), workbooks::STRINGS)
}

fn dbase(names: &[&str]) -> Vec<u8> {
    const WIDTH: u8 = 8;
    let mut bytes = vec![3, 126, 1, 1, 2, 0, 0, 0];
    bytes.extend(u16::try_from(33 + 32 * names.len()).unwrap().to_le_bytes());
    bytes.extend(u16::try_from(1 + usize::from(WIDTH) * names.len()).unwrap().to_le_bytes());
    bytes.resize(32, 0);
    for name in names {
        let start = bytes.len();
        bytes.extend(name.as_bytes());
        bytes.resize(start + 11, 0);
        bytes.extend([b'C', 0, 0, 0, 0, WIDTH]);
        bytes.resize(start + 32, 0);
    }
    bytes.push(0x0d);
    for record in cells(names) {
        bytes.push(b' ');
        bytes.extend(record.iter().flat_map(|cell| format!("{cell:<8}").into_bytes()));
    }
    bytes
}

#[test]
fn a_value_is_in_its_own_column_or_in_none() {
    type Write = fn(&[&str]) -> Vec<u8>;
    let formats: [(&str, Write); 6] = [
        ("kind = \"csv\"", delimited),
        ("kind = \"json\", record = \"/*\"", json),
        ("kind = \"ndjson\"", lines_of_json),
        ("kind = \"xml\", record = \"list/item\"", xml),
        ("kind = \"workbook\"", workbook),
        ("kind = \"dbf\"", dbase),
    ];
    for (format, write) in formats {
        let dataset = define(&format!("format = {{ {format} }}\n{COLUMNS}"));
        for (what, names, fate) in DRIFTS {
            let came = of(&dataset, write(names));
            let as_wanted = match fate {
                Read => came == "a1|b1|c1; a2|b2|c2",
                ReadWithout => came == "a1|b1|; a2|b2|",
                Refused => came.contains("CONTRACT the file lacks") || came.contains("no row of the sheet \"S\" names"),
            };
            assert!(as_wanted, "{what}, {format}: {came}");
        }
    }
}

#[test]
fn where_only_places_tell_columns_apart_their_number_and_length_must_be_what_it_was() {
    let typed = "[columns]\na = { from = \"a\", type = \"text\", comment = \"A\" }\nb = { from = \"b\", type = \"integer\", comment = \"B\" }\n";
    let headless = define(&format!("format = {{ kind = \"csv\", header = false, names = [\"a\", \"b\"] }}\n{typed}"));
    let fixed = typed.replace("\"a\",", "\"1-2\",").replace("\"b\",", "\"3-4\",");
    let fixed = define(&format!("format = {{ kind = \"fixed\", length = 4 }}\n{fixed}"));
    assert_eq!(of(&headless, "x,1\n"), "x|1");
    assert_eq!(of(&fixed, "x  1\n"), "x|1");
    for moved in ["x,1,new\n", "new,x,1\n", "x\n", "1,x\n", "a,b\n"] {
        let came = of(&headless, moved);
        assert!(came.starts_with('!'), "{moved}: {came}");
    }
    for moved in ["x   1\n", " x  1\n", "x 1\n", "1 x \n", "x  1 new\n"] {
        let came = of(&fixed, moved);
        assert!(came.starts_with('!'), "{moved}: {came}");
    }
}
