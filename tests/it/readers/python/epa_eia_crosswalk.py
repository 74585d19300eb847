"""One table in two formats: a workbook whose sheet says that it is one cell, and CSV in UTF-8 with a byte order mark."""

import openpyxl

from common import flag, known, named, plain, table, unpacked

RENAMED = {
    "camd_nameplate_capacity": "camd_nameplate_capacity_mw",
    "eia_nameplate_capacity": "eia_nameplate_capacity_mw",
    "plant_id_change_flag": "plant_id_changed",
}


def rows(path):
    for record in workbook(path) if path.endswith(".xlsx") else named(table(unpacked(path), "utf-8-sig")):
        row = {RENAMED.get(name.lower(), name.lower()): known(value) for name, value in record.items()}
        row["plant_id_changed"] = flag(row["plant_id_changed"], "1", "0")
        row["camd_status_date"] = row["camd_status_date"] and row["camd_status_date"].removesuffix("T00:00:00")
        yield row


def workbook(path):
    sheet = openpyxl.load_workbook(path, read_only=True)["epa_eia_crosswalk"]
    sheet.reset_dimensions()
    names, *lines = sheet.iter_rows(values_only=True)
    for line in lines:
        # Rows end with their last cell that has a value.
        yield dict.fromkeys(names) | {name: plain(value) for name, value in zip(names, line)}
