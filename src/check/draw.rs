//! A mistake as a person sees it: file, line, the line itself, and a caret.

use std::{fs, ops::Range};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet, renderer::DecorStyle};
use parsers::Diagnostic;

use crate::config::Home;

/// Draws one mistake. `colour`: whether a terminal will show it.
pub fn draw(mistake: &Diagnostic, home: &Home, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    // A file that cannot be read again is drawn without its lines.
    let text = fs::read_to_string(home.path().join(&mistake.file)).unwrap_or_default();
    let title = Level::ERROR.primary_title(&mistake.message);
    let place = Snippet::source(&text).path(&mistake.file);
    let group = match &mistake.span {
        Some(span) if !text.is_empty() => {
            title.element(place.annotation(AnnotationKind::Primary.span(within(&text, span))))
        }
        _ => title.element(annotate_snippets::Origin::path(&mistake.file)),
    };
    let group = match &mistake.help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    };
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

/// The span, cut to where the text has characters.
fn within(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(span.start.min(text.len()));
    let end = text.ceil_char_boundary(span.end.clamp(start, text.len()));
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(span: Option<Range<usize>>) -> String {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("schedules.toml"), "[[schedule]]\nname = \"überall\"\n").unwrap();
        let mistake = Diagnostic {
            file: "schedules.toml".into(),
            span,
            message: "this cannot be a name".into(),
            help: Some("use lower-case letters".into()),
        };
        draw(&mistake, &Home::new(Some(folder.path())), false)
    }

    #[test]
    fn a_mistake_is_shown_with_its_file_line_and_caret() {
        let drawn = drawn(Some(20..30));
        for part in ["error: this cannot be a name", "schedules.toml:2:8", "name = \"überall\"", "^^^^", "help: use"] {
            assert!(drawn.contains(part), "{part} is not in\n{drawn}");
        }
    }

    #[test]
    fn a_span_out_of_place_is_drawn_all_the_same() {
        assert!(drawn(Some(21..22)).contains("schedules.toml:2"), "the middle of a character");
        assert!(drawn(Some(900..1000)).contains("schedules.toml"), "behind the end");
        assert!(drawn(None).contains("schedules.toml"), "the file as a whole");
    }
}
