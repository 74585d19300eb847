//! Walks through an instance: takes up contexts and units, and hands out facts once theirs are known.

use std::collections::{HashMap, VecDeque};

use super::{
    context::Context,
    element::{Element, INSTANCE, XML},
    fact::Fact,
    unit::Unit,
};
use crate::{
    decode::Text,
    format::xml::events::{Event, Events},
    read::ReadError,
};

/// The namespace of links: to taxonomies, and of footnotes to facts.
const LINKS: &str = "http://www.xbrl.org/2003/linkbase";

/// Most bytes that contexts, units and facts that wait for them may take.
const MOST: usize = 64 << 20;

/// An instance.
pub(super) struct Instance<'a> {
    events: Events<'a>,
    buffer: Vec<u8>,
    /// By their `id`; one that cannot be understood costs the facts that name it.
    contexts: HashMap<String, Result<Context, String>>,
    units: HashMap<String, Result<Unit, String>>,
    /// Facts whose context or unit has not come yet.
    waiting: VecDeque<Fact>,
    /// Bytes that all of these take, about.
    held: usize,
    /// The root and the tuples that are open: their names, and the language that is theirs.
    open: Vec<(String, Option<String>)>,
    tuples: u64,
    over: bool,
}

impl<'a> Instance<'a> {
    /// Reads up to the root, which must be an instance's.
    pub(super) fn open(text: Text<'a>) -> Result<Self, ReadError> {
        let (mut events, mut buffer) = (Events::new(text), Vec::new());
        let root = loop {
            if let Event::Start(start) = events.next(&mut buffer)? {
                break Element::begin(&events, &start)?;
            }
        };
        if !root.name.is(INSTANCE, "xbrl") {
            let found = root.name.full();
            return Err(events.broken(format!("the document is a {found}, and an XBRL instance is expected")));
        }
        let open = vec![(String::new(), root.attribute(XML, "lang").map(str::to_owned))];
        let (contexts, units, waiting) = (HashMap::new(), HashMap::new(), VecDeque::new());
        Ok(Self { events, buffer, contexts, units, waiting, held: 0, open, tuples: 0, over: false })
    }

    /// The next fact whose context and unit are known, or never will be; none at the document's end.
    pub(super) fn next(&mut self) -> Result<Option<Fact>, ReadError> {
        while !self.over {
            let Some(fact) = self.step()? else { continue };
            let is_known = self.contexts.contains_key(&fact.context)
                && fact.unit.as_ref().is_none_or(|unit| self.units.contains_key(unit));
            if is_known {
                return Ok(Some(fact));
            }
            self.hold(fact.original.len() + fact.value.len())?;
            self.waiting.push_back(fact);
        }
        Ok(self.waiting.pop_front())
    }

    /// The context of a fact.
    pub(super) fn context(&self, fact: &Fact) -> Result<&Context, String> {
        let id = &fact.context;
        let context = self.contexts.get(id).ok_or_else(|| format!("names the context {id:?}, which is not there"))?;
        context.as_ref().map_err(|reason| format!("is of the context {id:?}, which {reason}"))
    }

    /// The unit of a fact, if it has one.
    pub(super) fn unit(&self, fact: &Fact) -> Result<Option<&Unit>, String> {
        let Some(id) = &fact.unit else { return Ok(None) };
        let unit = self.units.get(id).ok_or_else(|| format!("names the unit {id:?}, which is not there"))?;
        unit.as_ref().map(Some).map_err(|reason| format!("is in the unit {id:?}, which {reason}"))
    }

