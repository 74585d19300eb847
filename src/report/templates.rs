//! The templates of a report: compiled once, and held to what cannot harm the process that fills them in.
//!
//! Handlebars follows partials by recursion, so two that include each other would end the whole program. Templates
//! are therefore read as trees before anything is rendered: partials are named plainly, form no circle and nest only
//! so deep; nothing is written unescaped; nothing changes the templates while they are filled in.

use std::collections::{BTreeMap, BTreeSet};

use handlebars::{
    Handlebars, Template, TemplateErrorReason,
    template::{DecoratorTemplate, HelperTemplate, TemplateElement, TemplateMapping},
};
use parsers::Diagnostic;

use crate::view;

/// Longest template.
const LONGEST: usize = 256 * 1024;

/// Deepest nesting of blocks, brackets and partials.
const DEEPEST: usize = 16;

/// A template as it stands in its file.
#[derive(Debug, Clone)]
pub struct Source {
    /// How partials and documents call it: its file's stem.
    pub name: String,
    /// The file, relative to the home folder.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// A template that may be registered.
#[derive(Debug, Clone)]
struct Compiled {
    template: Template,
    includes: Vec<Include>,
}

/// One `{{> name}}`.
#[derive(Debug, Clone)]
struct Include {
    name: String,
    at: usize,
}

/// Compiles templates that may include each other; all mistakes of all of them.
pub fn compile(sources: &[Source]) -> (Vec<(String, Template)>, Vec<Diagnostic>) {
    let mut mistakes = Vec::new();
    let mut compiled = Graph::new();
    for source in sources {
        if let Some((earlier, _)) = compiled.get(source.name.as_str()) {
            let message = format!("the template `{}` also stands in {}", source.name, earlier.file);
            mistakes.push(about(source, None, message, Some("rename one of the files")));
        }
        match one(source) {
            Ok(template) => drop(compiled.insert(&source.name, (source, template))),
            Err(found) => mistakes.extend(found),
        }
    }
    graph(&compiled, &mut mistakes);
    let templates = compiled.into_iter().map(|(name, (_, compiled))| (name.to_owned(), compiled.template));
    (templates.collect(), mistakes)
}

/// An engine with these templates.
pub fn engine(compiled: Vec<(String, Template)>) -> Handlebars<'static> {
    let mut engine = view::engine();
    for (name, template) in compiled {
        engine.register_template(&name, template);
    }
    engine
}

fn about(source: &Source, at: Option<usize>, message: String, help: Option<&str>) -> Diagnostic {
    let span = at.map(|at| at..source.text.len().min(at + 1));
    Diagnostic { file: source.file.clone(), span, message, help: help.map(str::to_owned) }
}

fn one(source: &Source) -> Result<Compiled, Vec<Diagnostic>> {
    if let Some(message) = outgrown(&source.text) {
        return Err(vec![about(source, None, message, None)]);
    }
    let template = Template::compile_with_name(&source.text, source.name.clone()).map_err(|error| {
        let at = error.pos().map(|(line, column)| offset(&source.text, line, column));
        vec![about(source, at, syntax(error.reason()), None)]
    })?;
    let mut walk = Walk { source, includes: Vec::new(), mistakes: Vec::new() };
    walk.template(&template);
    if walk.mistakes.is_empty() { Ok(Compiled { template, includes: walk.includes }) } else { Err(walk.mistakes) }
}

/// The parser lists every rule that it tried; a person wants to know that this is where it stopped.
fn syntax(reason: &TemplateErrorReason) -> String {
    match reason {
        TemplateErrorReason::InvalidSyntax(_) => {
            "from here on this is not Handlebars: is a tag or a block open?".into()
        }
        reason => reason.to_string(),
    }
}

/// Why a text is too much for the parser, which recurses as deep as the text nests.
fn outgrown(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return Some(format!("the template has {} bytes; at most {LONGEST} are read", text.len()));
    }
    let (mut blocks, mut brackets) = (0usize, 0usize);
    for tag in text.split("{{").skip(1) {
        let inside = tag.split("}}").next().unwrap_or(tag);
        match inside.trim_start_matches(['~', '{']).chars().next() {
            Some('#') => blocks += 1,
            Some('/') => blocks = blocks.saturating_sub(1),
            _ => {}
        }
        brackets = brackets.max(inside.matches(['(', '[', '{']).count());
        if blocks.max(brackets) > 2 * DEEPEST {
            return Some(format!("blocks or brackets nest deeper than {}", 2 * DEEPEST));
        }
    }
    None
}

