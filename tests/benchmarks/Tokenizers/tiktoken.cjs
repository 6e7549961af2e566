// Encodes a text with npm's tiktoken (WebAssembly), warm, and reports as the C# side does.
// node tiktoken.cjs NODE_MODULES ENCODING TEXT IDS
const fs = require('fs');
const path = require('path');
const [modules, encoding, textFile, idsFile] = process.argv.slice(2);
const encoder = require(path.join(modules, 'tiktoken')).get_encoding(encoding);
require('./warm.cjs')(fs.readFileSync(textFile, 'utf8'), (text) => encoder.encode(text), idsFile);
