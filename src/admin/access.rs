//! The shape of the route table.

use crate::db::users::Role;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// People who have not signed in, too.
    Anyone,
    /// Whoever has signed in.
    Viewer,
    /// Those who may change data.
    Editor,
    /// Those who manage people.
    Admin,
}

impl Access {
    /// The least role that is let in; `None`: no account is needed.
    pub fn least(self) -> Option<Role> {
        match self {
            Self::Anyone => None,
            Self::Viewer => Some(Role::Viewer),
            Self::Editor => Some(Role::Editor),
            Self::Admin => Some(Role::Admin),
        }
    }
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// `GET` or `POST`; GET answers HEAD too.
    pub method: &'static str,
    /// The pattern, as actix-web writes it.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

impl Route {
    /// The line that allows this method on this pattern.
    pub(super) fn find(routes: &[Self], method: &str, pattern: &str) -> Option<Self> {
        let method = if method == "HEAD" { "GET" } else { method };
        routes.iter().find(|route| route.method == method && route.path == pattern).copied()
    }
}

/// Writes `ROUTES`, the table as data, and `configure`, which hangs the handlers in.
macro_rules! routes {
    ($($method:ident $path:literal $access:ident $handler:path;)*) => {
        /// Every route there is, and who may use it.
        pub const ROUTES: &[Route] =
            &[$(Route { method: stringify!($method), path: $path, access: Access::$access }),*];

        /// Hangs every handler in.
        fn configure(app: &mut actix_web::web::ServiceConfig) {
            $(app.route($path, access::answer(stringify!($method)).to($handler));)*
        }
    };
}
pub(super) use routes;

/// A route for one method; GET answers HEAD too.
pub(super) fn answer(method: &str) -> actix_web::Route {
    use actix_web::{guard, web};
    match method {
        "GET" => web::route().guard(guard::Any(guard::Get()).or(guard::Head())),
        _ => web::post(),
    }
}
