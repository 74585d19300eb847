use std::io::Cursor;

mod beside;
mod cuts;
mod kinds;
mod lines;

use super::*;

fn asked() -> Asked {
    let url = "https://example.org/things".into();
    Asked { name: "things".parse().unwrap(), url, secrets: Vec::new(), beside: Beside::default() }
}

fn inferred(bytes: &[u8]) -> Result<Inferred, InferError> {
    infer(&asked(), &|| Ok(Box::new(Cursor::new(bytes.to_vec()))))
}

fn definition(bytes: &[u8]) -> String {
    let inferred = inferred(bytes).unwrap();
    assert_eq!(inferred.rejected, 0, "{:?}", inferred.reject);
    inferred.definition
}

fn has(definition: &str, lines: &[&str]) {
    for line in lines {
        assert!(definition.lines().any(|found| found == *line), "no line {line:?} in\n{definition}");
    }
}

#[test]
fn a_table_of_separated_values_gets_types_and_a_key() {
    let found = definition(b"Day;Place;Price;Final\n31/01/2026;A;1.50;Y\n01/02/2026;A;-;N\n01/02/2026;B;12;Y\n");
    has(
        &found,
        &[
            "key = [\"day\", \"place\"]  # GUESS: no two of the first 3 rows are alike in it",
            "delimiter = \";\"",
            "day = { from = \"Day\", type = \"date\", pattern = \"%d/%m/%Y\", comment = \"Day\" }  # GUESS: day before month",
            "place = { from = \"Place\", type = \"text\", comment = \"Place\" }",
            "price = { from = \"Price\", type = \"decimal(8,2)\", nulls = [\"\", \"-\"], comment = \"Price\" }  # GUESS: no value is meant by these texts",
            "final = { from = \"Final\", type = \"boolean\", yes = \"Y\", no = \"N\", comment = \"Final\" }",
        ],
    );
}

#[test]
fn a_value_far_down_that_does_not_fit_widens_its_column() {
    let rows = (0..5000).map(|id| format!("{id},{},{}.5\n", 7000 + id, id % 10));
    let mut file: String = std::iter::once("id,code,value\n".to_owned()).chain(rows).collect();
    file += "5000,07000,1234567.25\n";
    let found = definition(file.as_bytes());
    has(
        &found,
        &[
            "key = [\"id\"]  # GUESS: no two of the first 5001 rows are alike in it; or [\"code\"]",
            "id = { from = \"id\", type = \"integer\", comment = \"id\" }",
            "code = { from = \"code\", type = \"text\", comment = \"code\" }",
            "value = { from = \"value\", type = \"decimal(13,2)\", comment = \"value\" }",
            "min_rows = 4001  # GUESS: a fifth less than there are",
        ],
    );
}

#[test]
fn the_encoding_is_found_by_a_byte_at_the_very_end() {
    let mut file = b"id,name\n".to_vec();
    (0..3000).for_each(|id| file.extend(format!("{id},Bank of {id}\n").into_bytes()));
    file.extend(b"3000,First \x96 Caf\xe9 Bank\n");
    has(&definition(&file), &["charset = \"windows-1252\"  # GUESS: bytes that are no UTF-8 make sense in it"]);
}

#[test]
fn local_times_ask_whose_clock_it_is() {
    let found = definition(b"at,mw\n2026-01-01 00:30:00,5\n2026-01-01 01:00:00,7\n");
    assert!(found.contains("\n[time]\nzone = \"UTC\"  # GUESS: whose clock is it?"), "{found}");
}

#[test]
fn an_xml_document_is_read_by_the_element_that_comes_again() {
    let document = b"<?xml version=\"1.0\"?>\n<p:List xmlns:p=\"urn:x\"><p:Head><p:Count>2</p:Count></p:Head>\n\
        <p:Rows><p:Row id=\"1\"><p:Name>A</p:Name></p:Row>\n<p:Row id=\"2\"><p:Name>B</p:Name><p:End>2026-01-31</p:End></p:Row></p:Rows></p:List>";
    let found = definition(document);
    has(
        &found,
        &[
            "namespace = \"urn:x\"",
            "record = \"List/Rows/Row\"  # GUESS: the element that is one row, for it holds most values",
            "total = \"/List/Head/Count\"  # GUESS: it is the number of records",
            "id = { from = \"@id\", type = \"integer\", comment = \"@id\" }",
            "end = { from = \"End\", type = \"date\", may_be_absent = true, comment = \"End\" }",
        ],
    );
}

