use super::*;

fn shown(text: &str) -> String {
    let (_, mistakes) = Setup::parse(text);
    let line = |mistake: &Diagnostic| {
        let at = mistake.span.clone().map_or("whole file", |span| text.get(span).unwrap_or_default());
        format!("{at:?}: {} ({})\n", mistake.message, mistake.help.as_deref().unwrap_or("-"))
    };
    mistakes.iter().map(line).collect()
}

#[test]
fn a_table_needs_only_its_name() {
    let (setup, mistakes) = Setup::parse("[[table]]\nname = 'customer'\n");
    assert_eq!(mistakes, []);
    assert_eq!(setup.names(), [("public".to_owned(), "customer".to_owned())]);
}

#[test]
fn every_mistake_comes_at_once_with_its_place() {
    let text = "[[table]]\nname = 'a'\nlable = '{x}'\nlist = 'x'\n[[table]]\nname = 'a'\nlabel = '{x'\n[[table]]\n\
                title = 'B'\n[[table.group]]\ntitle = 'g'\n";
    insta::assert_snapshot!(shown(text), @r#"
    "lable": `lable` is not a key of [table[1]] (did you mean `label`?)
    "'x'": `list` must be an array whose items are all of one kind, and this is a TOML string (-)
    "'{x'": a brace is left open: write columns as {name} (-)
    "[[table]]": [table[3]] lacks `name` (add `name`: a text in quotes)
    "[[table.group]]": [table[3].group[1]] lacks `columns` (add `columns`: an array whose items are all of one kind)
    "'a'": the table public.a is named twice (-)
    "#);
}

#[test]
fn sentences_for_constraints_are_kept_by_name() {
    let (setup, _) = Setup::parse("[[table]]\nname = 'a'\n[table.messages]\na_key = 'Taken.'\n");
    assert_eq!(setup.tables[0].messages.get("a_key"), Some("Taken."));
    assert_eq!(setup.tables[0].messages.get("b_key"), None);
}
