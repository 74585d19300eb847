//! A draft as the TOML file that people get to see.

use super::{Draft, Guessed};
use crate::{
    infer::{Asked, trial::Verdict},
    schema::Written,
    section::quoted,
};

impl Draft {
    /// The definition as it stands.
    pub(in crate::infer) fn definition(&self, asked: &Asked, verdict: Option<&Verdict>) -> String {
        let mut text = Vec::new();
        self.head(asked, verdict, &mut text);
        section("decode", &self.decode, &mut text);
        section("format", &self.format, &mut text);
        if self.columns.iter().any(|column| column.said.needs_clock()) {
            let zone = "zone = \"UTC\"  # GUESS: whose clock is it? \"+10:00\", \"Europe/Madrid\", …";
            section("time", &[zone.to_owned()], &mut text);
        }
        text.push("\n[columns]".to_owned());
        for column in &self.columns {
            text.push(column.line(asked));
        }
        if !self.several.is_empty() {
            text.push(format!("# several times in one record, and left out: {}", self.several.join(", ")));
        }
        let rows = verdict.map_or(0, |verdict| verdict.rows);
        // A fifth less than there is: what is shorter is more likely cut than true.
        let expect = [format!("min_rows = {}  # GUESS", rows - rows / 5), "max_rejected = 0".to_owned()];
        section("expect", &expect, &mut text);
        text.join("\n") + "\n"
    }

    fn head(&self, asked: &Asked, verdict: Option<&Verdict>, text: &mut Vec<String>) {
        let beside = &asked.beside;
        let title = beside.title.clone().unwrap_or_else(|| asked.name.to_string());
        let say = |value: &Option<String>, what: &str| value.clone().unwrap_or_else(|| format!("not said yet: {what}"));
        if let Some(verdict) = verdict {
            let Verdict { rows, rejected, .. } = verdict;
            let found = format!(
                "# Inferred from a file of {rows} rows, {rejected} rejects. Look at every line; a GUESS is one."
            );
            text.push(found);
        }
        text.push(format!("title = {}", quoted(&title)));
        text.push(format!("description = {}", quoted(&say(&beside.description, "what it is, in a sentence"))));
        text.push(format!("licence = {}", quoted(&say(&beside.licence, "under which terms it may be used"))));
        text.push("mode = \"replace\"  # GUESS: \"upsert\" if a file is not the whole truth".to_owned());
        self.key(text);
        if self.trim {
            text.push("trim = true  # GUESS: some values have white space around them".to_owned());
        }
        let publisher = quoted(&say(&beside.publisher, "who publishes it"));
        let page = quoted(beside.page.as_deref().unwrap_or(&asked.url));
        section("publisher", &[format!("name = {publisher}"), format!("page = {page}")], text);
        section("source", &[format!("url = {}", quoted(&asked.url))], text);
    }

    fn key(&self, text: &mut Vec<String>) {
        let listed = |key: &[usize]| {
            let names = key.iter().filter_map(|&at| self.columns.get(at)).map(|column| quoted(&column.name));
            format!("[{}]", names.collect::<Vec<_>>().join(", "))
        };
        match self.key.split_first() {
            None => text.push("key = []  # GUESS: no columns were found that name a row".to_owned()),
            Some((best, others)) => {
                let others: Vec<_> = others.iter().map(|key| listed(key)).collect();
                let or = if others.is_empty() { String::new() } else { format!(": or {}", others.join(", ")) };
                text.push(format!("key = {}  # GUESS{or}", listed(best)));
            }
        }
    }
}

impl Guessed {
    fn line(&self, asked: &Asked) -> String {
        let Self { name, from, may_be_absent, said } = self;
        let comment = asked.beside.columns.get(from).cloned().unwrap_or_else(|| from.trim().to_owned());
        let nulls: Vec<_> = said.nulls.iter().map(|null| quoted(null)).collect();
        let rules = [
            Some(format!("from = {}", quoted(from))),
            Some(said.guess.to_string()),
            Some(format!("nulls = [{}]", nulls.join(", "))).filter(|_| !nulls.is_empty()),
            said.written.as_ref().map(marks),
            may_be_absent.then(|| "may_be_absent = true".to_owned()),
            Some(format!("comment = {}", quoted(&comment))),
        ];
        let rules: Vec<String> = rules.into_iter().flatten().collect();
        let doubt = said.doubt().map_or_else(String::new, |doubt| format!("  # GUESS: {doubt}"));
        format!("{name} = {{ {} }}{doubt}", rules.join(", "))
    }
}

/// How numbers are written, as far as it must be said.
fn marks(written: &Written) -> String {
    let Written { decimal_mark, thousands, prefix, suffix, .. } = written;
    let decimal_mark = Some(decimal_mark.to_string()).filter(|mark| mark != ".");
    let around = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let said = [
        ("decimal_mark", decimal_mark),
        ("thousands", thousands.map(String::from)),
        ("prefix", around(prefix)),
        ("suffix", around(suffix)),
    ];
    let said: Vec<_> = said.into_iter().filter_map(|(key, text)| Some(format!("{key} = {}", quoted(&text?)))).collect();
    said.join(", ")
}

fn section(name: &str, lines: &[String], text: &mut Vec<String>) {
    if !lines.is_empty() {
        text.push(format!("\n[{name}]\n{}", lines.join("\n")));
    }
}
