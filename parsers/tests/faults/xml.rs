//! XML: documents made to cost or to reach out, and documents that are none.

use super::{COLUMNS, all_come_to, cost, define, of};

/// What an attack may cost, in seconds of one processor.
const PATIENCE: u64 = 5;

fn dataset() -> parsers::Dataset {
    let columns = COLUMNS.replace("comment = \"A\"", "may_be_absent = true, comment = \"A\"");
    let columns = columns.replace("comment = \"B\"", "may_be_absent = true, comment = \"B\"");
    define(&format!("format = {{ kind = \"xml\", record = \"list/item\" }}\n{columns}"))
}

fn list(items: &str) -> String {
    format!("<list>{items}</list>")
}

fn item(a: &str) -> String {
    list(&format!("<item><a>{a}</a><b>1</b></item>"))
}

#[track_caller]
fn come_to(cases: Vec<(&'static str, Vec<u8>, &'static str)>) {
    let dataset = dataset();
    all_come_to(cases.into_iter().map(|(what, bytes, wanted)| {
        let (came, cpu) = cost(|| of(&dataset, bytes));
        assert!(cpu.as_secs() < PATIENCE, "{what}: {cpu:?}");
        let came = came.chars().take(400).collect();
        (what, came, wanted)
    }));
}

#[test]
fn entities_of_ones_own_are_never_expanded_nor_fetched() {
    let laughs = (1..20).fold("<!ENTITY l0 \"ha\">".to_owned(), |text, at| {
        text + &format!("<!ENTITY l{at} \"{}\">", format!("&l{};", at - 1).repeat(10))
    });
    let with = |subset: &str, text: &str| format!("<!DOCTYPE list [{subset}]>{}", item(text)).into_bytes();
    let quadratic = format!("<!ENTITY q \"{}\">", "q".repeat(50_000));
    come_to(vec![
        (
            "a billion laughs",
            with(&laughs, "&l19;"),
            "BROKEN the document brings a DOCTYPE, and data does not need one",
        ),
        ("quadratic blow-up", with(&quadratic, &"&q;".repeat(50_000)), "…DOCTYPE"),
        ("a file", with("<!ENTITY f SYSTEM \"file:///etc/passwd\">", "&f;"), "…DOCTYPE"),
        ("a request", with("<!ENTITY h SYSTEM \"http://127.0.0.1:1/\">", "&h;"), "…DOCTYPE"),
        ("a parameter entity", with("<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\"> %p;", "x"), "…DOCTYPE"),
        ("a definition elsewhere", b"<!DOCTYPE list SYSTEM \"http://127.0.0.1:1/x.dtd\"><list/>".to_vec(), "…DOCTYPE"),
        ("a definition in the middle", list("<!DOCTYPE list><item/>").into_bytes(), "…DOCTYPE"),
        ("an entity that nobody declared", item("&f;").into_bytes(), "…the entity &f; is none of XML's own"),
        ("a stylesheet", format!("<?xml-stylesheet href='http://127.0.0.1:1/'?>{}", item("x")).into_bytes(), "x|1"),
        (
            "an inclusion",
            list("<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'/>").into_bytes(),
            "",
        ),
    ]);
}

