// Reads JSON-LD documents with jsonld.js and prints their N-Quads; the one context that may be loaded is named.
//   node jsonld_to_nquads.js CONTEXT-IRI CONTEXT-FILE DOCUMENTS
// DOCUMENTS is a file with one document a line.
const fs = require("fs");
const jsonld = require("jsonld");

const [iri, file, documents] = process.argv.slice(2);

async function documentLoader(url) {
  if (url !== iri) throw new Error(`not on the list: ${url}`);
  return { contextUrl: null, documentUrl: url, document: JSON.parse(fs.readFileSync(file, "utf8")) };
}

(async () => {
  for (const line of fs.readFileSync(documents, "utf8").split("\n").filter(Boolean)) {
    const options = { format: "application/n-quads", documentLoader, safe: true };
    fs.writeSync(1, await jsonld.toRDF(JSON.parse(line), options));
  }
})();
