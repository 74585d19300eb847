//! Several tables in one file.

use super::{broken, read};

const TABLE: &str = ", table = { name = [\"DEMAND\", \"TOTAL\"], versions = [\"1\", \"2\"] }";
const FILE: &str = "C,NEMP,x\nI,PRICE,TOTAL,1,a,c\nD,PRICE,TOTAL,1,p,q\nI,DEMAND,TOTAL,2,b,new,a\nD,DEMAND,TOTAL,2,1,n,2\n\
                    D,DEMAND,TOTAL,2,3,n\nI,OTHER,TOTAL,1,a,b\nD,OTHER,TOTAL,1,8,9\nC,\"END OF REPORT\",9\n";

#[test]
fn one_table_of_many_is_read_by_the_names_of_its_own_columns() {
    let rows = read(TABLE, FILE.as_bytes()).unwrap();
    assert_eq!(rows, ["2|1", "!6 has 6 fields, and its table has 7"]);
    let other = TABLE.replace("\"DEMAND\"", "\"OTHER\"");
    assert_eq!(read(&other, FILE.as_bytes()).unwrap(), ["8|9"]);
}

#[test]
fn a_report_that_is_not_whole_or_not_understood_is_refused() {
    let cases = [
        (FILE.replace(",9\n", ",8\n"), "counts 8 lines, and the file has 9"),
        (FILE.replace("C,\"END OF REPORT\",9\n", ""), "ends without END OF REPORT"),
        (FILE.replace("TOTAL,2", "TOTAL,3"), "has version 3, and version 1, 2 is understood"),
        (FILE.replace("I,DEMAND", "I,DEMAND2"), "the report has no table [\"DEMAND\", \"TOTAL\"]"),
        (FILE.replace("I,OTHER", "I,DEMAND"), "the report has the table [\"DEMAND\", \"TOTAL\"] twice"),
        (FILE.replace("D,OTHER", "X,OTHER"), "a line is none of C, I and D"),
        (format!("{FILE}D,x\n"), "the file goes on behind END OF REPORT"),
        (FILE.replace("C,NEMP,x\n", ""), "does not begin with a C line"),
    ];
    for (text, told) in cases {
        let error = broken(TABLE, text.as_bytes());
        assert!(error.contains(told), "{told}: {error}");
    }
}

#[test]
fn no_cut_passes_for_a_whole_report() {
    for cut in 0..FILE.len() - 1 {
        assert!(read(TABLE, &FILE.as_bytes()[..cut]).is_err(), "cut at {cut}");
    }
}
