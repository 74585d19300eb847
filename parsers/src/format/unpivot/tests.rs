use super::label;
use crate::{ReadError, sample};

/// Rows as `a|b`, rejects as `!line reason`.
fn read(unpivot: &str, columns: &[&str], bytes: &[u8]) -> Result<Vec<String>, ReadError> {
    let column = |name: &&str| format!("{name} = {{ from = {name:?}, type = \"text\", comment = \"c\" }}\n");
    let columns: String = columns.iter().map(column).collect();
    let dataset = sample::parse(&format!(
        "mode = \"upsert\"\nkey = []\nnulls = [\"NULL\"]\n[format]\nkind = \"csv\"\nunpivot = {{ {unpivot} }}\n[columns]\n{columns}"
    ));
    let (mut rows, new) = sample::read(&dataset.unwrap(), bytes)?;
    rows.extend(new.iter().map(ToString::to_string));
    Ok(rows)
}

#[test]
fn a_number_in_the_name_or_any_part_of_it_is_the_label() {
    assert_eq!(label("#", "24"), Some("24"));
    assert_eq!(label("HE#", "HE07"), Some("07"));
    assert_eq!([label("#", ""), label("#", "Total"), label("HE#", "HEx"), label("HE#", "H1")], [None; 4]);
    assert_eq!(label("* (MW)", "Solar (MW)"), Some("Solar"));
    assert_eq!(label("*", ""), Some(""));
}

#[test]
fn hours_that_are_columns_become_rows() {
    let unpivot = "label = \"hour\", values = { price = \"HE#\" }";
    let csv = b"day,HE1,HE2,HE25,HEAD\nMon,5,,7,x\nTue,8\nWed,, , ,y\nThu,1,2,3,z\n";
    let rows = read(unpivot, &["day", "hour", "price"], csv).unwrap();
    let new = "head = { from = \"HEAD\", type = \"text\", comment = \"…\" }";
    let wanted =
        ["Mon|1|5", "Mon|25|7", "!3 has 2 fields, and the header has 5", "Thu|1|1", "Thu|2|2", "Thu|25|3", new];
    assert_eq!(rows, wanted);
}

#[test]
fn an_empty_value_is_a_row_by_declaration_only() {
    let keep = "label = \"hour\", values = { price = \"HE#\" }, skip = []";
    assert_eq!(read(keep, &["hour", "price"], b"HE1,HE2\n,5\n").unwrap(), ["1|", "2|5"]);
    let sentinel = "label = \"hour\", values = { price = \"HE#\" }, skip = [\"-99\"]";
    assert_eq!(read(sentinel, &["hour", "price"], b"HE1,HE2,HE3\n,-99,5\n").unwrap(), ["1|", "3|5"]);
}

#[test]
fn columns_that_the_definition_names_stay_columns_and_all_others_may_become_rows() {
    let unpivot = "label = \"currency\", values = { rate = \"*\" }";
    let rows = read(unpivot, &["date", "currency", "rate"], b"USD,date,JPY\n1.1,Mon,160\n").unwrap();
    assert_eq!(rows, ["Mon|USD|1.1", "Mon|JPY|160"]);
}

#[test]
fn several_values_of_one_label_stand_in_one_row() {
    let unpivot = "label = \"n\", values = { value = \"V#\", flag = \"F#\" }";
    let rows = read(unpivot, &["n", "value", "flag"], b"V1,F1,V2,F3\n1,a,,\n,,,c\n").unwrap();
    assert_eq!(rows, ["1|1|a", "3||c"]);
}

#[test]
fn a_file_without_such_columns_breaks_the_contract() {
    let unpivot = "label = \"hour\", values = { price = \"HE#\" }";
    let error = read(unpivot, &["hour", "price"], b"day,H1\nMon,2\n").unwrap_err();
    assert!(matches!(&error, ReadError::Contract(_)), "{error}");
    assert_eq!(error.to_string(), "the file lacks \"HE#\"");
}

/// Days of the Iberian market, whose 25th hour is a column of every file: blank on most days, and so is the 24th in spring.
fn hours(rows: &[(&str, usize)], column: &str) -> Vec<String> {
    let dataset = sample::parse(&format!(
        "mode = 'upsert'\nkey = ['at']\n[format]\nkind = 'csv'\nunpivot = {{ label = 'hour', values = {{ price = 'H#' }} }}\n\
         [time]\nzone = 'Europe/Madrid'\ninterval = '1 hour'\n\
         [columns]\nat = {{ from = 'day', {column}, type = 'timestamp', pattern = '%Y-%m-%d', comment = 'c' }}\n\
         price = {{ from = 'price', type = 'integer', comment = 'c' }}\n"
    ));
    let names = (1..=25).map(|hour| format!("H{hour}")).collect::<Vec<_>>().join(",");
    let row = |(day, last): &(&str, usize)| {
        let prices = (1..=25).map(|hour| if hour <= *last { hour.to_string() } else { String::new() });
        format!("{day},{}\n", prices.collect::<Vec<_>>().join(","))
    };
    let text = format!("day,{names}\n{}", rows.iter().map(row).collect::<String>());
    sample::read(&dataset.unwrap(), text.as_bytes()).unwrap().0
}

#[test]
fn hours_in_their_real_order_load_on_days_of_any_length_and_one_too_many_is_rejected() {
    let rows = hours(&[("2022-10-29", 24), ("2022-10-30", 25), ("2022-03-27", 23)], "period = 'hour'");
    assert_eq!(rows.len(), 24 + 25 + 23, "{rows:?}");
    assert_eq!([rows[23].as_str(), &rows[24]], ["2022-10-29T21:00:00Z|24", "2022-10-29T22:00:00Z|1"]);
    assert_eq!([rows[48].as_str(), &rows[71]], ["2022-10-30T22:00:00Z|25", "2022-03-27T21:00:00Z|23"]);
    let rejected = |day, last| hours(&[(day, last)], "period = 'hour'").pop().unwrap();
    assert_eq!(rejected("2022-10-29", 25), "!2 has 24 periods, and this is number 25");
    assert_eq!(rejected("2022-03-27", 24), "!2 has 23 periods, and this is number 24");
}

#[test]
fn an_hour_that_comes_twice_may_stand_behind_the_others_as_an_extra_one() {
    let extra = "hour = 'hour', label = 'end', extra = '25'";
    let rows = hours(&[("2022-10-30", 25), ("2022-10-31", 25)], extra);
    let wanted = ["2022-10-30T00:00:00Z|3", "2022-10-30T02:00:00Z|4", "2022-10-30T01:00:00Z|25"];
    assert_eq!([rows[2].as_str(), &rows[3], &rows[24]], wanted);
    assert_eq!(rows.last().unwrap(), "!3 stands beside \"25\", and no hour of the day comes twice");
}
