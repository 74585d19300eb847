"""XML, codes in codes. A code's own notes are those that stand directly in it."""

from lxml import etree

from common import unpacked

NOTES = {
    "inclusion_terms": "inclusionTerm/note",
    "includes": "includes/note",
    "excludes1": "excludes1/note",
    "excludes2": "excludes2/note",
    "code_first": "codeFirst/note",
    "use_additional": "useAdditionalCode/note",
    "code_also": "codeAlso/note",
    "notes": "notes/note",
    "seventh_note": "sevenChrNote/note",
    "seventh_meanings": "sevenChrDef/extension",
}


def rows(path):
    root = etree.fromstring(unpacked(path))
    for chapter in root.iterfind("chapter"):
        for section in chapter.iterfind("section"):
            for code in section.iter("diag"):
                around = code.getparent()
                yield {
                    "code": code.findtext("name"),
                    "parent": around.findtext("name") if around.tag == "diag" else None,
                    "chapter": int(chapter.findtext("name")),
                    "section": section.get("id"),
                    "description": code.findtext("desc"),
                    "seventh_characters": ", ".join(e.get("char") for e in code.iterfind("sevenChrDef/extension")) or None,
                    "placeholder": code.get("placeholder"),
                } | {column: joined(code.iterfind(path)) for column, path in NOTES.items()}


def joined(notes):
    return "\n".join("".join(note.itertext()) for note in notes) or None
