// Frames a graph with jsonld.js and prints the framed documents, one a line; the one context that may be loaded is named.
//   node jsonld_frame.js CONTEXT-IRI CONTEXT-FILE GRAPH FRAMES
// GRAPH is a file in JSON-LD, FRAMES a file with one frame a line.
const fs = require("fs");
const jsonld = require("jsonld");

const [iri, file, graph, frames] = process.argv.slice(2);

async function documentLoader(url) {
  if (url !== iri) throw new Error(`not on the list: ${url}`);
  return { contextUrl: null, documentUrl: url, document: JSON.parse(fs.readFileSync(file, "utf8")) };
}

(async () => {
  const input = JSON.parse(fs.readFileSync(graph, "utf8"));
  for (const line of fs.readFileSync(frames, "utf8").split("\n").filter(Boolean)) {
    const framed = await jsonld.frame(input, JSON.parse(line), { documentLoader, omitGraph: false });
    fs.writeSync(1, JSON.stringify(framed) + "\n");
  }
})();
