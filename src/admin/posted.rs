//! What a form sent. The guard reads it once, within a size and a time; handlers find it ready.

use std::{future::Ready, rc::Rc, time::Duration};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::{Payload, ServiceRequest},
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt;
use tokio::time::timeout;
use url::form_urlencoded;

use super::problem::Problem;

/// How long a body may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest form.
const LIMIT: usize = 16 * 1024;
/// The largest form for a row of a business table, which may hold documents.
const ROW_LIMIT: usize = 1024 * 1024;

/// The fields of a form in the order in which they were sent; names may come more than once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Posted(Rc<Vec<(String, String)>>);

impl Posted {
    /// Reads the body of a request.
    pub(super) async fn read(request: &mut ServiceRequest) -> Result<Self, Problem> {
        if request.content_type() != "application/x-www-form-urlencoded" {
            return Err(Problem::Forged);
        }
        let row = request.path().starts_with("/tables/");
        let limit = if row { ROW_LIMIT } else { LIMIT };
        let read = collect(request.take_payload(), limit);
        let body = timeout(PATIENCE, read).await.map_err(|_elapsed| Problem::Slow)??;
        let fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
        // A row's form says at which field it stands.
        if !row && fields.iter().any(|(_, value)| value.contains('\0')) {
            return Err(Problem::Bad(
                "What was sent holds a sign that cannot be kept. Go back and take it out.".into(),
            ));
        }
        Ok(Self(Rc::new(fields)))
    }

    /// The first field of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(field, _)| *field == name).map(|(_, value)| value)
    }

    /// The first field of that name, trimmed; empty if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }

    /// All fields.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

async fn collect(mut payload: Payload, limit: usize) -> Result<Bytes, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| Problem::Bad(format!("What was sent could not be read: {error}.")))?;
        if body.len() + chunk.len() > limit {
            return Err(Problem::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

impl FromRequest for Posted {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(request.extensions().get::<Self>().cloned().unwrap_or_default()))
    }
}
