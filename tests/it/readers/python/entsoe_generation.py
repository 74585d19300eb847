"""XML of ENTSO-E: points at positions in a period. In a curve A03, a point that repeats the one before is left out."""

import datetime
import re

from lxml import etree

from common import unpacked

DOCUMENT = "{urn:iec62325.351:tc57wg16:451-6:generationloaddocument:3:0}"


def rows(path):
    for series in etree.fromstring(unpacked(path)).iter(DOCUMENT + "TimeSeries"):
        said = lambda *names: series.findtext("/".join(DOCUMENT + name for name in names))
        for period in series.iterfind(DOCUMENT + "Period"):
            for starts_at, ends_at, quantity, repeated in intervals(period, said("curveType")):
                yield {
                    "zone": said("inBiddingZone_Domain.mRID"),
                    "kind": said("MktPSRType", "psrType"),
                    "starts_at": starts_at.isoformat(),
                    "minutes": (ends_at - starts_at) // datetime.timedelta(minutes=1),
                    "ends_at": ends_at.isoformat(),
                    "quantity": quantity,
                    "unit": said("quantity_Measure_Unit.name"),
                    "repeated": repeated,
                }


def intervals(period, curve):
    start, end = (moment(period, name) for name in ("start", "end"))
    step = datetime.timedelta(minutes=int(re.fullmatch(r"PT(\d+)M", period.findtext(DOCUMENT + "resolution"))[1]))
    points = {
        int(point.findtext(DOCUMENT + "position")): point.findtext(DOCUMENT + "quantity")
        for point in period.iterfind(DOCUMENT + "Point")
    }
    for position in range(1, (end - start) // step + 1):
        repeated = position not in points
        assert not repeated or curve == "A03", position
        quantity = quantity if repeated else points[position]
        yield start + (position - 1) * step, start + position * step, quantity, repeated


def moment(period, name):
    text = period.findtext(f"{DOCUMENT}timeInterval/{DOCUMENT}{name}")
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M%z")
