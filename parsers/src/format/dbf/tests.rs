use proptest::prelude::*;

use crate::{Dataset, ReadError, Reject, Row, sample};

const PLACES: &[u8] = include_bytes!("../../../tests/formats/bkg_municipalities.dbf");

fn dataset(charset: &str) -> Dataset {
    let rest = format!(
        r#"
mode = "replace"
key = ["name"]
decode = {{ charset = "{charset}" }}
format = {{ kind = "dbf", ignore = ["MEMO"] }}

[columns]
name = {{ from = "NAME", type = "text", comment = "c" }}
people = {{ from = "PEOPLE", type = "integer", comment = "c" }}
since = {{ from = "SINCE", type = "date", comment = "c" }}
town = {{ from = "TOWN", type = "boolean", yes = "ja", no = "nein", comment = "c" }}
"#
    );
    sample::parse(&rest).unwrap()
}

/// A table of four fields and a memo, each record as its bytes.
fn table(records: &[Vec<u8>]) -> Vec<u8> {
    let fields: [(&[u8], u8, u8); 5] =
        [(b"NAME", b'C', 8), (b"PEOPLE", b'N', 5), (b"SINCE", b'D', 8), (b"TOWN", b'L', 1), (b"MEMO", b'M', 10)];
    let length = 1 + 8 + 5 + 8 + 1 + 10_u16;
    let mut bytes = vec![3, 122, 4, 12];
    bytes.extend(u32::try_from(records.len()).unwrap().to_le_bytes());
    bytes.extend((32 + 32 * 5 + 1_u16).to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.resize(32, 0);
    for (name, kind, length) in fields {
        let start = bytes.len();
        bytes.extend(name);
        bytes.resize(start + 11, 0);
        bytes.extend([kind, 0, 0, 0, 0, length]);
        bytes.resize(start + 32, 0);
    }
    bytes.push(0x0d);
    for record in records {
        bytes.extend(record);
        bytes.resize(bytes.len() + 10, b' ');
    }
    bytes.push(0x1a);
    bytes
}

fn read(dataset: &Dataset, bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    let row = |row: &Row| format!("{}: {}", row.record, sample::values(row));
    let reject = |reject: &Reject| format!("!{}: {}", reject.record, reject.reason);
    sample::read_as(dataset, bytes, row, reject).map(|(came, _)| came)
}

/// A record: the mark, then name, number, day and truth value.
fn record(mark: u8, name: &[u8], people: &str, since: &str, town: &str) -> Vec<u8> {
    let mut bytes = vec![mark];
    bytes.extend(name);
    bytes.resize(9, b' ');
    bytes.extend(format!("{people:>5}{since:8}{town:1}").as_bytes());
    bytes
}

#[test]
fn fields_lose_what_fills_them_up_and_deleted_records_are_none() {
    let records = [
        record(b' ', b"Aachen", "247", "20190101", "T"),
        record(b'*', b"Bonn", "331", "20190101", "T"),
        record(b' ', b"Celle", "69", "", "n"),
        record(b' ', b"Dorf\0\0", "", "00000000", "?"),
        record(b' ', b" Egge", "-1", "20190101", "x"),
    ];
    let came = read(&dataset("utf-8"), &table(&records)).unwrap();
    let rows = ["1: Aachen|247|2019-01-01|true", "3: Celle|69||false", "4: Dorf|||"];
    assert_eq!(came[..3], rows);
    assert_eq!(came[3], "!5: is neither \"ja\" nor \"nein\"");
}

#[test]
fn a_column_is_put_together_of_several_fields() {
    let rest = "mode = 'replace'\nkey = []\nformat = { kind = 'dbf', ignore = ['*'] }\ntime = { zone = 'UTC' }\n\
                columns = { at = { from = 'SINCE', hour = 'PEOPLE', type = 'timestamp', comment = 'c' } }";
    let records = [record(b' ', b"Aachen", "7", "20190101", "T")];
    let came = read(&sample::parse(rest).unwrap(), &table(&records)).unwrap();
    assert_eq!(came, ["1: 2019-01-01T07:00:00Z"]);
}

#[test]
fn names_are_in_the_declared_encoding_and_in_no_other() {
    let records = [record(b' ', b"K\xf6ln", "1087", "20090101", "T"), record(b' ', b"Lindau", "25", "", "")];
    let strict = read(&dataset("utf-8"), &table(&records)).unwrap();
    assert_eq!(strict, ["!1: the field \"NAME\" does not decode as UTF-8", "2: Lindau|25||"]);
    assert_eq!(read(&dataset("windows-1252"), &table(&records)).unwrap()[0], "1: Köln|1087|2009-01-01|true");
}

#[test]
fn a_header_that_does_not_fit_its_records_is_refused() {
    let good = table(&[record(b' ', b"Aachen", "247", "20190101", "T")]);
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        read(&dataset("utf-8"), &bytes).unwrap_err().to_string()
    };
    assert!(with(4, 2).contains("counts 2 records, and the table ends in record 2"));
    assert!(with(4, 0).contains("goes on behind the 0 records"));
    assert!(with(10, 40).contains("contradicts itself") && with(8, 7).contains("contradicts itself"));
    assert!(with(0, 4).contains("a dBase table is expected"));
    assert!(with(good.len() - 34, b'?').contains("begins with neither a space nor the mark"));
    assert!(with(32 + 11, b'M').contains("is of the kind 'M', which is not read"));
    let renamed = with(32, b'X');
    assert!(renamed.contains("lacks \"NAME\"") && renamed.contains("it has \"XAME\""), "{renamed}");
}

fn places() -> Dataset {
    let rest = "mode = 'replace'\nkey = ['id']\nformat = { kind = 'dbf' }\n\
                columns = { id = { from = 'OBJID', type = 'text', comment = 'c' } }";
    sample::parse(rest).unwrap()
}

#[test]
fn a_table_that_is_cut_anywhere_is_broken() {
    let whole = read(&places(), PLACES).unwrap();
    assert!(whole.len() > 20);
    for cut in 0..PLACES.len() - 1 {
        assert!(read(&places(), &PLACES[..cut]).is_err(), "cut at {cut} of {}", PLACES.len());
    }
}

proptest! {
    #[test]
    fn damage_neither_stops_nor_kills_the_reader(damage in prop::collection::vec((0..1000_usize, any::<u8>()), 1..6)) {
        let mut bytes = PLACES.to_vec();
        for (at, byte) in damage {
            bytes[at] = byte;
        }
        drop(read(&places(), &bytes));
    }
}
