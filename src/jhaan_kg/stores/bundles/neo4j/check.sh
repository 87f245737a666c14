#!/bin/sh
# Compares what Neo4j holds with release {{ version }} of the JHAAN knowledge graph: nodes and relationships.
#
# usage: sh check.sh [OPTIONS OF CYPHER-SHELL]
#
# Exit codes: 0 alike, 1 something differs, 3 no answer from the store.
set -u

if ! answer=$(cypher-shell --format plain --file "$(dirname "$0")/count.cypher" "$@"); then
    echo "check.sh: no answer from Neo4j. Does it run, and are user and password right" \
        "(NEO4J_USERNAME, NEO4J_PASSWORD)?" >&2
    exit 3
fi
fault=0
for expected in nodes:{{ nodes }} relationships:{{ relationships }}; do
    what=${expected%:*}
    count=$(printf '%s\n' "$answer" | tr -d '\r" ' | sed -n "s/^$what,//p")
    if [ "$count" != "${expected#*:}" ]; then
        echo "$what: ${count:-none}, expected ${expected#*:}"
        fault=1
    fi
done
[ $fault = 0 ] && echo "{{ nodes }} nodes, {{ relationships }} relationships: as in release {{ version }}."
exit $fault
