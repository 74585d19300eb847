use std::io::Cursor;

use proptest::prelude::*;

use crate::{Dataset, Diagnostic, ReadError, sample};

fn parse(decode: &str, format: &str, columns: &[(&str, &str)]) -> Result<Dataset, Vec<Diagnostic>> {
    let column =
        |(name, from): &(&str, &str)| format!("{name} = {{ from = {from:?}, type = \"text\", comment = \"c\" }}\n");
    let columns: String = columns.iter().map(column).collect();
    sample::parse(&format!(
        "mode = \"upsert\"\nkey = []\nnulls = [\"NULL\"]\ndecode = {{ {decode} }}\n\
         format = {{ kind = \"fixed\", {format} }}\n[columns]\n{columns}"
    ))
}

/// Rows as `a|b`, rejects as `!line reason`.
fn read(dataset: &Dataset, bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    sample::read(dataset, bytes).map(|(rows, _)| rows)
}

fn rows(format: &str, bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    read(&parse("", format, &[("a", "4-6"), ("b", "1"), ("c", "2 - 3")]).unwrap(), bytes)
}

#[test]
fn fields_stand_where_the_definition_says_and_lose_what_fills_them_up() {
    assert_eq!(rows("length = 6", b"1  x y\r\n2ab  z\r\n").unwrap(), ["x y|1|", "z|2|ab"]);
    assert_eq!(rows("length = 6", b"1ab\"\",\n").unwrap(), ["\"\",|1|ab"], "nothing is a quote here");
}

#[test]
fn a_line_of_another_length_is_rejected_unless_it_may_be() {
    let file = b"1abcde\n2ab\n3abcdef\n";
    let rejects = ["cde|1|ab", "!2 is 3 characters long, and its definition says 6"];
    assert_eq!(rows("length = 6", file).unwrap()[..2], rejects);
    assert_eq!(rows("length = 6", file).unwrap()[2], "!3 is 7 characters long, and its definition says 6");
    let all = rows("length = 6, ragged = \"pad\", longer_lines = \"ignore\"", file).unwrap();
    assert_eq!(all, ["cde|1|ab", "|2|ab", "cde|3|ab"]);
}

#[test]
fn characters_are_counted_and_not_the_bytes_that_they_take() {
    assert_eq!(rows("length = 6", "1äöüxy\n".as_bytes()).unwrap(), ["üxy|1|äö"]);
    let columns = [("a", "1-2"), ("b", "3")];
    let western = parse("charset = \"iso-8859-1\"", "length = 3", &columns).unwrap();
    assert_eq!(read(&western, b"\xe4\xf6u\n").unwrap(), ["äö|u"]);
    let japanese = parse("charset = \"shift_jis\"", "length = 3", &columns).unwrap();
    assert_eq!(read(&japanese, b"\x83\x65uv\n").unwrap(), ["テu|v"]);
    assert_eq!(rows("length = 6", b"1\xff2345\n").unwrap(), ["!1 the field \"2 - 3\" does not decode as UTF-8"]);
    let unread = rows("length = 6, longer_lines = \"ignore\"", b"1\xc3\xa4bcde\xff\n\xc3\xa423456\xff\n").unwrap();
    assert_eq!(unread, ["cde|1|äb", "456|ä|23"], "a byte that nobody reads moves nothing");
}

#[test]
fn the_last_line_shows_by_its_length_that_it_is_whole() {
    assert_eq!(rows("length = 6", b"1abcde\n2abcde").unwrap().len(), 2);
    for format in ["length = 6", "length = 6, ragged = \"pad\""] {
        assert!(rows(format, b"1abcde\n2abcd").unwrap_err().to_string().contains("no line end"));
    }
}

#[test]
fn lines_around_the_records_are_declared() {
    let file = b"Title\n\n#\n1abcde\n# x\nEnd of list,\nand more\n";
    let format = "length = 6, preamble = 2, comment = \"#\", footer_begins = \"End of\"";
    assert_eq!(rows(format, file).unwrap(), ["cde|1|ab"]);
}

#[test]
fn fields_that_stand_again_and_again_become_rows() {
    let columns = [("a", "1"), ("day", "day"), ("value", "value"), ("flag", "flag")];
    let again = "length = 10, unpivot = { label = \"day\", values = { value = \"2-3\", flag = \"4\" }, every = 3, times = 3 \
                 , skip = [\"-9\", \"\"] }";
    let dataset = parse("", again, &columns).unwrap();
    let found = read(&dataset, b"x 1A-9 33 \ny-9 -9 -9B\nz-9 -9\n").unwrap();
    let wanted = ["x|1|1|A", "x|3|33|", "y|3|-9|B", "!3 is 6 characters long, and its definition says 10"];
    assert_eq!(found, wanted);
}

#[test]
fn a_row_of_many_keeps_the_line_that_it_stands_on_and_has_a_number_of_its_own() {
    let again = "length = 3, unpivot = { label = \"n\", values = { value = \"2\" }, every = 1, times = 2, skip = [] }";
    let dataset = parse("", again, &[("a", "1"), ("value", "value")]).unwrap();
    let mut reading = dataset.open(Box::new(Cursor::new(b"a12\nb34\n".to_vec()))).unwrap();
    let mut places = Vec::new();
    while reading.advance().unwrap() {
        places.push((reading.record(), reading.line(), reading.original().to_vec()));
    }
    let wanted = [(1_u64, b"a12"), (2, b"a12"), (3, b"b34"), (4, b"b34")];
    let wanted = wanted.map(|(number, line)| (number, Some(number.div_ceil(2)), line.to_vec()));
    assert_eq!(places, wanted);
}

