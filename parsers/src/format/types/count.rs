//! Lines that say how many there are of others: a file that was cut does not come to that number.

use super::At;

/// A number in a line, of lines that stand before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) at: At,
    /// The types that are counted; `*` is any.
    pub(super) of: Vec<String>,
    /// The type of the line with which the count begins anew; else it is of the whole file.
    pub(super) since: Option<String>,
}

/// How far a count has come.
#[derive(Debug, Clone, Default)]
pub(super) struct Counted {
    lines: u64,
    /// Whether there have been such since a line last said how many there are.
    open: bool,
}

impl Counted {
    /// Takes a line of this type into the count. Of any type are also those that come behind the line that counts: only
    /// of what is named, and of records, it is known that it stands before.
    pub(super) fn take(&mut self, count: &Count, kind: &str, record: &str) {
        if count.since.as_deref() == Some(kind) {
            self.lines = 0;
        }
        let (is_named, any) = (count.of.iter().any(|of| of == kind), count.of.iter().any(|of| of == "*"));
        self.lines += u64::from(is_named || any);
        self.open |= is_named || (any && kind == record);
    }

    /// A line says how many there are.
    pub(super) fn compare(&mut self, count: &Count, text: &str) -> Result<(), String> {
        self.open = false;
        let (kind, of, found) = (&count.at.kind, count.of.join(", "), self.lines);
        let number = text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u64>().ok()).flatten();
        match number {
            Some(number) if number == found => Ok(()),
            Some(number) => Err(format!(
                "the line of the type {kind:?} counts {number} lines of {of}, and there are {found}: the file was cut or changed"
            )),
            None => Err(format!("the line of the type {kind:?} counts {text:?}, which is no number")),
        }
    }

    /// The file has come to its end: the line that counts must have been.
    pub(super) fn is_complete(&self, count: &Count) -> Result<(), String> {
        let kind = &count.at.kind;
        if self.open {
            let missing = format!("the file ends without a line of the type {kind:?} that counts those before it");
            return Err(format!("{missing}: it was cut"));
        }
        Ok(())
    }
}
