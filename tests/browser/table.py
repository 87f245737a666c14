"""The pages to open in the browser, and the required content of each.

To test a new page, add it to PAGES; each test of this folder then opens it.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from urllib.parse import unquote_plus, urlencode

from jhaan_kg.namespaces import ONTOLOGY

TEXT: Final = "text"
"""The value in place of a role if the required content is any text on the page."""


class Page(NamedTuple):
    """A page.

    Attributes:
        path: its path on the server.
        marks: its required content: for each element the WAI-ARIA role and the accessible name, or TEXT and a part of
            the page's text. They are written by hand, from the purpose of the page.
        status: the HTTP status of the answer.
    """

    path: str
    marks: tuple[tuple[str, str], ...]
    status: int = 200


EMPACT: Final = "Which agencies co-lead or work together on EMPACT operational action plans?"
"""The title of the question `empact-co-run`."""

SEMINAR: Final = "Seminar on Information Provision (“What”) 2023"
"""An event whose date is contested.

Sections 3 and 4 state 15 November, section 6.3.3 and the table of contents 16 November.
"""


def _sparql(query: str) -> str:
    """Return the path of the page with the answer to a query."""
    return "/sparql?" + urlencode({"query": f"PREFIX jhaan: <{ONTOLOGY}> {query}"})


PAGES: Final = (
    Page(
        "/",
        (
            ("heading", "Explore the JHAAN Final Report 2023"),
            ("navigation", "Main"),
            ("searchbox", "Search"),
            ("button", "Search"),
            *(("link", agency) for agency in ("CEPOL", "EIGE", "EMCDDA", "EUAA", "eu-LISA")),
            *(("link", agency) for agency in ("Eurojust", "Europol", "FRA", "Frontex")),
            ("heading", "Featured questions"),
            ("link", EMPACT),
            ("heading", "About these data"),
            (TEXT, "Not recorded does not mean that it did not happen."),
            ("heading", "All questions"),
        ),
    ),
    Page(
        "/questions",
        (
            ("heading", "Questions"),
            ("link", "Questions"),
            (TEXT, "81 questions with answers from the report."),
            ("heading", "EMPACT"),
            ("link", EMPACT),
            ("link", "Where does the report contradict itself?"),
        ),
    ),
    Page(
        "/questions/empact-co-run",
        (
            ("heading", EMPACT),
            ("group", "Filter"),
            ("combobox", "agency Agency with the role"),
            ("button", "Apply"),
            ("heading", "Answer"),
            ("link", "CSV"),
            ("link", "Excel"),
            ("columnheader", "agency"),
            ("columnheader", "Sources"),
            ("cell", "lead or co-lead of operational actions"),
            ("link", "Section 9.4, paragraph 1"),
            (TEXT, "+3 more"),
            (TEXT, "How to read this answer"),
            ("checkbox", "with IRIs"),
            (TEXT, "SPARQL"),
            (TEXT, "curl"),
            (TEXT, "Python"),
            (TEXT, "Command line"),
        ),
    ),
    Page(
        "/questions/system-access?body=fra",
        (
            ("heading", "Who does each IT system belong to, and who has access?"),
            ("combobox", "body Body to which the system belongs, or which has or gave access"),
            (TEXT, "No results."),
            (TEXT, "which does not mean that it did not happen."),
        ),
    ),
    Page(
        "/id/agency/europol",
        (
            ("heading", "Europol"),
            (TEXT, "EU Agency for Law Enforcement Cooperation"),
            ("link", "The Hague"),
            *(("heading", part) for part in ("Events", "Cooperations", "EMPACT", "Related questions")),
            (TEXT, "Technical details"),
        ),
    ),
    Page(
        "/attendance",
        (
            ("heading", "Which agencies took part in which events?"),
            ("combobox", "Working group"),
            ("button", "Apply"),
            ("heading", "44 events"),
            ("columnheader", "eu-LISA"),
            ("rowheader", "21 September 2023 Meeting of the Working Group on Training 2023"),
            ("link", "EIGE, CharterXchange 2023, date not stated: not recorded, which does not mean absent"),
            ("link", "(other passages: 15 November 2023)"),
            ("link", "CSV"),
        ),
    ),
    Page(
        "/network?rule=cooperations",
        (
            ("heading", "Which agencies work together?"),
            ("combobox", "Counting rule"),
            ("columnheader", "Frontex"),
            ("rowheader", "eu-LISA"),
            ("heading", "The counting rules"),
            (TEXT, "Two agencies are joined by each highlight of cooperation"),
        ),
    ),
    Page(
        "/pair?one=frontex&other=europol",
        (
            ("heading", "Frontex and Europol"),
            ("combobox", "Other agency"),
            ("button", "Apply"),
            ("heading", "EMPACT action and plan sets"),
            ("link", "Section 9.4, paragraph 1"),
        ),
    ),
    Page(
        "/timeline",
        (
            ("heading", "Timeline of 2023"),
            ("combobox", "Year"),
            ("link", "Meeting of the Working Group on Training 2023: 21 September 2023"),
            ("cell", "17\u201318 October 2023"),
            ("link", "FRA training on how to communicate on migration 2023"),
        ),
    ),
    Page(
        "/questions/participation-ranking",
        (
            (
                "heading",
                "How do Trio and presidency meetings change the participation ranking?",
            ),
            ("link", "eu-LISA: 21 events, 15 events without trio, 5 events without presidency"),
            ("link", "Download the picture (SVG)"),
        ),
    ),
    Page(
        "/id/event/2023/seminar-information-provision-what",
        (
            ("heading", SEMINAR),
            (TEXT, "16 November 2023"),
            (TEXT, "Other passages state 15 November 2023 (not preferred)"),
            ("link", "Section 3, paragraph 4"),
        ),
    ),
    Page(
        "/ontology",
        (("heading", "Terms"), ("heading", "agency Agency"), ("heading", "names agent participant")),
    ),
    Page(
        "/search?q=frontx",
        (
            ("heading", "Search for “frontx”"),
            ("status", ""),
            ("link", "Frontex"),
            (TEXT, 'Unknown word "frontx". Searched for "frontex" instead.'),
        ),
    ),
    Page(
        "/search?q=zzzzzz",
        (("heading", "Search for “zzzzzz”"), ("status", ""), (TEXT, "Try another word or part of it.")),
    ),
    Page(
        "/read",
        (
            ("heading", "Browse the report"),
            ("link", "4 Timeline"),
            ("link", "5.2.2 Working Group on ICT and Cybersecurity, 6 July 2023"),
            ("link", "11.2 EMPACT Infographics"),
        ),
    ),
    Page(
        "/read/jhaan-2023/11.2",
        (
            ("heading", "11.2 EMPACT Infographics"),
            ("link", "The report"),
            ("heading", "Section 11.2, row 5"),
            ("link", "EMPACT Operational Action Plan 2023: High risk criminal networks"),
            (TEXT, 'The figures with the captions "EUROPOL", "EUROJUST"'),
        ),
    ),
    Page(
        "/contradictions",
        (
            ("heading", "Contradictions in the report"),
            ("heading", f"{SEMINAR}: start date"),
            (TEXT, "16 November 2023 preferred"),
            (TEXT, "15 November 2023 not preferred"),
            ("link", "Section 6.3.3, paragraph 1"),
            ("link", "Section 3, paragraph 4"),
            ("link", "decision"),
        ),
    ),
    Page(
        "/gaps",
        (
            ("heading", "Missing information"),
            (TEXT, "Something may have happened even if it is not recorded here."),
            (TEXT, 'The figures with the captions "EUROPOL", "EUROJUST"'),
            ("link", "Section 11.2, figure 1"),
        ),
    ),
    Page(
        "/proof",
        (
            ("heading", "How the data were checked"),
            (TEXT, "jhaan verify REPORT.txt"),
            ("heading", "Limits of the check"),
            ("heading", "Exceptions"),
        ),
    ),
    Page(
        "/downloads",
        (
            ("heading", "Downloads"),
            ("link", "jhaan.xlsx"),
            ("link", "jhaan.ttl"),
            ("link", "jhaan.ics"),
            ("link", "SPARQL"),
            ("link", "External facts: seats"),
        ),
    ),
    Page(
        "/sparql",
        (
            ("heading", "SPARQL query"),
            ("textbox", "Query"),
            ("button", "Run"),
            (TEXT, "Prefixes"),
            ("link", EMPACT),
        ),
    ),
    Page(
        _sparql(
            "SELECT ?agency ?name { ?agency a jhaan:Agency ; jhaan:called ?name . "
            'FILTER (STRSTARTS(?name, "European Border")) }'
        ),
        (
            ("columnheader", "agency"),
            ("columnheader", "name"),
            ("cell", "European Border and Coast Guard Agency"),
            (TEXT, "One row."),
            ("link", "CSV"),
        ),
    ),
    Page(_sparql("ASK { ?agency a jhaan:Agency }"), ((TEXT, "yes"), ("link", "JSON"))),
    Page(
        _sparql("CONSTRUCT WHERE { ?agency a jhaan:Agency }"),
        ((TEXT, "agency:frontex a jhaan:Agency ."), ("link", "Turtle")),
    ),
    Page(
        "/sparql?query=SELEC",
        (
            ("alert", ""),
            (TEXT, 'Did you mean "SELECT"?'),
            ("textbox", "Query"),
        ),
        400,
    ),
    Page("/questions/empact-co-run?agency=eropol", ((TEXT, 'Did you mean "Europol"'), ("alert", "")), 400),
    Page("/id/agency/interpol", ((TEXT, "No entry found for"), ("alert", "")), 404),
    Page("/nothing", ((TEXT, "There is no page at this address."), ("alert", "")), 404),
)
"""The pages, in no particular order."""

SIZES: Final = {"desktop": (1280, 900), "phone": (390, 844)}
"""Width and height of the screens, in CSS pixels."""


MAIN: Final = tuple(
    page
    for page in PAGES
    if page.path
    in (
        "/",
        "/questions/empact-co-run",
        "/id/agency/europol",
        "/id/event/2023/seminar-information-provision-what",
        "/timeline",
    )
)
"""The pages of which CI tests each; `test_pages_release.py` tests all pages."""


def name(page: Page | str) -> str:
    """Return the name of a page or size, for the ids of tests."""
    if isinstance(page, str):
        return page
    path = unquote_plus(page.path)
    return path if len(path) < 80 else f"{path[:20]}...{path[-40:]}"
