//! The local publisher: an HTTP server on loopback that hands out what is on the shelf.

use std::{collections::BTreeSet, net::TcpListener, sync::Arc};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    http::header::{ETAG, IF_NONE_MATCH, LAST_MODIFIED},
    web,
};
use anyhow::Context as _;
use url::Url;

use super::shelf::{Found, Shelf};
use crate::config::Rewrite;

/// The running publisher.
pub(super) struct Publisher {
    server: ServerHandle,
    url: Url,
}

impl Publisher {
    /// Starts to answer requests on a free port of loopback.
    pub(super) fn start(shelf: Arc<Shelf>) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("the local publisher cannot listen on loopback")?;
        let url = format!("http://{}", listener.local_addr()?).parse()?;
        let shelf = web::Data::from(shelf);
        let app = move || App::new().app_data(shelf.clone()).default_service(web::get().to(answer));
        let server = HttpServer::new(app).workers(1).disable_signals().listen(listener)?.run();
        let handle = server.handle();
        tokio::spawn(server);
        Ok(Self { server: handle, url })
    }

    /// The operator's setting that sends requests for these hosts here.
    pub(super) fn in_place_of(&self, hosts: BTreeSet<String>) -> Vec<Rewrite> {
        hosts.into_iter().map(|host| Rewrite { host, to: self.url.clone() }).collect()
    }

    /// Stops at once.
    pub(super) async fn stop(self) {
        self.server.stop(false).await;
    }
}

/// As publishers do: a page that lists files; the newest file, or that it is the one that the asker has already.
async fn answer(request: HttpRequest, shelf: web::Data<Shelf>) -> HttpResponse {
    let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let release = match shelf.ask(&target) {
        Found::Nothing => return HttpResponse::NotFound().finish(),
        Found::Refused => return HttpResponse::Unauthorized().finish(),
        Found::Page(page) => return HttpResponse::Ok().content_type("text/html").body(page),
        Found::File(release) => *release,
    };
    let known = request.headers().get(IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == release.etag.as_bytes());
    let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, release.etag.clone())).insert_header((LAST_MODIFIED, release.last_modified()));
    if known { answer.finish() } else { answer.body(release.bytes) }
}
