//! The rows of wide records, one after the other.

use super::{Cell, Group, Unpivot, Wide};
use crate::{
    format::News,
    read::{NewColumn, ReadError},
    record::{Filling, Found, Record},
};

/// A file of wide records on its way to rows. A row's number counts rows; its line is its record's.
pub(super) struct Rows<'a> {
    wide: Box<dyn Wide + 'a>,
    /// Where each column of the schema comes from.
    columns: Vec<Option<Cell>>,
    groups: Vec<Group>,
    unpivot: Option<&'a Unpivot>,
    /// What the file offers, and what of it nobody has asked for.
    cells: Vec<Cell>,
    news: News,
    /// The group that is next.
    at: usize,
    number: u64,
    /// Wide records so far.
    records: u64,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        wide: Box<dyn Wide + 'a>,
        columns: Vec<Option<Cell>>,
        groups: Vec<Group>,
        unpivot: Option<&'a Unpivot>,
        (cells, news): (Vec<Cell>, News),
    ) -> Self {
        let at = groups.len();
        Self { wide, columns, groups, unpivot, cells, news, at, number: 0, records: 0 }
    }

    /// Goes to the next record; false if there is none.
    fn next_record(&mut self) -> Result<bool, ReadError> {
        let found = self.wide.advance()?;
        (self.at, self.records) = (0, self.records + 1);
        Ok(found)
    }

    /// What the record says in columns that are not in the definition.
    fn look(&mut self) {
        if self.news.wants(self.records) {
            let (cells, wide) = (&self.cells, &self.wide);
            self.news.look(|at| match cells.get(at)? {
                Cell::Field(field) => wide.field(*field),
                Cell::Said(text) => Some(text.as_bytes()),
                Cell::Label | Cell::Value(_) => None,
            });
        }
    }

    /// Whether a row says nothing that is worth a row.
    fn is_skipped(&self, group: &Group) -> bool {
        let Some(unpivot) = self.unpivot else { return false };
        let says_nothing = |field: &Option<usize>| {
            let text = field.and_then(|at| self.wide.field(at)).unwrap_or_default().trim_ascii();
            unpivot.skip.iter().any(|skipped| skipped.as_bytes() == text)
        };
        !unpivot.skip.is_empty() && group.values.iter().all(says_nothing)
    }

    fn fill(&self, group: &Group, into: &mut Record) -> Result<(), String> {
        into.clear();
        for column in &self.columns {
            let field = match column {
                Some(Cell::Field(field)) => Some(*field),
                Some(Cell::Value(value)) => group.values.get(*value).copied().flatten(),
                Some(Cell::Said(text)) => {
                    into.push(Some(text));
                    continue;
                }
                Some(Cell::Label) => {
                    into.push(Some(&group.label));
                    continue;
                }
                None => None,
            };
            match field.filter(|field| self.wide.field(*field).is_some()) {
                Some(field) => self.wide.push(field, into)?,
                None => into.push(None),
            }
        }
        Ok(())
    }
}

impl Filling for Rows<'_> {
    fn next(&mut self, into: &mut Record) -> Result<Found, ReadError> {
        loop {
            if self.at >= self.groups.len() {
                if !self.next_record()? {
                    return Ok(Found::End);
                }
                if let Some(fault) = self.wide.fault() {
                    self.at = self.groups.len();
                    self.number += 1;
                    (into.number, into.line) = (self.number, self.wide.place().line);
                    return Ok(Found::Bad(fault));
                }
                self.look();
            }
            let Some(group) = self.groups.get(self.at) else { continue };
            self.at += 1;
            if self.is_skipped(group) {
                continue;
            }
            self.number += 1;
            (into.number, into.line) = (self.number, self.wide.place().line);
            return Ok(self.fill(group, into).map_or_else(Found::Bad, |()| Found::Record));
        }
    }

    fn original(&self) -> &[u8] {
        self.wide.original()
    }

    fn new_columns(&self) -> Vec<NewColumn> {
        self.news.columns()
    }
}
