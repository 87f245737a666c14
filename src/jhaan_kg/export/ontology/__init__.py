"""The documentation of the ontology and the shapes: pages for people, and the files in each language of RDF."""
