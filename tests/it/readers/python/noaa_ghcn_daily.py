"""Fixed width, a month and element a line, 31 times a value and three flags: readme.txt of GHCN-Daily, part III."""

from common import known, unpacked


def rows(path):
    for line in unpacked(path).decode("ascii").splitlines():
        for day in range(1, 32):
            at = 21 + 8 * (day - 1)
            value, flags = int(line[at : at + 5]), line[at + 5 : at + 8]
            if value == -9999:
                continue
            yield {
                "station": line[0:11],
                "year": int(line[11:15]),
                "month": int(line[15:17]),
                "day": day,
                "element": line[17:21],
                "value": value,
                "measurement_flag": known(flags[0].strip()),
                "quality_flag": known(flags[1].strip()),
                "source_flag": known(flags[2].strip()),
            }
