"""Fixed width in Latin-1, 174 characters a line: places by the Bundesbank's description of the record."""

from common import flag, known, unpacked


def rows(path):
    for line in unpacked(path).decode("latin-1").splitlines():
        assert len(line) == 174, line
        field = lambda first, last: line[first - 1 : last].strip(" ")
        yield {
            "record_number": field(153, 158),
            "bank_code": field(1, 8),
            "is_head_office": flag(field(9, 9), "1", "2"),
            "name": field(10, 67),
            "postcode": known(field(68, 72)),
            "town": known(field(73, 107)),
            "short_name": known(field(108, 134)),
            "pan": known(field(135, 139)),
            "bic": known(field(140, 150)),
            "check_digit_method": field(151, 152),
            "change": field(159, 159),
            "is_to_be_deleted": flag(field(160, 160), "1", "0"),
            "successor_bank_code": known(field(161, 168), "00000000"),
            "iban_rule": known(field(169, 174), "000000"),
        }
