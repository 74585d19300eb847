//! Watching a run: a bar on a terminal, plain lines elsewhere, nothing for machines.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use tokio::time::{Instant, interval};

use super::{load::grouped, out};
use crate::{
    db::run_log::{Position, Progress, RunLog},
    job::Step,
};

/// How often the bar moves.
const TICK: Duration = Duration::from_millis(120);

/// How often a long step says where it is, where there is no terminal.
const PLAIN: Duration = Duration::from_secs(10);

/// Waits for `work`, and shows meanwhile how far it has come.
pub(super) async fn watch<T>(log: &RunLog, quiet: bool, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    let mut display = match (quiet, std::io::stderr().is_terminal()) {
        (true, _) => return work.await,
        (false, true) => Display::Bar(bar()),
        (false, false) => Display::Lines { said: None, at: Instant::now() },
    };
    let mut ticks = interval(TICK);
    loop {
        tokio::select! {
            done = &mut work => {
                display.end();
                return done;
            }
            _ = ticks.tick() => display.show(log.at()),
        }
    }
}

enum Display {
    Bar(ProgressBar),
    Lines { said: Option<Step>, at: Instant },
}

impl Display {
    fn show(&mut self, position: Position) {
        let Some(step) = position.step else { return };
        let progress = position.progress.unwrap_or_default();
        match self {
            Self::Bar(bar) => draw(bar, step, progress),
            Self::Lines { said, at } => {
                if *said != Some(step) {
                    out::note(format_args!("{step} …"));
                } else if at.elapsed() < PLAIN {
                    return;
                } else {
                    out::note(format_args!("{step}: {}", plain(progress)));
                }
                (*said, *at) = (Some(step), Instant::now());
            }
        }
    }

    fn end(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(style(false));
    bar
}

fn draw(bar: &ProgressBar, step: Step, progress: Progress) {
    if bar.prefix() != step.to_string() {
        bar.set_prefix(step.to_string());
        bar.reset();
    }
    let known = progress.total_bytes.is_some();
    if known != bar.length().is_some() {
        bar.set_style(style(known));
    }
    if let Some(total) = progress.total_bytes {
        bar.set_length(total);
    } else {
        bar.unset_length();
    }
    bar.set_position(progress.bytes);
    bar.set_message(rows(progress.rows, bar.elapsed()));
}

fn style(known: bool) -> ProgressStyle {
    let template = if known {
        "{prefix:>8} {bar:28} {bytes}/{total_bytes} {bytes_per_sec} {msg} {left}"
    } else {
        "{prefix:>8} {spinner} {bytes} {msg}"
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.with_key("left", |state: &ProgressState, text: &mut dyn std::fmt::Write| {
        let _infallible = write!(text, "{} left", indicatif::HumanDuration(state.eta()));
    })
}

fn rows(rows: u64, elapsed: Duration) -> String {
    if rows == 0 {
        return String::new();
    }
    let each_second = u128::from(rows) * 1000 / elapsed.as_millis().max(1);
    format!("{} rows, {}/s", grouped(rows), grouped(u64::try_from(each_second).unwrap_or(u64::MAX)))
}

fn plain(progress: Progress) -> String {
    let bytes = match progress.total_bytes {
        Some(total) => format!("{} of {} bytes", grouped(progress.bytes), grouped(total)),
        None => format!("{} bytes", grouped(progress.bytes)),
    };
    if progress.rows == 0 { bytes } else { format!("{bytes}, {} rows", grouped(progress.rows)) }
}
