//! How files are found from the source's URL.

use crate::{
    Format,
    dataset::Mode,
    plan::{Ckan, Links, Pages, Socrata, Take, Turn, Way},
    section::Section,
};

const WAYS: [&str; 4] = ["pages", "listing", "ckan", "socrata"];
const TAKES: &[(&str, Take)] = &[("newest", Take::Newest), ("unseen", Take::Unseen)];
const FORMATS: &[(&str, &str)] = &[("csv", "csv"), ("json", "json"), ("xml", "xml")];

/// Files of one release at most, and pages.
const MOST_FILES: u64 = 100;
const MOST_PAGES: u64 = 1000;

/// What the turning of pages may be called.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Header,
    Next,
    Cursor,
    Offset,
    Number,
}

const BYS: &[(&str, By)] =
    &[("link", By::Header), ("next", By::Next), ("cursor", By::Cursor), ("offset", By::Offset), ("number", By::Number)];

pub(super) fn way(table: &Section<'_>, mode: Option<Mode>, format: Option<&Format>) -> Option<Way> {
    let said: Vec<&str> = WAYS.into_iter().filter(|way| table.has(way)).collect();
    if let [first, second, ..] = said.as_slice() {
        table.mistake(second, format!("a source has `{first}` or `{second}`, not both"), None);
    }
    let pages = table.optional_table("pages").map(|section| pages(&section, format).map(Way::Pages));
    let links = table.optional_table("listing").map(|section| links(&section, mode).map(Way::Links));
    let ckan = table.optional_table("ckan").map(|section| Some(Way::Ckan(ckan(&section))));
    let socrata = table.optional_table("socrata").map(|section| {
        let format = section.word("format", FORMATS).map(str::to_owned);
        format.map(|format| Way::Socrata(Socrata { format }))
    });
    pages.or(links).or(ckan).or(socrata).unwrap_or(Some(Way::File))
}

fn pages(section: &Section<'_>, format: Option<&Format>) -> Option<Pages> {
    let by = section.word("by", BYS);
    let parameter = section.optional::<String>("parameter");
    let at = pointer(section, "next");
    let first = section.optional("first");
    let (records, total) = (pointer(section, "records"), pointer(section, "total"));
    let size = section.optional("size");
    let most = section.optional("most").unwrap_or(MOST_PAGES);
    if total.is_some() && records.is_none() {
        let help = "add `records`: the JSON pointer to the array that holds them";
        section.mistake(
            "total",
            "what is declared is held against records, and they are not counted",
            Some(help.into()),
        );
    }
    let is_told_by_count = matches!(by, Some(By::Offset | By::Number));
    if is_told_by_count && records.is_none() && format.is_some_and(Format::takes_records_apart) {
        let help = "publishers offer the header `Link` or the next URL, too: `by = \"link\"`, `by = \"next\"`";
        section.mistake("by", "pages are counted by records, and this format makes several of one", Some(help.into()));
    }
    if size.is_some() && by.is_some() && !is_told_by_count {
        section.mistake("size", "`size` is for pages by \"offset\" or \"number\"", None);
    }
    let turn = turn(section, by?, parameter, at, first)?;
    Some(Pages { turn, records, total, size, most: usize::try_from(most).unwrap_or(usize::MAX).max(1) })
}

fn turn(
    section: &Section<'_>,
    by: By,
    parameter: Option<String>,
    at: Option<String>,
    first: Option<u64>,
) -> Option<Turn> {
    let word = BYS.iter().find(|(_, known)| *known == by).map_or("", |(word, _)| word);
    let wanted = [
        ("parameter", matches!(by, By::Cursor | By::Offset | By::Number)),
        ("next", matches!(by, By::Next | By::Cursor)),
    ];
    for (key, needed) in wanted {
        if needed != section.has(key) {
            let told = if needed {
                format!("pages by {word:?} need `{key}`")
            } else {
                format!("pages by {word:?} have no `{key}`")
            };
            section.mistake(if needed { "by" } else { key }, told, None);
        }
    }
    if first.is_some() && by != By::Number {
        section.mistake("first", "`first` is for pages by \"number\"", None);
    }
    Some(match by {
        By::Header => Turn::Header,
        By::Next => Turn::Next { at: at? },
        By::Cursor => Turn::Cursor { at: at?, parameter: parameter? },
        By::Offset => Turn::Offset { parameter: parameter? },
        By::Number => Turn::Number { parameter: parameter?, first: first.unwrap_or(1) },
    })
}

fn pointer(section: &Section<'_>, key: &str) -> Option<String> {
    let pointer = section.optional::<String>(key)?;
    let good = pointer.is_empty() || pointer.starts_with('/');
    if !good {
        let help = "write \"/response/total\": a slash before each name; \"\" is the whole page";
        section.mistake(key, format!("{pointer:?} is no JSON pointer"), Some(help.into()));
    }
    good.then_some(pointer)
}

fn links(section: &Section<'_>, mode: Option<Mode>) -> Option<Links> {
    let pattern = section.required("pattern");
    let take = section.optional_word("take", TAKES).unwrap_or(Take::Newest);
    let most = section.optional("most").unwrap_or(MOST_FILES);
    if take == Take::Unseen && mode == Some(Mode::Replace) {
        let message = "what is new on the page is not all, and the mode \"replace\" would remove the rest";
        section.mistake("take", message, Some("use \"upsert\" or \"append\", or take the newest".into()));
    }
    if take == Take::Newest && section.has("most") {
        section.mistake("most", "`most` is for `take = \"unseen\"`", None);
    }
    Some(Links { pattern: pattern?, take, most: usize::try_from(most).unwrap_or(usize::MAX).max(1) })
}

fn ckan(section: &Section<'_>) -> Ckan {
    let name = section.optional("name");
    let file = section.optional("file");
    let format = section.optional("format");
    let is_newest = section.optional_word("take", &[("newest", true), ("only", false)]).unwrap_or(false);
    if name.is_none() && file.is_none() && format.is_none() {
        let help = "add `name`, `file` or `format`: exactly one resource must match";
        section.mistake("name", "it is not said which resource of the package it is", Some(help.into()));
    }
    Ckan { name, file, format, is_newest }
}
