//! What `[format]` says of lines of separated values.

use super::{Csv, Delimiter, Header, LineRules, Table};
use crate::{
    format::{Types, Unpivot},
    section::Section,
};

impl Csv {
    pub(in crate::format) fn define(table: &Section<'_>) -> Option<Self> {
        let delimiter = delimiter(table);
        let quote = quote(table, delimiter);
        let multiline = table.optional("multiline").unwrap_or(false);
        let trailing_column = table.optional("trailing_column").unwrap_or(false);
        let header = Header::define(table);
        let lines = LineRules::define(table, true);
        let one = table.optional_table("table").map(|table| Table::define(&table));
        let types = table.optional_table("types").map(|types| Types::define(&types, false));
        let unpivot = table.optional_table("unpivot").map(|table| {
            let unpivot = Unpivot::define(&table);
            unpivot.inspect(|unpivot| unpivot.check_patterns(&table))
        });
        let ignore = table.optional("ignore").unwrap_or_default();
        if types.is_some() {
            let theirs =
                ["header_has", "header_rows", "said", "unpivot", "table", "footer", "footer_begins", "trailing_column"];
            for key in theirs.into_iter().filter(|key| table.has(key)) {
                table.mistake(key, format!("`{key}` is not for files whose lines begin with their type"), None);
            }
            if header.as_ref().is_some_and(Header::is_there) {
                let help = "say `header = false`, and `names` for the fields of a record".to_owned();
                table.mistake("types", "lines that begin with their type have no header above them", Some(help));
            }
        }
        if one.is_some() {
            let theirs = ["header", "names", "header_has", "header_rows", "preamble", "said", "unpivot", "footer"];
            for key in theirs.into_iter().filter(|key| table.has(key)) {
                table.mistake(key, format!("`{key}` is not for files with several tables"), None);
            }
        }
        Some(Self {
            delimiter: delimiter?,
            quote: quote?.0,
            multiline,
            trailing_column,
            header: header?,
            lines: lines?,
            types: types.map_or(Some(None), |types| types.map(Some))?,
            table: one.map_or(Some(None), |one| one.map(Some))?,
            unpivot: unpivot.map_or(Some(None), |unpivot| unpivot.map(Some))?,
            ignore,
        })
    }
}

impl LineRules {
    /// `with_fields`: whether records have fields that can be counted.
    pub(in crate::format) fn define(table: &Section<'_>, with_fields: bool) -> Option<Self> {
        let comment = table.has("comment").then(|| byte(table, "comment", b'#'));
        let footer = if with_fields { table.optional("footer") } else { None };
        let footer_begins = table.optional::<String>("footer_begins").filter(|text| {
            let empty = text.is_empty();
            if empty {
                table.mistake("footer_begins", "every line begins with no text", None);
            }
            !empty
        });
        let padded = table.optional_word("ragged", &[("refuse", false), ("pad", true)]).unwrap_or(false);
        let words = [("required", false), ("optional", true)];
        let final_newline_optional = table.optional_word("final_newline", &words).unwrap_or(false);
        if footer.is_some() && footer_begins.is_some() {
            table.mistake("footer_begins", "a file ends in one way: say `footer` or `footer_begins`", None);
        }
        Some(Self {
            comment: comment.map_or(Some(None), |comment| comment.map(Some))?,
            footer,
            footer_begins,
            padded,
            final_newline_optional,
        })
    }
}

fn delimiter(table: &Section<'_>) -> Option<Delimiter> {
    match table.optional::<&str>("delimiter") {
        Some("whitespace") => Some(Delimiter::Blanks),
        _ => byte(table, "delimiter", b',').map(Delimiter::Byte),
    }
}

/// What stands around fields, if anything does.
struct Quote(Option<u8>);

fn quote(table: &Section<'_>, delimiter: Option<Delimiter>) -> Option<Quote> {
    let quoted = table.optional_word("quoting", &[("double", true), ("none", false)]);
    let quote = byte(table, "quote", b'"');
    if delimiter == Some(Delimiter::Blanks) {
        if quoted == Some(true) || table.has("quote") {
            table.mistake("quote", "fields between blanks are not quoted", None);
        }
        return Some(Quote(None));
    }
    if quoted.unwrap_or(true) { quote.map(|quote| Quote(Some(quote))) } else { Some(Quote(None)) }
}

fn byte(table: &Section<'_>, key: &str, default: u8) -> Option<u8> {
    match table.optional::<&str>(key).map(str::as_bytes) {
        None => Some(default),
        Some(&[byte]) if byte.is_ascii() && byte != b'\n' && byte != b'\r' => Some(byte),
        Some(_) => {
            let other = if key == "delimiter" { ", or \"whitespace\"" } else { "" };
            table.mistake(key, format!("`{key}` must be one ASCII character{other}"), None);
            None
        }
    }
}
