//! A fact, as it stands in the document.

use super::element::{Element, INSTANCE, Name, SCHEMA, XML};

/// A fact on its way to a row.
#[derive(Debug, Default)]
pub(super) struct Fact {
    pub(super) concept: Name,
    pub(super) id: Option<String>,
    /// The `id` of its context, and of its unit if it has one.
    pub(super) context: String,
    pub(super) unit: Option<String>,
    /// How exact a number is: digits behind the point, or digits in all.
    pub(super) decimals: Option<String>,
    pub(super) precision: Option<String>,
    pub(super) nil: bool,
    pub(super) is_fraction: bool,
    pub(super) value: String,
    pub(super) language: Option<String>,
    /// The tuples around it, from the outermost on, each with its number in the document.
    pub(super) tuple: Option<String>,
    /// Why it cannot be understood, whatever its context says.
    pub(super) fault: Option<String>,
    /// The line on which it begins, from 1, and its bytes.
    pub(super) line: u64,
    pub(super) original: Vec<u8>,
}

impl Fact {
    /// The fact that an element is.
    pub(super) fn read(element: Element) -> Self {
        let attribute = |local: &str| element.attribute("", local).map(str::to_owned);
        let id_of = |local: &str| attribute(local).map(|id| id.trim().to_owned());
        let nil = matches!(element.attribute(SCHEMA, "nil").map(str::trim), Some("true" | "1"));
        let language = element.attribute(XML, "lang").map(str::to_owned);
        let (id, context, unit) = (attribute("id"), id_of("contextRef").unwrap_or_default(), id_of("unitRef"));
        let (decimals, precision) = (attribute("decimals"), attribute("precision"));
        let is_fraction = !element.children.is_empty();
        let (value, fault) = match fraction(&element).filter(|_| is_fraction) {
            Some(fraction) => (fraction, None),
            None if is_fraction => (String::new(), Some("holds an element, where a value is expected".to_owned())),
            None => (element.text, None),
        };
        Self {
            concept: element.name,
            id,
            context,
            unit,
            decimals,
            precision,
            nil,
            is_fraction,
            value,
            language,
            fault,
            ..Self::default()
        }
    }
}

/// A value that is written as numerator and denominator.
fn fraction(element: &Element) -> Option<String> {
    let part = |at: usize, local: &str| {
        let child = element.children.get(at).filter(|child| child.name.is(INSTANCE, local))?;
        child.token().ok()
    };
    let (over, under) = (part(0, "numerator")?, part(1, "denominator")?);
    (element.children.len() == 2 && element.text.trim().is_empty()).then(|| format!("{over}/{under}"))
}