#[test]
fn the_fixture_is_the_beginning_and_the_end_and_is_read_by_the_definition() {
    let rows = (0..9000).map(|id| format!("{id},name {id}\n"));
    let file: String = std::iter::once("id,name\n".to_owned()).chain(rows).collect();
    let inferred = inferred(file.as_bytes()).unwrap();
    let fixture = inferred.fixture.unwrap();
    assert_eq!(fixture.name, "first.csv");
    let lines: Vec<_> = std::str::from_utf8(&fixture.bytes).unwrap().lines().collect();
    assert_eq!((lines.len(), lines[0], lines[26], lines[28]), (29, "id,name", "8997,name 8997", "8999,name 8999"));
}

#[test]
fn a_file_at_hand_is_not_where_it_is_published() {
    let asked = Asked { url: "file:///home/things.csv".to_owned(), ..asked() };
    let found = infer(&asked, &|| Ok(Box::new(Cursor::new(b"id,x\n1,a\n2,a\n".to_vec())))).unwrap().definition;
    has(&found, &["url = \"file:///home/things.csv\"  # not said yet: where it is published"]);
}

#[test]
fn what_no_definition_can_describe_is_said_in_a_sentence() {
    for (bytes, sentence) in [
        (&b""[..], "is empty"),
        (b"one line of prose\nand another one\n", "neither JSON nor XML nor lines"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "is a web page"),
        (b"PK\x03\x04not really", "zip archive"),
        (
            b"<p:l xmlns:p='urn:p'><r><a>1</a></r><r><a>2</a></r></p:l>",
            "give that of the root a prefix in `namespaces`",
        ),
        (b"{\"\": [{\"a\": 1}, {\"a\": 2}, {\"a\": 3}]}", "member called \"\", which no path can name"),
        (
            b"<l xmlns='urn:l'><r><a xmlns=''>1</a></r><r><a xmlns=''>2</a></r></l>",
            "holds no value that can be a column",
        ),
    ] {
        let told = inferred(bytes).unwrap_err().to_string();
        assert!(told.contains(sentence), "{told}");
    }
}

#[test]
fn numbers_are_recognised_however_the_publisher_writes_them() {
    let found = definition(b"a;b;c;d;e\n1.234,50;$1,138.00;12,5;7 %;0,5\n0,25;$25.00;1.234;12 %;12,25\n");
    has(
        &found,
        &[
            "a = { from = \"a\", type = \"decimal(10,2)\", decimal_mark = \",\", thousands = \".\", comment = \"a\" }  # GUESS: numbers written so",
            "b = { from = \"b\", type = \"decimal(10,2)\", thousands = \",\", prefix = \"$\", comment = \"b\" }  # GUESS: numbers written so",
            "c = { from = \"c\", type = \"decimal(9,1)\", decimal_mark = \",\", thousands = \".\", comment = \"c\" }  # GUESS: numbers written so",
            "d = { from = \"d\", type = \"integer\", suffix = \" %\", comment = \"d\" }  # GUESS: numbers written so",
            "e = { from = \"e\", type = \"decimal(8,2)\", decimal_mark = \",\", comment = \"e\" }  # GUESS: numbers written so",
        ],
    );
}

#[test]
fn codes_with_points_in_them_stay_apart() {
    let rows = (1..12).flat_map(|chapter| (1..12).map(move |part| format!("{chapter}.{part};{part}.5\n")));
    let found = definition(format!("naics;mw\n{}", rows.collect::<String>()).as_bytes());
    let doubt = "1.1 and 1.10 would be one decimal; if they are measured and no codes, it is one";
    has(
        &found,
        &[
            &format!("naics = {{ from = \"naics\", type = \"text\", comment = \"naics\" }}  # GUESS: {doubt}"),
            "mw = { from = \"mw\", type = \"decimal(7,1)\", comment = \"mw\" }",
            "key = [\"naics\"]  # GUESS: no two of the first 121 rows are alike in it",
        ],
    );
    let found = definition(b"chapter_id,mw\n1,2\n1.1,2.5\n");
    assert!(found.contains("type = \"text\", comment = \"chapter_id\" }  # GUESS: its name says"), "{found}");
}

#[test]
fn nested_elements_are_columns_repeated_ones_are_joined_and_foreign_ones_have_a_prefix() {
    let document = b"<l:D xmlns:l=\"urn:l\" xmlns:g=\"urn:g\"><l:R><l:Id>1</l:Id><l:E><l:Name lang=\"en\">A</l:Name></l:E>\
        <l:Tag>x</l:Tag><l:Tag>y</l:Tag><g:Note>n</g:Note></l:R><l:R><l:Id>2</l:Id><l:E><l:Name lang=\"fr\">B</l:Name></l:E></l:R>\
        <l:R><l:Id>3</l:Id><l:E><l:Name lang=\"fr\">C</l:Name></l:E><l:Tag>x</l:Tag><l:Tag>x</l:Tag></l:R></l:D>";
    let found = definition(document);
    has(
        &found,
        &[
            "record = \"D/R\"  # GUESS: the element that is one row, for it holds most values",
            "e_name = { from = \"E/Name\", type = \"text\", comment = \"E/Name\" }",
            "namespaces = { \"g\" = \"urn:g\" }",
            "tag = { from = \"Tag\", join = \"\\n\", type = \"text\", may_be_absent = true, comment = \"Tag\" }  # GUESS: a record may have several, put together here",
            "g_note = { from = \"g:Note\", type = \"text\", may_be_absent = true, comment = \"g:Note\" }",
        ],
    );
}

