-- Takes the graphs of the JHAAN knowledge graph, release {{ version }}, away, and no other:
-- isql 1111 dba PASSWORD remove.sql
{% for graph in graphs %}
SPARQL CLEAR GRAPH <{{ graph }}>;
{% endfor %}
SPARQL CLEAR GRAPH <{{ flat_graph }}>;
checkpoint;
