//! Creating and editing a record. Whatever goes wrong, what was typed is kept.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde_json::{Value, json};

use super::{
    complaint::Complaint,
    conflict, form,
    input::Input,
    inspect, keys, record_page,
    shown::{Resource, Shown},
    sql::Row,
    write::{self, Saved},
};
use crate::{
    admin::{
        Site,
        cookies::Flash,
        page::{self, Answer, Page},
        posted::Posted,
        problem::Problem,
        visit::SignedIn,
    },
    db::{AsyncPgConnection, DbResult},
};

/// The empty form, filled in as far as the address says.
pub(in crate::admin) async fn new(
    site: web::Data<Site>,
    me: SignedIn,
    slug: web::Path<String>,
    asked: web::Query<Vec<(String, String)>>,
) -> Answer {
    let mut conn = site.conn().await?;
    let shown = site.shown(&mut conn).await?;
    let resource = creatable(&shown, &slug)?;
    let input = Input::read(resource, true, asked.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let sheet = Sheet { resource, row: None, input: &input, complaints: &[], conflict: None, status: StatusCode::OK };
    sheet.show(&site, &me, &mut conn).await
}

/// Adds the record.
pub(in crate::admin) async fn create(
    site: web::Data<Site>,
    me: SignedIn,
    slug: web::Path<String>,
    posted: Posted,
) -> Answer {
    let mut conn = site.conn().await?;
    let shown = site.shown(&mut conn).await?;
    let resource = creatable(&shown, &slug)?;
    let input = Input::read(resource, true, posted.iter());
    let sheet = Sheet { resource, row: None, input: &input, complaints: &[], conflict: None, status: StatusCode::OK };
    if input.finding.is_some() {
        return sheet.show(&site, &me, &mut conn).await;
    }
    let changes = input.changes(resource, None);
    let complaints = inspect::complaints(&mut conn, resource, &input, None, &changes).await?;
    if !complaints.is_empty() {
        return sheet.refused(&complaints).show(&site, &me, &mut conn).await;
    }
    let subject = resource.table.full_name();
    match write::insert(&mut conn, resource, &changes, me.did("create", &subject)).await {
        Ok(Saved::Done(key)) => Ok(saved(&site, resource, &key, "Created.")),
        Ok(Saved::Refused(complaint)) => sheet.refused(&[complaint]).show(&site, &me, &mut conn).await,
        Ok(Saved::Overtaken) => Err(Problem::NotFound),
        Err(error) => failed(&site, error).await,
    }
}

/// The form of a record.
pub(in crate::admin) async fn edit(site: web::Data<Site>, me: SignedIn, path: web::Path<(String, String)>) -> Answer {
    let (slug, key) = path.into_inner();
    let mut conn = site.conn().await?;
    let shown = site.shown(&mut conn).await?;
    let (resource, row) = record_page::find(&mut conn, &shown, &slug, &key).await?;
    if !resource.can_edit() {
        return Err(Problem::NotFound);
    }
    let input = Input::of_row(resource, &row);
    let row = Some(&row);
    let sheet = Sheet { resource, row, input: &input, complaints: &[], conflict: None, status: StatusCode::OK };
    sheet.show(&site, &me, &mut conn).await
}

/// Saves a record: only what was changed, and only over what the person has seen.
pub(in crate::admin) async fn save(
    site: web::Data<Site>,
    me: SignedIn,
    path: web::Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let (slug, key) = path.into_inner();
    let mut conn = site.conn().await?;
    let shown = site.shown(&mut conn).await?;
    let resource = shown.resource(&slug).filter(|resource| resource.can_edit()).ok_or(Problem::NotFound)?;
    let key = keys::decode_key(&key, resource.table.key.len()).ok_or(Problem::NotFound)?;
    let input = Input::read(resource, false, posted.iter());
    let Some(row) = write::load(&mut conn, resource, &key).await? else {
        return gone(&site, &me, &mut conn, resource, &posted).await;
    };
    let sheet =
        Sheet { resource, row: Some(&row), input: &input, complaints: &[], conflict: None, status: StatusCode::OK };
    if input.finding.is_some() {
        return sheet.show(&site, &me, &mut conn).await;
    }
    if input.version != row.version {
        return overtaken(&site, &me, &mut conn, resource, &row, &input).await;
    }
    let changes = input.changes(resource, Some(&row));
    if changes.is_empty() {
        return Ok(saved(&site, resource, &row.key(resource.table), "Nothing was changed."));
    }
    let complaints = inspect::complaints(&mut conn, resource, &input, Some(&row), &changes).await?;
    if !complaints.is_empty() {
        return sheet.refused(&complaints).show(&site, &me, &mut conn).await;
    }
    let subject = resource.table.full_name();
    match write::update(&mut conn, resource, &row, &changes, me.did("update", &subject)).await {
        Ok(Saved::Done(key)) => Ok(saved(&site, resource, &key, "Saved.")),
        Ok(Saved::Refused(complaint)) => sheet.refused(&[complaint]).show(&site, &me, &mut conn).await,
        Ok(Saved::Overtaken) => match write::load(&mut conn, resource, &key).await? {
            Some(row) => overtaken(&site, &me, &mut conn, resource, &row, &input).await,
            None => gone(&site, &me, &mut conn, resource, &posted).await,
        },
        Err(error) => failed(&site, error).await,
    }
}

/// Suggestions for a link's field: a part of the form.
pub(in crate::admin) async fn find(
    site: web::Data<Site>,
    _me: SignedIn,
    path: web::Path<(String, usize)>,
    asked: web::Query<Vec<(String, String)>>,
) -> Answer {
    let (slug, at) = path.into_inner();
    let mut conn = site.conn().await?;
    let shown = site.shown(&mut conn).await?;
    let resource = shown.resource(&slug).ok_or(Problem::NotFound)?;
    let mut input = Input::read(resource, true, asked.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    input.finding = Some(at);
    let field = form::single(&mut conn, resource, at, &input).await?.ok_or(Problem::NotFound)?;
    let html = site.templates.render("admin/resources/choices", &field)?;
    Ok(HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html))
}

fn creatable<'a>(shown: &'a Shown, slug: &str) -> Result<Resource<'a>, Problem> {
    shown.resource(slug).filter(|resource| resource.can_create()).ok_or(Problem::NotFound)
}

