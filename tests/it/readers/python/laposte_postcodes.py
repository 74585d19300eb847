"""Text in Latin-1 with semicolons and no quotes, filled up with blanks."""

from common import unpacked


def rows(path):
    lines = unpacked(path).decode("latin-1").splitlines()
    assert lines[0] == "code commune INSEE;nom de la commune;code postal;libellé d'acheminement"
    for line in lines[1:]:
        values = [value.strip() or None for value in line.split(";")]
        yield dict(zip(["commune", "commune_name", "postcode", "label"], values, strict=True))
