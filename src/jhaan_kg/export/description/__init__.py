"""What a release says of itself: DCAT-AP for catalogues, VoID for those who query, PROV-O for those who ask whence.

`dataset.ttl` holds what people have written about the datasets; all else follows from the graph and from the files.
"""
