use super::*;

#[test]
fn column_types_are_read_as_people_write_them() {
    assert_eq!("decimal(14, 6)".parse(), Ok(ColumnType::Decimal { precision: 14, scale: 6 }));
    assert_eq!("timestamp".parse(), Ok(ColumnType::Timestamp));
    for wrong in ["decimal", "decimal(0,0)", "decimal(5,6)", "decimal(1001,0)", "varchar", "Text", ""] {
        assert!(wrong.parse::<ColumnType>().is_err(), "{wrong}");
    }
}

#[test]
fn column_names_are_plain_and_leave_the_underscore_to_the_loader() {
    assert!(is_column_name("usd") && is_column_name("poe_10"));
    for wrong in ["", "_release", "Usd", "1st", "a b", "a\"b", "é", "ctid", &"a".repeat(64)] {
        assert!(!is_column_name(wrong), "{wrong}");
    }
}
