//! For those who watch the program from outside.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use diesel::sql_query;
use tokio::time::timeout;

use super::{Site, problem::Problem};
use crate::db::RunQueryDsl;

/// How long the database may take to say that it lives.
const PATIENCE: Duration = Duration::from_secs(3);

/// 200 while the database answers, else 503.
pub(super) async fn show(site: web::Data<Site>) -> HttpResponse {
    let alive = async {
        let mut conn = site.conn().await?;
        sql_query("SELECT 1").execute(&mut *conn).await.map_err(Problem::from)
    };
    match timeout(PATIENCE, alive).await {
        Ok(Ok(_)) => HttpResponse::Ok().content_type("text/plain").body("ok\n"),
        _ => HttpResponse::ServiceUnavailable().content_type("text/plain").body("the database does not answer\n"),
    }
}
