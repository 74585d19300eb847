"""CSV in UTF-8 with texts that may run over several lines."""

from common import named, picked, table, unpacked

COLUMNS = {
    "cve_id": "cveID",
    "vendor": "vendorProject",
    "product": "product",
    "name": "vulnerabilityName",
    "added_on": "dateAdded",
    "description": "shortDescription",
    "required_action": "requiredAction",
    "due_on": "dueDate",
    "ransomware_use": "knownRansomwareCampaignUse",
    "notes": "notes",
    "weaknesses": "cwes",
}


def rows(path):
    for record in named(table(unpacked(path), "utf-8")):
        yield picked(record, COLUMNS)
