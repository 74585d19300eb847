"""XML in a namespace: LEI common data file format 2.1."""

from lxml import etree

from common import unpacked

LEI = {"lei": "http://www.gleif.org/data/schema/leidata/2016"}
PATHS = {
    "lei": "lei:LEI",
    "name": "lei:Entity/lei:LegalName",
    "language": "lei:Entity/lei:LegalName/@xml:lang",
    "other_names": "lei:Entity/lei:OtherEntityNames/lei:OtherEntityName",
    "address": "lei:Entity/lei:LegalAddress/lei:FirstAddressLine",
    "address_more": "lei:Entity/lei:LegalAddress/lei:AdditionalAddressLine",
    "city": "lei:Entity/lei:LegalAddress/lei:City",
    "region": "lei:Entity/lei:LegalAddress/lei:Region",
    "country": "lei:Entity/lei:LegalAddress/lei:Country",
    "postal_code": "lei:Entity/lei:LegalAddress/lei:PostalCode",
    "seat_city": "lei:Entity/lei:HeadquartersAddress/lei:City",
    "seat_country": "lei:Entity/lei:HeadquartersAddress/lei:Country",
    "register": "lei:Entity/lei:RegistrationAuthority/lei:RegistrationAuthorityID",
    "register_number": "lei:Entity/lei:RegistrationAuthority/lei:RegistrationAuthorityEntityID",
    "jurisdiction": "lei:Entity/lei:LegalJurisdiction",
    "legal_form": "lei:Entity/lei:LegalForm/lei:EntityLegalFormCode",
    "legal_form_words": "lei:Entity/lei:LegalForm/lei:OtherLegalForm",
    "status": "lei:Entity/lei:EntityStatus",
    "registered_at": "lei:Registration/lei:InitialRegistrationDate",
    "updated_at": "lei:Registration/lei:LastUpdateDate",
    "registration_status": "lei:Registration/lei:RegistrationStatus",
    "renewal_due_at": "lei:Registration/lei:NextRenewalDate",
    "keeper": "lei:Registration/lei:ManagingLOU",
}


def rows(path):
    root = etree.fromstring(unpacked(path))
    for record in root.iterfind("lei:LEIRecords/lei:LEIRecord", LEI):
        yield {column: text(record.xpath(path, namespaces=LEI)) for column, path in PATHS.items()}


def text(found):
    """Of elements that stand again and again, one a line."""
    return "\n".join(str(one) if isinstance(one, str) else one.text or "" for one in found) or None
