use std::{collections::HashMap, io::Cursor};

use crate::{Dataset, Read, Row, sample};

const DEFINITION: &str = r#"mode = "replace"
key = ["a"]
format = { kind = "csv" }
[columns]
a = { from = "a", type = "text", comment = "A" }
b = { from = "b", type = "integer", may_be_absent = true, comment = "B" }
"#;

fn dataset() -> Dataset {
    sample::parse(DEFINITION).unwrap()
}

fn digests(text: &str, seed: u64) -> Vec<u128> {
    let dataset = dataset();
    let mut reading = dataset.open(Box::new(Cursor::new(text.as_bytes().to_vec()))).unwrap();
    let mut digests = Vec::new();
    while reading.advance().unwrap() {
        digests.push(reading.digest(seed).unwrap());
        assert_eq!(reading.record(), digests.len() as u64);
    }
    digests
}

#[test]
fn a_digest_is_of_the_values_and_not_of_how_the_file_is_written() {
    let plain = digests("a,b\nx,1\ny,2\n", 7);
    assert_ne!(plain[0], plain[1]);
    for same in ["a,b\r\nx,1\r\ny,2\r\n", "\"a\",\"b\"\n\"x\",\"1\"\n\"y\",\"2\"\n", "b,new,a\n1,n,x\n2,n,y\n"] {
        assert_eq!(digests(same, 7), plain, "{same:?}");
    }
    assert_ne!(digests("a,b\nx,1\ny,2\n", 8), plain);
}

#[test]
fn records_of_other_values_have_other_digests() {
    let texts = [
        "a,b\nx,1\n",
        "a,b\nx1,\n",
        "a,b\n,x1\n",
        "a\nx\n",
        "a\n\"x,1\"\n",
        "a,b\nx,\n",
        "a,b\nx\n",
        "a,b\nx,1,2\n",
        "a,b\n\"x,1\n2,\n",
    ];
    let mut seen: Vec<u128> = texts.iter().map(|text| digests(text, 0)[0]).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), texts.len());
}

#[test]
fn records_of_one_digest_come_to_the_same_however_their_files_are_written() {
    let longer = |line: &String| ["x", ",", "\""].map(|more| format!("{line}{more}"));
    let all = std::iter::successors(Some(vec![String::new()]), |lines| Some(lines.iter().flat_map(longer).collect()));
    let lines = all.skip(1).take(5).flatten().collect::<Vec<_>>().join("\n");
    for format in ["kind = \"csv\"", "kind = \"csv\", ragged = \"pad\""] {
        let text = DEFINITION.replace("integer", "text").replace("kind = \"csv\"", format);
        let (dataset, mut known, mut row) = (sample::parse(&text).unwrap(), HashMap::new(), Row::default());
        for header in ["a,b", "b,a", "a", "n,a", "a,b,n"] {
            let file = format!("{header}\n{lines}\nx\n");
            let mut reading = dataset.open(Box::new(Cursor::new(file.into_bytes()))).unwrap();
            while reading.advance().unwrap() {
                let (digest, read) = (reading.digest(0).unwrap(), reading.read(&mut row).unwrap());
                let came = matches!(read, Read::Row).then(|| sample::values(&row));
                let line = String::from_utf8_lossy(reading.original()).into_owned();
                let (before, other) = known.entry(digest).or_insert_with(|| (came.clone(), line.clone()));
                assert_eq!(came, *before, "{line} under {header}, and {other}");
            }
        }
    }
}

#[test]
fn a_record_may_be_hashed_and_read_in_any_order_or_passed_over() {
    let dataset = dataset();
    let bytes = b"a,b\nx,1\ny,z\nw,3\n".to_vec();
    let mut reading = dataset.open(Box::new(Cursor::new(bytes))).unwrap();
    let mut row = Row::default();
    assert!(reading.read(&mut row).is_err() && reading.digest(0).is_err());
    assert!(reading.advance().unwrap());
    assert!(reading.advance().unwrap());
    let Read::Rejected(reject) = reading.read(&mut row).unwrap() else { panic!("z is no number") };
    assert_eq!((reject.record, reject.line, reject.key), (2, Some(3), Some(vec!["y".to_owned()])));
    assert!(reading.advance().unwrap());
    let digest = reading.digest(0).unwrap();
    assert!(matches!(reading.read(&mut row).unwrap(), Read::Row));
    assert_eq!((row.record, reading.digest(0).unwrap()), (3, digest));
    assert!(!reading.advance().unwrap());
    assert!(reading.read(&mut row).is_err());
}
