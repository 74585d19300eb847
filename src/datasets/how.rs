//! How a source is asked, in words.

use jiff::Timestamp;
use parsers::{
    dataset::{Asking, Source},
    plan::{Ckan, Dated, Links, Pages, Take, Turn, Way},
};
use url::Url;

use super::shown::shown_url;
use crate::job::without_secrets;

/// How the files of a release are found and asked for, in sentences.
pub fn how(source: &Source) -> Vec<String> {
    if let Some(other) = &source.same_as {
        return vec![format!("the files of {other}, whenever it has fetched them")];
    }
    let mut told = vec![way(&source.way)];
    if let Some(dated) = &source.dated {
        told.push(period(dated));
        let shown = |(until, url)| format!("what was before {until} from {}", shown_url(source, url));
        told.extend(dated.earlier().map(shown));
    }
    if source.manner.post {
        told.push("by POST".to_owned());
    }
    if !source.manner.headers.is_empty() {
        let names: Vec<&str> = source.manner.headers.iter().map(|(name, _)| name.as_str()).collect();
        told.push(format!("with {} in the head of each request", names.join(", ")));
    }
    told.extend(source.ca.iter().map(|ca| format!("trusting the certificates of {} beside the system's", ca.file)));
    told.extend(source.read_by.iter().map(|other| format!("{other} reads the same files")));
    told
}

/// What is asked for first at a moment: the URL with its period and its query, without secrets. None where that is another
/// dataset's affair, or beyond the calendar.
pub fn first_request(source: &Source, now: Timestamp) -> Option<String> {
    if source.same_as.is_some() {
        return None;
    }
    let period = source.dated.as_ref().map(|dated| dated.newest(now)).transpose().ok()?;
    let Asking { url, manner } = source.asking(period).ok()?;
    let mut url: Url = source.plan(&url).first().ok()?.url.parse().ok()?;
    for (name, words) in &manner.query {
        if !url.query_pairs().any(|(known, _)| known == *name) {
            url.query_pairs_mut().append_pair(name, &words.shown());
        }
    }
    Some(without_secrets(&url))
}

fn way(way: &Way) -> String {
    match way {
        Way::File => "the file itself".to_owned(),
        Way::Pages(pages) => self::pages(pages),
        Way::Links(links) => self::links(links),
        Way::Ckan(ckan) => self::ckan(ckan),
        Way::Socrata(socrata) => format!("the {} export of a Socrata view", socrata.format),
    }
}

fn pages(pages: &Pages) -> String {
    let turn = match &pages.turn {
        Turn::Header => "the header Link".to_owned(),
        Turn::Next { at } => format!("the URL at {at}"),
        Turn::Cursor { at, parameter } => format!("`{parameter}` with what stands at {at}"),
        Turn::Offset { parameter } => format!("`{parameter}` with the number of records so far"),
        Turn::Number { parameter, .. } => format!("`{parameter}` with the page's number"),
    };
    let end = pages.total.as_ref().map(|at| format!(", until as many records as stand at {at} have come"));
    format!("page after page, by {turn}{}; {} at most", end.unwrap_or_default(), pages.most)
}

fn links(links: &Links) -> String {
    let Links { pattern, take, most } = links;
    match take {
        Take::Newest => format!("a page with links: of the files {pattern} the one whose name comes last"),
        Take::Unseen => format!("a page with links: all files {pattern} that are new, {most} at a time at most"),
    }
}

fn ckan(ckan: &Ckan) -> String {
    let said = [("name", &ckan.name), ("file", &ckan.file), ("format", &ckan.format)];
    let said: Vec<String> = said.iter().filter_map(|(key, value)| Some(format!("{key} {}", value.as_ref()?))).collect();
    let which = if ckan.is_newest { "the newest resource" } else { "the resource" };
    format!("a package of a CKAN catalogue: {which} by {}", said.join(", "))
}

/// What one request covers, and which of them a slot means.
fn period(dated: &Dated) -> String {
    let (period, lag) = (dated.period().as_str(), dated.lag());
    let which = if lag.is_zero() {
        "that it falls into".to_owned()
    } else {
        format!("of {:#} {}", lag.abs(), if lag.is_negative() { "later" } else { "before" })
    };
    format!("a {period} at a time: a slot means the {period} {which}").replace("a hour", "an hour")
}
