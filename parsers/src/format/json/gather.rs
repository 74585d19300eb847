//! Gathers the wanted texts of one value: of a record, or of what stands beside the way to it.

use jiter::{Jiter, JiterError, JiterErrorType, JsonErrorType, Peek};
use twox_hash::XxHash3_128;

use super::{
    plan::{Plan, Tree, Wanted},
    slots::Slots,
    stream::count_lines,
};
use crate::read::ReadError;

/// Why a value's parts cannot be told apart.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is no JSON, from this byte on.
    Syntax(usize, String),
    /// It is JSON, and not what the definition says.
    Shape(String),
}

impl From<JiterError> for Fault {
    fn from(error: JiterError) -> Self {
        match error.error_type {
            // The grammar has it, so that what follows can be read; no text can hold it.
            JiterErrorType::JsonError(
                JsonErrorType::LoneLeadingSurrogateInHexEscape | JsonErrorType::UnexpectedEndOfHexEscape,
            ) => Self::Shape(format!(
                "has half of a surrogate pair at its byte {}, which is no character",
                error.index + 1
            )),
            what => Self::Syntax(error.index, what.to_string()),
        }
    }
}

/// Walks through values again and again, within its own buffers.
#[derive(Debug, Default)]
pub(super) struct Gatherer {
    tape: Vec<u8>,
    /// Hashes of the names in the open objects.
    names: Vec<u128>,
}

/// Hears of each member of a record that nobody asked for, by its name, and of the bytes of its value.
pub(super) type Hearing<'n> = &'n mut dyn FnMut(&str, &str);

impl Gatherer {
    /// Puts what is wanted below `node` of `tree` into its slots. `json` is one value and nothing else.
    pub(super) fn gather(
        &mut self,
        json: &str,
        (plan, tree, node): (&Plan, &Tree, usize),
        slots: &mut Slots,
        news: Hearing<'_>,
    ) -> Result<(), Fault> {
        self.names.clear();
        let jiter = Jiter::with_tape(json.as_bytes(), std::mem::take(&mut self.tape));
        let names = std::mem::take(&mut self.names);
        let mut walk = Walk { json, jiter, names, plan, tree, slots, news };
        let done = walk.whole(node);
        let Walk { jiter, names, .. } = walk;
        (self.tape, self.names) = (jiter.into_tape(), names);
        done
    }
}

struct Walk<'w, 'n> {
    json: &'w str,
    jiter: Jiter<'w>,
    names: Vec<u128>,
    plan: &'w Plan,
    tree: &'w Tree,
    slots: &'w mut Slots,
    news: Hearing<'n>,
}

impl Walk<'_, '_> {
    fn whole(&mut self, node: usize) -> Result<(), Fault> {
        let peek = self.jiter.peek()?;
        self.value(peek, node)?;
        Ok(self.jiter.finish()?)
    }

    /// Reads a value that is wanted, or in which something is.
    fn value(&mut self, peek: Peek, at: usize) -> Result<(), Fault> {
        let tree = self.tree;
        let Some(node) = tree.node(at) else { return Ok(self.jiter.known_skip(peek)?) };
        let start = self.jiter.current_index();
        match peek {
            Peek::Object if !node.is_leaf() || at == Tree::ROOT => self.object(at)?,
            Peek::Array if !node.is_leaf() => {
                let elements = self.array(at)?;
                if elements > 0 && !tree.looks_into_arrays(at) {
                    return Err(self.shape(peek, start));
                }
            }
            Peek::String if node.is_leaf() => return self.text(start, &node.slots),
            Peek::Null if at == Tree::ROOT => return Err(Fault::Shape("is null".to_owned())),
            _ => self.jiter.known_skip(peek)?,
        }
        let json = self.json.get(start..self.jiter.current_index()).unwrap_or_default();
        if !node.is_leaf() && !matches!(peek, Peek::Object | Peek::Array | Peek::Null) {
            return Err(self.shape(peek, start));
        }
        for &slot in &node.slots {
            let Some(wanted) = self.plan.slots.get(slot) else { continue };
            match peek {
                Peek::Null => self.slots.there(slot),
                _ if wanted.json => self.slots.add_json(slot, json),
                Peek::Object | Peek::Array => return Err(unexpected(wanted, peek)),
                _ => self.slots.add(slot, json, wanted.join.as_deref()),
            }
        }
        Ok(())
    }

