{% for graph in graphs %}
DROP SILENT GRAPH <{{ graph }}> ;
{% endfor %}
DROP SILENT GRAPH <{{ flat_graph }}>
