//! Reflected tables: list, open, create and edit. Nothing here knows any table by name.
//!
//! A request goes: which resource ([`store`], [`shown`]) → what it says ([`input`]) → what is wrong with it
//! ([`inspect`], [`complaint`]) → one statement and its audit entry ([`write`]) → a page ([`list_page`],
//! [`record_page`], [`edit_page`]).

mod audited;
mod complaint;
mod conflict;
mod display;
pub(super) mod edit_page;
mod form;
mod input;
mod inspect;
mod keys;
mod list;
pub(super) mod list_page;
mod look;
mod lookup;
pub(super) mod record_page;
mod shown;
mod sql;
mod store;
mod words;
mod write;

pub(super) use look::menu;
pub(super) use store::Store;
