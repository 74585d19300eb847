use crate::{
    Diagnostic, sample,
    schema::{Label, Origin, Within},
};

const GOOD: &str = r#"mode = "upsert"
key = ["day"]
format = { kind = "csv" }
[columns]
day = { from = "Day", type = "date", comment = "The day" }
price = { from = "Price", type = "decimal(10,2)", comment = "Price in EUR" }
"#;

fn mistakes(text: &str) -> String {
    let show = |mistake: &Diagnostic| format!("{} | {}\n", mistake.message, mistake.help.as_deref().unwrap_or("-"));
    sample::parse(text).unwrap_err().iter().map(show).collect()
}

#[test]
fn a_moment_may_be_put_together_of_several_texts() {
    let text = GOOD.replace(
        "price = {",
        "at = { from = [\"Day\", \"Time\"], offset = \"Zone\", label = \"end\", type = \"range\", comment = \"When\" }\n\
         starts_at = { from = \"Day\", period = \"No\", type = \"timestamp\", may_be_absent = true, comment = \"Start\" }\n\
         price = {",
    );
    let time = "[time]\nzone = \"Europe/Madrid\"\ninterval = \"30 min\"\noffsets = { CET = \"+01:00\" }\n";
    let version = "[[version]]\nname = \"old\"\nfrom = { \"at.2\" = \"HORA\" }\nabsent = [\"starts_at\"]\n";
    let schema = sample::parse(&format!("{text}{time}{version}")).unwrap().schema;
    let names: Vec<_> = schema.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["at.2", "at.offset", "starts_at.period"]);
    let moment = schema.columns[1].rule.moment.as_ref().unwrap();
    assert_eq!((&schema.columns[1].rule.behind[..], moment.offset, moment.label), (&[0][..], Some(1), Label::End));
    assert_eq!(schema.columns[2].rule.moment.as_ref().unwrap().within, Within::Period(2));
    let file = |name: &str| Origin::File(name.into());
    let old: Vec<_> = schema.versions[0].origins[schema.columns.len()..].to_vec();
    assert_eq!(old, [file("HORA"), file("Zone"), Origin::Nowhere]);
    assert_eq!(schema.parts[2].origin, Origin::Sometimes("No".into()));
}

#[test]
fn what_does_not_make_a_moment_is_told() {
    let text = GOOD
        .replace("type = \"date\"", "hour = \"Hour\", type = \"date\"")
        .replace(
            "price = {",
            "a = { from = \"A\", hour = \"H\", period = \"P\", type = \"timestamp\", comment = \"a\" }\n\
             b = { from = \"B\", period = \"P\", label = \"end\", offset = \"O\", mark = \"M\", type = \"range\", comment = \"b\" }\n\
             c = { from = \"C\", hour = \"H\", interval = \"30 min\", type = \"timestamp\", comment = \"c\" }\n\
             d = { from = [\"C\", \"D\"], type = \"text\", comment = \"d\" }\n\
             e = { from = [], type = \"enum\", comment = \"e\" }\n\
             price = {",
        );
    insta::assert_snapshot!(mistakes(&text), @r#"
    `hour` is for timestamps and ranges only | -
    `hour` and `period` each say the time of day: only one can | -
    nobody says how long the interval is | say `interval = "30 min"`, here or in [time]
    the pattern has no offset, and the dataset does not say whose clock this is | add [time] with `zone`: "UTC", a fixed offset such as "+10:00", or a zone such as "Europe/Madrid"
    the number of a period says when it begins; there is no label | -
    nobody says which words stand for which offsets | add to [time]: offsets = { EST = "-05:00", EDT = "-04:00" }
    nobody says which marks an hour has that comes twice | add to [time]: repeated = ["N", "Y"]
    the pattern has no offset, and the dataset does not say whose clock this is | add [time] with `zone`: "UTC", a fixed offset such as "+10:00", or a zone such as "Europe/Madrid"
    `hour` is for intervals of one hour | use `period`
    several texts make a date or a time, and this is text | -
    `from` must be a text in quotes, or several in an array, and this is a TOML array | -
    an enum needs the values that it may have | name them all: values = ["A", "B"]
    "#);
    let time = "[time]\nzone = \"UTC\"\ninterval = \"7 min\"\noffsets = { EST = \"5\" }\nrepeated = [\"A\"]\n";
    insta::assert_snapshot!(mistakes(&format!("{GOOD}{time}")), @r#"
    "7 min" is no length that a day has several of | write it as "1 hour", "30 min" or "5 min"
    "5" is no offset | write it as "-05:00"
    `repeated` is two marks: of the first hour that a clock has twice, and of the second | write ["A", "B"], or ["", "*"] if only the second is marked
    "#);
}
