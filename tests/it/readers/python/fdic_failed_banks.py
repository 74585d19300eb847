"""CSV in Windows-1252, whose names of columns end in a no-break space."""

import datetime

from common import known, named, table, unpacked


def rows(path):
    for record in named(table(unpacked(path), "cp1252")):
        record = {name.strip(): value for name, value in record.items()}
        yield {
            "certificate": record["Cert"],
            "name": record["Bank Name"],
            "city": record["City"],
            "state": record["State"],
            "acquirer": known(record["Acquiring Institution"], "No Acquirer"),
            "closed_on": datetime.datetime.strptime(record["Closing Date"], "%d-%b-%y").date().isoformat(),
            "fund": record["Fund"],
        }
