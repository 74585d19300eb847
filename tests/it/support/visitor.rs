//! Somebody with a cookie jar who asks the admin site for pages, without following redirects by himself.

use std::{collections::BTreeMap, sync::Mutex, time::Duration};

use reqwest::{Client, Method, header, redirect};

use super::block_on;

/// A browser as the server sees it, without the browser.
pub(crate) struct Visitor {
    site: String,
    client: Client,
    cookies: Mutex<BTreeMap<String, String>>,
}

/// What the site answered.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// The status code.
    pub(crate) status: u16,
    /// All header fields, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body as text.
    pub(crate) body: String,
}

impl Page {
    /// A header field's value, empty when it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// The value of the first input field of that name, with HTML's entities resolved.
    pub(crate) fn input(&self, name: &str) -> Option<String> {
        let marked = format!("name=\"{name}\"");
        let tag = self.body.split('<').find(|tag| tag.starts_with("input") && tag.contains(&marked))?;
        let value = tag.split("value=\"").nth(1)?.split('"').next()?;
        Some(value.replace("&quot;", "\"").replace("&#x27;", "'").replace("&lt;", "<").replace("&amp;", "&"))
    }
}

impl Visitor {
    /// A visitor of `site` (`http://127.0.0.1:PORT`).
    pub(crate) fn of(site: &str) -> Self {
        // The program does this for itself when it starts; only the first of us can.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).timeout(Duration::from_secs(30));
        Self { site: site.to_owned(), client: client.build().expect("a client"), cookies: Mutex::default() }
    }

    /// Asks for a page.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Page {
        self.try_get(path).expect("the site answers")
    }

    /// Asks for a page of a site that may not answer.
    pub(crate) fn try_get(&self, path: &str) -> Result<Page, reqwest::Error> {
        self.send(Method::GET, path, &[], None)
    }

    /// Sends a form as the site's own pages do.
    #[track_caller]
    pub(crate) fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        let origin = [("Origin", self.site.as_str()), ("Sec-Fetch-Site", "same-origin")];
        self.send(Method::POST, path, &origin, Some(form)).expect("the site answers")
    }

    /// Sends whatever the test says, with the cookies of this visitor.
    pub(crate) fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<&[(&str, &str)]>,
    ) -> Result<Page, reqwest::Error> {
        let mut request = self.client.request(method, format!("{}{path}", self.site));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(form) = form {
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        }
        let jar = self.cookies();
        if !jar.is_empty() {
            request = request.header(header::COOKIE, jar);
        }
        let page = block_on(async move {
            let answer = request.send().await?;
            let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
            let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
            let status = answer.status().as_u16();
            Ok::<_, reqwest::Error>(Page { status, headers, body: answer.text().await? })
        })?;
        self.keep_cookies(&page);
        Ok(page)
    }

    /// The cookie header that this visitor sends.
    pub(crate) fn cookies(&self) -> String {
        let jar = self.cookies.lock().unwrap();
        jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Puts a cookie into the jar.
    pub(crate) fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    fn keep_cookies(&self, page: &Page) {
        let mut jar = self.cookies.lock().unwrap();
        for (_, value) in page.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (pair, attributes) = value.split_once(';').unwrap_or((value, ""));
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if value.is_empty() || attributes.to_ascii_lowercase().contains("max-age=0") {
                jar.remove(name.trim());
            } else {
                jar.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }
}
