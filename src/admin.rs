//! The admin site: it edits its own tables and otherwise only looks and enqueues.
//!
//! This file is the route table and nothing else. A request that no line of it allows is refused before any handler
//! hears of it (`admin/guard.rs`), so a page without a line here does not exist.

mod access;
mod account;
mod address;
mod assets;
mod audit_log;
mod auth;
mod cookies;
mod datasets;
mod guard;
mod health;
mod home;
mod menu;
mod notices;
mod page;
mod posted;
mod problem;
mod releases;
mod reports;
mod resources;
mod runs;
pub mod setup;
mod shell;
mod site;
mod trace;
mod users;
mod visit;

pub use access::{Access, Route};
pub use site::{Parts, Site, SiteError};

access::routes! {
    GET  "/health"              Anyone  health::show;
    GET  "/static/{name:.*}"    Anyone  assets::show;
    GET  "/sign-in"             Anyone  auth::sign_in::form;
    POST "/sign-in"             Anyone  auth::sign_in::submit;
    GET  "/enter/{token}"       Anyone  auth::enter::form;
    POST "/enter/{token}"       Anyone  auth::enter::submit;

    GET  "/"                    Viewer  home::show;
    GET  "/datasets"            Viewer  datasets::list;
    GET  "/datasets/{name}"     Viewer  datasets::show;
    GET  "/datasets/{name}/trace" Viewer trace::show;
    POST "/datasets/{name}/pause" Editor datasets::pause;
    POST "/datasets/{name}/resume" Editor datasets::resume;
    GET  "/runs"                Viewer  runs::list;
    POST "/runs"                Editor  runs::start;
    GET  "/runs/{run}"          Viewer  runs::show;
    POST "/runs/{run}/cancel"   Editor  runs::cancel;
    GET  "/releases/{release}"  Viewer  releases::show;
    GET  "/releases/{release}/rejects" Viewer releases::rejects;
    POST "/releases/{release}/publish" Editor releases::publish;
    POST "/releases/{release}/discard" Editor releases::discard;
    GET  "/notices"             Viewer  notices::list;
    GET  "/reports"             Viewer  reports::list;
    GET  "/editions/{edition}"  Viewer  reports::show;
    GET  "/editions/{edition}/{file}" Viewer reports::file;
    GET  "/users"               Admin   users::list;
    POST "/users"               Admin   users::add;
    POST "/users/{user}/link"   Admin   users::link;
    POST "/users/{user}/role"   Admin   users::role;
    POST "/users/{user}/disable" Admin  users::disable;
    POST "/users/{user}/enable" Admin   users::enable;
    GET  "/audit"               Admin   audit_log::list;

    POST "/sign-out"            Viewer  account::sign_out;
    POST "/theme"               Viewer  account::theme;
    GET  "/account"             Viewer  account::show;
    POST "/account/password"    Viewer  account::change_password;
    POST "/account/sessions/end" Viewer account::end_session;

    GET  "/tables/{table}"                Viewer  resources::list_page::show;
    GET  "/tables/{table}/new"            Editor  resources::edit_page::new;
    POST "/tables/{table}/new"            Editor  resources::edit_page::create;
    GET  "/tables/{table}/find/{column}"  Editor  resources::edit_page::find;
    GET  "/tables/{table}/row/{key}"      Viewer  resources::record_page::show;
    GET  "/tables/{table}/row/{key}/edit" Editor  resources::edit_page::edit;
    POST "/tables/{table}/row/{key}/edit" Editor  resources::edit_page::save;
}
