//! The one wrapper that every request passes before its handler: is it for us, is there such a route, does the form
//! come from our own page, who asks, and may they. What it does not let through does not happen.

use std::sync::Arc;

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
    web,
};
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use super::{
    Route, Site,
    cookies::{Flash, Kind},
    page,
    posted::Posted,
    problem::Problem,
    visit::{SignedIn, Visit},
};
use crate::db::{sessions, token::Token};

pub(super) async fn guard(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let site = request.app_data::<web::Data<Site>>().cloned().ok_or(Problem::NotFound)?;
    let visit = request.extensions().get::<Arc<Visit>>().cloned().ok_or(Problem::NotFound)?;
    let route = route(&request)?;
    if request.path() != "/health" {
        own_host(&request, &site)?;
    }
    whole(&request)?;
    let unsafe_method = !matches!(*request.method(), Method::GET | Method::HEAD);
    if unsafe_method {
        same_origin(&request, &site)?;
    }
    let person = who(&request, &site, &visit, route).await?;
    if route.access.least().is_some() && person.is_none() {
        return Ok(request.into_response(ask_to_sign_in(&site, &visit, unsafe_method)));
    }
    if unsafe_method {
        let posted = Posted::read(&mut request).await?;
        let within = person.as_ref().filter(|_| route.access.least().is_some());
        let secret = within.map_or_else(|| visit.csrf(), |person| person.csrf.clone());
        same_secret(&posted, &secret)?;
        request.extensions_mut().insert(posted);
    }
    if let Some(person) = person {
        if route.access.least().is_some_and(|least| person.role < least) {
            return Err(Problem::Forbidden.into());
        }
        request.extensions_mut().insert(person);
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// The line of the table that this request falls under.
fn route(request: &ServiceRequest) -> Result<Route, Problem> {
    let pattern = request.match_pattern().ok_or(Problem::NotFound)?;
    Route::find(super::ROUTES, request.method().as_str(), &pattern).ok_or(Problem::NotFound)
}

fn own_host(request: &ServiceRequest, site: &Site) -> Result<(), Problem> {
    let host = text(request, header::HOST);
    host.filter(|host| site.address.answers(host)).map(|_| ()).ok_or(Problem::Misdirected)
}

/// PostgreSQL has no text with a NUL in it, and no page of ours has a link with one.
fn whole(request: &ServiceRequest) -> Result<(), Problem> {
    let mut fields = form_urlencoded::parse(request.query_string().as_bytes());
    if fields.any(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Err(Problem::Bad("The address holds a sign that no text has. Take it out and try again.".into()));
    }
    Ok(())
}

/// A form must come from a page of this site. Every browser of these years says so in one header or the other; whoever
/// says nothing is no browser of ours.
fn same_origin(request: &ServiceRequest, site: &Site) -> Result<(), Problem> {
    let origin = text(request, header::ORIGIN).filter(|origin| *origin != "null");
    let named = request.headers().get("sec-fetch-site").map(|value| value.as_bytes() == b"same-origin");
    let own = match (origin, named) {
        (Some(origin), None | Some(true)) => site.address.is(origin),
        (None, Some(same)) => same,
        (Some(_), Some(false)) | (None, None) => false,
    };
    if own { Ok(()) } else { Err(Problem::Forged) }
}

fn same_secret(posted: &Posted, secret: &str) -> Result<(), Problem> {
    let given = posted.get("csrf").unwrap_or_default();
    if bool::from(given.as_bytes().ct_eq(secret.as_bytes())) { Ok(()) } else { Err(Problem::Forged) }
}

/// Whose session this is. Not asked where it makes no difference.
async fn who(
    request: &ServiceRequest,
    site: &Site,
    visit: &Arc<Visit>,
    route: Route,
) -> Result<Option<SignedIn>, Problem> {
    let cookie = request.cookie(&Kind::Session.name(&site.address));
    let Some(cookie) = cookie.filter(|_| route.access.least().is_some() || route.path == "/sign-in") else {
        return Ok(None);
    };
    let token = Token::given(cookie.value());
    let mut conn = site.conn().await?;
    let Some(session) = sessions::find(&mut conn, &token).await? else { return Ok(None) };
    // A page that keeps itself fresh is no sign that anybody sits before it.
    if session.stale && !visit.htmx {
        sessions::renew(&mut conn, &token).await?;
    }
    Ok(Some(SignedIn::new(&session, &token, visit.clone())))
}

/// To the sign-in form, and back to the page that was asked for. A part of a page cannot be redirected: htmx is told to
/// load the whole.
fn ask_to_sign_in(site: &Site, visit: &Visit, unsafe_method: bool) -> HttpResponse {
    if visit.htmx {
        return HttpResponse::Unauthorized().insert_header(("hx-redirect", "/sign-in")).finish();
    }
    if unsafe_method {
        let lost = Flash::refused("Your session had ended, so nothing was saved. Sign in, go back and send it again.");
        return page::redirect(site, "/sign-in", Some(&lost));
    }
    if visit.path == "/" {
        return page::redirect(site, "/sign-in", None);
    }
    let next: String = form_urlencoded::byte_serialize(visit.path.as_bytes()).collect();
    page::redirect(site, &format!("/sign-in?next={next}"), None)
}

fn text(request: &ServiceRequest, name: header::HeaderName) -> Option<&str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}
