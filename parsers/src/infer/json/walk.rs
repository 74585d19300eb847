//! A walk through JSON that keeps nothing of it but what stands where.

use std::{
    fmt,
    io::{BufRead, Read},
};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::super::{
    InferError, Open, Packed,
    tree::{Held, Tree},
};
use crate::{ReadError, decode::Content};

/// How `serde_json` names a number that it hands on as it is written.
const NUMBER: &str = "$serde_json::private::Number";
/// The longest line that is looked at.
const LONGEST: u64 = 64 << 20;

/// Whether each line is a JSON value, and there are several.
pub(super) fn is_lines(head: &str) -> bool {
    let mut lines = head.trim_start_matches('\u{feff}').lines().filter(|line| !line.trim().is_empty());
    let (first, second) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let whole = serde_json::from_str::<Value>(first).is_ok_and(|value| value.is_object() || value.is_array());
    whole && second.trim_start().starts_with(['{', '['])
}

/// What stands where in the first file of the artifact.
pub(super) fn tree(packed: &Packed, lines: bool, open: Open<'_>) -> Result<Tree, InferError> {
    let text = packed.part(Content::Json, open)?.text().map_err(InferError::Unreadable)?;
    let (mut tree, mut bytes) = (Tree::default(), text.bytes);
    if lines {
        each_line(&mut bytes, &mut tree)?;
        return Ok(tree);
    }
    let mut reader = serde_json::Deserializer::from_reader(bytes);
    let walked = Walk { tree: &mut tree, at: Tree::ROOT }.deserialize(&mut reader).and_then(|()| reader.end());
    walked.map_err(unreadable)?;
    Ok(tree)
}

/// Lines that cannot be read will be rejects, and say nothing of the others.
fn each_line(bytes: &mut impl BufRead, tree: &mut Tree) -> Result<(), InferError> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if bytes.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let mut reader = serde_json::Deserializer::from_slice(&line);
        let _reject = Walk { tree, at: Tree::ROOT }.deserialize(&mut reader);
    }
}

fn unreadable(error: serde_json::Error) -> InferError {
    match error.classify() {
        serde_json::error::Category::Io => InferError::Io(error.into()),
        serde_json::error::Category::Eof => InferError::Unreadable(ReadError::broken(
            Some(error.line() as u64),
            "the JSON document ends early: it was cut on its way; fetch it again",
        )),
        _ => {
            InferError::Unreadable(ReadError::broken(Some(error.line() as u64), format!("the JSON is broken: {error}")))
        }
    }
}

struct Walk<'t> {
    tree: &'t mut Tree,
    at: usize,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.tree.count(self.at, |_| ());
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.tree.value(self.at, if value { "true" } else { "false" }, false);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.tree.value(self.at, &value.to_string(), false);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.tree.value(self.at, &value.to_string(), false);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.tree.value(self.at, &value.to_string(), false);
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.tree.value(self.at, text, true);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let (every, mut length) = (self.tree.element(self.at), 0);
        while items.next_element_seed(Walk { tree: self.tree, at: every })?.is_some() {
            length += 1;
        }
        self.tree.count(self.at, |node| {
            node.arrays += 1;
            node.longest = node.longest.max(length);
        });
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut held = Held::default();
        let mut next = members.next_key::<String>()?;
        if next.as_deref() == Some(NUMBER) {
            self.tree.value(self.at, &members.next_value::<String>()?, false);
            return Ok(());
        }
        self.tree.count(self.at, |node| node.objects += 1);
        while let Some(name) = next {
            let at = self.tree.member(self.at, &name, &mut held);
            members.next_value_seed(Walk { tree: self.tree, at })?;
            if self.tree.node(at).is_some_and(|node| !node.is_leaf()) {
                held.is_wide(at);
            }
            next = members.next_key()?;
        }
        Ok(())
    }
}
