//! Fixed width: each field has its place in the line.

use encoding_rs::UTF_8;

use super::csv::{Cut, Dialect, Extent, LineRecords, LineRules, Lines, Places, Shape, check_line, layout};
use crate::{
    decode::Text,
    format::{
        Binding, By, Types, Unpivot, bind_by,
        types::{Width, Within},
        unpivot::{Group, Plan},
    },
    read::ReadError,
    record::{Records, Span},
    schema::{Layout, Origin, Schema, Version, When},
    section::Section,
};

/// Raise it when the same text comes to other records.
pub(super) const VERSION: i32 = 2;

/// Who says what the columns are.
const NAMED_BY: &str = "the definition";

/// How lines of fixed width are written. Places are counted in characters, from 1, as publishers do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// How long each line is, but for those of versions that say otherwise.
    pub length: usize,
    /// Whether it may be longer: what stands behind is not read.
    pub longer: bool,
    /// Lines above the first record.
    pub preamble: u64,
    /// How lines are told from records.
    pub lines: LineRules,
    /// The types of lines, where only one of them is a record.
    pub types: Option<Types>,
    /// Fields that stand again and again in a line, and become rows.
    pub repeated: Option<Repeated>,
}

/// Fields that stand again and again in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    unpivot: Unpivot,
    /// Where each value stands for the first time.
    first: Vec<Span>,
    /// How far it is from one time to the next.
    every: usize,
    /// How often they stand there.
    times: usize,
}

impl Fixed {
    pub(super) fn define(table: &Section<'_>) -> Option<Self> {
        let length = size(table, "length");
        let longer = table.optional_word("longer_lines", &[("refuse", false), ("ignore", true)]).unwrap_or(false);
        let preamble = table.optional("preamble").unwrap_or(0);
        let lines = LineRules::define(table, false);
        let repeated = table.optional_table("unpivot").map(|table| Repeated::define(&table, length));
        let repeated = repeated.map_or(Some(None), |repeated| repeated.map(Some));
        let types = table.optional_table("types").map(|types| Types::define(&types, true));
        for key in ["unpivot", "footer_begins"].into_iter().filter(|key| types.is_some() && table.has(key)) {
            table.mistake(key, format!("`{key}` is not for files whose lines begin with their type"), None);
        }
        let types = types.map_or(Some(None), |types| types.map(Some));
        Some(Self { length: length?, longer, preamble, lines: lines?, types: types?, repeated: repeated? })
    }

    /// Notes a mistake if a column does not come from a place in the line.
    pub(super) fn check_origin(&self, column: &Section<'_>, origin: &Origin) {
        let Some(name) = origin.name() else { return };
        if !self.offers(name)
            && let Err(message) = place(name, self.length)
        {
            column.mistake("from", message, None);
        }
    }

    /// Notes a mistake if a version's columns do not come from places in its lines.
    pub(super) fn check_version(&self, table: &Section<'_>, version: &Version) {
        let (length, when) = (self.length_of(Some(version)), version.when.as_ref());
        if let Some(when) = when {
            self.check_when(table, when);
        }
        for name in version.origins.iter().filter_map(Origin::name).filter(|name| !self.offers(name)) {
            if let Err(message) = place(name, length) {
                table.mistake("", message, None);
            }
        }
        if self.repeated.as_ref().is_some_and(|repeated| repeated.end() > length) {
            table.mistake("when", format!("what is repeated stands behind the end of a line of {length}"), None);
        }
    }

    fn check_when(&self, table: &Section<'_>, when: &When) {
        if when.fields.is_some() {
            table.mistake("when", "records of fixed width have no fields to count: say `length`", None);
        }
        if when.length.is_some() && (self.lines.padded || self.longer) {
            table.mistake("when", "lines may be shorter or longer here, so that their length tells nothing", None);
        }
        if when.begins.is_none() && when.length == Some(self.length) {
            let message = format!("files with {} characters a line are of what [columns] says", self.length);
            table.mistake("when", message, Some("say more of them: `begins`".into()));
        }
        check_line(table, when, self.preamble);
    }

