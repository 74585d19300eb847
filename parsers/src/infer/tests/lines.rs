use super::*;

#[test]
fn quotes_that_belong_to_texts_are_no_quoting() {
    let lines = |count, line: fn(u32) -> String| (0..count).map(line).collect::<String>();
    let begun = lines(1000, |n| format!("\"{n}\t\"n {n}\t\"x {n}\n"));
    let found = definition(format!("id\tname\tnote\n{begun}").as_bytes());
    has(&found, &["quoting = \"none\"  # GUESS: values begin with a quote that does not end them"]);
    let plain = lines(80_000, |n| format!("{n}\tname {n}\n"));
    let found = definition(format!("id\tname\n{plain}100000\t\"USD\" is meant\n").as_bytes());
    has(&found, &["quoting = \"none\"  # GUESS: no value has quotes around it, and some begin with one"]);
    let quoted = lines(1000, |n| format!("{n}\t\"name {n}\"\n"));
    assert_eq!(inferred(format!("id\tname\n{quoted}1000\t\"one\"two\n").as_bytes()).unwrap().rejected, 1);
}

#[test]
fn lines_above_and_below_the_records_are_none() {
    let day = |day: u8| format!("2026-01-{day:02},{day}.5\n");
    let days: String = (1..29).map(day).collect();
    let found = definition(format!("Date,MW\n{days}Source: Office, by hand, of 2026\n").as_bytes());
    has(&found, &["footer_begins = \"Source: Office\"  # GUESS: the file ends with the line that begins so"]);
    assert_eq!(inferred(format!("Date,MW\n{days}2026-01-29,7,5\n").as_bytes()).unwrap().rejected, 1);
    let prices = "P;  6,694;  4,888;  4,525;\nQ;  6,70;  4,89;  4,5;\n".repeat(4);
    let found = definition(format!("Prices;of;2026\n\n;1;2;3;\n{prices};;;;\n").as_bytes());
    has(
        &found,
        &[
            "preamble = 3  # GUESS: so many lines stand above the first record",
            "names = [\"column 1\", \"number 1\", \"number 2\", \"number 3\", \"\"]  # say what they are",
            "trailing_column = true",
            "footer = \"\"  # GUESS: the file ends with a line in which nothing stands",
        ],
    );
    let found = definition(format!("Date,MW\n{days}Total,600\n").as_bytes());
    has(&found, &["footer = \"Total\"  # GUESS: the last line is a sum, and no record"]);
    assert!(found.contains("date = { from = \"Date\", type = \"date\""), "{found}");
    let found = definition(format!("Date,MW\n{days}\u{1a}").as_bytes());
    has(&found, &["footer = \"\\u001A\"  # the mark that ends files of old systems"]);
    let found = definition(format!("Date,MW,MW\n{}", days.replace(".5", ",7")).as_bytes());
    has(
        &found,
        &[
            "preamble = 1  # GUESS: so many lines stand above the first record",
            "names = [\"Date\", \"MW\", \"column 3\"]  # say what they are",
        ],
    );
    let found = definition(b"Country,2024,2025,2026\nA,1,2,3\nB,4,5,6\n");
    has(&found, &["column_2024 = { from = \"2024\", type = \"integer\", comment = \"2024\" }"]);
}

#[test]
fn values_that_touch_are_told_apart_by_their_places() {
    let line = |n: usize| {
        let (station, value) = (format!("Stn {n}"), format!("{}.{}0", n * 3 / 2, n % 2 * 5));
        format!("{n:05}{station:<20}202601{:02}{value:>9}{}\n", n % 28 + 1, ["A", "A", " "][n % 3])
    };
    let lines: String = (0..300).map(line).collect();
    let header = format!("{:5}{:<20}{:8}{:>9}F\n", "ID", "NAME", "DATE", "VALUE");
    let number = |n: usize| format!("{:5}{:5}{:5}\n", n * 7919 % 100_000, n * 104_729 % 100_000, n * 31_337 % 100_000);
    let numbers: String = (0..770).map(number).collect();
    for (file, lines) in [
        (
            lines.clone(),
            &[
                "place_1_5 = { from = \"1-5\", type = \"text\", comment = \"1-5\" }",
                "place_37_42 = { from = \"37-42\", type = \"decimal(9,2)\", comment = \"37-42\" }",
            ][..],
        ),
        (header + &lines, &["preamble = 1  # GUESS: it has words where all other lines have digits"]),
        (
            numbers,
            &[
                "place_1_5 = { from = \"1-5\", type = \"integer\", comment = \"1-5\" }",
                "place_6_10 = { from = \"6-10\", type = \"integer\", comment = \"6-10\" }",
                "place_11_15 = { from = \"11-15\", type = \"integer\", comment = \"11-15\" }",
            ],
        ),
    ] {
        let found = definition(file.as_bytes());
        has(&found, &["kind = \"fixed\""]);
        has(&found, lines);
    }
    let instant = |n: usize| format!("2026-01-01T{:02}:00Z {n:5}  7.5e-01 A12\n", n % 24);
    let apart: String = (0..40).map(instant).collect();
    has(&definition(apart.as_bytes()), &["kind = \"csv\""]);
}

#[test]
fn a_day_and_a_time_that_stand_apart_are_noticed() {
    let hour = |hour: u8| format!("31/01/2026,{hour:02}:00,{hour}.5\n");
    let hours: String = (1..=24).map(hour).collect();
    let found = definition(format!("Date,Time,MW\n{hours}").as_bytes());
    let line = "from = [\"Date\", \"Time\"], type = \"timestamp\", pattern = \"%d/%m/%Y %H:%M\"";
    assert!(found.contains(line), "{found}");
}
