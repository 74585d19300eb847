//! CSV: how its quotes, ends, encodings and heads go wrong.

use std::io::{self, Read, Seek, SeekFrom};

use super::{COLUMNS, all_come_to, cost, counts, define, of, outcome};

const AS_IT_IS: &str = "";
const MULTILINE: &str = ", multiline = true";

/// Each with what its definition says beside `kind`, its bytes, and what it comes to.
const FILES: [(&str, &str, &[u8], &str); 40] = [
    (
        "an open quote in the first record",
        AS_IT_IS,
        b"a,b\n\"x,1\ny,2\n",
        "…!2 has a quote that is not closed on its line",
    ),
    (
        "in one in the middle",
        AS_IT_IS,
        b"a,b\nx,1\n\"y,2\nz,3\n",
        "…x|1; !3 has a quote that is not closed on its line",
    ),
    ("in the last", AS_IT_IS, b"a,b\nx,1\n\"y,2\n", "…x|1; BROKEN a quote that is opened on line 3 is never closed"),
    ("in the header", AS_IT_IS, b"\"a,b\nx,1\n", "…BROKEN has a quote that is not closed on its line"),
    (
        "in the first, where fields may hold lines",
        MULTILINE,
        b"a,b\n\"x,1\ny,2\n",
        "…BROKEN a quote that is opened on line 2 is never closed",
    ),
    (
        "and one more later",
        MULTILINE,
        b"a,b\n\"x,1\ny,2\n\"z\",3\n",
        "!2 has text behind a closing quote: a quote is missing or one too many",
    ),
    (
        "a quote behind a closing one",
        AS_IT_IS,
        b"a,b\n\"x\"y,1\nz,3\n",
        "!2 has text behind a closing quote: a quote is missing or one too many; z|3",
    ),
    ("a quote in the middle of a field", AS_IT_IS, b"a,b\nx\"y,1\n", "x\"y|1"),
    (
        "cut in the last field",
        AS_IT_IS,
        b"a,b\nx,12\ny,3",
        "…x|12; BROKEN line 3, the last, has no line end: the file was cut",
    ),
    (
        "cut behind a delimiter",
        AS_IT_IS,
        b"a,b\nx,12\ny,",
        "…x|12; BROKEN line 3, the last, has no line end: the file was cut",
    ),
    ("cut in the header", AS_IT_IS, b"a,b", "…BROKEN line 1, the last, has no line end: the file was cut"),
    ("a NUL in a text", AS_IT_IS, b"a,b\nx\0y,1\nz,2\n", "!2 holds a NUL character, which no text may hold; z|2"),
    ("a NUL in a number", AS_IT_IS, b"a,b\nx,1\0\nz,2\n", "!2 is not a whole number; z|2"),
    ("a byte that is no UTF-8", AS_IT_IS, b"a,b\nx\xff,1\nz,2\n", "!2 the field \"a\" does not decode as UTF-8; z|2"),
    ("a surrogate in UTF-8", AS_IT_IS, b"a,b\nx\xed\xa0\x80,1\n", "!2 the field \"a\" does not decode as UTF-8"),
    ("an overlong slash", AS_IT_IS, b"a,b\nx\xc0\xaf,1\n", "!2 the field \"a\" does not decode as UTF-8"),
    ("a byte order mark", AS_IT_IS, b"\xef\xbb\xbfa,b\nx,1\n", "x|1"),
    (
        "one that another file left in the middle",
        AS_IT_IS,
        b"\xef\xbb\xbfa,b\nx,1\n\xef\xbb\xbfa,b\ny,2\n",
        "x|1; !3 is not a whole number; y|2",
    ),
    (
        "UTF-16LE that nobody declared",
        AS_IT_IS,
        b"\xff\xfea\0,\0b\0\n\0",
        "BROKEN the file begins with the byte order mark of UTF-16LE, and its definition says UTF-8",
    ),
    (
        "UTF-16BE that nobody declared",
        AS_IT_IS,
        b"\xfe\xff\0a\0,\0b\0\n",
        "BROKEN the file begins with the byte order mark of UTF-16BE, and its definition says UTF-8",
    ),
    (
        "UTF-16LE without its mark that nobody declared",
        AS_IT_IS,
        b"a\0,\0b\0\n\0x\0,\x001\0\n\0",
        "BROKEN the header holds a NUL character",
    ),
    ("windows-1252 that nobody declared", AS_IT_IS, b"a,b\n\x80,1\n", "!2 the field \"a\" does not decode as UTF-8"),
    ("lines that end in CR", AS_IT_IS, b"a,b\rx,1\ry,2\r", "x|1; y|2"),
    ("lines that end in all manners", AS_IT_IS, b"a,b\r\nx,1\ny,2\rz,3\r\n", "x|1; y|2; z|3"),
    ("lines that end in CR CR LF", AS_IT_IS, b"a,b\r\r\nx,1\r\r\n", "x|1"),
    ("lines of blanks", AS_IT_IS, b"a,b\n\nx,1\n  \ny,2\n", "x|1; !4 has 1 fields, and the header has 2; y|2"),
    ("a record with more fields", AS_IT_IS, b"a,b\nx,1,2\ny,2\n", "!2 has 3 fields, and the header has 2; y|2"),
    ("a record with fewer fields", AS_IT_IS, b"a,b\nx\ny,2\n", "!2 has 1 fields, and the header has 2; y|2"),
    ("a name twice", AS_IT_IS, b"a,b,a\nx,1,y\n", "BROKEN the file has two columns \"a\", and only one can be meant"),
    ("a name twice that nobody wants", AS_IT_IS, b"a,b,c,c\nx,1,y,z\n", "x|1"),
    ("a record twice", AS_IT_IS, b"a,b\nx,1\nx,1\n", "x|1; x|1"),
    ("nothing but a header", AS_IT_IS, b"a,b\n", ""),
    ("nothing", AS_IT_IS, b"", "BROKEN the file is empty"),
    ("nothing but line ends", AS_IT_IS, b"\r\n\r\n", "BROKEN the file is empty"),
    ("no header", AS_IT_IS, b"x,1\ny,2\n", "…CONTRACT the file lacks \"a\", \"b\"; it has \"x\", \"1\""),
    ("another delimiter", AS_IT_IS, b"a;b\nx;1\n", "…CONTRACT the file lacks \"a\", \"b\"; it has \"a;b\""),
    ("a total that nobody declared", AS_IT_IS, b"a,b\nx,1\nTotal:,1 row\n", "x|1; !3 is not a whole number"),
    ("a total that was declared", ", footer = \"Total\"", b"a,b\nx,1\nTotal,1\n", "x|1"),
    (
        "a total that is gone",
        ", footer = \"Total\"",
        b"a,b\nx,1\n",
        "x|1; BROKEN the file ends without its last line \"Total\": it was cut",
    ),
    (
        "a mark of the end that nobody declared",
        AS_IT_IS,
        b"a,b\nx,1\n\x1a",
        "…x|1; BROKEN line 3, the last, has no line end",
    ),
];

