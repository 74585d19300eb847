use crate::{ReadError, sample};

/// Rows as `a|b` of these columns, rejects as `!line reason`.
fn read_as(columns: &[&str], text: &str) -> Result<Vec<String>, ReadError> {
    let column =
        |(at, name): (usize, &&str)| format!("c{at} = {{ from = {name:?}, type = \"text\", comment = \"c\" }}\n");
    let columns: String = columns.iter().enumerate().map(column).collect();
    let format = "format = { kind = \"odd\", parser = \"xbrl\" }";
    let dataset = sample::parse(&format!("mode = \"replace\"\nkey = []\n{format}\n[columns]\n{columns}")).unwrap();
    sample::read(&dataset, text.as_bytes()).map(|(rows, _)| rows)
}

fn read(text: &str) -> Result<Vec<String>, ReadError> {
    read_as(&["Concept", "Period", "Dimensions", "Unit", "Value"], text)
}

fn instance(inner: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='us-ascii'?>\n\
         <i:xbrl xmlns:i='http://www.xbrl.org/2003/instance' xmlns:d='http://xbrl.org/2006/xbrldi' xmlns:e='urn:e' \
         xmlns:utr='urn:utr' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' \
         xmlns:link='http://www.xbrl.org/2003/linkbase'>\n<link:schemaRef/>\n{inner}</i:xbrl>\n"
    )
}

fn context(id: &str, inside: &str, period: &str) -> String {
    let identifier = format!("<i:identifier scheme='urn:s'> E1 </i:identifier>{inside}");
    format!("<i:context id='{id}'><i:entity>{identifier}</i:entity><i:period>{period}</i:period></i:context>\n")
}

fn year(id: &str) -> String {
    context(id, "", "<i:startDate>2021-01-01</i:startDate><i:endDate>2021-12-31</i:endDate>")
}

const MW: &str = "<i:unit id='u'><i:measure>utr:MW</i:measure></i:unit>\n";
const FACT: &str = "<e:Load id='f' contextRef='c' unitRef='u' decimals='0'>12</e:Load>\n";

fn broken(inner: &str) -> String {
    read(&instance(inner)).unwrap_err().to_string()
}

#[test]
fn a_fact_says_its_concept_its_context_and_its_unit() {
    let text = instance(&format!("{}{MW}{FACT}", year("c")));
    let columns = [
        "Namespace",
        "Concept",
        "Id",
        "Entity",
        "EntityScheme",
        "Start",
        "End",
        "Measures",
        "Number",
        "Decimals",
        "Nil",
    ];
    let row = "urn:e|Load|f|E1|urn:s|2021-01-01T00:00:00|2022-01-01T00:00:00|{urn:utr}MW|12|0|false";
    assert_eq!(read_as(&columns, &text).unwrap(), [row]);
    assert_eq!(read(&text).unwrap(), ["Load|2021-01-01T00:00:00/2022-01-01T00:00:00|{}|MW|12"]);
}

#[test]
fn contexts_and_units_may_stand_behind_the_facts_that_name_them() {
    let before = "<e:Name contextRef='n'>A &amp; B</e:Name>\n";
    let instant = context("n", "", "<i:instant>2021-01-01T01:00:00</i:instant>");
    let rows = read_as(
        &["Concept", "Instant", "Value"],
        &instance(&format!("{FACT}{before}{instant}{before}{MW}{}", year("c"))),
    );
    let name = "Name|2021-01-01T01:00:00|A & B";
    assert_eq!(rows.unwrap(), [name, "Load||12", name], "what waits comes at the end, in its order");
}

