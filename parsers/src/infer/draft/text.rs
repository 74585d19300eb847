//! A draft as the TOML file that people get to see.

use super::{Draft, Guessed, Place};
use crate::{
    infer::{Asked, trial::Verdict},
    schema::{Digits, Written},
    section::quoted,
};

impl Draft {
    /// The definition as it stands.
    pub(in crate::infer) fn definition(&self, asked: &Asked, verdict: Option<&Verdict>) -> String {
        let mut text = Vec::new();
        self.head(asked, verdict, &mut text);
        section("decode", &self.decode, &mut text);
        let format = std::iter::once(format!("kind = {}", quoted(self.kind.word()))).chain(self.format.iter().cloned());
        section("format", &format.collect::<Vec<_>>(), &mut text);
        if let Some(zone) = self.zone() {
            section("time", &[zone], &mut text);
        }
        text.push("\n[columns]".to_owned());
        for column in &self.columns {
            text.push(column.line(asked));
        }
        // A comment of TOML is one line without control characters.
        text.extend(self.notes.iter().map(|note| format!("# {}", note.replace(char::is_control, " "))));
        let rows = verdict.map_or(0, |verdict| verdict.rows);
        // A fifth less than there is: what is shorter is more likely cut than true.
        let expect = [
            format!("min_rows = {}  # GUESS: a fifth less than there are", rows - rows / 5),
            "max_rejected = 0".to_owned(),
        ];
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
        let plain = asked.url.split(['?', '#']).next().unwrap_or_default();
        let page = quoted(beside.page.as_deref().unwrap_or(plain));
        section("publisher", &[format!("name = {publisher}"), format!("page = {page}")], text);
        let secret =
            |(name, secret): &(String, String)| format!("{} = {}", quoted(name), quoted(&format!("secret:{secret}")));
        let secrets: Vec<_> = asked.secrets.iter().map(secret).collect();
        let query = Some(format!("query = {{ {} }}", secrets.join(", "))).filter(|_| !secrets.is_empty());
        let at_hand = if asked.url.starts_with("file:") { "  # not said yet: where it is published" } else { "" };
        let url = format!("url = {}{at_hand}", quoted(&asked.url));
        section("source", &[Some(url), query].into_iter().flatten().collect::<Vec<_>>(), text);
    }

    /// Whose clock local times are on, if there are any.
    fn zone(&self) -> Option<String> {
        let on_a_clock = || self.columns.iter().filter(|column| column.said.on_a_clock);
        on_a_clock().next()?;
        let says = |column: &&Guessed| {
            let (from, pattern) = (column.place.from.to_ascii_uppercase(), column.said.guess.pattern);
            from.contains("UTC") || from.contains("GMT") || pattern.is_some_and(|pattern| pattern.ends_with('Z'))
        };
        Some(match on_a_clock().find(says) {
            Some(column) => format!("zone = \"UTC\"  # GUESS: {} says so", quoted(&column.place.from)),
            None => "zone = \"UTC\"  # GUESS: whose clock is it? \"+10:00\", \"Europe/Madrid\", …".to_owned(),
        })
    }

    fn key(&self, text: &mut Vec<String>) {
        let listed = |key: &[usize]| {
            let names = key.iter().filter_map(|&at| self.columns.get(at)).map(|column| quoted(&column.name));
            format!("[{}]", names.collect::<Vec<_>>().join(", "))
        };
        match self.key.split_first() {
            None => text.push("key = []  # GUESS: no columns were found of which no two rows have the same".to_owned()),
            Some((best, others)) => {
                let others: Vec<_> = others.iter().map(|key| listed(key)).collect();
                let or = if others.is_empty() { String::new() } else { format!("; or {}", others.join(", ")) };
                let looked = self.looked;
                text.push(format!(
                    "key = {}  # GUESS: no two of the first {looked} rows are alike in it{or}",
                    listed(best)
                ));
            }
        }
    }
}

impl Guessed {
    fn line(&self, asked: &Asked) -> String {
        let Self { name, place: Place { from, may_be_absent, join, .. }, said } = self;
        let words: Vec<_> = said.words.iter().map(|word| quoted(word)).collect();
        let comment = asked.beside.columns.get(from).cloned().unwrap_or_else(|| from.trim().to_owned());
        let nulls: Vec<_> = said.nulls.iter().map(|null| quoted(null)).collect();
        let rules = [
            Some(format!("from = {}", quoted(from))),
            join.map(|join| format!("join = {}", quoted(join).replace("\\u000A", "\\n"))),
            Some(said.guess.to_string()),
            Some(format!("values = [{}]", words.join(", "))).filter(|_| !words.is_empty()),
            Some(format!("nulls = [{}]", nulls.join(", "))).filter(|_| !nulls.is_empty()),
            said.written.as_ref().map(marks),
            may_be_absent.then(|| "may_be_absent = true".to_owned()),
            Some(format!("comment = {}", quoted(&comment))),
        ];
        let rules: Vec<String> = rules.into_iter().flatten().collect();
        let several = join.map(|_| "a record may have several, put together here".to_owned());
        let doubt = said.doubt.clone().or(several).map_or_else(String::new, |doubt| format!("  # GUESS: {doubt}"));
        format!("{name} = {{ {} }}{doubt}", rules.join(", "))
    }
}

/// How numbers are written, as far as it must be said.
fn marks(written: &Written) -> String {
    let Written { decimal_mark, thousands, prefix, suffix, digits } = written;
    let digits = Some("binary".to_owned()).filter(|_| *digits == Digits::Binary);
    let decimal_mark = Some(decimal_mark.to_string()).filter(|mark| mark != ".");
    let around = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let said = [
        ("decimal_mark", decimal_mark),
        ("thousands", thousands.map(String::from)),
        ("prefix", around(prefix)),
        ("suffix", around(suffix)),
        ("digits", digits),
    ];
    let said: Vec<_> = said.into_iter().filter_map(|(key, text)| Some(format!("{key} = {}", quoted(&text?)))).collect();
    said.join(", ")
}

fn section(name: &str, lines: &[String], text: &mut Vec<String>) {
    if !lines.is_empty() {
        text.push(format!("\n[{name}]\n{}", lines.join("\n")));
    }
}
