//! What calendars miss is asked for again, day after day, until it is there or its time is over.

use jiff::Timestamp;
use parsers::Dataset;

use crate::{
    config::Secrets,
    datasets::Datasets,
    db::{AsyncPgConnection, Pool, gaps, run_log::RunLog},
    job::Failure,
};

/// Asks for the periods that datasets miss, and notes the gaps that are not asked for any more. Of what is off, nothing is
/// asked.
pub(super) async fn ask(pool: &Pool, datasets: &Datasets, secrets: &Secrets, log: &RunLog) -> Result<(), Failure> {
    let mut session = pool.get().await?;
    let with_calendar = datasets.iter().filter(|dataset| dataset.expect.calendar.is_some());
    for dataset in with_calendar.filter(|dataset| datasets.is_off(&dataset.name, secrets).is_none()) {
        log.check()?;
        for note in one(&mut session, dataset).await? {
            log.note(&format!("{}: {note}", dataset.name)).await?;
        }
    }
    Ok(())
}

async fn one(conn: &mut AsyncPgConnection, dataset: &Dataset) -> Result<Vec<String>, Failure> {
    let asked = gaps::ask(conn, dataset).await?.len();
    let (open, now) = (gaps::open(conn, &dataset.name).await?, Timestamp::now());
    let mut given_up = open.iter().filter(|gap| gap.asked_until() <= now);
    let first = given_up.next().map(|gap| gap.told(now));
    let more = match given_up.count() {
        0 => String::new(),
        more => format!("; so it is with {more} more gaps"),
    };
    let asked = (asked > 0).then(|| format!("{asked} missing periods are asked for again"));
    Ok(first.map(|first| format!("{first}{more}")).into_iter().chain(asked).collect())
}
