"""A graph of what is hard to write: odd characters, odd lexical forms, odd IRIs; as a snapshot, as builds make them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

from jhaan_kg.build.snapshot import Snapshot, write_snapshot
from jhaan_kg.namespaces import BASE, GRAPH, ID, RDF_TYPE, REPORT, XSD

TEXTS = [
    *(
        "",
        " ",
        "  two  ",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "\\",
        "\\n",
        "\\u0041",
        '"',
        '""',
        '"""',
        'ends in "',
        '"starts',
    ),
    *(
        "'",
        "'''",
        'line\n"""\n',
        'line\n""',
        "line\nends in \\",
        "# no comment",
        "a\n# no comment\n@prefix x: <y> .",
    ),
    *(
        "caf\u00e9",
        "cafe\u0301",
        "\U0001f1ea\U0001f1fa",
        "\U0001d11e",
        "\u05e9\u05dc\u05d5\u05dd",
        "\u202eabc\u202c",
    ),
    *("\ufeffmark", "a\u00a0b", "a\u2028b\u2029c", "\u0085", "zero\u200bwidth", "\u200d", "\ufffd", "\ue000"),
    *("<a&b>", "]]>", "<!-- -->", "{a}", "_:b", "<urn:a> .", "=1+1", "%20", "} GRAPH {"),
]
"""Texts that every language of RDF can hold."""

CONTROLS = [
    "\x01",
    "a\x08b",
    "\x0b",
    "\x0c",
    "\x1f",
    "\x7f",
    "\ufffe",
    "\uffff",
    "\ufdd0",
    "\U0001fffe",
    "\U0010ffff",
]
"""Texts that XML can't hold, but for U+007F, U+FDD0 and those of higher planes, or that parsers may refuse."""

LEXICAL = [
    *(
        ("007", "integer"),
        ("7", "integer"),
        ("-7", "integer"),
        ("-0", "integer"),
        ("+1", "integer"),
        ("0", "integer"),
    ),
    *(("1.50", "decimal"), ("1.", "decimal"), (".5", "decimal"), ("1e0", "double"), ("1.0E+2", "double")),
    *(("NaN", "double"), ("-INF", "double"), ("true", "boolean"), ("1", "boolean"), ("TRUE", "boolean")),
    *(
        ("2023-07-06", "date"),
        ("2023-07-06Z", "date"),
        ("2023", "gYear"),
        (" 7 ", "integer"),
        ("seven", "integer"),
    ),
    *(
        ("2023-07-06T00:00:00.000Z", "dateTime"),
        ("24:00:00", "time"),
        ("P1Y", "duration"),
        ("text", "string"),
    ),
]
"""Lexical forms, canonical and not, well-formed and not, with their datatypes."""

IRIS = [
    *("https://example.org/", "https://example.org/a.", "https://example.org/a..b", "https://example.org/.a"),
    *(
        "https://example.org/a%20b",
        "https://example.org/a'b",
        "https://example.org/(a)",
        "https://example.org/a,b;c",
    ),
    *(
        "https://example.org/caf\u00e9",
        "https://example.org/\u65e5\u672c",
        "https://example.org/a#b?c",
        "urn:x:y",
    ),
    *(
        "https://example.org/?q=a&b=c",
        "https://example.org/-a",
        "https://example.org/1",
        "https://example.org/~a!$*+",
    ),
    *(REPORT + "/section/5.1.1", REPORT + "/section/5.1.1.", REPORT + "/section/5.1.1/paragraph/1"),
    *(ID + "agency/", ID + "agency/x-", ID + "agency/_x", BASE + "ontology#", "mailto:a@example.org"),
]
"""IRIs that look like prefixed names, or less like them than one may think."""

SUBJECT = NamedNode(ID + "agency/hard")
EXAMPLE = "https://example.org/terms#"


def triples(*, controls: bool) -> Iterator[Triple]:
    """Give the triples, with or without texts that XML can't hold."""
    for text in (*TEXTS, *(CONTROLS if controls else ())):
        yield Triple(SUBJECT, NamedNode(EXAMPLE + "text"), Literal(text))
        yield Triple(SUBJECT, NamedNode(EXAMPLE + "said"), Literal(text, language="en-GB"))
        yield Triple(
            SUBJECT, NamedNode(EXAMPLE + "typed"), Literal(text, datatype=NamedNode(EXAMPLE + "type"))
        )
    for text, datatype in LEXICAL:
        yield Triple(SUBJECT, NamedNode(EXAMPLE + "value"), Literal(text, datatype=NamedNode(XSD + datatype)))
    for tag in ("en", "EN-gb", "zh-Hant-TW", "de-1996", "x-klingon"):
        yield Triple(SUBJECT, NamedNode(EXAMPLE + "said"), Literal("word", language=tag))
    for iri in IRIS:
        yield Triple(SUBJECT, NamedNode(EXAMPLE + "link"), NamedNode(iri))
        yield Triple(NamedNode(iri), NamedNode(EXAMPLE + "back"), SUBJECT)
    yield Triple(SUBJECT, RDF_TYPE, NamedNode(EXAMPLE + "Thing"))
    yield Triple(SUBJECT, RDF_TYPE, NamedNode(BASE + "ontology#Agency"))


def snapshot(folder: Path, *, controls: bool) -> Snapshot:
    """Write the triples as a snapshot of three named graphs, one of them evidence."""
    folder.mkdir()
    found = list(triples(controls=controls))
    graphs = {
        NamedNode(GRAPH + "register/hard"): found[::2],
        NamedNode(GRAPH + "report/jhaan-2023/5.1.1"): found[1::2],
        NamedNode(GRAPH + "evidence/jhaan-2023"): found[:5],
    }
    write_snapshot(folder, graphs, {"format": 1, "queries": []}, {})
    return Snapshot.open(folder)


def quads(*, controls: bool, evidence: bool) -> set[Quad]:
    """Give what the snapshot holds, without asking it."""
    found = list(triples(controls=controls))
    parts = {"register/hard": found[::2], "report/jhaan-2023/5.1.1": found[1::2]}
    if evidence:
        parts["evidence/jhaan-2023"] = found[:5]
    return {Quad(*triple, NamedNode(GRAPH + name)) for name, part in parts.items() for triple in part}
