//! Asking, and following where the publisher points, as long as that is allowed.

use parsers::dataset::Source;
use reqwest::{Client, Method, RequestBuilder, Response, header};
use tokio::time::{Instant, timeout};
use url::Url;

use super::{Ask, FetchError, Fetcher, Stand, Validators, answer, broken, door::Door, resume::Range, shown};

/// Redirects that are followed.
const MOST_HOPS: usize = 5;

/// One request of several.
struct Hop<'a> {
    url: &'a Url,
    method: Method,
    ask: &'a Ask<'a>,
    range: Option<&'a Range>,
}

impl Hop<'_> {
    /// The request; it goes to `asked`, which may stand in the URL's place.
    fn request(&self, client: &Client, asked: &Url) -> RequestBuilder {
        let Ask { manner, known, .. } = self.ask;
        let mut request = client.request(self.method.clone(), asked.clone()).headers(manner.headers(self.url));
        request = request.header(header::ACCEPT_ENCODING, "identity");
        if let Some(body) = manner.body().filter(|_| self.method == Method::POST) {
            request = request.body(body);
        }
        if let Some(range) = self.range {
            return range.ask(request);
        }
        if let Some(etag) = &known.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = &known.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, date);
        }
        request
    }
}

impl Fetcher {
    /// Asks for `url`, or for the rest of what it has. Tells where the answer came from.
    pub(super) async fn ask(
        &self,
        mut url: Url,
        source: &Source,
        ask: &Ask<'_>,
        range: Option<&Range>,
        stand: &mut Stand<'_>,
    ) -> Result<(Url, answer::Head), FetchError> {
        let (home, clients) = (url.clone(), self.clients.of(source.ca.as_ref())?);
        let mut method = ask.manner.method_at(&url);
        for _hop in 0..=MOST_HOPS {
            let (asked, door) = self.doors.find(&url)?;
            if !ask.manner.may_ask(&url) {
                return Err(FetchError::Told { url: shown(&url) });
            }
            stand.go(&url).await?;
            let hop = Hop { url: &url, method: method.clone(), ask, range };
            let request = hop.request(clients.through(door), &asked);
            let response = self.send(request, &url, door, stand.deadline).await?;
            let conditional = *ask.known != Validators::default() && range.is_none();
            match answer::read(response, &url, conditional, range.is_some())? {
                answer::Head::Elsewhere { location, keeps_method } => {
                    url = self.follow(&home, &url, &asked, &location, source)?;
                    let refuse = |why| Err(FetchError::Redirect { url: shown(&home), to: shown(&url), why });
                    if !ask.manner.may_ask(&url) {
                        return refuse("another host, which would be told a secret");
                    }
                    if !keeps_method {
                        method = Method::GET;
                    }
                    if method == Method::POST && !ask.manner.is_home(&url) {
                        return refuse("another host, and what is posted is for the source's own host only");
                    }
                }
                head => return Ok((url, head)),
            }
        }
        let why = "and that is one redirect too many";
        Err(FetchError::Redirect { url: shown(&home), to: shown(&url), why })
    }

    async fn send(
        &self,
        request: RequestBuilder,
        url: &Url,
        door: Door,
        deadline: Instant,
    ) -> Result<Response, FetchError> {
        let left = deadline.saturating_duration_since(Instant::now());
        let limit = (self.patience.connect + self.patience.head).min(left);
        match timeout(limit, request.send()).await {
            Ok(answer) => answer.map_err(|error| self.unanswered(url, door, error)),
            Err(_elapsed) => Err(FetchError::Slow { url: shown(url), what: format!("no answer within {limit:?}") }),
        }
    }

    /// Why no answer came. If no line could be made at all, the proxy may be at fault as well as the publisher.
    fn unanswered(&self, url: &Url, door: Door, error: reqwest::Error) -> FetchError {
        let proxy = self.settings.fetch_proxy.as_ref().filter(|_| door == Door::Guarded && error.is_connect());
        match (broken(&shown(url), error), proxy) {
            (FetchError::Broken { url, reason }, Some(proxy)) => {
                let reason = format!("{reason}, by way of the proxy {} (--fetch-proxy)", shown(proxy));
                FetchError::Broken { url, reason }
            }
            (error, _) => error,
        }
    }

    /// Where a redirect leads, if it may be followed.
    fn follow(&self, home: &Url, from: &Url, asked: &Url, location: &str, source: &Source) -> Result<Url, FetchError> {
        let refuse = |to: String, why| Err(FetchError::Redirect { url: shown(from), to, why });
        let Ok(to) = from.join(location) else {
            return refuse(location.to_owned(), "which is not a URL");
        };
        let same_place = to.origin() == asked.origin() && self.doors.is_named(asked);
        let known_host = to.host_str().is_some_and(|host| {
            home.host_str() == Some(host) || source.redirect_hosts.iter().any(|known| known == host)
        });
        if from.scheme() == "https" && to.scheme() == "http" && !same_place {
            return refuse(shown(&to), "which is not encrypted any more");
        }
        if !known_host && !same_place {
            return refuse(shown(&to), "another host: if it is the publisher's, add it to source.redirect_hosts");
        }
        Ok(to)
    }
}
