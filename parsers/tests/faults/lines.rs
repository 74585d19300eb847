//! Lines of fixed width, and meter data whose blocks are out of order.

use super::{all_come_to, define, of};

#[test]
fn a_line_is_as_long_as_it_should_be_in_characters() {
    let fixed = |decode: &str, more: &str| {
        let columns = "a = { from = \"1-3\", type = \"text\", comment = \"A\" }\n\
                       b = { from = \"4-6\", type = \"integer\", comment = \"B\" }\n";
        define(&format!(
            "decode = {{ {decode} }}\nformat = {{ kind = \"fixed\", length = 6{more} }}\n[columns]\n{columns}"
        ))
    };
    let utf8 = fixed("", "");
    let (short, long) = (fixed("", ", ragged = \"pad\""), fixed("", ", longer_lines = \"ignore\""));
    let japanese = fixed("charset = \"shift_jis\"", "");
    let cases = [
        ("as it should be", of(&utf8, "abc  1\nd    2\n"), "abc|1; d|2"),
        ("letters of two bytes", of(&utf8, "åäö  1\n"), "åäö|1"),
        ("letters of four bytes", of(&utf8, "😀😀😀  1\n"), "😀😀😀|1"),
        ("as many bytes as characters are wanted", of(&utf8, "åä 1\n"), "…!1 is 4 characters long"),
        ("marks that are characters of their own", of(&utf8, "a\u{30a}b  1\n"), "a\u{30a}b|1"),
        ("a byte order mark", of(&utf8, "\u{feff}abc  1\n"), "abc|1"),
        ("too short", of(&utf8, "abc\nd    2\n"), "…!1 is 3 characters long, and its definition says 6; d|2"),
        ("too long", of(&utf8, "abc  12\nd    2\n"), "…!1 is 7 characters long, and its definition says 6; d|2"),
        ("too short, as declared", of(&short, "abc\nd    2\n"), "abc|; d|2"),
        ("too long, as declared", of(&long, "abc  12\nd    2\n"), "abc|1; d|2"),
        ("cut within a letter", of(&utf8, b"abc  1\n\xc3"), "…BROKEN"),
        ("no UTF-8", of(&utf8, b"a\xffc  1\nd    2\n"), "…!1 "),
        ("cut", of(&utf8, "abc  1\nd   "), "…the file was cut"),
        ("cut, where lines may be short", of(&short, "abc  1\nd   "), "…the file was cut"),
        ("whole without its line end", of(&utf8, "abc  1\nd    2"), "abc|1; d|2"),
        ("a tab", of(&utf8, "abc\t 1\n"), "…!1 "),
        ("moved by one", of(&utf8, " abc 1\n"), "…!1 "),
        ("letters of two bytes in another encoding", of(&japanese, b"\x83\x65b  1\n"), "…!1 is 5 characters long"),
        ("and as it should be", of(&japanese, b"\x83\x65bc  1\n"), "テbc|1"),
        ("a CR within", of(&utf8, "ab\r  1\n"), "…!1 "),
    ];
    all_come_to(cases);
}

const HEAD: &str = "100,NEM12,200505121107,A,B\n";

fn stream(nmi: &str) -> String {
    format!("200,{nmi},E1,E1,E1,N1,02022,KWH,30,\n")
}

fn day(date: &str, quality: &str) -> String {
    format!("300,{date},{}{quality},,,20050402003445,\n", "1,".repeat(48))
}

#[test]
fn no_value_is_told_of_another_meter_or_another_day() {
    let columns = "[columns]\nnmi = { from = \"NMI\", type = \"text\", comment = \"c\" }\n\
                   quality = { from = \"QualityMethod\", type = \"text\", comment = \"c\" }\n";
    let dataset = define(&format!("format = {{ kind = \"odd\", parser = \"nem12\" }}\n{columns}"));
    let read = |blocks: &[&str]| {
        let came = of(&dataset, format!("{HEAD}{}900\n", blocks.concat()));
        // Runs of the same are counted.
        let mut runs: Vec<(String, usize)> = Vec::new();
        for what in came.split("; ") {
            match runs.last_mut() {
                Some((last, count)) if last == what => *count += 1,
                _ => runs.push((what.to_owned(), 1)),
            }
        }
        runs.iter().map(|(what, count)| format!("{count} x {what}")).collect::<Vec<_>>().join("; ")
    };
    let (one, two, day1, varies) = (stream("ONE"), stream("TWO"), day("20050401", "A"), day("20050401", "V"));
    let bad = "200,\"TWO,E1,E1,E1,N1,02022,KWH,30,\n";
    let cases = [
        ("as it should be", read(&[&one, &day1, &two, &day1]), "48 x ONE|A; 48 x TWO|A"),
        ("a day before its meter", read(&[&day1, &one, &day1]), "…1 x !2 stands under no line 200"),
        ("a meter without days", read(&[&one, &two, &day1]), "48 x TWO|A"),
        ("a meter whose line cannot be read", read(&[&one, &day1, bad, &day1]), "…1 x !5 stands under no line 200"),
        ("a meter with too few fields", read(&[&one, &day1, "200,TWO\n", &day1]), "…1 x !5 stands under no line 200"),
        ("qualities before their day", read(&[&one, "400,1,48,A,,\n", &day1]), "…BROKEN"),
        ("qualities of another day", read(&[&one, &day1, "500,O,x,,\n", "400,1,48,A,,\n"]), "…BROKEN"),
        (
            "qualities that overlap",
            read(&[&one, &varies, "400,1,30,A,,\n400,20,48,S14,,\n"]),
            "…says another quality of intervals that have one",
        ),
        (
            "qualities with a gap",
            read(&[&one, &varies, "400,1,10,A,,\n400,20,48,A,,\n"]),
            "…no line 400 says that of interval 11",
        ),
        ("qualities in no order", read(&[&one, &varies, "400,20,48,B,,\n400,1,19,A,,\n"]), "19 x ONE|A; 29 x ONE|B"),
        (
            "qualities of no interval",
            read(&[&one, &varies, "400,x,48,A,,\n"]),
            "…whose intervals are not those of the day",
        ),
        ("a second head", read(&[&one, &day1, HEAD, &two, &day1]), "…BROKEN"),
        ("an end in the middle", read(&[&one, &day1, "900\n", &two, &day1]), "…goes on behind its line 900"),
        ("a line of no kind", read(&[&one, "700,x\n", &day1]), "…BROKEN"),
        ("no line at all", read(&[]), "1 x "),
    ];
    all_come_to(cases);
    let undecodable = [HEAD.as_bytes(), b"200,ON\xff,E1,E1,E1,N1,02022,KWH,30,\n", day1.as_bytes(), b"900\n"].concat();
    let came = of(&dataset, undecodable);
    assert!(came.starts_with('!') && !came.contains('\u{fffd}'), "{came}");
}