    pub(super) fn open<'a>(&'a self, text: Text<'a>, schema: &'a Schema) -> Result<Box<dyn Records + 'a>, ReadError> {
        let charset = text.charset;
        let characters = charset == UTF_8;
        let dialect = Dialect { delimiter: 0, quote: None, multiline: false };
        let nowhere = Cut::Places(Places { places: Vec::new(), characters });
        let mut lines = Lines::new(text, dialect, nowhere, self.lines.comment);
        let above = self.preamble(&mut lines)?;
        let version = layout::version(&mut lines, &above, schema)?;
        let told = version.and_then(|at| schema.versions.get(at));
        let (length, charset) = (self.length_of(told), told.and_then(|version| version.charset).unwrap_or(charset));
        let characters = charset == UTF_8;
        let header = self.header(schema, version);
        let places = header.iter().map(|name| place(name, length));
        let mut places = places.collect::<Result<Vec<_>, _>>().map_err(|message| ReadError::broken(None, message))?;
        let groups = self.repeated.as_ref().map(|repeated| (repeated, repeated.groups(&mut places)));
        if let Some(types) = &self.types {
            return self.typed(types, lines, schema, (header, places, characters), (length, By::Version(version)));
        }
        lines.cut_as(Cut::Places(Places { places, characters }));
        let (extent, by) = (Extent::Length { length, open: self.longer }, By::Version(version));
        if let Some((repeated, groups)) = groups {
            let wide = LineRecords::new(&self.lines, lines, Shape::wide(header.clone(), NAMED_BY, extent));
            return Plan::of_places(&repeated.unpivot, &header, groups).open(Box::new(wide), schema, by, &[]);
        }
        let Binding { fields, news, charset } = bind_by(by, &header, schema, &[])?;
        lines.decode_as(charset);
        let shape = Shape { header, named_by: NAMED_BY, extent, fields, news, charset };
        Ok(Box::new(LineRecords::new(&self.lines, lines, shape)))
    }

    /// The records of a file whose lines begin with their type: what other lines say stands behind what records say.
    fn typed<'a>(
        &'a self,
        types: &'a Types,
        mut lines: Lines<'a>,
        schema: &'a Schema,
        (mut header, mut places, characters): (Vec<String>, Vec<Span>, bool),
        (length, by): (usize, By),
    ) -> Result<Box<dyn Records + 'a>, ReadError> {
        let own = header.len();
        header.extend(types.names().map(str::to_owned));
        places.extend(types.within().filter_map(Within::place));
        let within = (own..places.len()).collect();
        lines.cut_as(Cut::Places(Places { places, characters }));
        let binding = bind_by(by, &header, schema, &[])?;
        lines.decode_as(binding.charset);
        let width = Width::Length { length, open: self.longer };
        Ok(types.open(&self.lines, lines, (own, width), within, binding))
    }

    /// The lines above the first record.
    fn preamble(&self, lines: &mut Lines<'_>) -> Result<Vec<Vec<u8>>, ReadError> {
        let mut above = Vec::new();
        for number in 0..self.preamble {
            let mut line = Vec::new();
            if !lines.take_line(&mut line)? {
                let message = format!("the file has {number} lines, and its preamble alone has {}", self.preamble);
                return Err(ReadError::broken(None, message));
            }
            above.push(line);
        }
        Ok(above)
    }

    /// How long the lines of a version are.
    fn length_of(&self, version: Option<&Version>) -> usize {
        version.and_then(|version| version.when.as_ref()?.length).unwrap_or(self.length)
    }

    fn offers(&self, name: &str) -> bool {
        let typed = self.types.as_ref().is_some_and(|types| types.names().any(|said| said == name));
        typed || self.repeated.as_ref().is_some_and(|repeated| repeated.offers(name))
    }

    /// The places that the columns of a file name, each once.
    fn header(&self, schema: &Schema, version: Option<usize>) -> Vec<String> {
        let mut header: Vec<String> = Vec::new();
        let layouts = schema.layouts();
        for name in layouts.get(version.map_or(0, |at| at + 1)).into_iter().flat_map(Layout::names) {
            if !self.offers(name) && !header.iter().any(|known| known == name) {
                header.push(name.to_owned());
            }
        }
        header
    }
}

impl Repeated {
    fn define(table: &Section<'_>, length: Option<usize>) -> Option<Self> {
        let unpivot = Unpivot::define(table);
        let (every, times) = (size(table, "every"), size(table, "times"));
        let (unpivot, every, times, length) = (unpivot?, every?, times?, length?);
        let mut first = Vec::new();
        for (_, text) in &unpivot.values {
            match place(text, length) {
                Ok(span) if span.end.saturating_add((times - 1).saturating_mul(every)) <= length => first.push(span),
                Ok(_) => table.mistake("times", format!("the last of {times} stands behind the end of the line"), None),
                Err(message) => table.mistake("values", message, None),
            }
        }
        Some(Self { unpivot, first, every, times })
    }

    /// Where the last of its fields ends.
    fn end(&self) -> usize {
        let last = self.first.iter().map(|span| span.end).max().unwrap_or(0);
        last.saturating_add((self.times - 1).saturating_mul(self.every))
    }

    /// Whether it has something of this name.
    fn offers(&self, name: &str) -> bool {
        self.unpivot.offers(name)
    }

    /// A group for each time, and the places of its values behind those that there are.
    fn groups(&self, places: &mut Vec<Span>) -> Vec<Group> {
        let group = |time: usize| {
            let by = time * self.every;
            let moved = self.first.iter().map(|span| Span { start: span.start + by, end: span.end + by });
            let from = places.len();
            places.extend(moved);
            Group { label: (time + 1).to_string(), values: (from..places.len()).map(Some).collect() }
        };
        (0..self.times).map(group).collect()
    }
}

/// A number of characters, from 1 to a million.
fn size(table: &Section<'_>, key: &str) -> Option<usize> {
    let number = table.required::<u64>(key)?;
    let size = usize::try_from(number).ok().filter(|size| (1..=1_000_000).contains(size));
    if size.is_none() {
        table.mistake(key, format!("`{key}` is 1 to 1000000 characters"), None);
    }
    size
}

/// A place as publishers write it: `153-158`, both of them in it, or `27`.
pub(super) fn place(text: &str, length: usize) -> Result<Span, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.trim().parse::<usize>().ok(), last.trim().parse::<usize>().ok());
    match (first, last) {
        (Some(first @ 1..), Some(last)) if first <= last && last <= length => Ok(Span { start: first - 1, end: last }),
        (Some(1..), Some(last)) if last > length => {
            Err(format!("{text:?} stands behind the end of a line of {length}"))
        }
        _ => Err(format!("{text:?} is no place in a line: write \"153-158\", counted from 1, or \"27\"")),
    }
}

#[cfg(test)]
mod tests;
