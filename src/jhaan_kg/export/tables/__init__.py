"""The graph as tables that people join: one table a class, one a relation, as CSV with metadata or as a workbook.

`layout.yaml` lists the tables and columns, which `layout` reads; `fill` fills them from a graph; `folder` writes them
as CSV, and `workbook` as sheets.
"""