#[test]
fn padded_values_are_trimmed_and_do_not_hide_their_type() {
    let found = definition(b"code;place\n00100;ROMA     \n00187;ROMA CENTRO\n");
    has(
        &found,
        &[
            "trim = true  # GUESS: some values have white space around them",
            "key = [\"code\"]  # GUESS: no two of the first 2 rows are alike in it; or [\"place\"]",
        ],
    );
}

#[test]
fn a_file_gives_its_dataset_a_name_without_its_date() {
    let named = |file| name(file).map(|name| name.to_string());
    assert_eq!(named("DA-LMP-SL-202503190100.csv").as_deref(), Some("da_lmp_sl"));
    assert_eq!(named("20180901-gleif-lei2.xml.gz").as_deref(), Some("gleif_lei2"));
    assert_eq!(named("Bev\u{f6}lkerung 2024.csv").as_deref(), Some("bevolkerung"));
    assert_eq!(named("2024.csv"), None);
}

#[test]
fn a_header_further_down_is_found_and_one_that_is_not_there_is_not_made_up() {
    let found = definition(b"Report of 2026\nProduced by the office, daily\n\nDay,MW,Price\n2026-01-01,5,1.5\n2026-01-02,7,1.75\n2026-01-03,8,2\n2026-01-04,8,2\n2026-01-05,9,3\n2026-01-06,9,3\n2026-01-07,9,3\n2026-01-08,9,3\n");
    has(
        &found,
        &[
            "header_has = [\"Day\", \"MW\", \"Price\"]  # the header stands further down",
            "key = [\"day\"]  # GUESS: no two of the first 8 rows are alike in it",
        ],
    );
    let found = definition(b"Isabella,F,22883\nSophia,F,20639\nEmma,F,17346\n");
    has(
        &found,
        &[
            "header = false  # GUESS: the first line is no header",
            "column_3 = { from = \"column 3\", type = \"integer\", comment = \"column 3\" }",
        ],
    );
}

#[test]
fn values_between_blanks_are_told_apart_and_comments_are_none() {
    let found =
        definition(b"# monthly means\n# year month ppm\n1958   3  315.71\n1958  10  312.66\n1959  10  315.62\n");
    has(
        &found,
        &[
            "delimiter = \"whitespace\"  # GUESS: all lines have as many values with blanks between",
            "comment = \"#\"",
            "key = [\"column_1\", \"column_2\"]  # GUESS: no two of the first 3 rows are alike in it",
        ],
    );
}

#[test]
fn numbers_as_far_apart_as_can_be_count_no_hours() {
    let found = definition(b"day,id\n2026-01-01,0\n2026-01-02,9223372036854775807\n2026-01-03,-9223372036854775808\n");
    assert!(!found.contains("counts"), "{found}");
}

#[test]
fn rows_are_counted_to_the_end_however_many_before_them_do_not_fit() {
    let bad = (0..2500).map(|id| format!("{id},x\0\n"));
    let good = (2500..3000).map(|id| format!("{id},y\n"));
    let file: String = std::iter::once("id,text\n".to_owned()).chain(bad).chain(good).collect();
    let inferred = inferred(file.as_bytes()).unwrap();
    assert_eq!((inferred.rows, inferred.rejected), (500, 2500));
    assert!(inferred.definition.starts_with("# Inferred from a file of 500 rows, 2500 rejects."));
}

#[test]
fn more_columns_than_a_table_has_are_not_proposed_and_not_looked_at_in_vain() {
    let columns = |number: usize| (0..number).map(|at| format!("c{at}")).collect::<Vec<_>>().join(",");
    let told = inferred(format!("{}\n", columns(60_000)).repeat(2).as_bytes()).unwrap_err().to_string();
    assert!(told.starts_with("the file seems to have 60000 columns, and a table has at most 1500"), "{told}");
    let column = |at: usize| format!("c{at} = {{ from = 'c{at}', type = 'text', comment = 'c' }}\n");
    let text: String = (0..1501).map(column).collect();
    let text = format!("mode = 'replace'\nkey = []\nformat = {{ kind = 'csv' }}\n[columns]\n{text}");
    assert_eq!(
        crate::sample::parse(&text).unwrap_err()[0].message,
        "a table has at most 1500 columns, and here are 1501"
    );
}
