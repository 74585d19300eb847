//! What a fact is counted in.

use super::element::{Element, INSTANCE, Name};

/// A unit, by local names and by full ones: measures multiplied by `*`, over those behind a `/`.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) short: String,
    pub(super) full: String,
}

impl Unit {
    pub(super) fn read(element: &Element) -> Result<Self, String> {
        let Some(divide) = element.children.iter().find(|child| child.name.is(INSTANCE, "divide")) else {
            let measures = measures(element)?;
            return Ok(Self { short: product(&measures, short), full: product(&measures, Name::full) });
        };
        if element.children.len() > 1 {
            return Err("has a division and more".to_owned());
        }
        let over = measures(divide.child("unitNumerator")?)?;
        let under = measures(divide.child("unitDenominator")?)?;
        let quotient = |name: fn(&Name) -> String| format!("{}/{}", product(&over, name), product(&under, name));
        Ok(Self { short: quotient(short), full: quotient(Name::full) })
    }

    /// Bytes that it takes, about.
    pub(super) fn size(&self) -> usize {
        self.short.len() + self.full.len()
    }
}

fn measures(element: &Element) -> Result<Vec<Name>, String> {
    let measure = |child: &Element| {
        child.token()?;
        let said = child.said.clone().filter(|_| child.name.is(INSTANCE, "measure"));
        said.ok_or_else(|| format!("has the {} {:?}, which is no measure", child.name.local, child.text.trim()))
    };
    let mut measures = element.children.iter().map(measure).collect::<Result<Vec<Name>, String>>()?;
    if measures.is_empty() {
        return Err("has no measure".to_owned());
    }
    measures.sort_unstable();
    Ok(measures)
}

fn short(name: &Name) -> String {
    name.local.clone()
}

fn product(measures: &[Name], name: impl Fn(&Name) -> String) -> String {
    measures.iter().map(name).collect::<Vec<_>>().join("*")
}
