//! Reports: query in one snapshot, render, archive, deliver.
