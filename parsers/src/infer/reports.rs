//! Files of several kinds of lines: AEMO's reports, of which one table is read, and meter data, which has a reader.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};

use super::{
    InferError, Packed,
    draft::{Kind, Place, Shape},
};
use crate::section::quoted;

/// Kind of line, the table's two names, its version: then come the columns.
const BEFORE_COLUMNS: usize = 4;

/// The shape of such a file; none if it is another.
pub(super) fn shape(packed: &Packed) -> Option<Result<Shape, InferError>> {
    let head = packed.head.trim_start_matches('\u{feff}');
    if head.starts_with("100,NEM1") || head.starts_with("200,") && head.contains("\n300,") {
        let sentence = "the file is meter data in the format NEM12, and there is a definition for it: copy \
                        parsers/datasets/nem12_meter_data.toml, and say where your files are";
        return Some(Err(InferError::Unknown(sentence.to_owned())));
    }
    let begins = |record: &StringRecord, kind: &str| record.get(0) == Some(kind);
    let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(head.as_bytes());
    let records: Vec<StringRecord> = reader.into_records().map_while(Result::ok).collect();
    if !records.first().is_some_and(|first| begins(first, "C")) || !records.iter().any(|record| begins(record, "I")) {
        return None;
    }
    let of = |record: &StringRecord| Some((record.get(1)?.to_owned(), record.get(2)?.to_owned()));
    let mut rows: BTreeMap<(String, String), usize> = BTreeMap::new();
    for table in records.iter().filter(|record| begins(record, "D")).filter_map(of) {
        *rows.entry(table).or_default() += 1;
    }
    // A table that is headed twice cannot be read as one.
    let times = |table: &(String, String)| {
        records.iter().filter(|record| begins(record, "I") && of(record).as_ref() == Some(table)).count()
    };
    rows.retain(|table, _| times(table) == 1);
    let (largest, _) = rows.iter().max_by_key(|(_, rows)| **rows)?;
    let header = records.iter().find(|record| begins(record, "I") && of(record).as_ref() == Some(largest))?;
    Some(Ok(report(header, largest, &rows)))
}

fn report(header: &StringRecord, (one, other): &(String, String), rows: &BTreeMap<(String, String), usize>) -> Shape {
    let mut shape = Shape::new(Kind::Csv);
    let version = header.get(BEFORE_COLUMNS - 1).unwrap_or_default();
    let (name, versions) = (format!("[{}, {}]", quoted(one), quoted(other)), quoted(version));
    shape.format.push(format!("table = {{ name = {name}, versions = [{versions}] }}  # GUESS: the one with most rows"));
    shape.columns = header.iter().skip(BEFORE_COLUMNS).map(|name| Place::new(name.trim().to_owned())).collect();
    shape.notes.push("the file is a report of several tables, each with rows at its beginning:".to_owned());
    let line =
        |((one, other), rows): (&(String, String), &usize)| format!("  [{}, {}] {rows}", quoted(one), quoted(other));
    shape.notes.extend(rows.iter().map(line));
    shape
}
