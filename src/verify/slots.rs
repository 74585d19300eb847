//! Slots that came due and have no row.

use diesel::{
    QueryableByName,
    sql_types::{Array, Text, Timestamptz},
};
use jiff::{Timestamp, tz::TimeZone};
use jiff_diesel::ToDiesel;

use super::Line;
use crate::{
    db::{AsyncPgConnection, DbResult, RunQueryDsl},
    schedules::{Cron, Slots},
};

#[derive(QueryableByName)]
struct Planned {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    cron: String,
    #[diesel(sql_type = Text)]
    time_zone: String,
    #[diesel(sql_type = Timestamptz, deserialize_as = jiff_diesel::Timestamp)]
    after: Timestamp,
    #[diesel(sql_type = Timestamptz, deserialize_as = jiff_diesel::Timestamp)]
    until: Timestamp,
}

/// Sentences about slots without a row.
pub(super) async fn missing(conn: &mut AsyncPgConnection) -> DbResult<Vec<String>> {
    let planned: Vec<Planned> = diesel::sql_query(include_str!("schedules.sql")).load(conn).await?;
    let mut found = Vec::new();
    for schedule in planned {
        let slots: Vec<jiff_diesel::Timestamp> = schedule.slots().into_iter().map(ToDiesel::to_diesel).collect();
        let lines: Vec<Line> = diesel::sql_query(include_str!("slots.sql"))
            .bind::<Text, _>(&schedule.name)
            .bind::<Array<Timestamptz>, _>(slots)
            .load(conn)
            .await?;
        found.extend(lines.into_iter().map(|line| line.broken));
    }
    Ok(found)
}

impl Planned {
    /// The slots that must have their rows. A line that this program cannot read was not planned by it either.
    fn slots(&self) -> Vec<Timestamp> {
        let (Ok(cron), Ok(zone)) = (self.cron.parse::<Cron>(), TimeZone::get(&self.time_zone)) else {
            return Vec::new();
        };
        Slots::after(&cron, &zone, self.after).take_while(|slot| *slot <= self.until).collect()
    }
}
