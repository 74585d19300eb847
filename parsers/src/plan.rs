//! What a source asks for, request by request. Pure: moments and answers come from outside.
//!
//! A [`Plan`] is one walk to one release: it names the first request, looks at each answer and names the next, until it
//! has all parts or knows why there is no release to be had. The network is somebody else's.
//!
//! ```
//! use parsers::plan::{Answer, Plan, Tally, Way};
//!
//! let mut plan = Plan::new(Way::File, "https://example.org/prices.csv", &[]);
//! let first = plan.first().unwrap();
//! let answer = Answer { url: &first.url, link: None, content: b"" };
//! let step = plan.next(&answer, &|_page| Ok(Tally::default())).unwrap();
//! assert!(step.is_part && step.next.is_none());
//! ```

mod catalogue;
mod dated;
mod document;
mod error;
mod links;
mod pages;
mod range;
mod template;
mod words;

use std::{collections::BTreeSet, fmt, sync::Arc};

use url::Url;

pub use catalogue::{Ckan, Socrata};
pub use dated::{Dated, Period};
pub use error::WalkError;
pub use links::{Links, Take};
pub use pages::{Pages, Tally, Tallying, Turn};
pub use range::{RangeError, range};
pub use template::PlanError;
pub use words::{SecretName, Words, WordsError};

/// How the files of a release are found.
#[derive(Debug, Clone)]
pub enum Way {
    /// The URL is the file's.
    File,
    /// The release comes page by page.
    Pages(Pages),
    /// The URL is that of a page with links to the files.
    Links(Links),
    /// The URL is that of a package in a CKAN catalogue.
    Ckan(Ckan),
    /// The URL is that of a view's description at a Socrata site.
    Socrata(Socrata),
}

impl Way {
    /// Whether a release is only what is new, and not all that there is.
    pub fn is_piecemeal(&self) -> bool {
        matches!(self, Self::Links(links) if links.take == Take::Unseen)
    }
}

/// What is looked into is in memory as a whole. A page of records is not taken apart there, all else is, and is shorter.
const LONGEST_PAGE: u64 = 64 << 20;
const LONGEST_LISTING: u64 = 16 << 20;
const LONGEST_ENTRY: u64 = 8 << 20;

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The URL, without what the source adds to it.
    pub url: String,
    /// Most bytes of what comes, if the plan has to look into it; else [`Answer::content`] may be empty.
    pub look: Option<u64>,
    /// Whether what comes is the newest of a file that may have come before: then it may be asked whether it has changed.
    pub may_stand: bool,
}

/// What came.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Where it came from, after redirects.
    pub url: &'a str,
    /// The header `Link`.
    pub link: Option<&'a str>,
    /// What came.
    pub content: &'a [u8],
}

/// What an answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Whether it is a part of the release, the next in order. Else it only told where parts are.
    pub is_part: bool,
    /// What to ask for next; none if that is all.
    pub next: Option<Request>,
    /// What people should know.
    pub note: Option<String>,
}

/// One walk to one release.
#[derive(Debug)]
pub struct Plan {
    way: Way,
    home: String,
    hosts: Vec<String>,
    seen: Seen,
    state: State,
}

/// Files of earlier releases, by their URLs as they were written down, and how a URL is.
#[derive(Clone)]
struct Seen {
    urls: BTreeSet<String>,
    kept: Arc<dyn Fn(&str) -> String + Send + Sync>,
}

/// How far the walk has come.
#[derive(Debug)]
enum State {
    /// The source's own URL is asked for.
    Begun,
    /// Page after page is.
    Paging(pages::Paging),
    /// These files are, the next one last.
    Taking(Vec<String>),
}

impl Plan {
    /// A walk that begins at `url`. Links may lead to its host and to `hosts`.
    pub fn new(way: Way, url: &str, hosts: &[String]) -> Self {
        let state = match &way {
            Way::Pages(_) => State::Paging(pages::Paging::default()),
            _ => State::Begun,
        };
        Self { way, home: url.to_owned(), hosts: hosts.to_vec(), seen: Seen::none(), state }
    }

