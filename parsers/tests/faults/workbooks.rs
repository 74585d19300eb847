//! Workbooks: archives that are traps, sheets that say what is not so, texts that reach out.

use std::time::Duration;

use super::{
    all_come_to, cost, define, of,
    zipped::{Member, archive},
};

const COLUMNS: &str = r#"[columns]
a = { from = "a", type = "text", may_be_absent = true, comment = "A" }
b = { from = "b", type = "integer", may_be_absent = true, comment = "B" }
"#;

const HEADER: &str =
    "<row r='1'><c r='A1' t='inlineStr'><is><t>a</t></is></c><c r='B1' t='inlineStr'><is><t>b</t></is></c></row>";

fn dataset() -> parsers::Dataset {
    define(&format!("format = {{ kind = \"workbook\" }}\n{COLUMNS}"))
}

/// The parts of a workbook with this sheet and these shared texts, as XML.
fn parts(sheet: &str, strings: &str) -> Vec<Member> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let related = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id='{id}' Type='{OFFICE}/{kind}' Target='{target}'/>")
    };
    let sheets = related("r1", "worksheet", "worksheets/s1.xml") + &related("r2", "sharedStrings", "sharedStrings.xml");
    vec![
        Member::new(
            "_rels/.rels",
            format!(
                "<Relationships xmlns='{PACKAGE}'>{}</Relationships>",
                related("a", "officeDocument", "xl/workbook.xml")
            ),
        ),
        Member::new(
            "xl/workbook.xml",
            format!(
                "<workbook xmlns='{MAIN}' xmlns:r='{OFFICE}'><sheets><sheet name='S' sheetId='1' r:id='r1'/></sheets></workbook>"
            ),
        ),
        Member::new("xl/_rels/workbook.xml.rels", format!("<Relationships xmlns='{PACKAGE}'>{sheets}</Relationships>")),
        Member::new("xl/sharedStrings.xml", strings.replace("<sst", &format!("<sst xmlns='{MAIN}'"))),
        Member::new("xl/worksheets/s1.xml", sheet.replace("<worksheet", &format!("<worksheet xmlns='{MAIN}'"))),
    ]
}

pub(super) fn book(sheet: &str, strings: &str) -> Vec<u8> {
    archive(&parts(sheet, strings))
}

fn rows(rows: &str) -> String {
    format!("<worksheet><sheetData>{HEADER}{rows}</sheetData></worksheet>")
}

pub(super) const STRINGS: &str = "<sst count='2' uniqueCount='2'><si><t>one</t></si><si><t>two</t></si></sst>";

/// A row with the first shared text.
const ONE: &str = "<row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2'><v>7</v></c></row>";

#[track_caller]
fn come_to(cases: Vec<(&'static str, Vec<u8>, &'static str)>) {
    let dataset = dataset();
    all_come_to(cases.into_iter().map(|(what, bytes, wanted)| {
        let (came, cpu) = cost(|| of(&dataset, bytes));
        assert!(cpu < Duration::from_secs(10), "{what}: {cpu:?}");
        (what, came.chars().take(400).collect(), wanted)
    }));
}

#[test]
fn what_a_workbook_says_of_its_own_size_is_not_believed() {
    let counted = |count: &str| STRINGS.replace("uniqueCount='2'", &format!("uniqueCount='{count}'"));
    let dimension = |of: &str| rows(ONE).replace("<sheetData>", &format!("<dimension ref='{of}'/><sheetData>"));
    let columns = "<cols><col min='1' max='16384' width='9'/></cols>";
    come_to(vec![
        ("as it should be", book(&rows(ONE), STRINGS), "one|7"),
        ("more texts than any memory", book(&rows(ONE), &counted("100000000000")), "…more texts than any workbook"),
        (
            "as many as a number can say",
            book(&rows(ONE), &counted("18446744073709551615")),
            "…more texts than any workbook",
        ),
        ("fewer texts", book(&rows(ONE), &counted("0")), "one|7"),
        ("the whole sheet", book(&dimension("A1:XFD1048576"), STRINGS), "one|7"),
        ("more than a sheet", book(&dimension("A1:ZZZZZZ99999999999"), STRINGS), "…BROKEN"),
        ("nothing", book(&dimension(""), STRINGS), "…BROKEN"),
        ("a corner behind the other", book(&dimension("B2:A1"), STRINGS), "…BROKEN"),
        ("all columns", book(&rows(ONE).replace("<sheetData>", &format!("{columns}<sheetData>")), STRINGS), "one|7"),
        (
            "a cell in the last corner",
            book(&rows(&format!("{ONE}<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>")), STRINGS),
            "one|7; |",
        ),
        ("a cell behind it", book(&rows("<row r='1048577'><c r='A1048577'><v>1</v></c></row>"), STRINGS), "1|"),
        ("a row of no number", book(&rows("<row r='x'><c r='A2'><v>1</v></c></row>"), STRINGS), "…BROKEN"),
        ("a cell of no place", book(&rows("<row r='2'><c r='2A'><v>1</v></c></row>"), STRINGS), "…BROKEN"),
        ("a cell in another row", book(&rows("<row r='2'><c r='A9' t='s'><v>0</v></c></row>"), STRINGS), "one|"),
        (
            "a cell twice",
            book(&rows("<row r='2'><c r='A2' t='s'><v>0</v></c><c r='A2' t='s'><v>1</v></c></row>"), STRINGS),
            "…BROKEN",
        ),
        ("cells without places", book(&rows("<row><c t='s'><v>1</v></c><c><v>8</v></c></row>"), STRINGS), "two|8"),
    ]);
}

