"""The catalogue as JSON: the same names, and the weaknesses as a list."""

import json

from cisa_kev import COLUMNS
from common import picked, unpacked


def rows(path):
    catalogue = json.loads(unpacked(path))
    assert catalogue["count"] == len(catalogue["vulnerabilities"])
    for record in catalogue["vulnerabilities"]:
        yield picked(record | {"cwes": ", ".join(record["cwes"])}, COLUMNS)
