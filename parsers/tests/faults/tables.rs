//! dBase tables and XLS workbooks that are cut, or that count what is not there.

use super::{all_come_to, cost, define, of, packed::gzip};

const PRICES: &[u8] = include_bytes!("../../fixtures/eia_henry_hub/release-2016-04-18.xls");

const COLUMNS: &str = r#"[columns]
a = { from = "A", type = "text", comment = "A" }
b = { from = "B", type = "integer", comment = "B" }
"#;

const NAME: u8 = 4;
const NUMBER: u8 = 3;

/// A table of two fields.
fn table(records: &[&[u8]], behind: &[u8]) -> Vec<u8> {
    let length = 1 + u16::from(NAME) + u16::from(NUMBER);
    let mut bytes = vec![3, 126, 1, 1];
    bytes.extend(u32::try_from(records.len()).unwrap().to_le_bytes());
    bytes.extend((32 + 2 * 32 + 1_u16).to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.resize(32, 0);
    for (name, kind, length) in [(b'A', b'C', NAME), (b'B', b'N', NUMBER)] {
        let start = bytes.len();
        bytes.push(name);
        bytes.resize(start + 11, 0);
        bytes.extend([kind, 0, 0, 0, 0, length]);
        bytes.resize(start + 32, 0);
    }
    bytes.push(0x0d);
    bytes.extend(records.concat());
    bytes.extend(behind);
    bytes
}

fn good() -> Vec<u8> {
    table(&[b" one   1", b" two   2"], b"\x1a")
}

fn with(at: usize, more: &[u8]) -> Vec<u8> {
    let mut bytes = good();
    bytes[at..at + more.len()].copy_from_slice(more);
    bytes
}

#[test]
fn a_table_is_what_its_header_counts_or_broken() {
    let dataset = define(&format!("format = {{ kind = \"dbf\" }}\n{COLUMNS}"));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("as it should be", good(), "one|1; two|2"),
        ("without a mark at its end", table(&[b" one   1", b" two   2"], b""), "one|1; two|2"),
        ("one record fewer", with(4, &[3]), "…ends in record 3"),
        ("one record more", with(4, &[1]), "…goes on behind"),
        ("four thousand million records", with(4, &[0xff; 4]), "…ends in record 3"),
        ("no records", with(4, &[0]), "…goes on behind"),
        ("a header of no length", with(8, &[0, 0]), "…contradicts itself"),
        ("a header of 64 KiB", with(8, &[0xff, 0xff]), "…ends in its header"),
        ("a header that ends in a field", with(8, &[64, 0]), "…contradicts itself"),
        ("records of no length", with(10, &[0, 0]), "…contradicts itself"),
        ("records of 64 KiB", with(10, &[0xff, 0xff]), "…contradicts itself"),
        ("a field of no length", with(32 + 16, &[0]), "…contradicts itself"),
        ("a field of 255", with(32 + 16, &[255]), "…contradicts itself"),
        ("fields of other lengths", with(32 + 16, &[3, 0]), "…contradicts itself"),
        ("a field that is called as the other", with(64, b"A"), "…two columns \"A\""),
        ("a field without a name", with(32, &[0]), "…contradicts itself"),
        ("a field of another name", with(32, b"X"), "…CONTRACT the file lacks \"A\""),
        ("a mark that is none", with(97, b"x"), "…neither a space nor the mark"),
        ("a text for a number", with(97 + 5, b"abc"), "…!1 "),
        ("stars for a number that is too long", with(97 + 5, b"***"), "…!1 "),
        ("a NUL in a text", with(97 + 2, b"\0"), "…!1 holds a NUL"),
        ("no UTF-8", with(97 + 2, b"\xff"), "…!1 the field \"A\" does not decode"),
    ];
    all_come_to(cases.into_iter().map(|(what, bytes, wanted)| (what, of(&dataset, bytes), wanted)));
}

#[test]
fn what_stands_behind_the_mark_of_the_end_is_unpacked_all_the_same() {
    let dataset = define(&format!("decode = {{ packing = \"gzip\" }}\nformat = {{ kind = \"dbf\" }}\n{COLUMNS}"));
    let padded = table(&[b" one   1", b" two   2"], &[vec![0x1a], vec![0; 300_000]].concat());
    let packed = gzip(&padded);
    assert_eq!(of(&dataset, &packed), "one|1; two|2");
    let mut damaged = packed.clone();
    let crc = packed.len() - 8;
    damaged[crc] ^= 1;
    assert!(of(&dataset, &damaged).contains("BROKEN"));
    assert!(of(&dataset, &packed[..packed.len() - 9]).contains("BROKEN"));
}

/// A compound file is a chain of sectors for each of its streams: a table says which follows which.
#[test]
fn sectors_that_lead_back_or_nowhere_end_all_the_same() {
    const SECTOR: usize = 512;
    let columns = "columns = { day = { from = \"Date\", type = \"date\", required = true, comment = \"c\" } }";
    let dataset = define(&format!("format = {{ kind = \"workbook\", sheet = \"Data 1\" }}\n{columns}"));
    let whole = of(&dataset, PRICES);
    assert!(whole.starts_with("1997-01-07; "), "{whole}");
    let word = |bytes: &[u8], at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let table = SECTOR * (1 + usize::try_from(word(PRICES, 76)).unwrap());
    for at in (0..SECTOR).step_by(4) {
        let own = u32::try_from(at / 4).unwrap();
        for next in [own, 0, own.saturating_sub(1), 0x00ff_ffff, 0xffff_fffe] {
            let mut bytes = PRICES.to_vec();
            bytes[table + at..table + at + 4].copy_from_slice(&next.to_le_bytes());
            let (came, cpu) = cost(|| of(&dataset, bytes));
            assert!(came == whole || came.starts_with("BROKEN"), "sector {own}, then {next}: {came}");
            assert!(cpu.as_secs() < 2, "sector {own}, then {next}: {cpu:?}");
        }
    }
}