    /// The same, where files have been taken already, by their URLs as they were written down: `kept` says how, as what
    /// is added to a URL stands there, and secrets do not.
    #[must_use]
    pub fn having(self, urls: BTreeSet<String>, kept: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self { seen: Seen { urls, kept: Arc::new(kept) }, ..self }
    }

    /// Whether it must be told what has been taken already.
    pub fn asks_what_was_seen(&self) -> bool {
        self.way.is_piecemeal()
    }

    /// The first request.
    pub fn first(&mut self) -> Result<Request, WalkError> {
        match &self.way {
            Way::File => Ok(Request::part(self.home.clone())),
            Way::Pages(pages) => pages.first(&self.home).map(|url| pages.request(url)),
            Way::Links(_) => Ok(Request::guide(self.home.clone(), LONGEST_LISTING)),
            Way::Ckan(_) | Way::Socrata(_) => Ok(Request::guide(self.home.clone(), LONGEST_ENTRY)),
        }
    }

    /// What the answer to the last request means. Where pages are counted by the dataset's own format, `tally` does so.
    pub fn next(&mut self, answer: &Answer<'_>, tally: Tallying<'_>) -> Result<Step, WalkError> {
        let Self { way, home, hosts, seen, state } = self;
        let trail = Trail { home, hosts };
        match (way, state) {
            (Way::Pages(pages), State::Paging(paging)) => pages.next(paging, answer, tally, trail),
            (_, State::Taking(left)) => Ok(Step { is_part: true, next: left.pop().map(Request::part), note: None }),
            (Way::Links(links), state) => {
                let (mut files, note) = links.files(answer, trail, seen)?;
                files.reverse();
                Ok(Step { note, ..Step::guide(state, files) })
            }
            (Way::Ckan(ckan), state) => Ok(Step::guide(state, vec![ckan.file(answer, trail)?])),
            (Way::Socrata(socrata), state) => Ok(Step::guide(state, vec![socrata.file(answer, trail)?])),
            (Way::File | Way::Pages(_), _) => Ok(Step { is_part: true, next: None, note: None }),
        }
    }
}

impl Request {
    fn part(url: String) -> Self {
        Self { url, look: None, may_stand: true }
    }

    fn guide(url: String, longest: u64) -> Self {
        Self { url, look: Some(longest), may_stand: false }
    }
}

impl Step {
    /// What came told where the files are, the first of them last.
    fn guide(state: &mut State, mut files: Vec<String>) -> Self {
        let next = files.pop().map(Request::part);
        *state = State::Taking(files);
        Self { is_part: false, next, note: None }
    }
}

impl Seen {
    fn none() -> Self {
        Self { urls: BTreeSet::new(), kept: Arc::new(str::to_owned) }
    }

    /// A URL as it is written down.
    fn kept_as(&self, url: &str) -> String {
        (self.kept)(url)
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.urls.fmt(f)
    }
}

/// Where a walk may lead.
#[derive(Debug, Clone, Copy)]
struct Trail<'a> {
    home: &'a str,
    hosts: &'a [String],
}

impl Trail<'_> {
    /// Where a link leads, if it may be followed.
    fn follow(self, from: &str, href: &str) -> Result<String, WalkError> {
        let no_url = || WalkError::NoUrl { url: from.to_owned(), href: href.to_owned() };
        let base = Url::parse(from).map_err(|_spelling| no_url())?;
        let mut to = base.join(href.trim()).map_err(|_spelling| no_url())?;
        to.set_fragment(None);
        let home = Url::parse(self.home).map_err(|_spelling| no_url())?;
        let elsewhere = |why| WalkError::Elsewhere { url: from.to_owned(), to: to.to_string(), why };
        let host = to.host_str().unwrap_or_default();
        if !matches!(to.scheme(), "http" | "https") {
            return Err(elsewhere("which is not on the web"));
        }
        if home.scheme() == "https" && to.scheme() == "http" {
            return Err(elsewhere("which is not encrypted any more"));
        }
        if home.host_str() != Some(host) && !self.hosts.iter().any(|known| known == host) {
            return Err(elsewhere("another host: if it is the publisher's, add it to source.redirect_hosts"));
        }
        Ok(to.into())
    }
}

#[cfg(test)]
mod tests;
