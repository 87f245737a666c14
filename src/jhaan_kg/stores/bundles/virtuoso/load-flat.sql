-- Loads the flat graph of the JHAAN knowledge graph, release {{ version }}, into one named graph.
DELETE FROM DB.DBA.load_list WHERE ll_file = '$U{FOLDER}/jhaan.nt.gz';
ld_dir('$U{FOLDER}', 'jhaan.nt.gz', '{{ flat_graph }}');
rdf_loader_run();
checkpoint;
-- State 2 without an error is right. No row: the file was not found there.
SELECT ll_file, ll_state, ll_error FROM DB.DBA.load_list WHERE ll_file = '$U{FOLDER}/jhaan.nt.gz';
