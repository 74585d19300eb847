//! Rendering: Handlebars templates and the values that they are given.
//!
//! Strict everywhere: a template that names what it was not given fails, it does not stay silent. Every value is escaped;
//! the only markup from code is that of the helpers `icon`, `badge`, `time`, `ago` and `due`.

use handlebars::{Handlebars, RenderError, TemplateError};
use rust_embed::RustEmbed;
use serde::Serialize;

mod assets;
mod figures;
mod helpers;
mod icons;
mod mails;
mod times;

pub use assets::Asset;
pub use figures::{bytes, duration, number};
pub use mails::{Mail, Mails};
pub use times::{distance, until};

/// An engine with the helpers and no templates: reports bring their own.
///
/// | helper | writes |
/// |---|---|
/// | `{{number n}}` | 1,234,567 |
/// | `{{bytes n}}` | 1.4 MB |
/// | `{{plural n "row" "rows"}}` | 1 row, 2,000 rows |
/// | `{{duration seconds}}` | 2 min 5 s |
/// | `{{time t}}` | a `<time>` in UTC, to the minute |
/// | `{{ago t}}` | a `<time>` that reads "3 min ago" |
/// | `{{due t}}` | a `<time>` that reads "in 4 s" |
/// | `{{clock t}}` | 13:19:05 |
/// | `{{badge state}}` | a state as icon and word |
/// | `{{icon name}}` | an icon, hidden from screen readers |
/// | `{{asset name}}` | the address of a static file |
pub fn engine() -> Handlebars<'static> {
    let mut engine = Handlebars::new();
    engine.set_strict_mode(true);
    helpers::register(&mut engine);
    engine
}

/// A template that does not parse, or could not be filled in.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// A template compiled into the program is wrong.
    #[error("the template does not parse")]
    Template(#[from] Box<TemplateError>),
    /// The values do not fit the template.
    #[error("the page cannot be rendered")]
    Render(#[from] Box<RenderError>),
}

#[derive(RustEmbed)]
#[folder = "templates/admin/"]
#[prefix = "admin/"]
struct Files;

/// The admin site's templates, compiled into the program; by their path under templates/ without `.hbs`.
pub struct Templates(Handlebars<'static>);

impl Templates {
    /// Parses all of them.
    pub fn embedded() -> Result<Self, ViewError> {
        let mut engine = engine();
        for path in Files::iter() {
            let Some((name, file)) = path.strip_suffix(".hbs").zip(Files::get(&path)) else { continue };
            engine.register_template_string(name, String::from_utf8_lossy(&file.data)).map_err(Box::new)?;
        }
        Ok(Self(engine))
    }

    /// Fills a template in.
    pub fn render(&self, name: &str, values: &impl Serialize) -> Result<String, ViewError> {
        Ok(self.0.render(name, values).map_err(Box::new)?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_embedded_template_parses() {
        Templates::embedded().unwrap();
    }

    #[test]
    fn a_value_that_is_not_given_is_an_error() {
        assert!(engine().render_template("{{missing}}", &json!({})).is_err());
    }

    #[test]
    fn values_are_escaped() {
        let page = engine().render_template("{{name}}", &json!({"name": "<b>\"'"})).unwrap();
        assert_eq!(page, "&lt;b&gt;&quot;&#x27;");
    }

    #[test]
    fn no_template_writes_a_value_unescaped_or_styles_inline() {
        for path in Files::iter() {
            let file = Files::get(&path).unwrap();
            let text = String::from_utf8_lossy(&file.data);
            // The two frames hold the page that was rendered before; nothing else is ever written as it is.
            let text = text.replace("{{{body}}}", "");
            assert!(!text.contains("{{{") && !text.contains("{{&"), "{path} writes a value unescaped");
            assert!(!text.contains("style="), "{path} has an inline style, which the content policy forbids");
        }
    }
}
