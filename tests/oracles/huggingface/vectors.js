// How vector files are written.
const fs = require('fs');
const path = require('path');

// Hugging Face counts code points; .NET and JavaScript count UTF-16 code units.
function toUtf16(text, offsets) {
  const starts = [0];
  for (const character of text) starts.push(starts.at(-1) + character.length);
  return offsets.flat().map((offset) => starts[offset]);
}

const list = (items) => '[\n' + items.map((item) => JSON.stringify(item)).join(',\n') + '\n]';
function write(file, head, columns) {
  const fields = [...Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`),
    ...Object.entries(columns).map(([key, items]) => `${JSON.stringify(key)}: ${list(items)}`)];
  fs.writeFileSync(path.join(__dirname, 'vectors', file), '{\n' + fields.join(',\n') + '\n}\n');
}

module.exports = { toUtf16, write };
