// Asks SPARQL endpoints by Comunica, as long as requests come: each is a line of JSON, {"url", "query"}; the answer to
// it is a line of JSON, {"results"} as in the SPARQL 1.1 Query Results JSON Format, or {"error"}.
const readline = require("readline");
const { QueryEngine } = require("@comunica/query-sparql");

const engine = new QueryEngine();

async function answer({ url, query }) {
  const result = await engine.query(query, { sources: [{ type: "sparql", value: url }] });
  const { data } = await engine.resultToString(result, "application/sparql-results+json");
  const parts = [];
  for await (const part of data) parts.push(part);
  const { head, results } = JSON.parse(parts.join("")); // it adds a part that the format does not know
  return { results: { head, results } };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const said = await answer(JSON.parse(line)).catch((error) => ({ error: String(error) }));
    process.stdout.write(JSON.stringify(said) + "\n");
  }
})();
