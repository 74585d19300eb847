//! From text to records: one module a format.

mod bind;
pub(crate) mod csv;
mod dbf;
mod fixed;
mod joined;
mod json;
mod named;
mod parquet;
mod types;
mod unpivot;
pub(crate) mod workbook;
pub(crate) mod xml;

pub use csv::{Csv, Delimiter, Header, LineRules, Said, Table};
pub use dbf::Dbf;
pub use fixed::{Fixed, Repeated};
pub use json::Json;
pub use parquet::Parquet;
pub use types::Types;
pub use unpivot::Unpivot;
pub use workbook::Workbook;
pub use xml::{SeriesValue, Xml};

use crate::{
    decode::{Content, Part, Parts},
    odd::Odd,
    read::ReadError,
    record::Records,
    schema::{Origin, Schema, Version},
    section::Section,
};

pub(crate) use bind::{Binding, By, News, bind, bind_by};

/// How a dataset's text becomes records.
#[derive(Debug, Clone)]
pub enum Format {
    /// Lines of separated values under a header.
    Csv(Box<Csv>),
    /// Lines in which each field has its place.
    Fixed(Fixed),
    /// A JSON document, or a file with a JSON value a line; read as a stream.
    Json(Json),
    /// An XML document, read as a stream.
    Xml(Box<Xml>),
    /// One sheet of a workbook.
    Workbook(Workbook),
    /// A dBase table.
    Dbf(Dbf),
    /// A Parquet file.
    Parquet(Parquet),
    /// A format with a reader of its own.
    Odd(Odd),
}

/// The version of what all formats share: decoding, checking, and the form of values. Raise it when the same bytes
/// come to other rows.
const COMMON: i32 = 3;

/// The most characters of a publisher's words that are passed on.
const LONGEST_WORDS: usize = 1000;

/// What a publisher says in place of data, without what a terminal would obey, and not without end.
pub(crate) fn own_words(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_WORDS).collect()
}

impl Format {
    /// Reads `[format]`.
    pub(crate) fn define(table: &Section<'_>) -> Option<Self> {
        match table.word(
            "kind",
            &[
                ("csv", 0),
                ("fixed", 1),
                ("xml", 2),
                ("odd", 3),
                ("json", 4),
                ("ndjson", 5),
                ("workbook", 6),
                ("dbf", 7),
                ("parquet", 8),
            ],
        )? {
            0 => Csv::define(table).map(|csv| Self::Csv(Box::new(csv))),
            1 => Fixed::define(table).map(Self::Fixed),
            2 => Xml::define(table).map(|xml| Self::Xml(Box::new(xml))),
            4 => Json::define(table).map(Self::Json),
            5 => Some(Self::Json(Json::define_lines(table))),
            6 => Some(Self::Workbook(Workbook::define(table))),
            7 => Some(Self::Dbf(Dbf::define(table))),
            8 => Some(Self::Parquet(Parquet::define(table))),
            _ => Odd::define(table).map(Self::Odd),
        }
    }

    /// The version of the code behind this format, in thousands, and of what all formats share.
    pub(crate) fn version(&self) -> i32 {
        let own = match self {
            Self::Csv(_) => csv::VERSION,
            Self::Fixed(_) => fixed::VERSION,
            Self::Json(_) => json::VERSION,
            Self::Xml(_) => xml::VERSION,
            Self::Workbook(_) => workbook::VERSION,
            Self::Dbf(_) => dbf::VERSION,
            Self::Parquet(_) => parquet::VERSION,
            Self::Odd(odd) => odd.version(),
        };
        own * 1000 + COMMON
    }

    /// Whether a file ends in what must be there: a closing mark, a directory, a last line of its own.
    pub(crate) fn shows_its_end(&self) -> bool {
        let footed = |rules: &LineRules| rules.footer.is_some() || rules.footer_begins.is_some();
        match self {
            Self::Csv(csv) => footed(&csv.lines),
            Self::Fixed(fixed) => footed(&fixed.lines),
            Self::Json(json) => json.is_whole(),
            Self::Xml(_) | Self::Workbook(_) | Self::Dbf(_) | Self::Parquet(_) | Self::Odd(_) => true,
        }
    }

