//! What publishers send in a file's place, mostly with the status 200: no format takes any of it for data.

use super::{
    COLUMNS, define, of,
    packed::gzip,
    zipped::{Member, archive},
};

/// Each page with what it is called.
const PAGES: [(&str, &[u8]); 24] = [
    ("a web page", b"<!DOCTYPE html>\n<html><body><table><tr><td>a</td><td>b</td></tr></table></body></html>\n"),
    ("an old one", b"\r\n<!-- served by x -->\r\n<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\">\n<HTML></HTML>"),
    ("a page in XML", b"<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>"),
    ("a part of a page", b"<div class='error'>\na,b\nx,1\n</div>\n"),
    ("a login", b"<html>\n<form action='/login'><input name='a'/><input name='b'/></form></html>"),
    ("a bot wall", b"<!DOCTYPE html><html lang='en-US'><head><title>Just a moment...</title></head></html>"),
    ("a wall of script", b"<script>var a = 1, b = 2;\nlocation.reload()</script>\n"),
    ("a redirection", b"<meta http-equiv='refresh' content='0; url=/moved'>"),
    ("a warning above the data", b"<br />\n<b>Warning</b>: mysql_connect() in x.php on line 3<br />\na,b\nx,1\n"),
    ("an error in JSON", b"{\"error\": {\"code\": 429, \"message\": \"slow down, please\"}}\n"),
    ("nothing in JSON", b"{}"),
    ("no records in JSON", b"[]\n"),
    ("null", b"null"),
    ("an error in XML", b"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"),
    ("a fault of SOAP", b"<s:Envelope xmlns:s='urn:s'><s:Body><s:Fault>no</s:Fault></s:Body></s:Envelope>"),
    ("nothing", b""),
    ("white space", b" \r\n\t\r\n"),
    ("a header alone", b"a,b\n"),
    ("a sentence", b"No data was found for the selected period, sorry\n"),
    ("the name of a status", b"503 Service Unavailable\n"),
    ("a page in UTF-16", b"\xff\xfe<\0h\0t\0m\0l\0>\0<\0/\0h\0t\0m\0l\0>\0"),
    ("a page behind a byte order mark", b"\xef\xbb\xbf<html><body>a,b</body></html>\n"),
    ("a PDF", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"),
    ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0"),
];

/// Definitions of every format for two columns.
const FORMATS: [(&str, &str); 8] = [
    ("CSV", "format = { kind = \"csv\" }\n"),
    ("fixed width", "format = { kind = \"fixed\", length = 10 }\n"),
    ("XML", "format = { kind = \"xml\", record = \"list/item\" }\n"),
    ("JSON", "format = { kind = \"json\", record = \"/list/*\" }\n"),
    ("JSON without a root of its own", "format = { kind = \"json\", record = \"/*\" }\n"),
    ("lines of JSON", "format = { kind = \"ndjson\" }\n"),
    ("a workbook", "format = { kind = \"workbook\" }\n"),
    ("a dBase table", "format = { kind = \"dbf\" }\n"),
];

fn columns(format: &str) -> String {
    if format == "fixed width" {
        COLUMNS.replace("\"a\"", "\"1-5\"").replace("\"b\"", "\"6-10\"")
    } else {
        COLUMNS.to_owned()
    }
}

/// Whether nothing that came could be published: there are no rows, or the file is refused.
fn is_nothing(came: &str) -> bool {
    let is_row = |what: &str| !what.starts_with(['!', 'B', 'C']) && !what.is_empty();
    came.contains("BROKEN") || came.contains("CONTRACT") || !came.split("; ").any(is_row)
}

#[test]
fn no_page_is_taken_for_data_in_any_format() {
    for (kind, format) in FORMATS {
        let dataset = define(&format!("{format}{}", columns(kind)));
        for (what, page) in PAGES {
            let came = of(&dataset, page);
            assert!(is_nothing(&came), "{what} for {kind}: {came}");
        }
    }
}

#[test]
fn nor_in_what_it_is_packed_in_or_should_be() {
    for (decode, pack) in [
        ("packing = \"gzip\"", gzip as fn(&'static [u8]) -> Vec<u8>),
        ("packing = \"zip\", member = \"*.csv\"", |page| archive(&[Member::new("a.csv", page)])),
        ("packing = \"plain\"", gzip),
        ("packing = \"plain\"", |page| archive(&[Member::new("a.csv", page)])),
        ("packing = \"gzip\"", <[u8]>::to_vec),
        ("packing = \"zip\", member = \"*.csv\"", <[u8]>::to_vec),
    ] {
        let dataset = define(&format!("decode = {{ {decode} }}\nformat = {{ kind = \"csv\" }}\n{COLUMNS}"));
        for (what, page) in PAGES {
            let came = of(&dataset, pack(page));
            assert!(is_nothing(&came), "{what}, {decode}: {came}");
        }
    }
}
