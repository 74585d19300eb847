//! The list of what must always hold.

/// Something that must always hold.
#[derive(Debug, Clone, Copy)]
pub struct Invariant {
    /// How it is called.
    pub name: &'static str,
    /// What it says.
    pub sentence: &'static str,
    /// The query whose rows break it, where one query says it all.
    pub(super) sql: Option<&'static str>,
}

/// All of them.
pub const INVARIANTS: &[Invariant] = &[
    sql("counts", "every record of a published release is accounted for", include_str!("counts.sql")),
    sql("rejects", "what the counts call a reject is kept", include_str!("rejects.sql")),
    sql("published", "a dataset points at its one published release", include_str!("published.sql")),
    sql("loading", "a release does not outlive the run that loads it", include_str!("loading.sql")),
    elsewhere("rows", "every row of a table is of a release that was published, and none is missing"),
    elsewhere("keys", "no key stands in its table twice"),
    elsewhere("history", "a history's open versions are the rows of its table"),
    elsewhere("slots", "every slot that came due has its row"),
    sql("one end", "a slot ends well at most once", include_str!("one_end.sql")),
    sql("overlaps", "a job never overlaps itself", include_str!("overlaps.sql")),
    sql("leases", "what is running has a holder", include_str!("leases.sql")),
    sql("stages", "a stage belongs to a run that goes on or to a held release", include_str!("stages.sql")),
    sql("deliveries", "a delivery is made or it is not", include_str!("deliveries.sql")),
    sql("audit", "the audit's chain has all its links, and each is what it was", include_str!("audit.sql")),
    sql("conditions", "a job's condition is what its last end made of it", include_str!("conditions.sql")),
    sql("sessions", "no session sits in a transaction that nobody goes on with", include_str!("sessions.sql")),
    elsewhere("artifacts", "the archive has every artifact, whole"),
    elsewhere("report files", "a report's file has its delivery, and a delivery its file"),
];

const fn sql(name: &'static str, sentence: &'static str, sql: &'static str) -> Invariant {
    Invariant { name, sentence, sql: Some(sql) }
}

const fn elsewhere(name: &'static str, sentence: &'static str) -> Invariant {
    Invariant { name, sentence, sql: None }
}
