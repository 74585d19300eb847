//! The outermost layer: a number for the request, headers on every answer, a page for every error, panics included.

use std::{panic::AssertUnwindSafe, sync::Arc};

use actix_web::{
    Error, HttpMessage, HttpResponse, HttpResponseBuilder,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};
use futures_util::FutureExt;

use super::{Site, page, problem::Problem, visit::Visit};

/// What a page may load and do: its own files, its own forms, nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

pub(super) async fn shell(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let site = request.app_data::<web::Data<Site>>().cloned().ok_or(Problem::NotFound)?;
    let visit = Arc::new(Visit::read(&request, &site.address, number()));
    request.extensions_mut().insert(visit.clone());
    let about = About::new(&request, &site, &visit);
    // Without this a panic would end the connection without an answer. Nothing of the request is used afterwards.
    let answered = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let result = answered.unwrap_or_else(|_panic| Err(Problem::Within(anyhow::anyhow!("the handler panicked")).into()));
    match result {
        Ok(response) if response.response().error().is_none() => {
            let mut response = response.map_into_boxed_body();
            about.dress(response.headers_mut());
            Ok(response)
        }
        Ok(response) => {
            let error = response.response().error();
            let page = about.error_page(&site, &visit, response.status(), error);
            Ok(response.into_response(page))
        }
        Err(error) => {
            let page = about.error_page(&site, &visit, error.as_response_error().status_code(), Some(&error));
            Err(InternalError::from_response(error, page).into())
        }
    }
}

/// What is still needed of a request after it is gone.
struct About {
    method: String,
    pattern: String,
    referrer: &'static str,
    secure: bool,
    number: String,
}

impl About {
    fn new(request: &ServiceRequest, site: &Site, visit: &Visit) -> Self {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        Self {
            method: request.method().to_string(),
            pattern: request.match_pattern().unwrap_or_default(),
            referrer: site.address.referrer_policy(host),
            secure: site.address.secure(),
            number: visit.number.clone(),
        }
    }

    /// The headers of every answer. A handler may have set a stricter policy or a longer life.
    fn dress(&self, headers: &mut HeaderMap) {
        let mut put = |name: HeaderName, value: &str| {
            if let (false, Ok(value)) = (headers.contains_key(&name), HeaderValue::from_str(value)) {
                headers.insert(name, value);
            }
        };
        put(header::CONTENT_SECURITY_POLICY, POLICY);
        put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        put(header::REFERRER_POLICY, self.referrer);
        put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        put(header::CACHE_CONTROL, "no-store");
        put(HeaderName::from_static("x-request-number"), &self.number);
        if self.secure {
            put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
        }
    }

    fn error_page(&self, site: &Site, visit: &Visit, status: StatusCode, error: Option<&Error>) -> HttpResponse {
        let problem = error.and_then(|error| error.as_error::<Problem>());
        if status.is_server_error() {
            let cause = problem.map_or_else(|| error.map(ToString::to_string).unwrap_or_default(), causes);
            let Self { method, pattern, number, .. } = self;
            tracing::error!(request = %number, %method, route = %pattern, status = status.as_u16(), cause, "a request failed");
        }
        let sentence = problem.map_or_else(|| other(status).to_owned(), ToString::to_string);
        let mut page = page::error(site, visit, status, &sentence)
            .unwrap_or_else(|_unrendered| HttpResponseBuilder::new(status).body(sentence));
        self.dress(page.headers_mut());
        page
    }
}

/// The chain of causes, for the log alone.
fn causes(problem: &Problem) -> String {
    let chain = std::iter::successors(Some(problem as &dyn std::error::Error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The sentence for an error that is not ours but the web library's.
fn other(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "There is nothing under this address. It may have been removed, or the link is wrong.",
        status if status.is_client_error() => "The request could not be understood.",
        _ => "Something went wrong on our side.",
    }
}

/// Ten letters and digits that are hard to mistake for each other.
fn number() -> String {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let random: [u8; 10] = rand::random();
    random.iter().filter_map(|byte| SIGNS.get(usize::from(byte % 32))).map(|sign| char::from(*sign)).collect()
}

#[cfg(test)]
mod tests;
