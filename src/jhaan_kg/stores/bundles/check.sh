#!/bin/sh
# Compares what a store holds with release {{ version }} of the JHAAN knowledge graph: the triples of each named graph and of
# all together, and the release that a query sees which names no graph.
#
# usage: sh check.sh [--flat] [URL]
#   URL     the address of the SPARQL endpoint (default: {{ endpoint }})
#   --flat  the flat graph was loaded (jhaan.nt.gz), and not the dataset
#
# Name and password are read from JHAAN_STORE_USER and JHAAN_STORE_PASSWORD, or from ~/.netrc; a token from
# JHAAN_STORE_TOKEN. It needs curl. Exit codes: 0 alike, 1 something differs, 2 wrong use, 3 no answer from the store.
set -u

url='{{ endpoint }}'
flat=
for argument; do
    case $argument in
    --flat) flat=yes ;;
    http://* | https://*) url=$argument ;;
    *)
        echo "check.sh: $argument is neither --flat nor an address. usage: sh check.sh [--flat] [URL]" >&2
        exit 2
        ;;
    esac
done
if ! command -v curl >/dev/null; then
    echo "check.sh: curl is missing; install it." >&2
    exit 2
fi
cd "$(dirname "$0")" || exit 2

# Writes secrets to curl's standard input, since others may read its arguments.
secrets() {
    if [ -n "${JHAAN_STORE_TOKEN:-}" ]; then
        printf 'header = "Authorization: Bearer %s"\n' "$(escaped "$JHAAN_STORE_TOKEN")"
    elif [ -n "${JHAAN_STORE_USER:-}" ]; then
        printf 'user = "%s:%s"\n' "$(escaped "$JHAAN_STORE_USER")" "$(escaped "${JHAAN_STORE_PASSWORD:-}")"
    fi
}

escaped() {
    printf '%s' "$1" | sed 's/[\\"]/\\&/g'
}

# Asks a query, and prints the rows of its answer without the names of the columns, which are the first argument.
ask() {
    if ! answer=$(secrets | curl -sS --fail --netrc-optional --anyauth --config - \
        --header 'Accept: text/csv' --data-urlencode "query=$2" "$url"); then
        echo "check.sh: $url doesn't answer. Is it the address of the SPARQL endpoint, and does the store run?" >&2
        return 3
    fi
    answer=$(printf '%s\n' "$answer" | tr -d '\r"')
    if [ "$(printf '%s\n' "$answer" | sed 1q)" != "$1" ]; then
        echo "check.sh: $url answers, but not with a table in CSV. Is it the address of the SPARQL endpoint?" >&2
        return 3
    fi
    printf '%s\n' "$answer" | sed '1d; /^$/d'
}

fault=0
version=$(ask version 'SELECT ?version WHERE {
    <https://w3id.org/jhaan/ontology> <http://www.w3.org/2002/07/owl#versionInfo> ?version }') || exit
if [ -z "$version" ]; then
    echo "A query that names no graph sees nothing of the knowledge graph: it isn't there, or not in the default graph."
    fault=1
elif [ "$version" != '{{ version }}' ]; then
    echo "A query that names no graph sees release $(echo $version), expected {{ version }}."
    fault=1
fi

if [ -n "$flat" ]; then
    count=$(ask count 'SELECT (COUNT(*) AS ?count) WHERE { {% if flat_in_graph %}GRAPH <{{ flat_graph }}> { ?s ?p ?o }{% else %}?s ?p ?o{% endif %} }') || exit
    if [ "$count" != '{{ flat }}' ]; then
        echo "The flat graph: $count triples, expected {{ flat }}."
        fault=1
    fi
    [ $fault = 0 ] && echo "{{ flat }} triples: as in release {{ version }}."
    exit $fault
fi

counts=$(ask graph,count 'SELECT ?graph (COUNT(*) AS ?count) WHERE {
    GRAPH ?graph { ?s ?p ?o }
    FILTER(STRSTARTS(STR(?graph), "{{ namespace }}"))
} GROUP BY ?graph') || exit
differences=$(printf '%s\n' "$counts" | awk '
    FNR == NR { split($0, cell, "\t"); if (FNR > 1) expected[cell[1]] = cell[2]; next }
    /./ { split($0, cell, ","); found[cell[1]] = cell[2] }
    END {
        for (graph in expected)
            if (!(graph in found)) print graph ": missing, expected " expected[graph] " triples"
            else if (found[graph] != expected[graph])
                print graph ": " found[graph] " triples, expected " expected[graph]
        for (graph in found)
            if (!(graph in expected)) print graph ": " found[graph] " triples, not in this release"
    }' counts.tsv - | sort)
total=$(printf '%s\n' "$counts" | awk -F, '{ total += $2 } END { print total + 0 }')
if [ -n "$differences" ]; then
    printf '%s\n' "$differences"
    echo "Total: $total triples in the named graphs of the project, expected {{ total }}."
    fault=1
fi
[ $fault = 0 ] && echo "{{ graphs | length }} named graphs, $total triples: as in release {{ version }}."
exit $fault
