//! Values of one row that stand in two elements of one name.

use super::{read_by, tree};

const TOWNS: &str = r#"[format]
kind = "xml"
record = "list/area/town"
total = "list/head/@n"

[columns]
code = { from = "../at/@code", type = "text", may_be_absent = true, comment = "Code of the area" }
area = { from = "../at/name", type = "text", may_be_absent = true, comment = "Name of the area" }
of = { from = "/list/head/of", type = "text", may_be_absent = true, comment = "Owner of the list" }
city = { from = "seat/city", type = "text", may_be_absent = true, comment = "City" }
zip = { from = "seat/box/zip", type = "text", may_be_absent = true, comment = "Postal code" }
pobox = { from = "seat/box/@no", type = "text", may_be_absent = true, comment = "Box" }
tags = { from = "seat/tag", join = ";", type = "text", may_be_absent = true, comment = "Tags" }
"#;

fn read(area: &str) -> Result<Vec<String>, String> {
    let text = format!("<list><head n='1'/><area>{area}</area></list>");
    read_by(TOWNS, &text).map_err(|error| error.to_string())
}

fn town(inner: &str) -> String {
    read(&format!("<town>{inner}</town>")).unwrap().concat()
}

#[test]
fn values_of_two_elements_of_one_name_are_no_row() {
    let city = "<seat><city>A</city></seat>";
    let apart = "!1 has list/area/town/seat twice, and values out of both";
    assert_eq!(town(&format!("{city}<seat><box><zip>9</zip></box></seat>")), apart);
    assert_eq!(town(&format!("{city}<seat/><seat><box no='7'/></seat>")), apart);
    let boxes = "<seat><box no='7'/><box><zip>9</zip></box></seat>";
    assert_eq!(town(boxes), "!1 has list/area/town/seat/box twice, and values out of both");
    assert_eq!(town(&format!("{city}{city}")), "!1 has city twice");
}

#[test]
fn an_element_that_comes_again_with_nothing_but_what_is_joined_is_no_harm() {
    let city = "<seat><city>A</city><box no='7'><zip>9</zip></box><tag>x</tag></seat>";
    assert_eq!(town(&format!("<seat/>{city}<seat><tag>y</tag></seat><seat><other/></seat>")), "|||A|9|7|x;y");
}

#[test]
fn what_stands_around_records_is_of_one_element_or_broken() {
    assert_eq!(read("<at code='1'><name>x</name></at><at/><town/>").unwrap(), ["1|x|||||"]);
    let apart = read("<at code='1'/><at><name>x</name></at><town/>").unwrap_err();
    assert_eq!(apart, "list/area/at is there twice, and values out of both would stand in one row");
    let two = "<list><head n='2'/><area><at code='1'/><town/></area><area><at><name>x</name></at><town/></area></list>";
    assert_eq!(read_by(TOWNS, two).unwrap(), ["1||||||", "|x|||||"]);
    let total = "<list><area><town/></area><head n='1'/></list>";
    assert_eq!(read_by(TOWNS, total).unwrap(), ["||||||"]);
    assert_eq!(read_by(TOWNS, &total.replace("<list>", "<list><head><of>me</of></head>")).unwrap(), ["||me||||"]);
}

#[test]
fn a_value_that_a_record_has_twice_is_none_of_the_records_in_it() {
    let rows = tree("<leaf><name>A</name><name>B</name><leaf><name>C</name></leaf></leaf>").unwrap();
    assert_eq!(rows, ["!1 has name twice", "!1 has name twice"]);
}
