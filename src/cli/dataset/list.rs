//! `bluebook dataset list`

use jiff::Timestamp;

use super::line::{HEADINGS, Line};
use crate::{
    boot::House,
    cli::{Exit, out, schedule},
    db::dataset_rows,
};

/// Prints a line a dataset: those whose definitions have mistakes last.
pub(super) async fn list(house: &House, json: bool) -> anyhow::Result<Exit> {
    let rows = dataset_rows::overview(&mut *house.pool.get().await?).await?;
    let ((schedules, _), now) = (schedule::load(&house.home), Timestamp::now());
    let row = |name: &str| rows.iter().find(|row| row.name == name);
    let good = house.datasets.iter();
    let good = good.map(|dataset| Line::of(dataset, row(dataset.name.as_str()), &schedules, now));
    let broken = house.datasets.broken().iter().map(|stem| Line::broken(stem));
    let lines: Vec<Line> = good.chain(broken).collect();
    if json {
        lines.iter().try_for_each(out::json)?;
        return Ok(Exit::Good);
    }
    let cells: Vec<Vec<String>> = lines.iter().map(|line| line.cells(now)).collect();
    out::listing(&HEADINGS, &cells);
    Ok(Exit::Good)
}
