"""The graph as tables that people join: one table a class, one a relation, as CSV with metadata or as a workbook.

`layout` says which tables and columns there are, `vocabulary` what the ontology says of them, `model` fills them;
`folder` and `csvw` write CSV and its metadata, `workbook` writes the sheets.
"""
