"""CSV in UTF-8. The registry writes (blank) where it has no address."""

from common import known, named, table, unpacked


def rows(path):
    for record in named(table(unpacked(path), "utf-8")):
        yield {
            "domain_name": record["Domain name"].lower(),
            "domain_type": record["Domain type"],
            "organization_name": record["Organization name"],
            "suborganization_name": known(record["Suborganization name"]),
            "city": known(record["City"]),
            "state": known(record["State"]),
            "security_contact_email": known(record["Security contact email"], "(blank)"),
        }
