// Encodes a text with npm's gpt-tokenizer, warm, and reports as the C# side does.
// node gpt-tokenizer.cjs NODE_MODULES ENCODING TEXT IDS
const fs = require('fs');
const path = require('path');
const [modules, encoding, textFile, idsFile] = process.argv.slice(2);
const { encode } = require(path.join(modules, 'gpt-tokenizer', 'cjs', 'encoding', encoding + '.js'));
require('./warm.cjs')(fs.readFileSync(textFile, 'utf8'), encode, idsFile);
