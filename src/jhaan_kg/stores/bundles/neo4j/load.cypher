// Loads the flat graph of the JHAAN knowledge graph, release {{ version }}, into an empty database, with neosemantics.
CREATE CONSTRAINT n10s_unique_uri IF NOT EXISTS FOR (r:Resource) REQUIRE r.uri IS UNIQUE;

// All values of a property are kept, as a list, with their language tags; types become labels.
CALL n10s.graphconfig.init({handleMultival: 'ARRAY', keepLangTag: true, keepCustomDataTypes: true,
    handleVocabUris: 'SHORTEN', handleRDFTypes: 'LABELS'});

// It says how many triples it read: {{ flat }} is right.
CALL n10s.rdf.import.fetch($file, 'N-Triples');