#[test]
fn what_is_deep_wide_or_without_end_is_given_up() {
    let attributes = |count: usize| (0..count).fold(String::new(), |text, at| text + &format!(" a{at}='1'"));
    let spaces = |count: usize| (0..count).fold(String::new(), |text, at| text + &format!(" xmlns:a{at}='u'"));
    let each = |count: usize| "<x xmlns:p='u'><p:y/></x>".repeat(count);
    let nested = (0..100).fold("<z/>".repeat(100_000), |inner, at| format!("<x{at} xmlns:q{at}='u'>{inner}</x{at}>"));
    come_to(vec![
        ("a million deep", list(&"<x>".repeat(1_000_000)).into_bytes(), "…nested more than 128 deep"),
        ("a million deep in a record", list(&format!("<item>{}", "<x>".repeat(1_000_000))).into_bytes(), "…128 deep"),
        ("800,000 attributes", list(&format!("<item{}/>", attributes(800_000))).into_bytes(), "…longer than 1 MiB"),
        (
            "50,000 attributes",
            list(&format!("<item{}/>", attributes(50_000))).into_bytes(),
            "…more than 1000 attributes",
        ),
        ("a million namespaces", list(&format!("<item{}/>", spaces(1_000_000))).into_bytes(), "…BROKEN"),
        ("50,000 namespaces", list(&format!("<item{}/>", spaces(50_000))).into_bytes(), "…BROKEN"),
        ("200,000 namespaces one after the other", list(&each(200_000)).into_bytes(), ""),
        ("namespaces in each other", list(&nested).into_bytes(), ""),
        ("a name of 2 MiB", list(&format!("<{}/>", "x".repeat(2 << 20))).into_bytes(), "…longer than 1 MiB"),
        ("a value of 2 MiB", item(&"x".repeat(2 << 20)).into_bytes(), "…longer than 1 MiB"),
        ("a value of 200,000 references", item(&"&#33;".repeat(200_000)).into_bytes(), "…!!!"),
        ("a comment of 2 MiB", list(&format!("<!--{}-->", "x".repeat(2 << 20))).into_bytes(), "…longer than 1 MiB"),
        (
            "a tag of 2 MiB of blanks",
            list(&format!("<item{}/>", " ".repeat(2 << 20))).into_bytes(),
            "…longer than 1 MiB",
        ),
        ("2 MiB between records", list(&(" ".repeat(2 << 20) + "<item/>")).into_bytes(), "…longer than 1 MiB"),
    ]);
}

#[test]
fn what_is_no_document_is_broken() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let declared = |encoding: &str| format!("<?xml version='1.0' encoding='{encoding}'?>{}", item("x")).into_bytes();
    come_to(vec![
        ("nothing is closed", b"<list><item><a>x".to_vec(), "…ends early"),
        ("a record is not closed", b"<list><item><a>x</a></list>".to_vec(), "…BROKEN"),
        ("the root is not closed", b"<list><item><a>x</a></item>".to_vec(), "…ends early"),
        ("two roots", (item("x") + &item("y")).into_bytes(), "…second root"),
        ("text behind the root", (item("x") + "y").into_bytes(), "…text outside"),
        ("text before the root", ("y".to_owned() + &item("x")).into_bytes(), "…text that is not XML"),
        ("a declaration behind the root", (item("x") + "<?xml version='1.0'?>").into_bytes(), "x|1"),
        ("a declaration behind a blank", format!(" <?xml version='1.0'?>{}", item("x")).into_bytes(), "x|1"),
        ("no root", b"<?xml version='1.0'?>\n<!-- none -->".to_vec(), "…the document is empty"),
        ("another root", item("x").replace("list", "error").into_bytes(), "…the document is a \"error\""),
        ("UTF-16 that nobody declared", wide(&format!("\u{feff}{}", item("x"))), "…byte order mark of UTF-16LE"),
        ("the same without its mark", wide(&item("x")), "…BROKEN"),
        ("UTF-16 that only the document declares", declared("UTF-16"), "…says that it is UTF-16"),
        ("another encoding", declared("iso-8859-1"), "…says that it is iso-8859-1"),
        ("no encoding at all", declared("x-unheard-of"), "…says that it is x-unheard-of"),
        ("its own encoding", declared("UTF-8"), "x|1"),
        (
            "an encoding without quotes",
            format!("<?xml version='1.0' encoding=iso-8859-1?>{}", item("x")).into_bytes(),
            "…the document's declaration cannot be read",
        ),
    ]);
}

