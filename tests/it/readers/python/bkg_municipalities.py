"""A dBase table in UTF-8, which its header does not say. Two hyphens are no value."""

import tempfile

import dbfread

from common import flag, known, unpacked

COLUMNS = {
    "ars": "ARS",
    "ags": "AGS",
    "object_id": "OBJID",
    "name": "GEN",
    "kind": "BEZ",
    "kind_code": "IBZ",
    "remark": "BEM",
    "kind_in_name": "NBD",
    "nuts": "NUTS",
    "geometry_kind": "GF",
    "map_since": "BEGINN",
    "effective_since": "WSK",
}


def rows(path):
    with tempfile.NamedTemporaryFile(suffix=".dbf") as table:
        table.write(unpacked(path, "*VG5000_GEM.dbf"))
        table.flush()
        records = list(dbfread.DBF(table.name, encoding="utf-8"))
    for record in records:
        row = {ours: known(record[theirs], "--") for ours, theirs in COLUMNS.items()}
        days = {name: row[name] and row[name].isoformat() for name in ("map_since", "effective_since")}
        yield row | days | {"kind_in_name": flag(row["kind_in_name"], "ja", "nein")}
