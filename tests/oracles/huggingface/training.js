// Trains byte-pair merges with Hugging Face's own trainer.
//
// The Node binding exposes the trainer with its default options only: no suffix, no prefix, no special tokens, and its ties go to the pair with
// the smallest ids, ids being handed out by the symbols' code points. (With a suffix or a prefix Hugging Face numbers the marked symbols in the order of a
// hash map, so that two runs differ.) So every symbol, with its mark, is written as one private-use character, numbered in the order that we want the
// ids to have; the trainer sees plain characters, and the merges are translated back. What is counted and merged, and when, is the trainer's own doing.
const fs = require('fs');
const os = require('os');
const path = require('path');
const hf = require('tokenizers');

const firstPrivate = 0xF0000;

// words: array of arrays of symbols, one entry for each occurrence; compare: the order of the ids. -> { alphabet: [symbol], merges: [[left, right]] }
function trainMerges(words, compare) {
  const alphabet = [...new Set(words.flat())].sort(compare);
  const letters = new Map(alphabet.map((symbol, index) => [symbol, String.fromCodePoint(firstPrivate + index)]));
  const symbols = new Map([...letters].map(([symbol, letter]) => [letter, symbol]));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oracle-'));
  const file = path.join(folder, 'words.txt');
  fs.writeFileSync(file, words.map((word) => word.map((symbol) => letters.get(symbol)).join('')).join(' ') + '\n');

  const tokenizer = new hf.Tokenizer(hf.BPE.empty());
  tokenizer.setPreTokenizer(hf.whitespaceSplitPreTokenizer());
  tokenizer.train([file]);
  const saved = path.join(folder, 'tokenizer.json');
  tokenizer.save(saved);
  const model = JSON.parse(fs.readFileSync(saved, 'utf8')).model;
  fs.rmSync(folder, { recursive: true });

  const back = (text) => [...text].map((letter) => symbols.get(letter));
  return { alphabet, merges: model.merges.map(([left, right]) => [back(left), back(right)]) };
}

// Ids by code point, as Hugging Face's trainer orders its alphabet.
function byCodePoint(a, b) {
  const left = [...a], right = [...b];
  for (let i = 0; i < Math.min(left.length, right.length); i++)
    if (left[i] !== right[i]) return left[i].codePointAt(0) - right[i].codePointAt(0);
  return left.length - right.length;
}

// The lines of a text with their line ends, the unit that Hugging Face's trainer reads.
const linesOf = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function corpusLines() {
  const folder = path.join(__dirname, '..', 'corpus');
  return fs.readdirSync(folder).sort().flatMap((file) => linesOf(fs.readFileSync(path.join(folder, file), 'utf8')));
}

module.exports = { trainMerges, byCodePoint, linesOf, corpusLines };
