//! Why a walk leads to no release.

/// An answer that leads no further, or parts that are not a whole. What a publisher is just changing may be well a
/// moment later: see [`WalkError::may_pass`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WalkError {
    /// A link that is none.
    #[error("{url} leads to {href:?}, which is no URL")]
    NoUrl {
        /// Where the link stands.
        url: String,
        /// What stands there.
        href: String,
    },
    /// A link that may not be followed.
    #[error("{url} leads to {to}, {why}")]
    Elsewhere {
        /// Where the link stands.
        url: String,
        /// Where it leads.
        to: String,
        /// Why it is not followed, and what would help.
        why: &'static str,
    },
    /// An answer that is not what the source says of it.
    #[error("{url} did not answer as the source says: {reason}")]
    Unreadable {
        /// Which answer.
        url: String,
        /// What was expected and what came.
        reason: String,
    },
    /// A listing or catalogue without the file.
    #[error("nothing on {url} matches {pattern}: {there}. If the publisher has renamed its files, mend the pattern")]
    Nothing {
        /// Which page.
        url: String,
        /// What was looked for.
        pattern: String,
        /// What is there instead.
        there: String,
    },
    /// A catalogue in which it is not clear which file is meant.
    #[error("{count} files on {url} match {pattern}, and exactly one must: {names}")]
    Several {
        /// Which page.
        url: String,
        /// What was looked for.
        pattern: String,
        /// How many there are.
        count: usize,
        /// Some of them.
        names: String,
    },
    /// Files of a listing that are written down alike.
    #[error(
        "several files on {url} would be written down as {kept}: their links differ only in what is called like a secret \
         and kept nowhere, so that it cannot be known which of them are new"
    )]
    Alike {
        /// Which page.
        url: String,
        /// As each of them is written down.
        kept: String,
    },
    /// Fewer or more records than were declared.
    #[error("the publisher declared {declared} records and sent {sent}, in {pages} pages")]
    Total {
        /// How many were declared.
        declared: u64,
        /// How many came.
        sent: u64,
        /// In how many pages.
        pages: usize,
    },
    /// The declared total is another one than before.
    #[error(
        "page {page} declares {now} records and the page before it {before}: the publisher changed them on the way"
    )]
    Moved {
        /// Which page, from 1.
        page: usize,
        /// The total of the page before.
        before: u64,
        /// The total of this one.
        now: u64,
    },
    /// A page that came before.
    #[error(
        "page {page} is page {earlier} once more: the publisher does not turn the page, or {url} is not asked rightly"
    )]
    Repeated {
        /// Which page, from 1.
        page: usize,
        /// Which it repeats.
        earlier: usize,
        /// Where it was asked for.
        url: String,
    },
    /// Pages without end.
    #[error("there are more than {most} pages: if that is right, raise source.pages.most")]
    Endless {
        /// How many are asked for.
        most: usize,
    },
}

impl WalkError {
    /// The same, each text that comes from the publisher or tells a URL as `show` shows it: some hold secrets.
    #[must_use]
    pub fn showing(mut self, show: impl Fn(&str) -> String) -> Self {
        let texts: [Option<&mut String>; 2] = match &mut self {
            Self::NoUrl { url, href: more }
            | Self::Elsewhere { url, to: more, .. }
            | Self::Alike { url, kept: more }
            | Self::Unreadable { url, reason: more }
            | Self::Nothing { url, there: more, .. }
            | Self::Several { url, names: more, .. } => [Some(url), Some(more)],
            Self::Repeated { url, .. } => [Some(url), None],
            Self::Total { .. } | Self::Moved { .. } | Self::Endless { .. } => [None, None],
        };
        for text in texts.into_iter().flatten() {
            *text = show(text);
        }
        self
    }

    /// Whether the same walk may end better a while later.
    pub fn may_pass(&self) -> bool {
        !matches!(
            self,
            Self::NoUrl { .. }
                | Self::Elsewhere { .. }
                | Self::Several { .. }
                | Self::Alike { .. }
                | Self::Endless { .. }
        )
    }
}
