use std::time::Duration;

use super::{Size, read};

fn shown(text: &str, ask: impl FnOnce(&super::Section<'_>)) -> String {
    let (_, mistakes) = read("test.toml", text, |file| {
        ask(file);
        Some(())
    });
    let line = |mistake: &crate::Diagnostic| {
        let at = mistake.span.clone().map_or("whole file", |span| text.get(span).unwrap());
        format!("{at:?}: {} ({})\n", mistake.message, mistake.help.as_deref().unwrap_or("-"))
    };
    mistakes.iter().map(line).collect()
}

#[test]
fn all_mistakes_of_a_file_come_at_once_each_with_its_place() {
    let text = "titel = 'x'\ncount = 'many'\n[expect]\nmin_row = 3\nmode = 'merge'\n";
    let mistakes = shown(text, |file| {
        file.required::<&str>("title");
        file.required::<u64>("count");
        let expect = file.table("expect").unwrap();
        expect.required::<u64>("min_rows");
        expect.word("mode", &[("replace", 1), ("upsert", 2)]);
        assert!(file.optional_table("source").is_none());
    });
    insta::assert_snapshot!(mistakes, @r#"
    "whole file": this file lacks `title` (add `title`: a text in quotes)
    "titel": `titel` is not a key of this file (did you mean `title`?)
    "'many'": `count` must be a whole number, zero or more, and this is a TOML string (-)
    "[expect]": [expect] lacks `min_rows` (add `min_rows`: a whole number, zero or more)
    "min_row": `min_row` is not a key of [expect] (did you mean `min_rows`?)
    "'merge'": `mode` cannot be "merge" (it is one of "replace", "upsert")
    "#);
}

#[test]
fn a_file_that_is_not_toml_shows_only_what_the_parser_says() {
    let mistakes = shown("title = \n[a\n", |_| panic!("must not be walked"));
    assert_eq!(mistakes.lines().count(), 2, "{mistakes}");
}

#[test]
fn entries_come_in_the_order_of_the_file_and_arrays_are_numbered() {
    let text = "[columns]\nz = { a = 1 }\nb = { a = 2 }\nc = 3\n[[run]]\nx = 1\n[[run]]\n";
    let mistakes = shown(text, |file| {
        let columns = file.table("columns").unwrap();
        let found: Vec<_> = columns.sections().iter().map(|(k, s)| (*k, s.required::<i64>("a"))).collect();
        assert_eq!(found, [("z", Some(1)), ("b", Some(2))]);
        for run in file.tables("run") {
            run.required::<i64>("x");
        }
    });
    insta::assert_snapshot!(mistakes, @r#"
    "3": `c` must be a table, and this is a TOML integer (-)
    "[[run]]": [run[2]] lacks `x` (add `x`: a whole number)
    "#);
}

#[test]
fn sizes_durations_and_lists_are_taken_with_their_units() {
    let text = "size = '2 MiB'\nlong = '90 s'\nwords = ['a', 'b']\nshare = 1\nhex = 0x1F\nbad = '2 MB'";
    let mistakes = shown(text, |file| {
        assert_eq!(file.required("size"), Some(Size(2 << 20)));
        assert_eq!(file.required("long"), Some(Duration::from_secs(90)));
        assert_eq!(file.required("words"), Some(vec!["a", "b"]));
        assert_eq!(file.required("share"), Some(1.0));
        assert_eq!(file.required("hex"), Some(31_i64));
        assert_eq!(file.required::<Size>("bad"), None);
    });
    assert!(mistakes.starts_with("\"'2 MB'\": `bad` must be a size such as"), "{mistakes}");
}
