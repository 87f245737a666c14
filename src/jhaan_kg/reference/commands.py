"""The page of commands and the table of the questions, generated from the program."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from typing import Final

from jhaan_kg.build.cache import open_snapshot
from jhaan_kg.cli import COMMANDS, command
from jhaan_kg.cli.common import Parser
from jhaan_kg.errors import EXIT_CODES
from jhaan_kg.export import FORMATS as EXPORTS
from jhaan_kg.export.pages import code, prose, table
from jhaan_kg.query.catalogue import load_catalogue
from jhaan_kg.results import FORMATS, GRAPH_FORMATS

HEAD: Final = """# Commands

`jhaan COMMAND --help` shows the help of a command. Results go to standard output, or to the file after `-o`. All other
messages go to standard error. Options can come before or after arguments.

"""

QUESTIONS: Final = """# The stored questions

`jhaan query NAME` answers a question, and `--cite` names the passages behind each row. `jhaan query NAME --help`
explains the answer and its options, `--show` prints the SPARQL. Name entities by any name, some words of a name,
acronym, CURIE or IRI. `all` means any. Repeat an option to give several values.

An answer begins with a sentence that sums it up. Tables have lines of 120 characters at most; wider ones are shown as
records with a line for each value. Values that are the same in all rows appear once, above the table. Empty columns,
and columns of IRIs whose labels are shown, are left out. `--format csv`, `json` and so on have all columns.
[Writing queries](writing-queries.md) explains how the sentence is written.

`jhaan query --format md -o questions.md` writes all questions with the first rows of each answer. A release has this
page in `docs/`.

"""

FORMATS_OF_ANSWERS: Final = """## Formats of answers

`--format` of {}. With `--cite`, every format but `table` has the passages of each row in the
columns `sources` and `note`, and all but `md` their IRIs in `sourceIris`. `table` and `md` have only the first
passages. `--quote` adds the column `quotations`, with one passage per line: its place and its text. The answer to an
ASK query can be `table` (yes or no), `json` or `xml`.
"""

FORMATS_OF_EXPORTS: Final = """## Formats of exports

