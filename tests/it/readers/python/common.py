"""What several readers do alike."""

import csv
import fnmatch
import gzip
import io
import zipfile


def unpacked(path, member="*"):
    """The bytes of a file, or of the one file of this name that is packed in it."""
    if path.endswith(".zip"):
        [content] = [content for name, content in members(path) if fnmatch.fnmatch(name, member)]
        return content
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rb") as file:
        return file.read()


def members(path):
    """Name and bytes of each file in an archive, in the order of their names."""
    with zipfile.ZipFile(path) as archive:
        return [(name, archive.read(name)) for name in sorted(archive.namelist())]


def table(content, encoding, **dialect):
    """The lines of a CSV file, each as a list."""
    return csv.reader(io.StringIO(content.decode(encoding), newline=""), **dialect)


def named(lines):
    """The same as dictionaries, by the names in the first of them."""
    names = next(lines)
    for line in lines:
        assert len(line) == len(names), line
        yield dict(zip(names, line))


def known(value, *unknown):
    """A text, or None where the publisher writes that there is none."""
    return None if value is None or value in ("", *unknown) else value


def picked(record, columns, *unknown):
    """A row out of a record: the table's names of columns and the publisher's."""
    return {ours: known(record[theirs], *unknown) for ours, theirs in columns.items()}


def plain(value):
    """A cell of a workbook, where whole numbers are kept as 12.0, and no value as blanks."""
    if isinstance(value, str):
        return value.strip() or None
    return int(value) if isinstance(value, float) and value.is_integer() else value


def flag(value, yes, no):
    """A truth value, by the words that the publisher has for it."""
    return None if value is None else {yes: True, no: False}[str(value)]
