//! Rendering: Handlebars templates and the values that they are given.