#[test]
fn a_text_is_the_one_that_is_meant_or_none() {
    let text = |index: &str| book(&rows(&format!("<row r='2'><c r='A2' t='s'><v>{index}</v></c></row>")), STRINGS);
    let string = |inner: &str| book(&rows(ONE), &STRINGS.replace("<t>one</t>", inner));
    come_to(vec![
        ("the last", text("1"), "two|"),
        ("one behind it", text("2"), "…BROKEN"),
        ("none", text("-1"), "…BROKEN"),
        ("a word", text("one"), "…a cell names the shared text \"one\""),
        ("a fraction", text("0.5"), "…BROKEN"),
        ("with blanks", text(" 1 "), "…BROKEN"),
        ("escaped", string("<t>AT&amp;T &#233; &lt;</t>"), "AT&T é <|7"),
        ("in CDATA", string("<t><![CDATA[AT&T]]></t>"), "AT&T|7"),
        ("in runs, with how it is spoken", string("<r><t>o</t></r><r><t>ne</t></r><rPh><t>UAN</t></rPh>"), "one|7"),
        ("an entity that nobody declared", string("<t>a&x;b</t>"), "…BROKEN"),
        (
            "an entity that only a DOCTYPE declares",
            book(&rows(ONE), &format!("<!DOCTYPE sst [<!ENTITY x 'y'>]>{}", STRINGS.replace("one", "a&x;b"))),
            "…BROKEN",
        ),
        ("a bare ampersand", string("<t>AT&T</t>"), "…BROKEN"),
        (
            "a file",
            book(
                &rows(ONE),
                &format!("<!DOCTYPE sst [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>{}", STRINGS.replace("one", "&x;")),
            ),
            "…BROKEN",
        ),
        ("texts that end early", book(&rows(ONE), "<sst><si><t>one</t></si><si><t>tw"), "…BROKEN"),
        ("no texts", book(&rows(ONE), ""), "…BROKEN"),
        ("a NUL", string("<t>o\0e</t>"), "!2 holds a NUL character, which no text may hold"),
    ]);
}

#[test]
fn a_sheet_that_is_not_whole_is_no_sheet() {
    let cell = |cell: &str| book(&rows(&format!("<row r='2'>{cell}</row>")), STRINGS);
    let whole = rows(ONE);
    let cut = |at: &str| book(whole.split_once(at).unwrap().0, STRINGS);
    come_to(vec![
        ("cut before its end", cut("</sheetData>"), "…BROKEN"),
        ("cut in a row", cut("<c r='B2'>"), "…BROKEN"),
        ("cut in a cell", cut("7</v>"), "…BROKEN"),
        ("cut behind its rows", cut("</worksheet>"), "one|7"),
        ("no rows", book("<worksheet/>", STRINGS), "…BROKEN"),
        ("a formula without a value", cell("<c r='B2'><f>1+1</f></c>"), "…nobody has computed"),
        (
            "a shared one",
            cell("<c r='B2'><f t='shared' si='4000000000' ref='B2:B9'>1+1</f></c>"),
            "…nobody has computed",
        ),
        ("one with an empty value", cell("<c r='B2'><f>1+1</f><v></v></c>"), "…nobody has computed"),
        ("an error", cell("<c r='B2' t='e'><v>#DIV/0!</v></c>"), "…!2 holds the error #DIV/0!"),
        ("an error that is none", cell("<c r='B2' t='e'><v>#WHAT?</v></c>"), "…BROKEN"),
        ("a number that is none", cell("<c r='B2' t='n'><v>1,5</v></c>"), "…BROKEN"),
        ("one without its kind", cell("<c r='B2'><v>1,5</v></c>"), "…!2 "),
        ("a number out of all bounds", cell("<c r='B2'><v>1e999</v></c>"), "…BROKEN"),
        ("no number", cell("<c r='B2'><v>NaN</v></c>"), "…BROKEN"),
        ("a kind that is none", cell("<c r='B2' t='zz'><v>1</v></c>"), "…BROKEN"),
        ("a truth value that is none", cell("<c r='A2' t='b'><v>2</v></c>"), "…BROKEN"),
    ]);
}

#[test]
fn an_archive_that_is_a_trap_is_stopped() {
    let with = |more: Vec<Member>| archive(&[parts(&rows(ONE), STRINGS), more].concat());
    let bomb = super::zipped::deflated("", 64, b' ');
    let bomb = Member { packed: bomb, size: 64 << 20, ..Member::new("xl/media/x.bin", "") };
    let many = |count: usize| (0..count).map(|at| Member::new(format!("xl/media/{at}"), "")).collect::<Vec<_>>();
    let twice = Member::new("xl/worksheets/s1.xml", rows(""));
    let padded = rows(&format!("{ONE}{}", " ".repeat(64 << 20)));
    come_to(vec![
        ("a bomb beside the sheet", with(vec![bomb]), "…200 times its size"),
        ("a bomb in the sheet", book(&padded, STRINGS), "…200 times its size"),
        (
            "a bomb among the texts",
            book(&rows(ONE), &STRINGS.replace("<sst", &format!("{}<sst", " ".repeat(64 << 20)))),
            "…200 times its size",
        ),
        ("20,000 members", with(many(20_000)), "one|7"),
        ("a sheet twice", with(vec![twice]), "…two members of one name"),
        ("a member that leads elsewhere", with(vec![Member::new("../../x", "x")]), "one|7"),
    ]);
}
