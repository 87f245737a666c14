-- Loads the JHAAN knowledge graph, release {{ version }}: isql 1111 dba PASSWORD load.sql -u FOLDER=/path/to/this/folder
-- Each quad names its graph. The third argument of ld_dir would be the graph of triples; it must be there all the same.
DELETE FROM DB.DBA.load_list WHERE ll_file = '$U{FOLDER}/jhaan.nq.gz';
ld_dir('$U{FOLDER}', 'jhaan.nq.gz', '{{ flat_graph }}');
rdf_loader_run();
checkpoint;
-- State 2 without an error is right. No row: the file was not found there.
SELECT ll_file, ll_state, ll_error FROM DB.DBA.load_list WHERE ll_file = '$U{FOLDER}/jhaan.nq.gz';
