"""The graph in the languages of RDF: Turtle and TriG for reading, lines for loading, RDF/XML for older tools."""