#[test]
fn what_stands_in_a_document_is_broken_or_passed_on_exactly() {
    come_to(vec![
        ("a bare ampersand", item("AT&T").into_bytes(), "…BROKEN"),
        ("a bare ampersand and a blank", item("A & T").into_bytes(), "…BROKEN"),
        ("one in an attribute", list("<item x='A & T'/>").into_bytes(), "…an attribute cannot be read"),
        ("one between records", list("A & T").into_bytes(), "…BROKEN"),
        ("a bare bracket", item("1 < 2").into_bytes(), "…BROKEN"),
        ("a bracket that is gone", list("<item><a</a></item><item/>").into_bytes(), "…BROKEN"),
        ("a quote that is gone", list("<item x='1><a>it's</a></item><item/>").into_bytes(), "…a quote is missing"),
        (
            "a bracket in an attribute",
            list("<item x='<'/>").into_bytes(),
            "…holds a \"<\": a quote is missing, or one too many",
        ),
        ("an attribute twice", list("<item x='1' x='2'/>").into_bytes(), "…duplicated attribute"),
        ("an attribute without quotes", list("<item x=1/>").into_bytes(), "…BROKEN an attribute cannot be read"),
        ("an attribute without a value", list("<item x/>").into_bytes(), "…BROKEN an attribute cannot be read"),
        (
            "a byte that is no UTF-8",
            item("\u{1}").into_bytes().iter().map(|b| if *b == 1 { 0xff } else { *b }).collect(),
            "…cannot decode input using UTF-8",
        ),
        ("a NUL", item("x\0").into_bytes(), "!1 holds a NUL character, which no text may hold"),
        ("a control character", item("x\u{1}").into_bytes(), "x\u{1}|1"),
        (
            "a reference to a NUL",
            item("x&#0;").into_bytes(),
            "…the reference &#0; stands for no character that XML may hold",
        ),
        (
            "a reference to a control character",
            item("x&#1;").into_bytes(),
            "…&#1; stands for no character that XML may hold",
        ),
        ("a reference to a surrogate", item("x&#xD800;").into_bytes(), "…BROKEN"),
        ("a reference beyond all characters", item("x&#x110000;").into_bytes(), "…BROKEN"),
        ("no character", item("x\u{ffff}").into_bytes(), "x\u{ffff}|1"),
        ("the end of CDATA without a beginning", item("x]]>").into_bytes(), "x]]>|1"),
        ("hyphens in a comment", list("<!-- a -- <item/> <!-- b -->").into_bytes(), "…BROKEN"),
        ("a name that is none", list("<1a/>").into_bytes(), "…is no name of an element"),
        ("two colons in a name", list("<a:b:c xmlns:a='u'/>").into_bytes(), "…is no name of an element"),
        ("a prefix that nobody declared", list("<p:x/>").into_bytes(), "…prefix has no namespace"),
        (
            "one of an attribute",
            list("<item p:x='1'/>").into_bytes(),
            "…the prefix of the attribute p:x has no namespace",
        ),
        ("a processing instruction named xml", list("<?xml y?>").into_bytes(), "…declaration cannot be read"),
        ("XML 1.1", b"<?xml version='1.1'?><list/>".to_vec(), ""),
    ]);
}

#[test]
fn text_is_exact() {
    let texts = [
        ("AT&amp;T", "AT&T"),
        ("&#233;&#xE9;", "éé"),
        ("<![CDATA[<a>&amp;]]&gt;]]>", "<a>&amp;]]&gt;"),
        ("a<![CDATA[b]]>c<![CDATA[]]>&lt;d", "abc<d"),
        ("&quot;&apos;&gt;", "\"'>"),
        ("<!-- not this -->x<?nor this?>y", "xy"),
        (" x\t y \n", " x\t y \n"),
        ("x\r\ny\rz", "x\ny\nz"),
        ("x&#13;&#10;y", "x\r\ny"),
        ("&#x1F600;\u{1F600}", "😀😀"),
        ("<![CDATA[x\r\ny]]>", "x\ny"),
        ("&amp;amp;", "&amp;"),
    ];
    for (written, meant) in texts {
        assert_eq!(of(&dataset(), item(written)), format!("{meant}|1"), "{written}");
    }
}
