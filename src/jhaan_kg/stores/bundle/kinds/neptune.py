"""Amazon Neptune, with its bulk loader, which reads from Amazon S3.

Sources: "Neptune Loader Command" (the request and its parameters), "Loading Data into Amazon Neptune" and "RDF Load
Data Formats" (N-Triples and N-Quads, gzip, UTF-8 that is not normalised), "Neptune Loader Get-Status API", "Querying
All Named Graphs by Default" (the union), all Amazon Neptune User Guide.
"""

from __future__ import annotations

import json
from typing import Final

from jhaan_kg.stores.bundle.recipe import File, Recipe
from jhaan_kg.stores.kinds import KINDS

_PLACES: Final = {
    "iamRoleArn": "arn:aws:iam::ACCOUNT:role/ROLE",
    "region": "REGION",
    "mode": "NEW",
    "failOnError": "TRUE",
    "parallelism": "MEDIUM",
    "queueRequest": "TRUE",
}


def _request(file: str, form: str, **parser: str) -> str:
    """Write the request that loads a file, which ends in a line feed."""
    configuration = {"parserConfiguration": parser} if parser else {}
    return (
        json.dumps({"source": f"s3://BUCKET/{file}", "format": form, **_PLACES, **configuration}, indent=2)
        + "\n"
    )


RECIPE: Final = Recipe(
    kind="neptune",
    title=KINDS["neptune"].title,
    endpoint="https://CLUSTER:8182/sparql",
    run_on="",
    needs="""\
A Neptune cluster that can read from a bucket of Amazon S3 in its own region: an IAM role that may read the
bucket and is attached to the cluster, and an endpoint of S3 in its network. A machine in that network with curl
and the AWS command line. In the files and lines below, replace `BUCKET`, `ACCOUNT`, `ROLE`, `REGION` and
`CLUSTER`.""",
    load="""\
Copy the data into the bucket, then ask the cluster to load it:

```sh
aws s3 cp jhaan.nq.gz s3://BUCKET/jhaan.nq.gz
curl -fsS -X POST -H 'Content-Type: application/json' --data-binary @load.json https://CLUSTER:8182/loader
```

The answer names the job (`loadId`). Ask for its state until `overallStatus` is `LOAD_COMPLETED`; what it says
of errors must be 0:

```sh
curl -fsS 'https://CLUSTER:8182/loader/LOAD_ID?details=true&errors=true'
```

Where the cluster wants signed requests (IAM authentication), curl signs them: `--aws-sigv4
aws:amz:REGION:neptune-db --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`. `check.sh` signs nothing.""",
    check="""\
```sh
sh check.sh https://CLUSTER:8182/sparql
```""",
    default_graph="A query that names no graph sees the union of all graphs; there is nothing to switch.",
    flat="""\
Into the named graph `@FLAT_GRAPH@`:

```sh
aws s3 cp jhaan.nt.gz s3://BUCKET/jhaan.nt.gz
curl -fsS -X POST -H 'Content-Type: application/json' --data-binary @load-flat.json https://CLUSTER:8182/loader
```""",
    renew="""\
The loader adds and never takes away. Take the old release away with **its** `remove.ru`, then load the new one;
readers find graphs missing in between.

```sh
curl -fsS --data-urlencode update@remove.ru https://CLUSTER:8182/sparql
```""",
    files={
        "load.json": File("the request that loads the dataset", _request("jhaan.nq.gz", "nquads")),
        "load-flat.json": File(
            "the request that loads the flat graph",
            _request("jhaan.nt.gz", "ntriples", namedGraphUri="@FLAT_GRAPH@"),
        ),
        "remove.ru": File(
            "takes all of it away again, in SPARQL Update",
            "DROP SILENT GRAPH <@GRAPH@> ;\nDROP SILENT GRAPH <@FLAT_GRAPH@>\n",
        ),
    },
)
