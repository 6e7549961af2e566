// Gives Hugging Face's library the vocab.json and merges.txt of chapter 1 (chapter-01/, written by ChapterOneFilesTests) and writes down what it reads in them and how it cuts
// the words of the held-out page: chapter-01/vectors.json.
// Run: npm install && node chapter-01.js
const fs = require('fs');
const os = require('os');
const path = require('path');
const { BPE, Tokenizer, whitespaceSplitPreTokenizer } = require('tokenizers');

const here = (...names) => path.join(__dirname, 'chapter-01', ...names);

async function main() {
  const options = { unkToken: '<unk>', endOfWordSuffix: '</w>' };
  const tokenizer = new Tokenizer(await BPE.fromFile(here('vocab.json'), here('merges.txt'), options));
  tokenizer.setPreTokenizer(whitespaceSplitPreTokenizer());
  const saved = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'chapter-01-')), 'tokenizer.json');
  tokenizer.save(saved);
  const { model } = JSON.parse(fs.readFileSync(saved, 'utf8'));       // what the library read, in its own words

  const page = fs.readFileSync(path.join(__dirname, '..', '..', '..', 'data', 'english', 'held-out.txt'), 'utf8');
  const words = [...new Set(page.split(/\s+/).filter((word) => word.length > 0))];
  const ids = [];
  for (const word of words) {
    ids.push((await tokenizer.encode(word, null, { addSpecialTokens: false })).getIds());
  }

  fs.writeFileSync(here('vectors.json'), JSON.stringify({
    library: `Hugging Face tokenizers ${require('tokenizers/package.json').version} (npm)`,
    merges: model.merges.map((merge) => Array.isArray(merge) ? merge.join(' ') : merge),
    words,
    ids,
  }) + '\n');
}

main();
