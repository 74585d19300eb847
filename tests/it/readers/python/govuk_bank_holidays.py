"""JSON: an object a division, in it its events."""

import json

from common import known, unpacked


def rows(path):
    for division, content in json.loads(unpacked(path)).items():
        for event in content["events"]:
            yield {
                "division": division,
                "date": event["date"],
                "title": event["title"],
                "notes": known(event["notes"]),
                "bunting": event["bunting"],
            }
