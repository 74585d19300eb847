//! The generated file: the same bytes in every run, as `COPY … CSV` writes them, with every kind of field.

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use jiff::civil::{Date, date};

/// Which of two releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edition {
    First,
    /// 0.1 % of the rows differ, 0.05 % are gone, 0.05 % are new; spread evenly, the new ones at the end.
    Second,
}

/// How its rows are written. None of it changes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    /// Lines end in CR LF.
    Crlf,
    /// Every field stands in quotes.
    Quoted,
    /// The columns' order is turned round.
    Reordered,
}

const COLUMNS: [&str; 12] = [
    "id",
    "org_code",
    "amount",
    "unit_price",
    "doc_date",
    "updated_at",
    "name",
    "city",
    "category",
    "active",
    "note",
    "ref_id",
];

pub(super) const CITIES: [&str; 10] = [
    "Berlin",
    "Hamburg",
    "München",
    "Köln",
    "Frankfurt am Main",
    "Stuttgart",
    "Düsseldorf",
    "Dortmund",
    "Essen",
    "Leipzig",
];

/// One row in so many differs in the second edition; one in twice as many is gone, and as many are new.
const EVERY: u64 = 1000;
const CHANGED: u64 = 500;
const GONE: u64 = 700;

/// How many rows of the second edition are inserted, changed and removed.
pub(crate) fn differences(rows: u64) -> [u64; 3] {
    let removed = (rows + 2 * EVERY - GONE) / (2 * EVERY);
    [rows / (2 * EVERY), (rows + EVERY - CHANGED) / EVERY, removed]
}

/// Writes a release of so many rows and its header.
pub(crate) fn write(path: &Path, rows: u64, edition: Edition, style: Style) -> anyhow::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let days: Vec<Date> = (0..5500).map(|day| date(2010, 1, 1).saturating_add(jiff::Span::new().days(day))).collect();
    let days: Vec<String> = days.iter().map(ToString::to_string).collect();
    let mut line = Line { style, bytes: Vec::new(), ends: Vec::new(), field: String::new() };
    for name in COLUMNS {
        line.push(name);
    }
    line.write(&mut out)?;
    let last = if edition == Edition::Second { rows + rows / (2 * EVERY) } else { rows };
    for id in 1..=last {
        if edition == Edition::Second && id <= rows && id % (2 * EVERY) == GONE {
            continue;
        }
        row(&mut line, id, edition == Edition::Second && id <= rows && id % EVERY == CHANGED, &days);
        line.write(&mut out)?;
    }
    out.into_inner()?.sync_all()?;
    Ok(())
}

fn row(line: &mut Line, id: u64, changed: bool, days: &[String]) {
    let random = |column: u64| scrambled(id ^ scrambled(column));
    let day = |number: u64| days.get(usize::try_from(number).unwrap_or_default()).map_or("", String::as_str);
    line.put(format_args!("{id}"));
    line.put(format_args!("{}", random(1) % 100_000));
    let cents = random(2) % 100_000_000 + u64::from(changed);
    line.put(format_args!("{}.{:02}", cents / 100, cents % 100));
    let price = random(3) % 10_000_000;
    line.put_unless(id.is_multiple_of(7), format_args!("{}.{:04}", price / 10_000, price % 10_000));
    line.put(format_args!("{}", day(random(4) % 5500)));
    // From 2015-01-01 on, for nine and a half years.
    let second = random(5) % 300_000_000;
    let (hour, minute) = (second / 3600 % 24, second / 60 % 60);
    line.put(format_args!("{} {hour:02}:{minute:02}:{:02}", day(1826 + second / 86_400), second % 60));
    match (id % 11, id % 5) {
        (0, _) => line.put(format_args!("Gesellschaft \"Nord\" No. {id}, Abt. {}", id % 97)),
        (_, 0) => line.put(format_args!("Müller & Söhne {id} GmbH")),
        _ => line.put(format_args!("Supplier number {id} Ltd")),
    }
    line.put(format_args!("{}", CITIES.iter().cycle().nth(small(random(6), 10)).unwrap_or(&"")));
    line.put(format_args!("{}", char::from(b'A' + u8::try_from(id % 5).unwrap_or_default())));
    line.put(format_args!("{}", if id.is_multiple_of(3) { 't' } else { 'f' }));
    match (id % 4, id % 1000) {
        (0, _) => line.push(""),
        (_, 1) => line.push("line one\nline \"two\""),
        _ => line.put(format_args!("{:016x}{:016x}", random(7), random(8))),
    }
    line.put_unless(id.is_multiple_of(10), format_args!("{}", random(9) % 2_147_483_648));
}

pub(super) fn small(number: u64, below: u64) -> usize {
    usize::try_from(number % below).unwrap_or_default()
}

/// A number that looks random and always is the same: the finalizer of splitmix64.
pub(super) fn scrambled(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The fields of one line, each as it stands in the file.
struct Line {
    style: Style,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    field: String,
}

impl Line {
    fn put(&mut self, value: std::fmt::Arguments<'_>) {
        use std::fmt::Write as _;
        let mut field = std::mem::take(&mut self.field);
        field.clear();
        let _infallible = field.write_fmt(value);
        self.push(&field);
        self.field = field;
    }

    fn put_unless(&mut self, null: bool, value: std::fmt::Arguments<'_>) {
        if null { self.push("") } else { self.put(value) }
    }

    fn push(&mut self, value: &str) {
        if self.style == Style::Quoted || value.contains(['"', ',', '\n']) {
            self.bytes.push(b'"');
            for byte in value.bytes() {
                self.bytes.push(byte);
                if byte == b'"' {
                    self.bytes.push(b'"');
                }
            }
            self.bytes.push(b'"');
        } else {
            self.bytes.extend_from_slice(value.as_bytes());
        }
        self.ends.push(self.bytes.len());
    }

    fn write(&mut self, out: &mut BufWriter<File>) -> std::io::Result<()> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let mut fields: Vec<&[u8]> =
            starts.zip(&self.ends).filter_map(|(start, end)| self.bytes.get(start..*end)).collect();
        if self.style == Style::Reordered {
            fields.reverse();
        }
        for (at, field) in fields.into_iter().enumerate() {
            if at > 0 {
                out.write_all(b",")?;
            }
            out.write_all(field)?;
        }
        out.write_all(if self.style == Style::Crlf { b"\r\n" } else { b"\n" })?;
        self.bytes.clear();
        self.ends.clear();
        Ok(())
    }
}