#[test]
fn each_file_comes_to_what_is_written_beside_it() {
    all_come_to(FILES.map(|(what, format, bytes, wanted)| {
        (what, of(&define(&format!("format = {{ kind = \"csv\"{format} }}\n{COLUMNS}")), bytes), wanted)
    }));
}

/// The same two records in every encoding that publishers use, and what is left of them where one byte is missing.
#[test]
fn other_encodings_are_read_exactly_and_never_in_part() {
    let wide = |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let text = "a,b\nÅ€ß,1\n";
    let both = [
        ("utf-16le", wide(text, u16::to_le_bytes)),
        ("utf-16be", wide(text, u16::to_be_bytes)),
        ("utf-16le", wide(&format!("\u{feff}{text}"), u16::to_le_bytes)),
        ("utf-16be", wide(&format!("\u{feff}{text}"), u16::to_be_bytes)),
        ("windows-1252", b"a,b\n\xc5\x80\xdf,1\n".to_vec()),
    ];
    for (charset, bytes) in both {
        let format = format!("format = {{ kind = \"csv\" }}\ndecode = {{ charset = \"{charset}\" }}\n{COLUMNS}");
        let dataset = define(&format);
        assert_eq!(of(&dataset, &bytes), "Å€ß|1", "{charset}");
        for cut in 1..bytes.len() {
            let came = of(&dataset, &bytes[..cut]);
            // The header may be there as a whole.
            assert!(came.is_empty() || came.contains("BROKEN"), "{charset} cut at {cut}: {came}");
        }
    }
}

#[test]
fn a_file_may_have_ten_thousand_columns() {
    let names: Vec<_> = (0..10_000).map(|at| format!("c{at}")).collect();
    let values: Vec<_> = (0..10_000).map(|at| at.to_string()).collect();
    let columns = COLUMNS.replace("\"a\"", "\"c0\"").replace("\"b\"", "\"c9999\"");
    let dataset = define(&format!("format = {{ kind = \"csv\" }}\n{columns}"));
    let file = format!("{}\n{}\n", names.join(","), values.join(","));
    let (came, cpu) = cost(|| of(&dataset, &file));
    assert_eq!(came, "0|9999");
    assert!(cpu.as_secs() < 2, "{cpu:?}");
}

/// So many bytes of the same, behind a beginning.
struct Endless {
    begins: &'static [u8],
    with: u8,
    at: u64,
    bytes: u64,
}

impl Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.bytes - self.at).unwrap().min(into.len());
        for byte in &mut into[..left] {
            let at = usize::try_from(self.at).unwrap();
            *byte = self.begins.get(at).copied().unwrap_or(self.with);
            self.at += 1;
        }
        Ok(left)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(_) => self.bytes,
            SeekFrom::Current(_) => self.at,
        };
        Ok(self.at)
    }
}

#[test]
fn a_line_of_a_gigabyte_is_given_up_after_a_mebibyte() {
    for (begins, format) in
        [(&b"a,b\nx,"[..], AS_IT_IS), (b"a,b\n\"x", MULTILINE), (b"", AS_IT_IS), (b"a,b\n\"x", AS_IT_IS)]
    {
        let dataset = define(&format!("format = {{ kind = \"csv\"{format} }}\n{COLUMNS}"));
        let (came, cpu) = cost(|| outcome(&dataset, Endless { begins, with: b'x', at: 0, bytes: 1 << 30 }));
        assert!(came.contains("longer than 1 MiB"), "{came}");
        assert!(cpu.as_secs() < 2, "{cpu:?}");
    }
}

#[test]
fn a_gigabyte_of_nothing_is_passed_over_within_bounds() {
    let dataset = define(&format!("format = {{ kind = \"csv\" }}\ndecode = {{ max_size = \"4 MiB\" }}\n{COLUMNS}"));
    let (came, cpu) = cost(|| counts(&dataset, Endless { begins: b"a,b\nx,1\n", with: b'\n', at: 0, bytes: 1 << 30 }));
    assert!(came.contains("raise `max_size`"), "{came}");
    assert!(cpu.as_secs() < 2, "{cpu:?}");
}
