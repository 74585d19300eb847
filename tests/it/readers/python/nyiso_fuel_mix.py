"""CSV files in a zip archive, one a day. Each line says whether its clock shows Eastern Standard or Daylight Time."""

import datetime

from common import members, named, table

HOURS = {"EST": -5, "EDT": -4}


def rows(path):
    for _, content in members(path):
        for record in named(table(content, "ascii")):
            zone = datetime.timezone(datetime.timedelta(hours=HOURS[record["Time Zone"]]))
            moment = datetime.datetime.strptime(record["Time Stamp"], "%m/%d/%Y %H:%M:%S")
            yield {
                "measured_at": moment.replace(tzinfo=zone).isoformat(),
                "fuel": record["Fuel Category"],
                "generation_mw": record["Gen MW"],
            }