`jhaan export FORMAT` writes the flat graph or the dataset. The dataset has one named graph for each source (a section
of the report, the curators, an external source, or inference), and the evidence, which links each statement to its
passages. The flat graph is the union of the named graphs, without the evidence, the stored questions and the lexicon.
The same snapshot always produces the same bytes, on any machine.
"""

FORMATS_OF_ROWS: Final = {
    "table": "a table or records for reading; with `--cite`, the first passages are below each row",
    "csv": "SPARQL 1.1 Query Results CSV: values without their types; lines end with CR LF, as the standard requires",
    "tsv": "SPARQL 1.1 Query Results TSV: values as SPARQL writes them, with datatypes and languages",
    "json": "SPARQL 1.1 Query Results JSON",
    "xml": "SPARQL Query Results XML",
    "md": "a table in GitHub's Markdown; entities and passages are links to their IRIs",
    "xlsx": "a workbook for spreadsheet programs, with numbers and days as such; needs `-o FILE.xlsx`",
}
"""The descriptions of the formats for rows."""

FORMATS_OF_GRAPHS: Final = {
    "ttl": "Turtle",
    "jsonld": "JSON-LD 1.1 with the keys of our context; other terms are IRIs",
    "ntriples": "N-Triples, sorted",
}
"""The descriptions of the formats for the answer of a CONSTRUCT or DESCRIBE query."""

ENVIRONMENT: Final = {
    "JHAAN_CACHE": "the folder for built snapshots and stores; you can delete it at any time",
    "XDG_CACHE_HOME": "without `JHAAN_CACHE`: the folder of the cache `jhaan-kg`; default: `~/.cache`",
    "JHAAN_REPORT": "the file with a report's text; default: the texts added with `jhaan text add`",
    "XDG_DATA_HOME": "the folder in which `jhaan-kg/reports` keeps copied texts; default: `~/.local/share`",
    "LOCALAPPDATA": "on Windows, the default of both folders",
    "JHAAN_VOCAB": "the folder with copies of the reused vocabularies, for `python -m jhaan_kg.reused_terms` and tests",
    "JHAAN_STORE_USER": "the user name for a triple store (`docs/triple-stores.md`)",
    "JHAAN_STORE_PASSWORD": "the password for a triple store",
    "JHAAN_STORE_TOKEN": "a token for a triple store, instead of user name and password",
    "JHAAN_SERVE_OPTIONS": "options of `jhaan serve`; options on the command line have priority",
    "NETRC": "the file with names and passwords of hosts; default: `~/.netrc`",
    "REQUESTS_CA_BUNDLE": "a file or folder with the certificates to trust, instead of those of the library certifi",
    "CURL_CA_BUNDLE": "the same, if `REQUESTS_CA_BUNDLE` is not set",
    "_ARGCOMPLETE": "set by the shell for completion",
}
"""The environment variables that the package reads."""


def commands_page() -> str:
    """Return the page of the commands, in Markdown."""
    return "\n".join(
        [
            HEAD + "".join(f"- [{name}](#jhaan-{name}): {prose(text)}\n" for name, text in COMMANDS.items()),
            *(part for name in COMMANDS for part in _command(command(name).parser())),
            _formats(),
            "## Exit codes\n",
            table(
                ["Code", "Meaning"], ([code(str(number)), prose(text)] for number, text in EXIT_CODES.items())
            ),
            "## Environment variables\n",
            table(["Variable", "Purpose"], ([code(name), text] for name, text in ENVIRONMENT.items())),
        ]
    )


def _command(parser: Parser) -> Iterator[str]:
    arguments = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    options = [action for action in arguments if action.option_strings]
    places = [action for action in arguments if not action.option_strings]
    yield f"## {parser.prog}\n"
    yield f"{prose(parser.description or '')}\n"
    if places:
        yield table(["Argument", "What it is"], ([_name(action), _describe(action)] for action in places))
    yield table(["Option", "What it does"], ([_name(action), _describe(action)] for action in options))
    if parser.examples:
        yield "```sh\n" + "".join(_examples(parser.examples)) + "```\n"


def _name(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ", ".join(map(code, action.option_strings))
    value = action.metavar if isinstance(action.metavar, str) else action.dest
    if action.option_strings:
        value = value if action.metavar else value.upper()
        return ", ".join(code(f"{option} {value}") for option in action.option_strings)
    return code({"?": f"[{value}]", "*": f"[{value} …]", "+": f"{value} …"}.get(str(action.nargs), value))


def _describe(action: argparse.Action) -> str:
    """Return the description of an argument or option, its values, and its default."""
    parts = [prose(" ".join((action.help or "").split()).replace("%%", "%"))]
    if action.choices:
        parts.append("one of " + ", ".join(code(str(choice)) for choice in action.choices))
    if action.required and action.option_strings:
        parts.append("must be given")
    default = action.default
    if default not in (None, False, argparse.SUPPRESS, []) and "default" not in parts[0]:
        parts.append(f"default: {code(str(default))}")
    return "; ".join(part for part in parts if part)


def _examples(examples: str) -> Iterator[str]:
    """Yield the lines of examples for a shell, with their descriptions as comments."""
    for line in examples.splitlines():
        if example := re.fullmatch(r"  (\S.*?)(?: {2,}(.*))?", line):
            yield f"{example[1]}  # {example[2]}\n" if example[2] else f"{example[1]}\n"


def questions_index() -> str:
    """Return the table of the stored questions, in Markdown."""
    catalogue = sorted(load_catalogue(open_snapshot().catalogue_path), key=lambda stored: stored.name)
    rows = (
        [
            code(stored.name),
            prose(stored.summary),
            " ".join(code(parameter.option) for parameter in stored.parameters),
        ]
        for stored in catalogue
    )
    return QUESTIONS + table(["Question", "In words", "Its own options"], rows)


def _answers_in_rows(name: str) -> bool:
    parser: argparse.ArgumentParser = command(name).parser()
    return any(
        action.dest == "format" and set(FORMATS) <= set(action.choices or ()) for action in parser._actions
    )


def _formats() -> str:
    exports = (
        [code(name), form.what, code(form.suffix), code(form.media_type)] for name, form in EXPORTS.items()
    )
    return "\n".join(
        [
            FORMATS_OF_ANSWERS.format(
                ", ".join(code(f"jhaan {name}") for name in COMMANDS if _answers_in_rows(name))
            ),
            table(
                ["Format for rows", "What it is"], ([code(name), FORMATS_OF_ROWS[name]] for name in FORMATS)
            ),
            table(
                ["Format for graphs", "What it is"],
                ([code(name), FORMATS_OF_GRAPHS[name]] for name in GRAPH_FORMATS),
            ),
            FORMATS_OF_EXPORTS,
            table(["Format", "What it is", "File", "Media type"], exports),
        ]
    )
