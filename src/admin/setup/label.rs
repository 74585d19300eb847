//! What names a row to people: `{customer_number} {legal_name}`.

use std::str::FromStr;

/// A text with columns' values in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// In order.
    pub parts: Vec<Part>,
}

/// A piece of a [`Label`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// As it stands.
    Text(String),
    /// The value of a column.
    Column(String),
}

impl Label {
    /// Columns side by side, with blanks between them.
    pub fn of<'a>(columns: impl IntoIterator<Item = &'a str>) -> Self {
        let mut parts = Vec::new();
        for column in columns {
            if !parts.is_empty() {
                parts.push(Part::Text(" ".to_owned()));
            }
            parts.push(Part::Column(column.to_owned()));
        }
        Self { parts }
    }

    /// The columns that it names.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Column(name) => Some(name.as_str()),
            Part::Text(_) => None,
        })
    }
}

/// A label that cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LabelError {
    /// A brace without its partner.
    #[error("a brace is left open: write columns as {{name}}")]
    Open,
    /// Nothing of the row.
    #[error("it names no column: write columns as {{name}}")]
    Empty,
}

impl FromStr for Label {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            let (column, next) = after.split_once('}').ok_or(LabelError::Open)?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(Part::Column(column.to_owned()));
            rest = next;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        let label = Self { parts };
        if label.columns().next().is_none() { Err(LabelError::Empty) } else { Ok(label) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_columns_take_turns() {
        let label: Label = "{number} ({name})".parse().unwrap();
        assert_eq!(label.columns().collect::<Vec<_>>(), ["number", "name"]);
        assert_eq!(label.parts.get(1), Some(&Part::Text(" (".to_owned())));
        assert_eq!("{number".parse::<Label>(), Err(LabelError::Open));
        assert_eq!("number".parse::<Label>(), Err(LabelError::Empty));
    }
}