    /// Goes on by one child of the root or of a tuple; a fact, if it is one.
    fn step(&mut self) -> Result<Option<Fact>, ReadError> {
        self.events.forget();
        let mut buffer = std::mem::take(&mut self.buffer);
        let element = match self.events.next(&mut buffer)? {
            Event::Start(start) => Some(Element::begin(&self.events, &start)?),
            Event::Text(text) if !text.trim().is_empty() => {
                let (tuple, _) = self.open.last().cloned().unwrap_or_default();
                let place = if tuple.is_empty() {
                    "between the facts".to_owned()
                } else {
                    format!("in {tuple}, which has no contextRef")
                };
                return Err(self.events.broken(format!("there is text {place}")));
            }
            Event::End => {
                self.open.pop();
                None
            }
            Event::Over => {
                self.over = true;
                None
            }
            Event::Text(_) | Event::Nothing => None,
        };
        let fact = element.map_or(Ok(None), |element| self.child(element, &mut buffer));
        self.buffer = buffer;
        fact
    }

    fn child(&mut self, mut element: Element, buffer: &mut Vec<u8>) -> Result<Option<Fact>, ReadError> {
        let line = self.events.first_line();
        if element.attribute("", "contextRef").is_some() {
            element.fill(&mut self.events, buffer)?;
            return Ok(Some(self.fact(element, line)));
        }
        match (element.name.namespace.as_str(), element.name.local.as_str()) {
            (INSTANCE, "context") => {
                element.fill(&mut self.events, buffer)?;
                let (id, context) = (self.id(&element)?, Context::read(&element));
                self.hold(id.len() + context.as_ref().map_or_else(String::len, Context::size))?;
                self.once(&id, "contexts", |instance| instance.contexts.insert(id.clone(), context).is_some())?;
            }
            (INSTANCE, "unit") => {
                element.fill(&mut self.events, buffer)?;
                let (id, unit) = (self.id(&element)?, Unit::read(&element));
                self.hold(id.len() + unit.as_ref().map_or_else(String::len, Unit::size))?;
                self.once(&id, "units", |instance| instance.units.insert(id.clone(), unit).is_some())?;
            }
            (LINKS, _) => self.pass_over(buffer)?,
            (INSTANCE, other) => return Err(self.events.broken(format!("an instance has no {other} among its facts"))),
            _ => {
                self.tuples += 1;
                let language = element.attribute(XML, "lang").map(str::to_owned);
                self.open.push((format!("{} {}", element.name.local, self.tuples), language));
            }
        }
        Ok(None)
    }

    fn fact(&self, element: Element, line: u64) -> Fact {
        let mut fact = Fact::read(element);
        let around = self.open.iter().rev().find_map(|(_, language)| language.clone());
        fact.language = fact.language.or(around);
        let tuples: Vec<&str> = self.open.iter().skip(1).map(|(name, _)| name.as_str()).collect();
        fact.tuple = (!tuples.is_empty()).then(|| tuples.join("/"));
        Fact { line, original: self.events.kept().to_vec(), ..fact }
    }

    fn id(&self, element: &Element) -> Result<String, ReadError> {
        let id = element.attribute("", "id").map(|id| id.trim().to_owned());
        id.ok_or_else(|| self.events.broken(format!("a {} has no id", element.name.local)))
    }

    fn once(&mut self, id: &str, what: &str, take: impl FnOnce(&mut Self) -> bool) -> Result<(), ReadError> {
        if take(self) { Err(self.events.broken(format!("there are two {what} {id:?}"))) } else { Ok(()) }
    }

    fn hold(&mut self, bytes: usize) -> Result<(), ReadError> {
        self.held += bytes + size_of::<Context>();
        if self.held > MOST {
            let message = "contexts, units and facts before theirs take more than 64 MiB";
            return Err(self.events.broken(message));
        }
        Ok(())
    }

    /// Reads on to the end of an element that nobody wants.
    fn pass_over(&mut self, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
        let mut depth = 1;
        while depth > 0 {
            self.events.forget();
            match self.events.next(buffer)? {
                Event::Start(_) => depth += 1,
                Event::End => depth -= 1,
                Event::Over => return Ok(()),
                Event::Text(_) | Event::Nothing => (),
            }
        }
        Ok(())
    }
}
