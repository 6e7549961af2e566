// Reads the files in written/, which TokenizerJson.Save wrote, and writes vectors/written-*.json: what Hugging Face's library computes with them.
// Run: node read_written.js
const fs = require('fs');
const path = require('path');
const hf = require('tokenizers');
const { write } = require('./vectors.js');

const texts = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'texts', 'texts.json'), 'utf8')).written;

async function main() {
  for (const file of fs.readdirSync(path.join(__dirname, 'written')).sort()) {
    const tokenizer = hf.Tokenizer.fromFile(path.join(__dirname, 'written', file));
    const ids = [], decoded = [];
    for (const text of texts) {
      const own = (await tokenizer.encode(text, null, { addSpecialTokens: false })).getIds();
      ids.push(own);
      const back = own.length === 0 ? '' : await tokenizer.decode(own, false);
      decoded.push(back === text ? null : back);
    }
    write('written-' + file, { library: 'Hugging Face tokenizers (npm) 0.23.2', model: `written/${file}`, texts: 'all written' }, { ids, decoded });
    console.log(file, tokenizer.getVocabSize(true), ids.flat().length, 'tokens');
  }
}
main();
