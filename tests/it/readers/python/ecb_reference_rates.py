"""CSV in a zip archive, a column a currency and one more comma. N/A is a currency that was not quoted."""

from common import named, picked, table, unpacked


def rows(path):
    for record in named(table(unpacked(path), "ascii")):
        yield picked(record, {name.lower(): name for name in record if name}, "N/A")
