"""NEM12 by AEMO's file format specification: 200 names a stream, 300 holds a day, 400 the quality of some intervals."""

import datetime

from common import known, table, unpacked

MARKET = datetime.timezone(datetime.timedelta(hours=10))


def rows(path):
    stream, day = None, None
    for line in table(unpacked(path), "ascii"):
        if line[0] == "400":
            for interval in range(int(line[1]) - 1, int(line[2])):
                day[interval] |= quality(line[3:6])
            continue
        yield from day or []
        day = None
        if line[0] == "200":
            stream = line
        elif line[0] == "300":
            day = list(intervals(stream, line))
    yield from day or []


def intervals(stream, line):
    minutes = int(stream[8])
    count = 24 * 60 // minutes
    starts_at = datetime.datetime.strptime(line[1], "%Y%m%d").replace(tzinfo=MARKET)
    values, behind = line[2 : 2 + count], line[2 + count :]
    for at, value in enumerate(values):
        begun = starts_at + datetime.timedelta(minutes=at * minutes)
        yield {
            "nmi": stream[1],
            "suffix": stream[4],
            "serial_number": stream[6],
            "interval_starts_at": begun.isoformat(),
            "interval_ends_at": (begun + datetime.timedelta(minutes=minutes)).isoformat(),
            "value": value,
            "unit": stream[7],
            "register": known(stream[3]),
            "updated_at": moment(behind[3]),
        } | quality(behind[:3])


def quality(fields):
    method, code, reason = (known(field) for field in fields)
    return {"quality": method, "reason_code": code, "reason": reason}


def moment(text):
    return datetime.datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=MARKET).isoformat() if text else None
