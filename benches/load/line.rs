//! The lines of the table: what is measured, and what it must reach.

/// One line. Its value is ours divided by the other's, or a size; smaller is better.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    /// What ours is measured against; nothing if the value is a size.
    pub(crate) against: Option<&'static str>,
    pub(crate) unit: Unit,
    /// The value must not be greater. Lines without one are there to be looked at.
    pub(crate) reach: Option<f64>,
}

/// What the single measurements are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Bytes,
}

pub(crate) const FIRST: Line =
    Line { name: "first load, against psql", against: Some("psql \\copy"), unit: Unit::Seconds, reach: Some(0.8) };
pub(crate) const REAL: Line = Line {
    name: "first load of a real file, against psql",
    against: Some("psql \\copy"),
    unit: Unit::Seconds,
    reach: Some(1.0),
};
pub(crate) const DLT: Line = Line {
    name: "first load of a real file, against dlt",
    against: Some("dlt"),
    unit: Unit::Seconds,
    reach: Some(0.15),
};
pub(crate) const REFRESH: Line = Line {
    name: "refresh, 0.1 % changed, 0.05 % new, 0.05 % gone",
    against: Some("first load"),
    unit: Unit::Seconds,
    reach: Some(0.25),
};
pub(crate) const SAME_ROWS: Line = Line {
    name: "refresh, other bytes, no row differs",
    against: Some("first load"),
    unit: Unit::Seconds,
    reach: Some(0.20),
};
pub(crate) const QUOTED: Line =
    Line { name: "the same with every field quoted", against: Some("first load"), unit: Unit::Seconds, reach: None };
pub(crate) const REORDERED: Line =
    Line { name: "the same with columns re-ordered", against: Some("first load"), unit: Unit::Seconds, reach: None };
pub(crate) const SAME_BYTES: Line =
    Line { name: "refresh, the same bytes", against: Some("first load"), unit: Unit::Seconds, reach: Some(0.03) };
pub(crate) const WAL: Line =
    Line { name: "WAL of that refresh", against: Some("first load"), unit: Unit::Bytes, reach: Some(0.10) };
pub(crate) const MEMORY: Line = Line { name: "peak memory", against: None, unit: Unit::Bytes, reach: Some(64e6) };
pub(crate) const MEMORY_LARGE: Line =
    Line { name: "peak memory, ten times the rows", against: None, unit: Unit::Bytes, reach: Some(64e6) };
pub(crate) const MEMORY_GROWTH: Line =
    Line { name: "growth of the peak", against: Some("a tenth of the rows"), unit: Unit::Bytes, reach: Some(1.10) };
pub(crate) const XML: Line =
    Line { name: "reading XML, against quick-xml", against: Some("quick-xml"), unit: Unit::Seconds, reach: Some(2.0) };
pub(crate) const XML_PROGRAM: Line =
    Line { name: "a whole load of XML", against: Some("quick-xml"), unit: Unit::Seconds, reach: None };
pub(crate) const JSON: Line = Line {
    name: "reading JSON, against serde_json",
    against: Some("serde_json"),
    unit: Unit::Seconds,
    reach: Some(2.0),
};
pub(crate) const JSON_PROGRAM: Line =
    Line { name: "a whole load of JSON", against: Some("serde_json"), unit: Unit::Seconds, reach: None };
pub(crate) const XLSX: Line =
    Line { name: "reading XLSX, against calamine", against: Some("calamine"), unit: Unit::Seconds, reach: Some(2.0) };
pub(crate) const XLSX_PROGRAM: Line =
    Line { name: "a whole load of XLSX", against: Some("calamine"), unit: Unit::Seconds, reach: None };
pub(crate) const FIXED: Line = Line {
    name: "reading fixed width, against cutting lines",
    against: Some("lines cut"),
    unit: Unit::Seconds,
    reach: Some(2.0),
};
pub(crate) const FIXED_PROGRAM: Line =
    Line { name: "a whole load of fixed width", against: Some("lines cut"), unit: Unit::Seconds, reach: None };
pub(crate) const MEMORY_DOCUMENT: Line =
    Line { name: "peak memory, 150 MB of XML on one line", against: None, unit: Unit::Bytes, reach: Some(64e6) };

/// All lines, in the order of the table.
pub(crate) const LINES: [Line; 21] = [
    FIRST,
    REAL,
    DLT,
    REFRESH,
    SAME_ROWS,
    QUOTED,
    REORDERED,
    SAME_BYTES,
    WAL,
    MEMORY,
    MEMORY_LARGE,
    MEMORY_GROWTH,
    XML,
    XML_PROGRAM,
    JSON,
    JSON_PROGRAM,
    XLSX,
    XLSX_PROGRAM,
    FIXED,
    FIXED_PROGRAM,
    MEMORY_DOCUMENT,
];
