"""JSON on one line: hours in UTC as 20180101:0000, the place once for all of them."""

import datetime
import decimal
import json

from common import unpacked

COLUMNS = {
    "temperature": "T2m",
    "humidity": "RH",
    "global_irradiance": "G(h)",
    "beam_irradiance": "Gb(n)",
    "diffuse_irradiance": "Gd(h)",
    "infrared": "IR(h)",
    "wind_speed": "WS10m",
    "wind_direction": "WD10m",
    "pressure": "SP",
}


def rows(path):
    document = json.loads(unpacked(path), parse_float=decimal.Decimal)
    place = document["inputs"]["location"]
    for hour in document["outputs"]["tmy_hourly"]:
        moment = datetime.datetime.strptime(hour["time(UTC)"], "%Y%m%d:%H%M")
        yield {
            "starts_at": moment.replace(tzinfo=datetime.timezone.utc).isoformat(),
            "latitude": str(place["latitude"]),
            "longitude": str(place["longitude"]),
            "elevation": str(place["elevation"]),
        } | {ours: str(hour[theirs]) for ours, theirs in COLUMNS.items()}
