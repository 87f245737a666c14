MATCH (n:Resource) RETURN 'nodes' AS what, count(n) AS count
UNION ALL
MATCH (:Resource)-[r]->(:Resource) RETURN 'relationships' AS what, count(r) AS count;
