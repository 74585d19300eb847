//! The helpers, as Handlebars wants them.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, Output, RenderContext, RenderError, RenderErrorReason,
    ScopedJson,
};
use jiff::Timestamp;
use serde_json::Value;

use super::{assets, figures, icons, times};

/// Stands where there is no value.
const NONE: &str = "–";

pub(super) fn register(engine: &mut Handlebars<'_>) {
    engine.register_helper("number", text(|values| values.value(|value| figures::number(&plain(value)))));
    engine.register_helper("bytes", text(|values| values.value(|value| whole(value, figures::bytes))));
    engine.register_helper("duration", text(|values| values.value(|value| whole(value, seconds))));
    engine.register_helper("plural", text(plural));
    engine.register_helper("asset", text(asset));
    engine.register_helper("time", markup(|values| values.value(|value| times::moment(&plain(value)))));
    engine.register_helper("ago", markup(|values| values.value(ago)));
    engine.register_helper("due", markup(|values| values.value(due)));
    engine.register_helper("badge", markup(|values| values.value(|value| icons::badge(&plain(value)))));
    engine.register_helper("clock", text(|values| values.value(|value| times::clock(&plain(value)))));
    engine.register_helper("icon", markup(|values| values.value(|value| icons::icon(&plain(value)))));
}

/// What a helper was called with.
struct Values<'a, 'rc>(&'a Helper<'rc>);

type Written = Result<String, String>;

impl Values<'_, '_> {
    fn at(&self, place: usize) -> Result<&Value, String> {
        let given = self.0.param(place).filter(|param| !param.is_value_missing());
        given.map(handlebars::PathAndJson::value).ok_or_else(|| format!("{} lacks a value", self.0.name()))
    }

    /// The first value written by `write`, or a dash where there is none.
    fn value(&self, write: impl Fn(&Value) -> String) -> Written {
        let value = self.at(0)?;
        Ok(if value.is_null() { NONE.to_owned() } else { write(value) })
    }
}

fn plural(values: &Values<'_, '_>) -> Written {
    let (count, one, many) = (plain(values.at(0)?), plain(values.at(1)?), plain(values.at(2)?));
    Ok(format!("{} {}", figures::number(&count), if count == "1" { one } else { many }))
}

fn asset(values: &Values<'_, '_>) -> Written {
    let name = plain(values.at(0)?);
    assets::address(&name).ok_or_else(|| format!("there is no static file {name:?}"))
}

fn ago(value: &Value) -> String {
    times::ago(&plain(value), Timestamp::now())
}

fn due(value: &Value) -> String {
    times::due(&plain(value), Timestamp::now())
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn whole(value: &Value, write: impl Fn(u64) -> String) -> String {
    value.as_f64().map_or_else(|| plain(value), |number| write(rounded(number)))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "floats saturate when cast")]
fn rounded(number: f64) -> u64 {
    number.round() as u64
}

fn seconds(count: u64) -> String {
    figures::duration(i64::try_from(count).unwrap_or(i64::MAX))
}

type Boxed = Box<dyn HelperDef + Send + Sync>;

fn text(write: impl Fn(&Values<'_, '_>) -> Written + Send + Sync + 'static) -> Boxed {
    Box::new(Text(write))
}

fn markup(write: impl Fn(&Values<'_, '_>) -> Written + Send + Sync + 'static) -> Boxed {
    Box::new(Markup(write))
}

/// A helper whose result is text, and escaped like any other value.
struct Text<F>(F);

impl<F: Fn(&Values<'_, '_>) -> Written + Send + Sync> HelperDef for Text<F> {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let text = (self.0)(&Values(helper)).map_err(RenderErrorReason::Other)?;
        Ok(ScopedJson::Derived(Value::String(text)))
    }
}

/// A helper that writes markup of its own making.
struct Markup<F>(F);

impl<F: Fn(&Values<'_, '_>) -> Written + Send + Sync> HelperDef for Markup<F> {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let markup = (self.0)(&Values(helper)).map_err(RenderErrorReason::Other)?;
        Ok(out.write(&markup)?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    fn render(template: &str, values: &serde_json::Value) -> String {
        crate::view::engine().render_template(template, values).unwrap()
    }

    #[test]
    fn figures_are_written_for_people() {
        let values = json!({"n": 1234, "one": 1, "size": 1_430_000, "none": null, "wait": 125.4});
        assert_eq!(render("{{number n}}", &values), "1,234");
        assert_eq!(
            render("{{plural one \"row\" \"rows\"}}, {{plural n \"row\" \"rows\"}}", &values),
            "1 row, 1,234 rows"
        );
        assert_eq!(render("{{bytes size}}", &values), "1.4 MB");
        assert_eq!(render("{{duration wait}}", &values), "2 min 5 s");
        assert_eq!(render("{{number none}}{{ago none}}", &values), "––");
    }

    #[test]
    fn a_helper_without_its_value_is_an_error() {
        assert!(crate::view::engine().render_template("{{number missing}}", &json!({})).is_err());
        assert!(crate::view::engine().render_template("{{asset \"nothing.css\"}}", &json!({})).is_err());
    }
}
