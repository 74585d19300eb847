//! What the audit log may tell of tables: what nobody shall see by now was perhaps recorded before.

use serde_json::Value;

use super::shown::Resource;
use crate::{
    admin::Site,
    db::{AsyncPgConnection, DbResult, audit::AuditRow},
};

impl Site {
    /// Takes values of columns that are hidden by now out of these lines, and masks those of sensitive ones.
    pub(in crate::admin) async fn conceal(&self, conn: &mut AsyncPgConnection, lines: &mut [AuditRow]) -> DbResult<()> {
        let shown = self.shown(conn).await?;
        for line in lines {
            let Some(table) = line.subject.as_deref().filter(|subject| is_table(subject)) else { continue };
            let resource = shown.iter().find(|resource| resource.table.full_name() == table);
            for side in [&mut line.before, &mut line.after] {
                conceal(resource, side);
            }
        }
        Ok(())
    }
}

/// Tables are the only subjects without a kind before a colon that have a dot.
fn is_table(subject: &str) -> bool {
    subject.contains('.') && !subject.contains(':')
}

/// A table that is not shown has no column that is.
fn conceal(resource: Option<Resource<'_>>, side: &mut Option<Value>) {
    let Some(fields) = side.as_mut().and_then(Value::as_object_mut) else { return };
    let seen = |name: &str| resource.and_then(|resource| resource.seen_by_name(name));
    fields.retain(|name, _| seen(name).is_some());
    for (name, value) in fields.iter_mut() {
        if !value.is_null() && seen(name).is_some_and(|seen| seen.look.sensitive) {
            *value = Value::from("hidden");
        }
    }
}
