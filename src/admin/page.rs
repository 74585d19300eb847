//! From a template and its values to an answer.

use actix_web::{HttpResponse, HttpResponseBuilder, http::StatusCode, http::header};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Site,
    cookies::{Flash, Kind},
    problem::Problem,
    visit::{SignedIn, Theme, Visit},
};
use crate::db::users::Role;

/// What a handler answers.
pub(crate) type Answer = Result<HttpResponse, Problem>;

/// A page in the making: its title, the way to it, its status.
#[derive(Debug)]
pub(crate) struct Page {
    title: String,
    trail: Vec<Step>,
    status: StatusCode,
}

#[derive(Debug, Serialize)]
struct Step {
    label: String,
    href: String,
}

impl Page {
    /// A page whose `<title>` begins with this. The template writes the one `<h1>`.
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), trail: Vec::new(), status: StatusCode::OK }
    }

    /// Adds a breadcrumb: the page lies under this one.
    #[must_use]
    pub(crate) fn under(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.trail.push(Step { label: label.into(), href: href.into() });
        self
    }

    /// Another status than 200: 422 for a form that comes back, 409 for a conflict.
    #[must_use]
    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Fills the template in for a person. It finds its values at the top, and as `shell` what belongs to every page:
    /// `shell.csrf`, `shell.path`, `shell.user.{login,name,role}`, `shell.may.{edit,admin}`.
    pub(crate) fn show(self, site: &Site, person: &SignedIn, template: &str, values: &impl Serialize) -> Answer {
        let visit = &person.visit;
        let mut shell = frame(visit, &self.title, &person.csrf);
        shell["trail"] = json!(self.trail);
        shell["menu"] = site.menu(person, &visit.path);
        shell["user"] = json!({ "name": person.name, "login": person.login, "role": person.role });
        shell["may"] = json!({ "edit": person.may_edit(), "admin": person.role >= Role::Admin });
        finish(site, visit, self.status, "admin/layout", shell, template, values)
    }

    /// Fills the template in for somebody who has not signed in.
    pub(super) fn show_anyone(self, site: &Site, visit: &Visit, template: &str, values: &impl Serialize) -> Answer {
        let shell = frame(visit, &self.title, &visit.csrf());
        let mut answer = finish(site, visit, self.status, "admin/plain", shell, template, values)?;
        if visit.new_visitor {
            let cookie = Kind::Visitor.set(&site.address, visit.visitor.text().to_owned());
            answer.add_cookie(&cookie).map_err(anyhow::Error::from)?;
        }
        Ok(answer)
    }
}

/// The page of an error.
pub(super) fn error(site: &Site, visit: &Visit, status: StatusCode, sentence: &str) -> Answer {
    let heading = match status {
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::FORBIDDEN => "Not allowed",
        status if status.is_client_error() => "That did not work",
        _ => "Something went wrong",
    };
    let values = json!({ "heading": heading, "sentence": sentence, "request": visit.number });
    let shell = frame(visit, heading, "");
    finish(site, visit, status, "admin/plain", shell, "admin/error", &values)
}

/// To another page of the site, by GET, with a message for it.
pub(crate) fn redirect(site: &Site, to: &str, flash: Option<&Flash>) -> HttpResponse {
    let mut answer = HttpResponse::SeeOther();
    answer.insert_header((header::LOCATION, to));
    if let Some(flash) = flash {
        answer.cookie(Kind::Flash.set(&site.address, flash.write()));
    }
    answer.finish()
}

/// A path of this site, or the start page if it is anything else: `next` and `back` come from outside.
pub(super) fn own_path(path: &str) -> &str {
    let ours = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    if ours { path } else { "/" }
}

fn frame(visit: &Visit, title: &str, csrf: &str) -> Value {
    let theme_icon = match visit.theme {
        Theme::Auto => "contrast",
        Theme::Light => "sun",
        Theme::Dark => "moon",
    };
    json!({
        "title": title,
        "theme": visit.theme.name(),
        "next_theme": visit.theme.next().name(),
        "theme_icon": theme_icon,
        "flash": visit.flash,
        "path": visit.path,
        "csrf": csrf,
    })
}

/// Renders the body, then the frame round it.
fn finish(
    site: &Site,
    visit: &Visit,
    status: StatusCode,
    layout: &str,
    mut shell: Value,
    template: &str,
    values: &impl Serialize,
) -> Answer {
    let mut values = serde_json::to_value(values).map_err(anyhow::Error::from)?;
    values["shell"] = shell.take();
    let body = site.templates.render(template, &values)?;
    let mut shell = values["shell"].take();
    shell["body"] = Value::String(body);
    let html = site.templates.render(layout, &shell)?;
    let mut answer = HttpResponseBuilder::new(status);
    if visit.flash.is_some() {
        answer.cookie(Kind::Flash.unset(&site.address));
    }
    Ok(answer.content_type("text/html; charset=utf-8").body(html))
}
