"""A workbook that does not say how large its sheet is."""

import openpyxl

from common import plain

COLUMNS = {"unit": "ui", "acquisition_cost_usd": "acquisition_cost", "total_cost_usd": "total_cost"}
COLUMNS |= {"shipped_on": "ship_date", "category": "federal_supply_category", "class": "federal_supply_class"}
COLUMNS |= {"category_name": "federal_supply_category_name", "class_name": "federal_supply_class_name"}
COLUMNS |= {name: name for name in ["state", "county", "fips", "nsn", "item_name", "quantity"]}


def rows(path):
    [sheet] = openpyxl.load_workbook(path, read_only=True).worksheets
    sheet.reset_dimensions()
    names, *lines = sheet.iter_rows(values_only=True)
    for line in lines:
        record = dict(zip(names, line))
        row = {ours: plain(record[theirs]) for ours, theirs in COLUMNS.items()}
        yield row | {"shipped_on": row["shipped_on"] and row["shipped_on"].date().isoformat()}
