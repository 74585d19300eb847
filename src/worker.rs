//! The worker: claims runs and walks them to their one end.
