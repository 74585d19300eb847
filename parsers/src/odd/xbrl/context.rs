//! Whom a fact is about, when, and in which dimensions.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    element::{DIMENSIONS, Element, INSTANCE, Name, SCHEMA},
    period::Period,
};

/// A context. Dimensions are JSON objects with sorted names: a member's name, a typed member's text, or null.
#[derive(Debug, Default)]
pub(super) struct Context {
    pub(super) entity: String,
    pub(super) scheme: String,
    pub(super) period: Period,
    /// All dimensions, by local names.
    pub(super) dimensions: String,
    /// Those whose members are names, by full names.
    pub(super) explicit: String,
    /// Those whose members are texts, by full names.
    pub(super) typed: String,
}

/// Dimensions on their way to JSON.
#[derive(Debug, Default)]
struct Members {
    all: BTreeMap<String, Value>,
    explicit: BTreeMap<String, Value>,
    typed: BTreeMap<String, Value>,
}

impl Context {
    /// Reads a context, or says what there is in it that cannot be understood.
    pub(super) fn read(element: &Element) -> Result<Self, String> {
        let entity = element.child("entity")?;
        only(element, &["entity", "period", "scenario"])?;
        only(entity, &["identifier", "segment"])?;
        let identifier = entity.child("identifier")?;
        let scheme = identifier.attribute("", "scheme").unwrap_or_default().trim().to_owned();
        let period = Period::read(element.child("period")?)?;
        let mut members = Members::default();
        for (of, holder) in [(entity, "segment"), (element, "scenario")] {
            if of.children.iter().any(|child| child.name.is(INSTANCE, holder)) {
                of.child(holder)?.children.iter().try_for_each(|member| members.take(member))?;
            }
        }
        let Members { all, explicit, typed } = members;
        let (dimensions, explicit, typed) = (json(all), json(explicit), json(typed));
        Ok(Self { entity: identifier.token()?.to_owned(), scheme, period, dimensions, explicit, typed })
    }

    /// Bytes that it takes, about.
    pub(super) fn size(&self) -> usize {
        let Self { entity, scheme, period, dimensions, explicit, typed } = self;
        [entity, scheme, &period.text, &period.text, dimensions, explicit, typed].map(String::len).iter().sum()
    }
}

impl Members {
    fn take(&mut self, member: &Element) -> Result<(), String> {
        let is_explicit = member.name.is(DIMENSIONS, "explicitMember");
        if !is_explicit && !member.name.is(DIMENSIONS, "typedMember") {
            return Err(format!("says {}, which is no dimension", member.name.full()));
        }
        let dimension = member.dimension.as_ref().ok_or("has a member of no dimension")?;
        let (short, full) = if is_explicit { explicit(member)? } else { typed(member)? };
        if self.all.insert(dimension.local.clone(), short).is_some() {
            return Err(format!("has two members of the dimension {}", dimension.local));
        }
        let kind = if is_explicit { &mut self.explicit } else { &mut self.typed };
        kind.insert(dimension.full(), full);
        Ok(())
    }
}

/// Whether an element has only such parts of the standard: what another says of a fact would be lost.
fn only(element: &Element, parts: &[&str]) -> Result<(), String> {
    let is_part = |child: &&Element| parts.iter().any(|part| child.name.is(INSTANCE, part));
    match element.children.iter().find(|child| !is_part(child)) {
        Some(other) => Err(format!("has {} in its {}", other.name.full(), element.name.local)),
        None => Ok(()),
    }
}

/// A member that is a name, by its local and its full name.
fn explicit(member: &Element) -> Result<(Value, Value), String> {
    member.token()?;
    let name =
        member.said.as_ref().ok_or_else(|| format!("has the member {:?}, which is no name", member.text.trim()))?;
    Ok((name.local.clone().into(), Name::full(name).into()))
}

/// A member that is what the one element in it says.
fn typed(member: &Element) -> Result<(Value, Value), String> {
    match member.children.as_slice() {
        [value] if value.children.is_empty() => {
            let is_nil = matches!(value.attribute(SCHEMA, "nil").map(str::trim), Some("true" | "1"));
            let said = if is_nil { Value::Null } else { value.text.clone().into() };
            Ok((said.clone(), said))
        }
        _ => Err("has a typed member that is more than a text".to_owned()),
    }
}

fn json(members: BTreeMap<String, Value>) -> String {
    Value::from_iter(members).to_string()
}
