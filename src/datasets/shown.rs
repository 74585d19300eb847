//! A source as people may see it.

use jiff::Timestamp;
use parsers::dataset::Source;
use url::Url;

use crate::job::without_secrets;

/// The source's URL as the definition has it; one that has a secret is shown without, for the newest period if it
/// carries dates.
pub fn shown_source(source: &Source) -> String {
    let newest = source.dated.as_ref().and_then(|dated| dated.url(dated.newest(Timestamp::now()).ok()?).ok());
    match Url::parse(newest.as_deref().unwrap_or(&source.url)) {
        Ok(url) if without_secrets(&url) == url.as_str() => source.url.clone(),
        Ok(url) => without_secrets(&url),
        Err(_) => "not shown, for it is no URL".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::{Span, tz::TimeZone};
    use parsers::plan::{Dated, Period};

    use super::*;

    fn shown(url: &str) -> String {
        let dated =
            Dated::is_dated(url).then(|| Dated::new(url, &[], Period::Year, Span::new(), TimeZone::UTC).unwrap());
        shown_source(&Source { dated, ..Source::at(url) })
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