    fn text(&mut self, start: usize, slots: &[usize]) -> Result<(), Fault> {
        let text = self.jiter.known_str()?;
        let mut as_json = false;
        for &slot in slots {
            match self.plan.slots.get(slot) {
                Some(wanted) if wanted.json => as_json = true,
                Some(wanted) => self.slots.add(slot, text, wanted.join.as_deref()),
                None => (),
            }
        }
        if as_json {
            let json = self.json.get(start..self.jiter.current_index()).unwrap_or_default();
            let wanted = |slot: &&usize| self.plan.slots.get(**slot).is_some_and(|wanted| wanted.json);
            slots.iter().filter(wanted).for_each(|&slot| self.slots.add_json(slot, json));
        }
        Ok(())
    }

    fn object(&mut self, at: usize) -> Result<(), Fault> {
        let (tree, before) = (self.tree, self.names.len());
        let mut name = self.jiter.next_object()?;
        while let Some(found) = name {
            self.names.push(XxHash3_128::oneshot(found.as_bytes()));
            let nodes = tree.member(at, found);
            if nodes == [None, None] && at == Tree::ROOT {
                let found = found.to_owned();
                self.unasked(&found)?;
            } else {
                self.child(nodes)?;
            }
            name = self.jiter.next_key()?;
        }
        let twice = is_any_twice(self.names.get_mut(before..).unwrap_or_default());
        self.names.truncate(before);
        if twice { Err(Fault::Shape("has a name twice in one object".to_owned())) } else { Ok(()) }
    }

    /// Reads an array's elements, and counts them.
    fn array(&mut self, at: usize) -> Result<usize, Fault> {
        let tree = self.tree;
        self.is_there(at);
        let (mut next, mut place) = (self.jiter.next_array()?, 0);
        while let Some(peek) = next {
            let nodes = tree.element(at, place);
            self.known_child(peek, nodes)?;
            place += 1;
            next = self.jiter.array_step()?;
        }
        Ok(place)
    }

    /// An array without elements is there, for the columns that come from all of them.
    fn is_there(&mut self, at: usize) {
        for below in self.tree.every(at) {
            self.slots.there(below);
        }
    }

    /// A member of the record that nobody asked for.
    fn unasked(&mut self, name: &str) -> Result<(), Fault> {
        let peek = self.jiter.peek()?;
        let start = self.jiter.current_index();
        self.jiter.known_skip(peek)?;
        (self.news)(name, self.json.get(start..self.jiter.current_index()).unwrap_or_default());
        Ok(())
    }

    fn child(&mut self, nodes: [Option<usize>; 2]) -> Result<(), Fault> {
        let peek = self.jiter.peek()?;
        self.known_child(peek, nodes)
    }

    fn known_child(&mut self, peek: Peek, nodes: [Option<usize>; 2]) -> Result<(), Fault> {
        match nodes {
            [Some(one), Some(other)] => {
                let here = self.jiter.clone();
                self.value(peek, one)?;
                self.jiter = here;
                self.value(peek, other)
            }
            [Some(node), None] | [None, Some(node)] => self.value(peek, node),
            [None, None] => Ok(self.jiter.known_skip(peek)?),
        }
    }

    fn shape(&mut self, peek: Peek, start: usize) -> Fault {
        let rest = self.json.get(start..).unwrap_or_default();
        let shown: String = rest.chars().take(40).collect();
        let wanted = if peek == Peek::Array { "an object" } else { "an object or array" };
        Fault::Shape(format!("has {} where the definition looks into {wanted}: {shown}", kind(peek)))
    }
}

fn unexpected(wanted: &Wanted, peek: Peek) -> Fault {
    let what = format!("has {} at {}, where one value is expected", kind(peek), wanted.path);
    Fault::Shape(format!("{what}; to keep it as it is, give the column the type json"))
}

/// The error for a document in which a value cannot be read that begins on `line`.
pub(super) fn broken(fault: Fault, value: &[u8], line: u64) -> ReadError {
    match fault {
        Fault::Syntax(at, what) => {
            let line = line + count_lines(value.get(..at).unwrap_or(value));
            ReadError::broken(Some(line), format!("the JSON is broken: {what}"))
        }
        Fault::Shape(what) => ReadError::broken(Some(line), format!("the document {what}")),
    }
}

/// What a value is, in words.
pub(super) fn kind(peek: Peek) -> &'static str {
    match peek {
        Peek::Object => "an object",
        Peek::Array => "an array",
        Peek::String => "a text",
        Peek::Null => "null",
        Peek::True | Peek::False => "a truth value",
        _ => "a number",
    }
}

/// Whether a name comes twice, by the hashes.
pub(super) fn is_any_twice(names: &mut [u128]) -> bool {
    names.sort_unstable();
    names.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
}