#[test]
fn dimensions_are_sorted_and_told_apart_by_their_kind() {
    let segment = "<i:segment><d:typedMember dimension='e:PlantAxis'><e:Plant>A \"1\"</e:Plant></d:typedMember>\
                   <d:explicitMember dimension='e:MonthAxis'> e:May </d:explicitMember></i:segment>";
    let text = instance(&format!("{}{MW}{FACT}", context("c", segment, "<i:forever/>")));
    let row = r#"forever|{"MonthAxis":"May","PlantAxis":"A \"1\""}|{"{urn:e}MonthAxis":"{urn:e}May"}|{"{urn:e}PlantAxis":"A \"1\""}"#;
    assert_eq!(read_as(&["Period", "Dimensions", "ExplicitDimensions", "TypedDimensions"], &text).unwrap(), [row]);
    let nil = text.replace("<e:Plant>A \"1\"</e:Plant>", "<e:Plant xsi:nil='true'/>");
    assert_eq!(read_as(&["TypedDimensions"], &nil).unwrap(), ["{\"{urn:e}PlantAxis\":null}"]);
}

#[test]
fn a_unit_is_a_product_over_a_product() {
    let quotient = "<i:unit id='u'><i:divide><i:unitNumerator><i:measure>utr:USD</i:measure></i:unitNumerator>\
                    <i:unitDenominator><i:measure>utr:h</i:measure><i:measure>utr:MW</i:measure></i:unitDenominator>\
                    </i:divide></i:unit>";
    let text = instance(&format!("{}{quotient}{FACT}", year("c")));
    assert_eq!(read_as(&["Unit"], &text).unwrap(), ["USD/MW*h"]);
    let plain = text
        .replace(quotient, "<i:unit id='u'><measure xmlns='http://www.xbrl.org/2003/instance'>pure</measure></i:unit>");
    assert_eq!(read_as(&["Measures"], &plain).unwrap(), ["{http://www.xbrl.org/2003/instance}pure"]);
}

#[test]
fn nothing_a_fraction_a_tuple_and_a_language_are_what_they_are() {
    let facts = "<e:Load contextRef='c' unitRef='u' xsi:nil='1'/>\
                 <e:Share contextRef='c' unitRef='u'><i:numerator>1</i:numerator> <i:denominator>3</i:denominator></e:Share>\
                 <e:Officer xml:lang='fr'><e:Name contextRef='c'>A</e:Name><e:Post><e:Name contextRef='c' xml:lang='de'/></e:Post>\
                 </e:Officer><e:Officer/><e:Name contextRef='c'> B </e:Name>";
    let rows =
        read_as(&["Value", "Number", "Nil", "Tuple", "Language"], &instance(&format!("{}{MW}{facts}", year("c"))));
    assert_eq!(
        rows.unwrap(),
        ["||true||", "1/3||false||", "A||false|Officer 1|fr", "||false|Officer 1/Post 2|de", " B ||false||"]
    );
}

#[test]
fn what_cannot_be_understood_costs_the_facts_that_need_it() {
    let good = format!("{}{MW}", year("c"));
    let segment = |inner: &str| context("c", &format!("<i:segment>{inner}</i:segment>"), "<i:forever/>") + MW;
    let typed = "<d:typedMember dimension='e:A'><e:B>x</e:B></d:typedMember>";
    let cases = [
        (good.replace("id='c'", "id='d'"), "names the context \"c\", which is not there"),
        (good.replace("id='u'", "id='v'"), "names the unit \"u\", which is not there"),
        (good.replace("2021-12-31", "2021-02-30"), "which has the endDate \"2021-02-30\", which is no day and no time"),
        (good.replace(" E1 ", ""), "is of the context \"c\", which has an empty identifier"),
        (good.replace("utr:MW", "nowhere:MW"), "is in the unit \"u\", which has the measure \"nowhere:MW\""),
        (good.replace("utr:MW", "utr:M W"), "is no measure"),
        (segment("<e:Else/>"), "which says {urn:e}Else, which is no dimension"),
        (segment(&typed.replace("e:A", "x:A")), "has a member of no dimension"),
        (segment(&typed.repeat(2)), "has two members of the dimension A"),
        (segment(&typed.replace('x', "<e:C/>")), "has a typed member that is more than a text"),
    ];
    for (around, told) in cases {
        let rows = read(&instance(&format!("{around}{FACT}"))).unwrap();
        assert!(rows.len() == 1 && rows[0].starts_with('!') && rows[0].contains(told), "{told}: {rows:?}");
    }
    let holds = format!("{good}{}", FACT.replace("12", "<e:x/>12"));
    assert_eq!(read(&instance(&holds)).unwrap(), ["!6 holds an element, where a value is expected"]);
}

