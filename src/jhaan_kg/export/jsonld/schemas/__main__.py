"""`python -m jhaan_kg.export.jsonld.schemas`: write the schemas of the framed documents anew."""

from __future__ import annotations

import sys

from jhaan_kg.build.files import find_root
from jhaan_kg.errors import JhaanError
from jhaan_kg.export.jsonld.frame import frame_names
from jhaan_kg.export.jsonld.schemas import FOLDER
from jhaan_kg.export.jsonld.schemas.make import schema_file
from jhaan_kg.files import write_whole


def main() -> int:
    """Write all schemas, from the ontology and the shapes of the checkout around the current folder."""
    try:
        root = find_root()
        if root is None:
            raise JhaanError("There are no sources here. Go to a checkout of jhaan-kg, which has ontology/.")
        for name in frame_names():
            write_whole(FOLDER / f"{name}.json", schema_file(name, root))
        sys.stderr.write(f"{len(frame_names())} schemas written.\n")
    except JhaanError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
