// Reads a file with N3.js, and prints its quads as N-Quads: read_rdf.js FORMAT FILE
const fs = require("fs");
const { Parser, Writer } = require("n3");

const [format, file] = process.argv.slice(2);
const quads = new Parser({ format }).parse(fs.readFileSync(file, "utf8"));
process.stdout.write(new Writer({ format: "N-Quads" }).quadsToString(quads));
