"""A printed report as XLS: a row for the day before its hours, a disclaimer as the last one."""

import xlrd

ZONES = ["LRZ1", "LRZ2_7", "LRZ3_5", "LRZ4", "LRZ6", "LRZ8_9_10", "MISO"]


def rows(path):
    book = xlrd.open_workbook(path)
    sheet = book.sheet_by_name("Sheet1")
    names = next(sheet.row_values(at) for at in range(sheet.nrows) if sheet.cell_value(at, 0) == "Market Day")
    for at in range(sheet.nrows):
        record = dict(zip(names, sheet.row(at)))
        if record["HourEnding"].ctype != xlrd.XL_CELL_NUMBER:
            continue
        row = {"market_day": day(book, record["Market Day"]), "hour_ending": int(record["HourEnding"].value)}
        for zone in ZONES:
            row[f"{zone.lower()}_forecast_mwh"] = number(record[f"{zone} MTLF (MWh)"])
            row[f"{zone.lower()}_actual_mwh"] = number(record[f"{zone} ActualLoad (MWh)"])
        yield row


def day(book, cell):
    return xlrd.xldate_as_datetime(cell.value, book.datemode).date().isoformat()


def number(cell):
    return cell.value if cell.ctype == xlrd.XL_CELL_NUMBER else None