#[test]
fn places_that_are_none_are_mistakes() {
    let mistakes = |format: &str, from: &str| -> String {
        let found = parse("", format, &[("a", from)]).unwrap_err();
        found.iter().map(|mistake| mistake.message.clone()).collect::<Vec<_>>().join("\n")
    };
    assert!(mistakes("length = 6", "5-7").contains("\"5-7\" stands behind the end of a line of 6"));
    for from in ["0", "0-1", "3-2", "Name", "", "-1", "1-"] {
        assert!(mistakes("length = 6", from).contains("is no place in a line"), "{from:?}");
    }
    assert!(mistakes("length = 0", "1").contains("`length` is 1 to 1000000 characters"));
    let again = "length = 6, unpivot = { label = \"n\", values = { v = \"2-3\" }, every = 2, times = 3 }";
    assert!(mistakes(again, "1").contains("the last of 3 stands behind the end of the line"));
}

proptest! {
    #[test]
    fn what_is_written_at_its_places_is_read_back(rows_in in prop::collection::vec(("[a-z]{1,3}", "[é0-9]{0,1}", "[a-z,\"]{0,2}"), 0..6)) {
        let line = |(a, b, c): &(String, String, String)| format!("{b:<1}{c:>2}{a:<3}\n");
        let file: String = rows_in.iter().map(line).collect();
        let wanted: Vec<_> = rows_in.iter().map(|(a, b, c)| format!("{a}|{b}|{c}")).collect();
        prop_assume!(!file.is_empty());
        prop_assert_eq!(rows("length = 6", file.as_bytes()).unwrap(), wanted);
    }

    #[test]
    fn no_bytes_make_it_panic_or_lose_a_line(bytes in prop::collection::vec(prop::sample::select(b"ab1 \"\n\xff\xc3\xa9\0".to_vec()), 1..60)) {
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count();
        if let Ok(rows) = rows("length = 6, final_newline = \"optional\"", &bytes) {
            prop_assert_eq!(rows.len(), lines);
        }
    }
}

/// Real lines of the bank codes; before June 2013 a line had 168 characters, and no rule for IBANs.
#[test]
fn layouts_are_told_apart_by_the_length_of_a_line_or_by_what_it_begins_with() {
    let codes = include_bytes!("../../../fixtures/bundesbank_bank_codes/first.txt");
    let new: Vec<&[u8]> = codes.split(|byte| *byte == b'\n').take(2).collect();
    let old = new.iter().flat_map(|line| [&line[..168], b"\r\n"].concat()).collect::<Vec<u8>>();
    let new = new.iter().flat_map(|line| [line, &b"\n"[..]].concat()).collect::<Vec<u8>>();
    let text = "mode = 'replace'\nkey = []\ndecode = { charset = 'iso-8859-1' }\nformat = { kind = 'fixed', length = 174 }\n\
                [columns]\ncode = { from = '1-8', type = 'text', comment = 'c' }\n\
                number = { from = '153-158', type = 'text', comment = 'c' }\n\
                rule = { from = '169-174', type = 'text', comment = 'c' }\n\
                [[version]]\nname = 'until June 2013'\nwhen = { length = 168 }\nabsent = ['rule']\n";
    let dataset = sample::parse(text).unwrap();
    let (new, old) = (read(&dataset, &new).unwrap(), read(&dataset, &old).unwrap());
    assert_eq!(new[0].rsplit_once('|').unwrap().0, old[0].trim_end_matches('|'));
    assert!(new[0].ends_with("|004201") && old[0].ends_with('|'), "{new:?} {old:?}");
    let signed = text.replace("{ length = 168 }", "{ begins = '1', length = 5 }").replace("absent = ['rule']", "");
    let behind = sample::parse(&signed).unwrap_err();
    assert!(behind[0].message.contains("stands behind the end of a line of 5"), "{behind:?}");
}

#[test]
fn places_are_counted_as_the_version_is_written() {
    for (charset, other, line) in
        [("utf-8", "windows-1252", &b"V\xe9\x80x\n"[..]), ("windows-1252", "utf-8", "Vé€x\n".as_bytes())]
    {
        let text = format!(
            "mode = 'replace'\nkey = []\ndecode = {{ charset = '{charset}' }}\nformat = {{ kind = 'fixed', length = 4 }}\n\
             columns = {{ a = {{ from = '2-3', type = 'text', comment = 'c' }}, b = {{ from = '4', type = 'text', comment = 'c' }} }}\n\
             version = [{{ name = 'v', when = {{ begins = 'V' }}, charset = '{other}' }}]\n"
        );
        assert_eq!(read(&sample::parse(&text).unwrap(), line).unwrap(), ["é€|x"], "{other}");
    }
}

#[test]
fn what_tells_nothing_of_lines_of_fixed_width_is_a_mistake() {
    let mistake = |format: &str, when: &str| {
        let text = format!(
            "mode = 'replace'\nkey = []\nformat = {{ kind = 'fixed', length = 3{format} }}\n\
             columns = {{ a = {{ from = '1', type = 'text', comment = 'c' }} }}\n\
             version = [{{ name = 'v', when = {when} }}]\n"
        );
        sample::parse(&text).unwrap_err().remove(0).message
    };
    assert!(mistake("", "{ fields = 3 }").contains("no fields to count"));
    assert!(mistake("", "{ length = 3 }").contains("of what [columns] says"));
    assert!(mistake(", ragged = 'pad'", "{ length = 2 }").contains("may be shorter or longer"));
    let repeated = ", unpivot = { label = 'n', values = { v = '1' }, every = 1, times = 3 }";
    assert!(mistake(repeated, "{ length = 2 }").contains("what is repeated stands behind the end of a line of 2"));
}
