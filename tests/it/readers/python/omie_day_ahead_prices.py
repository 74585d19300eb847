"""Text in Latin-1: the day in the title, hours across, a concept a line, semicolons alone at the end. Numbers are Spanish."""

import datetime
import zoneinfo

from common import unpacked

MADRID = zoneinfo.ZoneInfo("Europe/Madrid")


def rows(path):
    title, _, names, *lines = unpacked(path).decode("latin-1").splitlines()
    day = datetime.datetime.strptime(title.split(";")[3], "%d/%m/%Y")
    midnight = day.replace(tzinfo=MADRID).astimezone(datetime.timezone.utc)
    assert not lines.pop().strip(";")
    for line in lines:
        concept, *values = line.split(";")
        for hour, value in zip(names.split(";")[1:], values):
            if value.strip():
                yield {
                    "starts_at": (midnight + datetime.timedelta(hours=int(hour) - 1)).isoformat(),
                    "day": day.date().isoformat(),
                    "hour": hour,
                    "concept": concept.strip(),
                    "value": value.strip().replace(".", "").replace(",", "."),
                }
