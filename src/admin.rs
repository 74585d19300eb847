//! The admin site: it edits its own tables and otherwise only looks and enqueues.
//!
//! This file is the route table and nothing else. A request that no line of it allows is refused before any handler
//! hears of it (`admin/guard.rs`), so a page without a line here does not exist.

mod access;
mod account;
mod address;
mod assets;
mod auth;
mod cookies;
mod guard;
mod health;
mod menu;
mod page;
mod posted;
mod problem;
pub mod setup;
mod shell;
mod site;
mod visit;

pub use access::{Access, Route};
pub use site::{Site, SiteError};

access::routes! {
    GET  "/health"              Anyone  health::show;
    GET  "/static/{name:.*}"    Anyone  assets::show;
    GET  "/sign-in"             Anyone  auth::sign_in::form;
    POST "/sign-in"             Anyone  auth::sign_in::submit;
    GET  "/enter/{token}"       Anyone  auth::enter::form;
    POST "/enter/{token}"       Anyone  auth::enter::submit;

    POST "/sign-out"            Viewer  account::sign_out;
    POST "/theme"               Viewer  account::theme;
    GET  "/account"             Viewer  account::show;
    POST "/account/password"    Viewer  account::change_password;
    POST "/account/sessions/end" Viewer account::end_session;
}
