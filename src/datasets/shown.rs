//! A source as people may see it.

use jiff::Timestamp;
use parsers::{Dataset, dataset::Source};
use url::Url;

use crate::job::without_secrets;

/// The source's URL as the definition has it; one that has a secret is shown without, for the newest period if it
/// carries dates.
pub fn shown_source(source: &Source) -> String {
    shown_url(source, &source.url)
}

/// The publisher's page about a dataset likewise.
pub fn shown_page(dataset: &Dataset) -> String {
    let page = &dataset.publisher.page;
    Url::parse(page).map_or_else(|_no_url| page.clone(), |parsed| unless_secret(page, &parsed))
}

/// A URL of the source likewise: its own, or one of before.
pub(super) fn shown_url(source: &Source, url: &str) -> String {
    let newest = source.dated.as_ref().and_then(|dated| dated.fill(url, dated.newest(Timestamp::now()).ok()?).ok());
    let parsed = Url::parse(newest.as_deref().unwrap_or(url));
    parsed.map_or_else(|_| "not shown, for it is no URL".to_owned(), |parsed| unless_secret(url, &parsed))
}

/// The text as it was written, unless the URL that it comes to has a secret.
fn unless_secret(text: &str, url: &Url) -> String {
    let shown = without_secrets(url);
    if shown == url.as_str() { text.to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use jiff::{Span, tz::TimeZone};
    use parsers::plan::{Dated, Period};

    use super::{super::how, *};

    fn shown(url: &str) -> String {
        let dated =
            Dated::is_dated(url).then(|| Dated::new(url, &[], Period::Year, Span::new(), TimeZone::UTC).unwrap());
        shown_source(&Source { dated, ..Source::at(url) })
    }

    #[test]
    fn urls_of_before_are_shown_without_their_secrets_too() {
        let dated = |url: &str| {
            let now = Dated::new("https://a.example/{date:%Y}", &[], Period::Year, Span::new(), TimeZone::UTC).unwrap();
            let dated = now.and_before(jiff::civil::date(2020, 1, 1), url, &[]).unwrap();
            how(&Source { dated: Some(dated), ..Source::at("https://a.example/{date:%Y}") }).join("; ")
        };
        let plain = dated("https://b.example/{date:%Y}.csv");
        assert!(plain.contains("what was before 2020-01-01 from https://b.example/{date:%Y}.csv"), "{plain}");
        let hidden = dated("https://me:hunter2@b.example/{date:%Y}.csv?token=hunter2");
        assert!(hidden.ends_with(".csv?token=hidden") && !hidden.contains("hunter2"), "{hidden}");
    }

    #[test]
    fn a_source_is_shown_as_it_was_written_but_for_its_secrets() {
        let dated = "https://a.example/{date:%Y}/x.zip?y={date:%Y}";
        for plain in ["https://a.example", "https://a.example/Ä b?q={x}", "file:///drop/x.csv", dated] {
            assert_eq!(shown(plain), plain);
        }
        let hidden = shown("https://me:hunter2@a.example/{date:%Y}?token=hunter2");
        assert!(hidden.ends_with("?token=hidden") && !hidden.contains("hunter2"), "{hidden}");
        assert!(!shown("https://me:hunter2@[broken").contains("hunter2"));
    }
}
