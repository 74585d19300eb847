//! Where tests make a run stop, fail or panic.

use clap::Args;

use crate::job::Step;

/// Switches of programs built for tests; a released program does not have them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Args)]
pub struct Faults {
    /// Stay in this step until the run is cancelled, stopped or lost.
    #[arg(long, global = true, hide = true, env = "BLUEBOOK_PAUSE_AT", value_name = "STEP")]
    pub pause_at: Option<Step>,

    /// Fail for good on entering this step.
    #[arg(long, global = true, hide = true, env = "BLUEBOOK_FAIL_AT", value_name = "STEP")]
    pub fail_at: Option<Step>,

    /// Panic on entering this step.
    #[arg(long, global = true, hide = true, env = "BLUEBOOK_PANIC_AT", value_name = "STEP")]
    pub panic_at: Option<Step>,

    /// Compare releases within limits that a handful of rows reaches.
    #[arg(long, global = true, hide = true, env = "BLUEBOOK_TINY_LIMITS")]
    pub tiny_limits: bool,
}
