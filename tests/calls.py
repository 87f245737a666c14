"""Queries that would reach other servers or files; URL is an address that must get no request."""

from __future__ import annotations

from typing import Final

INSIDE: Final = "<URL> { ?s ?p ?o }"
CALLS: Final = {
    "plain": f"SELECT * {{ SERVICE {INSIDE} }}",
    "mixed case": f"SELECT * {{ sErViCe {INSIDE} }}",
    "silent": f"SELECT * {{ SERVICE SILENT {INSIDE} }}",
    "silent, in one": f"SELECT * {{ SERVICESILENT{INSIDE} }}",
    "without space": "SELECT * {SERVICE<URL>{?s ?p ?o}}",
    "comment between": f"SELECT * {{ SERVICE # <urn:a> {{\n {INSIDE} }}",
    "comment with an end of line of old": f"SELECT * {{ SERVICE #\r{INSIDE} }}",
    "white space between": f"SELECT * {{ SERVICE\t\r\n{INSIDE} }}",
    "form feed between": f"SELECT * {{ SERVICE\f{INSIDE} }}",
    "variable": "SELECT * { VALUES ?u { <URL> } SERVICE ?u { ?s ?p ?o } }",
    "variable without space": "SELECT * { VALUES ?u { <URL> } SERVICE?u{ ?s ?p ?o } }",
    "variable of the data": "SELECT * { BIND(IRI('URL') AS ?u) SERVICE SILENT ?u { ?s ?p ?o } }",
    "prefix": "PREFIX u: <URL> SELECT * { SERVICE u: { ?s ?p ?o } }",
    "empty prefix": "PREFIX : <URL> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "prefix called so": "PREFIX service: <URL> SELECT * { SERVICE service: { ?s ?p ?o } }",
    "only a prefix called so": "PREFIX service: <URL> SELECT * { service:x { ?s ?p ?o } }",
    "base": "BASE <URL> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "sub-SELECT": f"SELECT * {{ {{ SELECT * {{ SERVICE {INSIDE} }} }} }}",
    "OPTIONAL": f"SELECT * {{ OPTIONAL {{ SERVICE {INSIDE} }} }}",
    "MINUS": f"SELECT * {{ ?s ?p ?o MINUS {{ SERVICE {INSIDE} }} }}",
    "EXISTS": f"ASK {{ FILTER EXISTS {{ SERVICE {INSIDE} }} }}",
    "NOT EXISTS in BIND": f"SELECT * {{ BIND(NOT EXISTS {{ SERVICE {INSIDE} }} AS ?x) }}",
    "UNION": f"SELECT * {{ {{ }} UNION {{ SERVICE {INSIDE} }} }}",
    "GRAPH": f"SELECT * {{ GRAPH ?g {{ SERVICE {INSIDE} }} }}",
    "LATERAL": f"SELECT * {{ ?s ?p ?o LATERAL {{ SERVICE {INSIDE} }} }}",
    "CONSTRUCT": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE {INSIDE} }}",
    "DESCRIBE": f"DESCRIBE ?s {{ SERVICE {INSIDE} }}",
    "escaped": f"SELECT * {{ \\u0053ERVICE {INSIDE} }}",
    "escaped with eight digits": f"SELECT * {{ SERV\\U00000049CE {INSIDE} }}",
    "all escaped": "SELECT * { " + "".join(f"\\u{ord(letter):04x}" for letter in "service") + INSIDE + " }",
    "behind a string": f"SELECT * {{ VALUES ?x {{ '''a'b''' }}SERVICE {INSIDE} }}",
    "behind a quote that is escaped": f'SELECT * {{ VALUES ?x {{ "\\\\" }}SERVICE {INSIDE} #" }}\n}}',
    # A scanner that reads <2)SERVICE#> as an IRI misses the operator and the keyword SERVICE.
    "behind less-than": f"SELECT * {{ VALUES ?a {{1}} FILTER(?a<2)SERVICE#>\n{INSIDE} }}",
    "behind less-than, variable": (
        "SELECT * { VALUES (?a ?u) {(1 <URL>)} FILTER(?a<2)SERVICE?u#>\n{ ?s ?p ?o } }"
    ),
    "behind less-than, prefix": "PREFIX u: <URL> SELECT * { VALUES ?a {1} FILTER(?a<2)SERVICE#>\nu:x { ?s ?p ?o } }",
    # A parser without a separate lexer reads `true` as a literal, and then SERVICE as a keyword.
    "behind true": "PREFIX : <URL> SELECT * { VALUES ?s { 1 } ?a ?b trueSERVICE:x { ?s ?p ?o } }",
    "behind false, silent": "PREFIX SILENT: <URL> SELECT * { ?a ?b falseSERVICE:x { ?s ?p ?o } }",
    # A scanner that reads the text between < and > as an IRI confuses where strings begin and end.
    "less-than and a string": f"SELECT * {{ ?s ?p ?a FILTER(?a<'>') SERVICE {INSIDE} FILTER(?a<'>') }}",
    "less-than and a string, VALUES": (
        f"SELECT * {{ VALUES ?a {{ 1 }} FILTER(?a<'>') SERVICE {INSIDE} FILTER(?a<'>') }}"
    ),
    "in what looks like a string": f"SELECT * {{ ?s ?p ?a FILTER(?a<2)#>'''\n SERVICE {INSIDE} #'''\n }}",
    "in what looks like a string, VALUES": (
        f"SELECT * {{ VALUES (?a) {{ (1) }} FILTER(?a<2)#>'''\n SERVICE {INSIDE} #'''\n }}"
    ),
    "FROM": "SELECT * FROM <URL> { ?s ?p ?o }",
    "FROM, comment between": "SELECT * FROM # c\n <URL> WHERE { ?s ?p ?o }",
    "FROM a path": "SELECT * FROM </etc/passwd> { ?s ?p ?o }",
    "ASK FROM": "ASK FROM <URL> { ?s ?p ?o }",
    "CONSTRUCT FROM": "CONSTRUCT FROM <URL> WHERE { ?s ?p ?o }",
    "FROM without space": "SELECT * FROM<URL>{ ?s ?p ?o }",
    "FROM NAMED": "SELECT * from named <URL> { GRAPH ?g { ?s ?p ?o } }",
    "FROM a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "FROM NAMED, a file": "ASK FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "FROM a prefix": "PREFIX u: <URL> SELECT * FROM u: { ?s ?p ?o }",
    "FROM a base": "BASE <URL> SELECT * FROM <> { ?s ?p ?o }",
    "FROM, escaped": "SELECT * \\u0046ROM <URL> { ?s ?p ?o }",
    "DESCRIBE FROM": "DESCRIBE <urn:a> FROM <URL>",
    "LOAD": "LOAD <URL>",
    "LOAD SILENT": "LOAD SILENT <URL> INTO GRAPH <urn:a>",
    "LOAD behind a comment": "# comment\nload <URL>",
    "LOAD behind a prefix": "PREFIX u: <URL> LOAD u:",
    "INSERT": f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE {INSIDE} }}",
    "USING": "WITH <urn:a> DELETE { ?s ?p ?o } USING <URL> WHERE { ?s ?p ?o }",
}
UNREACHED: Final = (
    f"SELECT * {{ VALUES ?a {{1}} FILTER(?a<2)SERVICE#>\nSILENT {INSIDE} }}",
    "PREFIX trueSERVICE: <URL> SELECT * { ?s ?p trueSERVICE:x { ?s ?p ?o } }",
    f"PREFIX p: <p:> SELECT * {{ ?s ?p ?a FILTER(?a<p:x#>'''\n) SERVICE {INSIDE} #'''\n }}",
    f'SELECT * {{ ?s ?p ?a FILTER(("x")<2)#>"""\n SERVICE {INSIDE} #"""\n }}',
)
"""Calls that only the engine recognises.

An answer without the call is correct: it is SILENT, or its pattern is never evaluated.
"""
