"""A JSON object a line. Times are those of Boston."""

import datetime
import decimal
import json
import zoneinfo

from common import picked, unpacked

BOSTON = zoneinfo.ZoneInfo("America/New_York")
TIMES = {"opened_at": "open_dt", "due_at": "target_dt", "closed_at": "closed_dt"}
NUMBERS = {"case_id": "case_enquiry_id", "latitude": "latitude", "longitude": "longitude"}
TEXTS = {
    "on_time": "ontime",
    "status": "case_status",
    "closure_reason": "closure_reason",
    "title": "case_title",
    "subject": "subject",
    "reason": "reason",
    "type": "type",
    "queue": "queue",
    "department": "department",
    "location": "location",
    "fire_district": "fire_district",
    "public_works_district": "pwd_district",
    "council_district": "city_council_district",
    "police_district": "police_district",
    "neighborhood": "neighborhood",
    "services_district": "neighborhood_services_district",
    "ward": "ward",
    "precinct": "precinct",
    "street": "location_street_name",
    "zip_code": "location_zipcode",
    "source": "source",
}


def rows(path):
    for line in unpacked(path).decode("utf-8").splitlines():
        record = json.loads(line, parse_float=decimal.Decimal)
        row = picked(record, TEXTS)
        row |= {column: value and moment(value) for column, value in picked(record, TIMES).items()}
        row |= {column: value and str(value) for column, value in picked(record, NUMBERS).items()}
        yield row


def moment(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=BOSTON).isoformat()
