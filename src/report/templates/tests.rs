use super::*;

fn source(name: &str, text: &str) -> Source {
    Source { name: name.into(), file: format!("templates/reports/test/{name}.hbs"), text: text.into() }
}

fn mistakes(sources: &[Source]) -> Vec<String> {
    compile(sources).1.into_iter().map(|mistake| mistake.message).collect()
}

#[test]
fn partials_that_include_each_other_are_refused_before_anything_is_rendered() {
    let circle = [source("a", "{{> b}}"), source("b", "{{#if x}}{{> c}}{{/if}}"), source("c", "{{> a}}")];
    let found = mistakes(&circle);
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(found[0], "`a` includes itself by way of `b`");
    assert_eq!(mistakes(&[source("a", "{{> a}}")]), ["`a` includes itself by way of `a`"]);
}

#[test]
fn partials_may_be_shared_but_not_nest_for_ever() {
    assert!(mistakes(&[source("a", "{{> c}}{{> b}}"), source("b", "{{> c}}"), source("c", "x")]).is_empty());
    let chain: Vec<Source> = (0..20)
        .map(|at| source(&format!("t{at:02}"), &if at < 19 { format!("{{{{> t{:02}}}}}", at + 1) } else { "x".into() }))
        .collect();
    assert!(mistakes(&chain).iter().any(|mistake| mistake.contains("nest deeper than 16")));
}

#[test]
fn a_missing_partial_names_the_one_that_was_meant() {
    let (_, mistakes) = compile(&[source("brief", "line one\n  {{> tabel}}"), source("table", "x")]);
    assert_eq!(mistakes[0].message, "there is no template `tabel`");
    assert_eq!(mistakes[0].help.as_deref(), Some("did you mean `table`?"));
    assert_eq!(mistakes[0].span, Some(11..12));
}

#[test]
fn no_hostile_template_is_taken_and_none_ends_the_process() {
    let deep = |open: &str, close: &str| open.repeat(5_000) + "x" + &close.repeat(5_000);
    let hostile = [
        "{{{raw}}}".to_owned(),
        "{{&raw}}".to_owned(),
        "{{~{raw}~}}".to_owned(),
        "{{#*inline \"a\"}}{{> a}}{{/inline}}{{> a}}".to_owned(),
        "{{* decorator}}".to_owned(),
        "{{* set x=1}}".to_owned(),
        "{{#> a}}{{> @partial-block}}{{/a}}".to_owned(),
        "{{> @partial-block}}".to_owned(),
        "{{> (lookup . 'name')}}".to_owned(),
        "{{> (concat 'a' 'b')}}".to_owned(),
        "{{#if a}}{{{raw}}}{{/if}}".to_owned(),
        "{{#if a}}x{{else}}{{{raw}}}{{/if}}".to_owned(),
        "{{#each a}}{{#each b}}{{&raw}}{{/each}}{{/each}}".to_owned(),
        "{{#if a}}".to_owned(),
        "{{/if}}".to_owned(),
        "{{#if a}}{{/each}}".to_owned(),
        "{{".to_owned(),
        "{{{".to_owned(),
        "{{}}".to_owned(),
        "{{#}}{{/}}".to_owned(),
        "{{a b=}}".to_owned(),
        "{{'".to_owned(),
        "{{ [ }}".to_owned(),
        "{{> missing}}".to_owned(),
        "{{> ../../etc/passwd}}".to_owned(),
        "{{> a}}".to_owned(),
        deep("{{#if a}}", "{{/if}}"),
        deep("{{#if a}}", ""),
        format!("{{{{a {}}}}}", deep("(b ", ")")),
        format!("{{{{a {}}}}}", deep("[", "]")),
        format!("{{{{a {}}}}}", deep("{\"a\":", "}")),
        "x".repeat(300 * 1024),
    ];
    for text in &hostile {
        let found = mistakes(&[source("a", text)]);
        assert!(!found.is_empty(), "accepted: {}", text.chars().take(80).collect::<String>());
    }
}