#[test]
fn what_is_wrong_with_a_document_costs_the_document() {
    assert!(broken(&year("c").repeat(2)).contains("there are two contexts \"c\""));
    assert!(broken(&MW.repeat(2)).contains("there are two units \"u\""));
    assert!(broken(&MW.replace(" id='u'", "")).contains("a unit has no id"));
    assert!(broken("<e:Load>12</e:Load>").contains("there is text in Load 1, which has no contextRef"));
    assert!(broken("12").contains("there is text between the facts"));
    assert!(broken("<i:period/>").contains("an instance has no period among its facts"));
    assert!(broken(&"<e:t>".repeat(200)).contains("more than 128 deep"));
    assert!(broken("&who;").contains("&who;"));
    let attributes = (0..2000).fold(String::new(), |all, at| all + &format!(" a{at}=''"));
    assert!(broken(&format!("<e:Load contextRef='c'{attributes}/>")).contains("more than 1000 attributes"));
    let other = read("<xbrl/>").unwrap_err().to_string();
    assert_eq!(other, "the document is a xbrl, and an XBRL instance is expected");
    let whole = instance("");
    assert!(read(&format!("{whole}<a/>")).unwrap_err().to_string().contains("second root"));
    let typed = whole.replacen('\n', "\n<!DOCTYPE x>", 1);
    assert!(read(&typed).unwrap_err().to_string().contains("DOCTYPE"));
}

#[test]
fn a_document_that_ends_early_anywhere_is_broken() {
    let segment = "<i:segment><d:typedMember dimension='e:A'><e:B>x</e:B></d:typedMember></i:segment>";
    let note = "<link:footnoteLink><a>b</a></link:footnoteLink>";
    let whole = instance(&format!("{}{MW}{FACT}{note}<e:T>{FACT}</e:T>", context("c", segment, "<i:forever/>")));
    assert_eq!(read(&whole).unwrap().len(), 2);
    sample::is_broken_wherever_it_ends(whole.trim_end(), read);
}

#[test]
fn units_without_end_are_refused_before_they_fill_the_memory() {
    let long = "x".repeat(800_000);
    let unit = |at: usize| format!("<i:unit id='u{at}'><i:measure>e:{long}</i:measure></i:unit>");
    let units: String = (0..60).map(unit).collect();
    assert!(broken(&units).contains("take more than 64 MiB"));
}

#[test]
fn what_stands_beside_the_parts_of_a_context_costs_its_facts() {
    let stray = "<d:explicitMember dimension='e:Plant'>e:One</d:explicitMember>";
    let of_entity = context("c", stray, "<i:forever/>");
    let of_context = year("c").replace("</i:context>", &format!("{stray}</i:context>"));
    for (context, holder) in [(of_entity, "entity"), (of_context, "context")] {
        let rows = read(&instance(&format!("{context}{MW}{FACT}"))).unwrap();
        let told =
            format!("is of the context \"c\", which has {{http://xbrl.org/2006/xbrldi}}explicitMember in its {holder}");
        assert!(rows[0].ends_with(&told), "{rows:?}");
    }
}

#[test]
fn a_members_name_that_does_not_decode_is_no_value() {
    let archive = sample::zipped(&[("K\u{fffd}ln.xbrl", instance(&format!("{}{MW}{FACT}", year("c"))))]);
    let read = |column: &str| {
        let rest = "mode = 'append'\nkey = []\ndecode = { packing = 'zip', members = '*.xbrl' }\n\
                    format = { kind = 'odd', parser = 'xbrl' }\ncolumns = { a = { from = 'Member', type = 'text', comment = 'c' } }";
        sample::read(&sample::parse(&rest.replace("Member", column)).unwrap(), &archive).map(|(rows, _)| rows)
    };
    assert!(read("Member").unwrap_err().to_string().contains("does not decode as UTF-8"));
    assert_eq!(read("Value").unwrap(), ["12"]);
}