fn saved(site: &Site, resource: Resource<'_>, key: &[Option<String>], said: &str) -> HttpResponse {
    page::redirect(site, &resource.row_href(key), Some(&Flash::done(said)))
}

/// The schema may have changed under us: the next request reads it again.
async fn failed(site: &Site, error: crate::db::DbError) -> Answer {
    site.forget_shown().await;
    Err(error.into())
}

/// Somebody saved in between: what they changed stands beside what was typed here, and the person decides.
async fn overtaken(
    site: &Site,
    me: &SignedIn,
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    row: &Row,
    input: &Input,
) -> Answer {
    let (merged, fields) = conflict::merge(resource, row, input);
    let last = record_page::history(conn, resource, row).await?.into_iter().next();
    let conflict = Some(json!({ "fields": fields, "last": last, "gone": false }));
    let sheet =
        Sheet { resource, row: Some(row), input: &merged, complaints: &[], conflict, status: StatusCode::CONFLICT };
    sheet.show(site, me, conn).await
}

/// Somebody removed the record: what was typed is offered as a new one.
async fn gone(
    site: &Site,
    me: &SignedIn,
    conn: &mut AsyncPgConnection,
    resource: Resource<'_>,
    posted: &Posted,
) -> Answer {
    let input = Input::read(resource, true, posted.iter());
    let conflict = Some(json!({ "fields": [], "last": null, "gone": true }));
    let sheet = Sheet { resource, row: None, input: &input, complaints: &[], conflict, status: StatusCode::CONFLICT };
    sheet.show(site, me, conn).await
}

/// A form page in the making.
struct Sheet<'a> {
    resource: Resource<'a>,
    row: Option<&'a Row>,
    input: &'a Input,
    complaints: &'a [Complaint],
    conflict: Option<Value>,
    status: StatusCode,
}

impl<'a> Sheet<'a> {
    fn refused(self, complaints: &'a [Complaint]) -> Self {
        Self { complaints, status: StatusCode::UNPROCESSABLE_ENTITY, ..self }
    }

    async fn show(self, site: &Site, me: &SignedIn, conn: &mut AsyncPgConnection) -> Answer {
        let (resource, list) = (self.resource, self.resource.href());
        let values = self.values(conn).await?;
        let base = |title: String| Page::new(title).under("Overview", "/").under(resource.look.title.clone(), list);
        let page = match self.row {
            Some(row) => {
                let name = row.name(resource);
                base(format!("Edit {name}")).under(name, resource.row_href(&row.key(resource.table)))
            }
            None => base(format!("New: {}", resource.look.singular)),
        };
        page.status(self.status).show(site, me, "admin/resources/form", &values)
    }

    async fn values(&self, conn: &mut AsyncPgConnection) -> DbResult<Value> {
        let form = form::form(conn, self.resource, self.row, self.input, self.complaints).await?;
        let (heading, action, back) = if let Some(row) = self.row {
            let href = self.resource.row_href(&row.key(self.resource.table));
            (format!("Edit {}", row.name(self.resource)), format!("{href}/edit"), href)
        } else {
            let href = self.resource.href();
            (format!("New: {}", self.resource.look.singular), format!("{href}/new"), href)
        };
        Ok(json!({
            "heading": heading,
            "action": action,
            "back": back,
            "about": self.resource.table.comment,
            "form": form,
            "conflict": self.conflict,
            "new": self.row.is_none(),
        }))
    }
}
