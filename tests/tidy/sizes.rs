//! Sizes, and words that have no place in finished code.

use super::{files, nothing_in, rust};

/// Longest file, in lines.
const FILE: usize = 300;

/// Longest function, in lines with its braces.
const FUNCTION: usize = 60;

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let long = rust().into_iter().filter(|file| file.text.lines().count() > FILE);
    let found: Vec<String> = long
        .map(|file| {
            format!(
                "{} has {} lines of at most {FILE}: split it where its story turns",
                file.path,
                file.text.lines().count()
            )
        })
        .collect();
    nothing_in(&found);
}

#[test]
fn no_function_is_longer_than_a_screen() {
    let mut found = Vec::new();
    for file in rust() {
        for (name, line, lines) in functions(&file.text).into_iter().filter(|(_, _, lines)| *lines > FUNCTION) {
            found.push(format!("{}:{line}: `{name}` has {lines} lines of at most {FUNCTION}", file.path));
        }
    }
    nothing_in(&found);
}

#[test]
fn no_word_is_left_that_finished_code_does_not_have() {
    // Put together here, so that this file does not name them itself.
    let words = [
        ("#[al", "low", "write #[expect(…, reason = \"…\")], which tells when it has become needless"),
        ("#![al", "low", "write #![expect(…, reason = \"…\")]"),
        ("to", "do!", "finish it"),
        ("unimple", "mented!", "finish it"),
        ("db", "g!", "take it out"),
        ("FIX", "ME", "mend it, or say in an issue what is wrong"),
        ("TO", "DO", "do it, or say in an issue what is missing"),
        ("` is not", " there yet", "finish it"),
    ];
    let mut found = Vec::new();
    for file in rust() {
        for (number, line) in file.text.lines().enumerate() {
            for (start, end, help) in &words {
                let word = format!("{start}{end}");
                if line.contains(&word) {
                    found.push(format!("{}:{}: `{word}`: {help}", file.path, number + 1));
                }
            }
        }
    }
    nothing_in(&found);
}

#[test]
fn modules_are_a_file_and_a_folder_of_the_same_name() {
    let named: Vec<String> =
        ["src", "parsers/src"].into_iter().flat_map(|folder| files(folder, "/mod.rs")).map(|file| file.path).collect();
    nothing_in(
        &named
            .iter()
            .map(|path| format!("{path}: name the file after the module, beside its folder"))
            .collect::<Vec<_>>(),
    );
}

/// Name, first line and length of each function, by the indentation that rustfmt gives it.
fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        let Some(name) = name(code) else { continue };
        let close = format!("{}}}", " ".repeat(indent));
        let rest = &lines[at..];
        // A declaration without a body, and a body on the same line, have no length.
        let head = rest.iter().find(|line| line.ends_with(['{', ';', '}']));
        if !head.is_some_and(|line| line.ends_with('{')) {
            continue;
        }
        let end = rest.iter().position(|line| *line == close);
        if let Some(end) = end {
            found.push((name, at + 1, end + 1));
        }
    }
    found
}

/// The name, if a line begins a function.
fn name(code: &str) -> Option<String> {
    let before = ["pub(crate) ", "pub(super) ", "pub ", "const ", "async ", "extern \"C\" "];
    let mut rest = code;
    while let Some(shorter) = before.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = shorter;
    }
    let name = rest.strip_prefix("fn ")?;
    Some(name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
}

#[test]
fn functions_are_measured_from_their_name_to_their_brace() {
    let text = "trait Y {\n    fn d(&self);\n}\n\nimpl X {\n    pub(crate) async fn a(\n        b: u8,\n    ) {\n        if b {\n        }\n    }\n\n    fn c() {}\n}\n";
    assert_eq!(functions(text), [("a".into(), 6, 6)]);
}
