use serde_json::json;

use super::*;

fn dataset() -> Dataset {
    let text = "title = 'T'\ndescription = 'D'\nlicence = 'L'\nmode = 'replace'\nkey = ['day', 'place']\n\
        publisher = { name = 'P', page = 'https://p.example/' }\nsource = { url = 'https://p.example/r.csv' }\n\
        format = { kind = 'csv' }\nexpect = { min_rows = 1, max_rejected = 0 }\n\
        [columns]\nday = { from = 'Day', type = 'date', comment = 'The day' }\n\
        place = { from = 'Place', type = 'text', lower_case = true, comment = 'Where' }\n\
        price = { from = 'Price', type = 'integer', comment = 'What' }\n";
    Dataset::parse("t.toml", "t".parse().unwrap(), text).unwrap()
}

fn read(words: &[&str]) -> Result<Asked, String> {
    let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
    Asked::read(&dataset(), &words, None, None).map_err(|error| error.to_string())
}

#[test]
fn a_row_is_asked_for_by_pairs_or_by_the_keys_values() {
    let by_values = read(&["2026-11-22", "OSLO"]).unwrap();
    assert_eq!(by_values.told(), "day = 2026-11-22, place = oslo");
    assert_eq!(read(&["place=OSLO", "day=2026-11-22"]).unwrap().told(), "place = oslo, day = 2026-11-22");
    assert_eq!(read(&["price=5"]).unwrap().condition(&dataset()), "_t.\"price\" = CAST(($1)[1] AS bigint)");
    let told = "a row of t is known by day, place: write day=… place=…, or the values alone in this order";
    assert_eq!(read(&["2026-11-22"]).unwrap_err(), told);
}

#[test]
fn a_column_said_alike_is_one_version() {
    let moment = |day: u8| Some(format!("2026-11-{day:02}T00:00:00Z").parse().unwrap());
    let version = |from: u8, to: Option<u8>, price: i64, place: &str| Version {
        values: json!({ "price": price, "place": place }).as_object().unwrap().clone(),
        from: moment(from),
        to: to.and_then(moment),
        until_release: None,
        cause: None,
        release: ReleaseId(from.into()),
        part: 0,
        record: 1,
        whence: None,
        original: None,
    };
    let all = vec![version(1, Some(2), 5, "a"), version(2, Some(3), 5, "b"), version(4, None, 5, "b")];
    let told = of_column(all, "price");
    let spans: Vec<_> = told.iter().map(|version| (version.release.0, version.to)).collect();
    assert_eq!(spans, [(1, moment(3)), (4, None)], "a row that was gone in between was not said");
    assert_eq!(told[0].values.len(), 1);
}
