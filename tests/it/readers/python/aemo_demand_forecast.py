"""AEMO's tables: C is comment, I names a table's columns, D is a row. Market time is ten hours before UTC all year."""

import datetime

from common import table, unpacked

MARKET = datetime.timezone(datetime.timedelta(hours=10))


def rows(path):
    for line in table(unpacked(path), "ascii"):
        if line[0] == "I":
            names = line
        elif line[0] == "D":
            assert line[1:3] == ["OPERATIONAL_DEMAND", "FORECAST"]
            record = dict(zip(names, line, strict=True))
            yield {
                "region": record["REGIONID"],
                "interval_ends_at": moment(record["INTERVAL_DATETIME"]),
                "load_date": moment(record["LOAD_DATE"]),
                "demand_poe10_mw": record["OPERATIONAL_DEMAND_POE10"],
                "demand_poe50_mw": record["OPERATIONAL_DEMAND_POE50"],
                "demand_poe90_mw": record["OPERATIONAL_DEMAND_POE90"],
                "changed_at": moment(record["LASTCHANGED"]),
            }


def moment(text):
    return datetime.datetime.strptime(text, "%Y/%m/%d %H:%M:%S").replace(tzinfo=MARKET).isoformat()
