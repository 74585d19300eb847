"""Reads publishers' files by other people's libraries, and writes each row as one line of JSON.

    read.py READER IN OUT [READER IN OUT ...]

A reader is the module of that name beside this file. It reads the file by what its publisher says of it, and yields
dictionaries: the table's columns, with values as PostgreSQL reads them: None, numbers and texts, days and moments by
ISO 8601. It knows nothing of how Bluebook reads.
"""

import importlib
import json
import sys


def main(words):
    for reader, source, target in zip(words[0::3], words[1::3], words[2::3]):
        with open(target, "w", encoding="utf-8") as out:
            for row in importlib.import_module(reader).rows(source):
                out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
