//! The scheduler: each second, due slots become rows. It starts nothing.
