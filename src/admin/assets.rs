//! Static files: a hash in the address, so they may be kept for ever.

use actix_web::{HttpResponse, http::header, web};

use super::{page::Answer, problem::Problem};
use crate::view::Asset;

/// One file.
pub(super) async fn show(name: web::Path<String>) -> Answer {
    let asset = Asset::at(&name).ok_or(Problem::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(asset.media_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::ETAG, format!("\"{}\"", asset.hash)))
        .body(asset.bytes.into_owned()))
}
