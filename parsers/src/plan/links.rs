//! Pages that list files: a folder as a web server shows it, or a publisher's page of downloads.

use std::{cmp::Ordering, collections::HashSet};

use html5gum::{Token, Tokenizer};
use url::Url;

use super::{Answer, Seen, Trail, WalkError};
use crate::decode::matches;

/// Which links of a page are files of the dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// Matched against the last part of a link's path; `*` stands for any run of characters.
    pub pattern: String,
    /// Which of those that match are taken.
    pub take: Take,
    /// Most files of one release; the oldest first.
    pub most: usize,
}

/// Which of the files that are listed are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// The one whose name comes last, numbers in it compared as numbers.
    Newest,
    /// All that no release has been made of yet, in the order of their names.
    Unseen,
}

/// Links to other files that are told where none is the dataset's.
const TOLD: usize = 5;

impl Links {
    /// The files to take, in order, and what people should know.
    pub(super) fn files(
        &self,
        answer: &Answer<'_>,
        trail: Trail<'_>,
        seen: &Seen,
    ) -> Result<(Vec<String>, Option<String>), WalkError> {
        let (mut files, mut known) = (Vec::new(), HashSet::new());
        let mut others = Vec::new();
        for href in hrefs(answer.url, answer.content) {
            match last_part(answer.url, &href) {
                Some(name) if matches(&self.pattern, &name) => {
                    let url = trail.follow(answer.url, &href)?;
                    if known.insert(url.clone()) {
                        files.push((name, url));
                    }
                }
                Some(other) if !other.is_empty() && others.len() < TOLD => others.push(other),
                _ => {}
            }
        }
        if files.is_empty() {
            return Err(self.nothing(answer.url, &others));
        }
        files.sort_by(|(one, _), (other, _)| by_numbers(one, other));
        if self.take == Take::Newest {
            return Ok((vec![self.newest(answer.url, files)?], None));
        }
        let urls = files.into_iter().map(|(_, url)| url);
        let files: Vec<(String, String)> = urls.map(|url| (seen.kept_as(&url), url)).collect();
        let mut told = HashSet::new();
        if let Some((kept, _)) = files.iter().find(|(kept, _)| !told.insert(kept)) {
            return Err(WalkError::Alike { url: answer.url.to_owned(), kept: kept.clone() });
        }
        let mut unseen: Vec<String> =
            files.into_iter().filter(|(kept, _)| !seen.urls.contains(kept)).map(|(_, url)| url).collect();
        let left = unseen.len().saturating_sub(self.most);
        unseen.truncate(self.most);
        Ok((unseen, (left > 0).then(|| format!("{left} more files of the listing are left to the next run"))))
    }

    /// The one whose name comes last, if that is one.
    fn newest(&self, url: &str, mut files: Vec<(String, String)>) -> Result<String, WalkError> {
        let Some((name, last)) = files.pop() else { return Err(self.nothing(url, &[])) };
        let alike = files.into_iter().rev().take_while(|(other, _)| by_numbers(other, &name).is_eq());
        let mut urls: Vec<String> = alike.map(|(_, url)| url).collect();
        if urls.is_empty() {
            return Ok(last);
        }
        urls.push(last);
        let (pattern, count) = (format!("{:?} and come last by their names", self.pattern), urls.len());
        urls.truncate(TOLD);
        Err(WalkError::Several { url: url.to_owned(), pattern, count, names: urls.join(", ") })
    }

    fn nothing(&self, url: &str, others: &[String]) -> WalkError {
        let there = match others {
            [] => "it has no links to files at all".to_owned(),
            some => format!("it has links to {}", some.join(", ")),
        };
        WalkError::Nothing { url: url.to_owned(), pattern: format!("{:?}", self.pattern), there }
    }
}

/// The targets of a page's links, in its order, by its own base.
fn hrefs(from: &str, page: &[u8]) -> impl Iterator<Item = String> {
    let base = targets(page, b"base").next();
    let base = base.and_then(|base| Url::parse(from).ok()?.join(base.trim()).ok());
    targets(page, b"a").map(move |href| match base.as_ref().map(|base| base.join(href.trim())) {
        Some(Ok(to)) => to.into(),
        _ => href,
    })
}

/// What elements of a name lead to.
fn targets(page: &[u8], element: &[u8]) -> impl Iterator<Item = String> {
    Tokenizer::new(page).filter_map(move |token| {
        let Ok(Token::StartTag(tag)) = token else { return None };
        let href = tag.attributes.get(&b"href"[..]).filter(|_| tag.name.as_slice() == element)?;
        Some(String::from_utf8_lossy(href).into_owned())
    })
}

/// The last part of the path that a link leads to, as people read it.
pub(super) fn last_part(from: &str, href: &str) -> Option<String> {
    let to = Url::parse(from).ok()?.join(href.trim()).ok()?;
    let last = to.path_segments()?.next_back()?;
    Some(percent_encoding::percent_decode_str(last).decode_utf8_lossy().into_owned())
}

/// Names in the order of the numbers in them: file 9 before file 10.
fn by_numbers(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one, other);
    loop {
        let (first, second) = (leading(one), leading(other));
        let order = match (first, second) {
            ((a, true, _), (b, true, _)) => {
                let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
                a.len().cmp(&b.len()).then_with(|| a.cmp(b))
            }
            ((a, ..), (b, ..)) => a.cmp(b),
        };
        if order != Ordering::Equal || (one.is_empty() && other.is_empty()) {
            return order;
        }
        (one, other) = (first.2, second.2);
    }
}

/// A text's first run of digits, or of anything else; whether it is digits; what comes after.
fn leading(text: &str) -> (&str, bool, &str) {
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(text.len());
    let (run, rest) = text.split_at(end);
    (run, digits, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered_by_their_numbers() {
        let mut names = vec!["f_10.csv", "f_9.csv", "f_009b.csv", "f_.csv", "e_11.csv", "f_10", "g"];
        names.sort_by(|one, other| by_numbers(one, other));
        assert_eq!(names, ["e_11.csv", "f_9.csv", "f_009b.csv", "f_10", "f_10.csv", "f_.csv", "g"]);
    }

    #[test]
    fn links_are_found_as_a_browser_finds_them() {
        let page = b"<!-- <a href='no.zip'> --><BASE HREF='https://x.example/d/'><A class=x HREF=one.zip>1</A>\
            <a href=\"two.zip?a=1&amp;b=2\">2</a><a name=x>3</a><link href=no.css><script>'<a href=no>'</script>";
        let found: Vec<_> = hrefs("https://y.example/", page).collect();
        assert_eq!(found[..2], ["https://x.example/d/one.zip", "https://x.example/d/two.zip?a=1&b=2"]);
        let page = b"<a href=one.zip>1</a><base target=_top><base href='/files/'><base href='/no/'>";
        assert_eq!(hrefs("https://x.example/a/b", page).next().as_deref(), Some("https://x.example/files/one.zip"));
        assert_eq!(last_part("https://x.example/", "/a/b%23c.zip?x#y").as_deref(), Some("b#c.zip"));
    }
}
