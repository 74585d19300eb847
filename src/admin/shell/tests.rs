//! What no route of the product does: a handler that panics, and one whose query fails.

use std::{net::TcpListener, sync::Arc};

use actix_web::{App, HttpResponse, middleware, test, web};
use clap::Parser;

use super::*;
use crate::{
    admin::{Parts, setup::Setup},
    archive::Archive,
    config::Settings,
    datasets::Datasets,
    db::{Connector, DbError, Pool},
    schedules::Schedules,
};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    settings: Settings,
}

/// A site on a database that is never asked.
fn site(state: &std::path::Path) -> Site {
    let _only_the_first_can = rustls::crypto::ring::default_provider().install_default();
    let settings = Line::parse_from(["bluebook", "--state-dir", &state.to_string_lossy()]).settings;
    let parts = Parts {
        pool: Pool::new(Connector::new("postgresql:///none").unwrap(), 1).unwrap(),
        archive: Archive::open(&settings.state()).unwrap(),
        datasets: Arc::new(Datasets::default()),
        schedules: Schedules::default(),
        reports: Vec::new(),
        setup: Setup::default(),
    };
    Site::new(&settings, parts, &TcpListener::bind("127.0.0.1:0").unwrap()).unwrap()
}

async fn panics() -> HttpResponse {
    panic!("SELECT secret FROM somewhere")
}

async fn fails() -> Result<HttpResponse, Problem> {
    Err(DbError::QueryBuilderError("relation \"secret\" does not exist".into()).into())
}

#[actix_web::test]
async fn a_panic_and_a_failed_query_are_answered_with_a_page_that_tells_nothing() {
    let state = tempfile::tempdir().unwrap();
    let app = App::new()
        .app_data(web::Data::new(site(state.path())))
        .wrap(middleware::Compress::default())
        .wrap(middleware::from_fn(shell))
        .route("/panics", web::get().to(panics))
        .route("/fails", web::get().to(fails));
    let app = test::init_service(app).await;
    for path in ["/panics", "/fails"] {
        let asked = test::TestRequest::get().uri(path).insert_header((header::HOST, "localhost")).to_request();
        let answer = match test::try_call_service(&app, asked).await {
            Ok(answer) => answer.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        assert_eq!(answer.status(), 500, "{path}");
        assert_eq!(answer.headers().get(header::CONTENT_SECURITY_POLICY).unwrap(), POLICY, "{path}");
        let number = answer.headers().get("x-request-number").unwrap().to_str().unwrap().to_owned();
        let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
        let page = String::from_utf8_lossy(&body);
        assert!(page.contains(&number), "{path} names its number");
        assert!(!page.contains("secret") && !page.contains("SELECT"), "{path} tells too much: {page}");
    }
}
