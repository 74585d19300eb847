"""XLS: two rows above the names of the columns, days as numbers of days."""

import xlrd


def rows(path):
    book = xlrd.open_workbook(path)
    sheet = book.sheet_by_name("Data 1")
    assert sheet.cell_value(2, 0) == "Date"
    for at in range(3, sheet.nrows):
        day, price = sheet.row(at)
        yield {
            "day": xlrd.xldate_as_datetime(day.value, book.datemode).date().isoformat(),
            "price": price.value if price.ctype == xlrd.XL_CELL_NUMBER else None,
        }