    /// What the text must be.
    pub(crate) fn content(&self) -> Content {
        match self {
            Self::Csv(_) => Content::Csv,
            Self::Odd(odd) => odd.content(),
            Self::Fixed(_) => Content::Fixed,
            Self::Xml(_) => Content::Xml,
            Self::Json(_) => Content::Json,
            Self::Workbook(_) => Content::Workbook,
            Self::Dbf(_) => Content::Dbf,
            Self::Parquet(_) => Content::Parquet,
        }
    }

    /// Whether a file without records may be one without bytes: nothing is declared to stand around them.
    pub(crate) fn may_be_blank(&self) -> bool {
        match self {
            Self::Csv(csv) => !csv.header.is_there() && csv.header.preamble == 0 && csv.lines.are_records_alone(),
            Self::Fixed(fixed) => fixed.preamble == 0 && fixed.lines.are_records_alone(),
            Self::Json(json) => json.is_lines(),
            _ => false,
        }
    }

    /// Whether what is read as a record may be a part of what the publisher counts as one.
    pub(crate) fn takes_records_apart(&self) -> bool {
        match self {
            Self::Csv(csv) => csv.unpivot.is_some(),
            Self::Fixed(fixed) => fixed.repeated.is_some(),
            Self::Xml(xml) => xml.has_series(),
            Self::Odd(_) => true,
            Self::Json(_) | Self::Workbook(_) | Self::Dbf(_) | Self::Parquet(_) => false,
        }
    }

    /// Whether its files are told apart by their first records: they do not say themselves what their columns are.
    pub(crate) fn is_told_by_records(&self) -> bool {
        match self {
            Self::Csv(csv) => !csv.header.is_there(),
            Self::Fixed(_) => true,
            _ => false,
        }
    }

    /// Notes a mistake if files of a version cannot be as the format is.
    pub(crate) fn check_version(&self, table: &Section<'_>, version: &Version) {
        match self {
            Self::Csv(csv) => csv.check_version(table, version),
            Self::Fixed(fixed) => fixed.check_version(table, version),
            _ => (),
        }
    }

    /// Whether versions of its files can be told apart: by names in a header, or on the way.
    pub(crate) fn has_names(&self) -> bool {
        self.has_header() || matches!(self, Self::Xml(_))
    }

    /// Whether they do so before their first record.
    pub(crate) fn has_header(&self) -> bool {
        match self {
            Self::Csv(csv) => csv.header.is_there(),
            Self::Workbook(_) | Self::Dbf(_) | Self::Parquet(_) | Self::Odd(_) => true,
            Self::Fixed(_) | Self::Json(_) | Self::Xml(_) => false,
        }
    }

    /// Notes a mistake if a column cannot come from where the definition says.
    pub(crate) fn check_origin(&self, column: &Section<'_>, origin: &Origin) {
        match (self, origin) {
            (Self::Xml(xml), _) => xml.check_origin(column, origin),
            (Self::Fixed(fixed), Origin::File(_) | Origin::Sometimes(_)) => fixed.check_origin(column, origin),
            (Self::Json(json), Origin::File(_) | Origin::Sometimes(_)) => json.check_origin(column, origin),
            (_, Origin::Series(_)) => column.mistake("series", "only XML has series", None),
            _ if column.has("join") => column.mistake("join", "only XML and JSON have several values to join", None),
            _ => (),
        }
    }

    /// Notes what is wrong with a path that a version names.
    pub(crate) fn check_path(&self, path: &str, note: impl Fn(String, Option<String>)) {
        if let Self::Xml(xml) = self {
            xml.check_path(path, note);
        }
    }

    /// The records of all files of an artifact: one after the other, each behind its own header.
    pub(crate) fn open<'a>(&'a self, parts: Parts<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        joined::open(self, parts, schema)
    }

    /// Finds the columns of one file and reads on to its first record.
    fn open_part<'a>(&'a self, part: Part<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        match self {
            Self::Csv(csv) => csv.open(part.text()?, schema),
            Self::Fixed(fixed) => fixed.open(part.text()?, schema),
            Self::Json(json) => Ok(json.open(part.text()?, schema)),
            Self::Xml(xml) => xml.open(part.text()?, schema),
            Self::Workbook(workbook) => workbook.open(part, schema),
            Self::Dbf(dbf) => dbf.open(part, schema),
            Self::Parquet(parquet) => parquet.open(part, schema),
            Self::Odd(odd) => odd.open(part, schema),
        }
    }
}
