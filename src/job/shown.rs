//! URLs as people may see them: without passwords and tokens.

use url::Url;

/// Query names whose values are secrets, wherever they stand in the name.
const SECRET: [&str; 7] = ["token", "key", "secret", "password", "passwd", "auth", "sig"];

/// The URL without user, password and the values of secret query parameters.
pub fn without_secrets(url: &Url) -> String {
    let mut shown = with_secrets_as(url, Some("hidden"));
    shown.set_fragment(None);
    shown.into()
}

/// The URL without user, password and secret query parameters, and the names of these.
pub fn parted(url: &Url) -> (Url, Vec<String>) {
    let names = url.query_pairs().map(|(name, _)| name.into_owned()).filter(|name| is_secret(name));
    (with_secrets_as(url, None), names.collect())
}

/// The URL with another value in the place of each secret parameter's, or without them.
fn with_secrets_as(url: &Url, value: Option<&str>) -> Url {
    let mut shown = url.clone();
    // These fail only for URLs without a host, which have none of them.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    if url.query_pairs().any(|(name, _)| is_secret(&name)) {
        shown.set_query(None);
        for (name, plain) in url.query_pairs() {
            if let Some(value) = if is_secret(&name) { value } else { Some(&*plain) } {
                shown.query_pairs_mut().append_pair(&name, value);
            }
        }
    }
    shown
}

/// What of a URL is not shown: user, password and the secret parameters of its query, by their names.
pub fn secrets(url: &Url) -> Vec<(String, String)> {
    let query = url.query_pairs().filter(|(name, _)| is_secret(name));
    let query = query.map(|(name, value)| (name.into_owned(), value.into_owned()));
    let account = (url.username().to_owned(), url.password().unwrap_or_default().to_owned());
    let account = Some(account).filter(|(user, password)| !user.is_empty() || !password.is_empty());
    account.into_iter().chain(query).collect()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET.iter().any(|secret| name.contains(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_show() {
        let cases = [
            ("https://a.example/x.csv?y=1", "https://a.example/x.csv?y=1"),
            (
                "https://web-api.tp.entsoe.eu/api?securityToken=abc&documentType=A44",
                "https://web-api.tp.entsoe.eu/api?securityToken=hidden&documentType=A44",
            ),
            ("https://a.example/?API_KEY=abc", "https://a.example/?API_KEY=hidden"),
            ("https://a.example/?%74oken=abc", "https://a.example/?token=hidden"),
            ("https://me:pw@a.example/x#f", "https://a.example/x"),
            ("https://a.example/?X-Amz-Signature=ab%20c", "https://a.example/?X-Amz-Signature=hidden"),
            ("file:///drop/x.csv", "file:///drop/x.csv"),
        ];
        for (url, expected) in cases {
            assert_eq!(without_secrets(&Url::parse(url).unwrap()), expected);
        }
    }
}
