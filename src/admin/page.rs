//! From a template and its values to an answer.

use actix_web::{HttpResponse, HttpResponseBuilder, http::StatusCode, http::header};
use serde::Serialize;
use serde_json::json;

use super::{
    Site,
    cookies::{Flash, Kind},
    menu,
    problem::Problem,
    visit::{SignedIn, Visit},
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
        let mut shell = Shell::new(&self, &person.visit, person.csrf.clone());
        shell.menu = menu::of(site, person);
        shell.user = Some(User { login: &person.login, name: &person.name, role: person.role });
        shell.may = May { edit: person.may_edit(), admin: person.role >= Role::Admin };
        finish(site, &self, shell, "admin/layout", template, values)
    }

    /// Fills the template in for somebody who has not signed in.
    pub(super) fn show_anyone(self, site: &Site, visit: &Visit, template: &str, values: &impl Serialize) -> Answer {
        let shell = Shell::new(&self, visit, visit.csrf());
        let mut answer = finish(site, &self, shell, "admin/plain", template, values)?;
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
    let page = Page::new(heading).status(status);
    let shell = Shell::new(&page, visit, String::new());
    let values = json!({ "heading": heading, "sentence": sentence, "request": visit.number });
    finish(site, &page, shell, "admin/plain", "admin/error", &values)
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
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let ours = path.starts_with('/') && !path.starts_with("//") && plain;
    if ours { path } else { "/" }
}

/// What belongs to every page.
#[derive(Serialize)]
struct Shell<'a> {
    title: &'a str,
    trail: &'a [Step],
    menu: Vec<menu::Group>,
    user: Option<User<'a>>,
    may: May,
    csrf: String,
    path: &'a str,
    flash: Option<&'a Flash>,
    theme: &'static str,
    next_theme: &'static str,
    theme_icon: &'static str,
    body: String,
}

#[derive(Serialize)]
struct User<'a> {
    login: &'a str,
    name: &'a str,
    role: Role,
}

#[derive(Default, Serialize)]
struct May {
    edit: bool,
    admin: bool,
}

impl<'a> Shell<'a> {
    fn new(page: &'a Page, visit: &'a Visit, csrf: String) -> Self {
        Self {
            title: &page.title,
            trail: &page.trail,
            menu: Vec::new(),
            user: None,
            may: May::default(),
            csrf,
            path: &visit.path,
            flash: visit.flash.as_ref(),
            theme: visit.theme.name(),
            next_theme: visit.theme.next().name(),
            theme_icon: visit.theme.icon(),
            body: String::new(),
        }
    }
}

/// What a body's template is given.
#[derive(Serialize)]
struct Body<'a, T> {
    shell: &'a Shell<'a>,
    #[serde(flatten)]
    values: &'a T,
}

/// Renders the body, then the frame round it. A message that was shown is taken back.
fn finish(
    site: &Site,
    page: &Page,
    mut shell: Shell<'_>,
    frame: &str,
    template: &str,
    values: &impl Serialize,
) -> Answer {
    shell.body = site.templates.render(template, &Body { shell: &shell, values })?;
    let html = site.templates.render(frame, &shell)?;
    let mut answer = HttpResponseBuilder::new(page.status);
    if shell.flash.is_some() {
        answer.cookie(Kind::Flash.unset(&site.address));
    }
    Ok(answer.content_type("text/html; charset=utf-8").body(html))
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_paths_of_this_site_are_redirected_to() {
        assert_eq!(own_path("/runs?state=failed"), "/runs?state=failed");
        for path in [
            "",
            "runs",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/\r\nx: y",
            "/\0",
            "/\u{e4}",
        ] {
            assert_eq!(own_path(path), "/", "{path}");
        }
    }
}
