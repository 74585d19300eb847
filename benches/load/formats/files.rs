//! The generated files: XML, JSON, fixed width. The same bytes in every run.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use super::row::{NAMES, Value, row};

/// How wide each field of the fixed width is.
pub(super) const WIDTHS: [usize; 10] = [8, 8, 12, 12, 10, 48, 20, 1, 32, 10];

const XML_BEGIN: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><rows xmlns=\"urn:bench:rows\">";
const XML_END: &[u8] = b"</rows>";

pub(super) fn xml(path: &Path, rows: u64) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(XML_BEGIN)?;
    for id in 1..=rows {
        out.write_all(b"\n")?;
        out.write_all(element(id).as_bytes())?;
    }
    out.write_all(XML_END)?;
    Ok(out.flush()?)
}

/// As many records as it takes, without a line's end anywhere.
pub(super) fn xml_on_one_line(path: &Path, bytes: u64) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(XML_BEGIN)?;
    let (mut written, mut id) = (0, 0);
    while written < bytes {
        id += 1;
        let element = element(id);
        out.write_all(element.as_bytes())?;
        written += u64::try_from(element.len())?;
    }
    out.write_all(XML_END)?;
    Ok(out.flush()?)
}

/// The id is an attribute, all else elements; what is not there is left out.
fn element(id: u64) -> String {
    let values = NAMES.into_iter().zip(row(id)).skip(1).map(|(name, value)| match value {
        Value::None => String::new(),
        Value::Text(text) => format!("<{name}>{}</{name}>", text.replace('&', "&amp;")),
        other => format!("<{name}>{}</{name}>", plain(&other)),
    });
    format!("<row id=\"{id}\">{}</row>", values.collect::<String>())
}

pub(super) fn json(path: &Path, rows: u64) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(b"{\"rows\":[")?;
    for id in 1..=rows {
        let values = NAMES.into_iter().zip(row(id)).map(|(name, value)| match value {
            Value::None => format!("\"{name}\":null"),
            Value::Number(number) => format!("\"{name}\":{number}"),
            Value::Truth(truth) => format!("\"{name}\":{truth}"),
            other => format!("\"{name}\":{:?}", plain(&other)),
        });
        let comma = if id == 1 { "" } else { "," };
        write!(out, "{comma}\n{{{}}}", values.collect::<Vec<_>>().join(","))?;
    }
    out.write_all(b"]}\n")?;
    Ok(out.flush()?)
}

/// In Latin-1.
pub(super) fn fixed(path: &Path, rows: u64) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    for id in 1..=rows {
        let fields = WIDTHS.into_iter().zip(row(id)).map(|(width, value)| format!("{:width$}", plain(&value)));
        let line =
            fields.collect::<String>().chars().map(|c| u8::try_from(u32::from(c))).collect::<Result<Vec<_>, _>>();
        out.write_all(&line?)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

fn plain(value: &Value) -> String {
    match value {
        Value::Number(number) => number.clone(),
        Value::Text(text) => text.to_string(),
        Value::Day(day) => day.to_string(),
        Value::Truth(truth) => if *truth { "t" } else { "f" }.to_owned(),
        Value::None => String::new(),
    }
}
