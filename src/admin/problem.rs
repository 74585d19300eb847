//! What keeps a request from its answer. It knows a status and a sentence; the page is made elsewhere (`shell`).

use actix_web::{ResponseError, http::StatusCode};

use crate::{
    db::{DbError, PoolError},
    view::ViewError,
};

/// Why there is no answer. The text is for the person who asked; causes go to the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Problem {
    /// There is nothing under this address, or nothing that may be told of.
    #[error("There is nothing under this address. It may have been removed, or the link is wrong.")]
    NotFound,
    /// The role does not allow it.
    #[error("Your account may not do this. An administrator can change your role.")]
    Forbidden,
    /// The form did not come from our own page.
    #[error(
        "This form was not sent from a page of this site, or your session has changed since. Go back, reload the page and try again."
    )]
    Forged,
    /// The address holds something that cannot be understood.
    #[error("{0}")]
    Bad(String),
    /// What was asked for is no longer possible.
    #[error("{0}")]
    Conflict(String),
    /// For another host.
    #[error("This site does not go by the name that was asked for. Use the address that the operator has set.")]
    Misdirected,
    /// The form is larger than any of ours.
    #[error("What was sent is too large.")]
    TooLarge,
    /// The body came too slowly.
    #[error("What was sent did not arrive in time. Try again.")]
    Slow,
    /// No database session in time.
    #[error("The database is too busy just now. Try again in a moment.")]
    Busy(#[from] PoolError),
    /// The database refused.
    #[error("Something went wrong on our side. Nothing was changed.")]
    Database(#[from] DbError),
    /// A template and its values do not fit.
    #[error("Something went wrong on our side while making the page.")]
    View(#[from] ViewError),
    /// Anything else within.
    #[error("Something went wrong on our side.")]
    Within(#[from] anyhow::Error),
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::Forged => StatusCode::FORBIDDEN,
            Self::Bad(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(_) | Self::View(_) | Self::Within(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
