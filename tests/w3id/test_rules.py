"""The redirects of w3id/jhaan, asked of a real Apache: the table is worked out from the README beside the rules."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from pyoxigraph import NamedNode

from jhaan_kg.build.cache import snapshot_for
from jhaan_kg.build.progress import Progress
from jhaan_kg.namespaces import BASE

pytestmark = pytest.mark.slow


MODULES = Path("/usr/lib/apache2/modules")
HOST = "https://jhaan-kg.example"
CONFIGURATION = """
ServerRoot "{root}"
ServerName localhost
Listen 127.0.0.1:{port}
PidFile "{root}/pid"
ErrorLog "{root}/errors"
{user}
{modules}
TypesConfig /dev/null
DocumentRoot "{root}/www"
<Directory "{root}/www">
    AllowOverride All
    Require all granted
</Directory>
"""
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
JENA = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
PROTEGE = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"

FORMS = f"""
html   | | */* | text/* | text/html | application/xhtml+xml | {BROWSER} | text/html,text/turtle;q=0
ttl    | text/turtle | Text/Turtle ; charset=utf-8 | {JENA} | text/html, text/turtle;q=0.1
jsonld | application/ld+json | application/json | application/rdf+xml;q=0.5, application/ld+json;q=0.4
jsonld | application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted", */*;q=0.1
nt     | application/n-triples | text/turtle; q=0.000, application/n-triples; q=0.001
rdf    | application/rdf+xml | {PROTEGE}
       | */*;q=0 | text/turtle;q=0 | image/png | text/turtle-star | x-text/turtle | application/sparql-results+json
"""
"""In which form a name comes, and for which headers; none where nothing is acceptable."""


def forms() -> Iterator[tuple[str | None, str]]:
    """Yield each header, and without one, with the form in which a name comes."""
    yield None, "html"
    for line in FORMS.strip("\n").splitlines():
        form, *accepted = (cell.strip() for cell in line.split("|"))
        yield from ((accept, form) for accept in accepted)


NEGOTIATED = {
    "ontology": "/ontology.{}",
    "ontology/0.1.0": "/release/0.1.0/ontology/ontology.ttl",
    "ontology/empact": "/ontology/empact.{}",
    "ontology/reused-terms": "/ontology/reused-terms.{}",
    "shapes": "/ontology/shapes.ttl",
    "id/agency/europol": "/id/agency/europol.{}",
    "id/report/jhaan-2023/section/5.2.2/paragraph/1": "/id/report/jhaan-2023/section/5.2.2/paragraph/1.{}",
    "graph/report/jhaan-2023/5.2.2": "/graph/report/jhaan-2023/5.2.2.{}",
    "graph/ontology": "/graph/ontology.{}",
    "query/empact-co-run": "/query/empact-co-run.{}",
    "prefixes": "/prefixes.{}",
    "prefixes/jhaan": "/prefixes/jhaan.{}",
}
"""Names that have several forms, and where they lead, less the form."""

FILES = {
    "": "/",
    "context/v2.jsonld": "/context/v2.jsonld",
    "release/0.1.0/": "/release/0.1.0/",
    "release/0.1.0/jhaan.nq.gz": "/release/0.1.0/jhaan.nq.gz",
}

CATALOGUED = ["catalogue", "contributors", "dataset/graph", "dataset/ontology"]
"""Names of the description for data portals, which is in Turtle."""

UNKNOWN = """
nothing dataset dataset/graph/more ontologies ontology/ ontology/1 ontology/0.1.0/more ontology.ttl id id/ context
id/agency/europol/ id/agency/.europol id/agency%2Feuropol id/agency/%0d%0aSet-Cookie:x id/agency/a%20b
id/agency/https:%2f%2fevil.example context/..%2f..%2fsecret release/.hidden id/../../etc/passwd
context/%2e%2e/%2e%2e/x ..%2f..%2fx
"""


class Reply(NamedTuple):
    status: int
    location: str | None
    headers: http.client.HTTPMessage


@pytest.fixture(scope="module")
def ask(apache: str, root: Path) -> Iterator[Callable[..., Reply]]:
    """Asks an Apache with these rules, which runs on the loopback while this module is tested."""
    # Not in pytest's folder, which nobody else may enter: Apache's workers run as another user.
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    shutil.copytree(root / "w3id" / "jhaan", folder / "www" / "jhaan")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    names = ("mpm_event", "authz_core", "dir", "mime", "rewrite", "headers")
    modules = "\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in names)
    user = "User www-data\nGroup www-data" if os.geteuid() == 0 else ""
    file = folder / "apache.conf"
    file.write_text(CONFIGURATION.format(root=folder, port=port, modules=modules, user=user))
    server = subprocess.Popen([apache, "-f", str(file), "-DFOREGROUND"])

    def ask(path: str, accept: str | None = None, method: str = "GET") -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request(method, path, headers={} if accept is None else {"Accept": accept})
        reply = connection.getresponse()
        reply.read()
        connection.close()
        return Reply(reply.status, reply.headers["Location"], reply.headers)

    try:
        for _ in range(100):
            try:
                ask("/")
                break
            except OSError:
                assert server.poll() is None, "Apache ended at once"
                time.sleep(0.1)
        yield ask
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder)


@pytest.mark.parametrize("name", NEGOTIATED)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_name_leads_to_the_form_that_is_asked_for(
    ask: Callable[..., Reply], name: str, method: str
) -> None:
    for accept, form in forms():
        reply = ask(f"/jhaan/{name}", accept, method)
        if not form:
            expected: tuple[int, str | None] = (406, None)
        else:
            expected = (303, HOST + NEGOTIATED[name].format(form))
        assert (reply.status, reply.location) == expected, accept
        assert reply.headers.get_all("Vary") == ["Accept"]
        assert reply.headers.get_all("Access-Control-Allow-Origin") == ["*"]


@pytest.mark.parametrize("name", CATALOGUED)
def test_the_catalogue_leads_to_its_description(ask: Callable[..., Reply], name: str) -> None:
    places = {"html": "/", "ttl": "/description.ttl"}
    for accept, form in forms():
        expected = (303, HOST + places[form]) if form in places else (406, None)
        assert ask(f"/jhaan/{name}", accept)[:2] == expected, accept


@pytest.mark.parametrize("name", FILES)
def test_a_file_leads_to_itself_whatever_is_asked_for(ask: Callable[..., Reply], name: str) -> None:
    for accept in (None, "text/html", "text/turtle", "application/ld+json", "image/png"):
        reply = ask(f"/jhaan/{name}", accept)
        assert (reply.status, reply.location) == (302, HOST + FILES[name])
        assert reply.headers.get_all("Access-Control-Allow-Origin") == ["*"]


def test_a_stored_query_comes_as_sparql(ask: Callable[..., Reply]) -> None:
    sparql = HOST + "/query/empact-co-run.rq"
    for accept in ("Application/SPARQL-query", "text/turtle, application/sparql-query;q=0.2"):
        assert ask("/jhaan/query/empact-co-run", accept)[:2] == (303, sparql)
    declined = "application/sparql-query;q=0, text/html"
    assert ask("/jhaan/query/empact-co-run", declined)[:2] == (303, HOST + "/query/empact-co-run.html")
    assert ask("/jhaan/id/agency/europol", "application/sparql-query").status == 406


@pytest.mark.parametrize("name", UNKNOWN.split())
def test_other_names_lead_nowhere(ask: Callable[..., Reply], name: str) -> None:
    for accept in ("text/html", "text/turtle"):
        reply = ask(f"/jhaan/{name}", accept)
        assert (reply.status, reply.location) == (404, None)
        assert reply.headers["Set-Cookie"] is None


def test_query_strings_are_dropped(ask: Callable[..., Reply]) -> None:
    reply = ask("/jhaan/id/agency/europol?utm=1&x=%0d%0a", "text/turtle")
    assert reply[:2] == (303, HOST + "/id/agency/europol.ttl")
    assert ask("/jhaan/context/v2.jsonld?v=2").location == HOST + "/context/v2.jsonld"


@pytest.mark.parametrize("name", ["ontology", "id/agency/europol", "context/v2.jsonld"])
def test_browsers_may_ask_before_they_read_from_here(ask: Callable[..., Reply], name: str) -> None:
    reply = ask(f"/jhaan/{name}", method="OPTIONS")
    assert (reply.status, reply.location) == (204, None)
    assert reply.headers.get_all("Access-Control-Allow-Origin") == ["*"]
    assert "GET" in reply.headers["Access-Control-Allow-Methods"]
    assert reply.headers["Access-Control-Allow-Headers"] == "Accept"


def test_every_name_of_the_graph_leads_somewhere(ask: Callable[..., Reply], root: Path) -> None:
    names = set()
    for quad in snapshot_for(root, Progress()).quads(evidence=True, context=True):
        for term in (*quad.triple, quad.graph_name):
            if isinstance(term, NamedNode) and term.value.startswith(BASE):
                names.add(term.value.removeprefix(BASE).partition("#")[0])
    # of generated nodes, whose names are digests, one of each first digit will do
    chosen = {re.sub(r"(?<=/)([0-9a-f])[0-9a-f]{31}$", r"\1", name): name for name in sorted(names)}.values()
    assert {name.partition("/")[0] for name in chosen} == {"graph", "id", "ontology", "prefixes", "query"}
    assert len(chosen) > 2000
    nowhere = {name for name in chosen if ask(f"/jhaan/{name}", "text/turtle").status != 303}
    assert nowhere == set()