/// Goes through a template's tree.
struct Walk<'a> {
    source: &'a Source,
    includes: Vec<Include>,
    mistakes: Vec<Diagnostic>,
}

impl Walk<'_> {
    fn template(&mut self, template: &Template) {
        for (element, at) in template.elements.iter().zip(&template.mapping) {
            self.element(element, self.place(at));
        }
    }

    fn element(&mut self, element: &TemplateElement, at: usize) {
        match element {
            TemplateElement::RawString(_) | TemplateElement::Comment(_) | TemplateElement::Expression(_) => {}
            TemplateElement::HelperBlock(block) => self.block(block),
            TemplateElement::PartialExpression(partial) => self.include(partial, at),
            TemplateElement::HtmlExpression(_) => self.refuse(at, "a value is written without escaping", "write {{…}}"),
            TemplateElement::PartialBlock(_) => {
                self.refuse(at, "a partial takes a block", "write {{> name}}, and pass values as name=value");
            }
            _ => self.refuse(at, "a template changes templates while it is filled in", "leave the decorator out"),
        }
    }

    fn block(&mut self, block: &HelperTemplate) {
        for inner in [&block.template, &block.inverse].into_iter().flatten() {
            self.template(inner);
        }
    }

    fn include(&mut self, partial: &DecoratorTemplate, at: usize) {
        match partial.name.as_name() {
            Some(name) if !name.starts_with('@') => self.includes.push(Include { name: name.to_owned(), at }),
            _ => self.refuse(at, "the name of a partial is computed", "name the partial as it is"),
        }
    }

    fn refuse(&mut self, at: usize, message: &str, help: &str) {
        self.mistakes.push(about(self.source, Some(at), message.to_owned(), Some(help)));
    }

    fn place(&self, at: &TemplateMapping) -> usize {
        offset(&self.source.text, at.0, at.1)
    }
}

type Graph<'a> = BTreeMap<&'a str, (&'a Source, Compiled)>;

/// Follows the partials: each must be there, none may lead back to where it started, and no way may be too long.
fn graph(compiled: &Graph<'_>, mistakes: &mut Vec<Diagnostic>) {
    let mut circles = false;
    for (name, (source, template)) in compiled {
        for include in &template.includes {
            let mut wrong = |message, help: Option<&str>| mistakes.push(about(source, Some(include.at), message, help));
            if !compiled.contains_key(include.name.as_str()) {
                let near = parsers::section::nearest(&include.name, compiled.keys().copied());
                let help = near.map(|near| format!("did you mean `{near}`?"));
                wrong(format!("there is no template `{}`", include.name), help.as_deref());
            } else if reaches(&include.name, name, compiled) {
                circles = true;
                wrong(format!("`{name}` includes itself by way of `{}`", include.name), Some("break the circle"));
            }
        }
    }
    let mut depths = BTreeMap::new();
    for (name, (source, _)) in compiled.iter().filter(|_| !circles) {
        if depth(name, compiled, &mut depths) > DEEPEST {
            mistakes.push(about(source, None, format!("partials nest deeper than {DEEPEST} from here"), None));
        }
    }
}

fn included<'a>(name: &str, compiled: &'a Graph<'_>) -> impl Iterator<Item = &'a str> {
    let template = compiled.get(name).map(|(_, template)| template);
    template.into_iter().flat_map(|template| template.includes.iter().map(|include| include.name.as_str()))
}

fn reaches<'a>(from: &'a str, to: &str, compiled: &'a Graph<'_>) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(name) = next.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            next.extend(included(name, compiled));
        }
    }
    false
}

/// How many templates stand below one another from `name` on. Only for graphs without circles.
fn depth<'a>(name: &'a str, compiled: &'a Graph<'_>, known: &mut BTreeMap<&'a str, usize>) -> usize {
    if let Some(&depth) = known.get(name) {
        return depth;
    }
    let below = included(name, compiled).map(|name| depth(name, compiled, known)).max();
    let here = below.map_or(0, |below| below + 1);
    known.insert(name, here);
    here
}

/// The byte at a line and a column, both from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or_default();
    start + rest.char_indices().nth(column.saturating_sub(1)).map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests;
