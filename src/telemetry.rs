//! Logs: what is written where, and in which form.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, fmt, fmt::format::FmtSpan};

use crate::config::{LogFormat, Settings};

/// What daemons log when nothing was asked for, and what one-off commands do: their result speaks for itself.
const DAEMON: &str = "info";
const COMMAND: &str = "warn";

/// Starts logging to standard error. `daemon`: whether the log is all that anyone will see of the program.
///
/// Values that come from elsewhere cannot forge lines: the formatter escapes control characters.
pub fn start(settings: &Settings, daemon: bool) {
    let asked = settings.log.as_deref().unwrap_or(if daemon { DAEMON } else { COMMAND });
    let (filter, unreadable) = match EnvFilter::try_new(asked) {
        Ok(filter) => (filter, None),
        Err(error) => (EnvFilter::new(DAEMON), Some(error)),
    };
    let base = fmt().with_env_filter(filter).with_writer(io::stderr).with_span_events(FmtSpan::NONE);
    // A logger set before (in a test) stays.
    let _already = match settings.log_format {
        LogFormat::Json => base.json().flatten_event(true).try_init(),
        LogFormat::Auto if !io::stderr().is_terminal() => base.json().flatten_event(true).try_init(),
        LogFormat::Auto | LogFormat::Text => base.with_ansi(io::stderr().is_terminal()).with_target(false).try_init(),
    };
    if let Some(error) = unreadable {
        tracing::warn!(%error, directives = asked, "these log directives cannot be read; logging at info");
    }
}
