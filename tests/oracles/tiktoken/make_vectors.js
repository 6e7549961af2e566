// Writes ranks/*.tiktoken (rank tables trained on our corpus) and vectors/*.json (the ids that tiktoken gives with them).
// Run: npm install && node make_vectors.js
//
// The published rank tables are large and not ours, so that tests can't carry them. Tables of our own with the published patterns test the same code:
// splitting by the pattern, merging by rank, special tokens. `production.json` holds the ids under the published tables, for whoever has the files.
const fs = require('fs');
const path = require('path');
const hf = require('tokenizers');
const { Tiktoken, get_encoding } = require('tiktoken');
const { trainMerges, byCodePoint, corpusLines } = require('../huggingface/training.js');

const texts = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'texts', 'texts.json'), 'utf8'));
const patterns = JSON.parse(fs.readFileSync(path.join(__dirname, 'patterns.json'), 'utf8'));
const inputs = [...texts.written, ...texts.random];

// GPT-2's table: printing bytes stand for themselves, the others for the code points from 256 on. Here: character -> byte.
const printing = [];
for (const [first, last] of [[33, 126], [161, 172], [174, 255]]) for (let b = first; b <= last; b++) printing.push(b);
const others = [...Array(256).keys()].filter((b) => !printing.includes(b));
const byteOf = new Map([...printing.map((b) => [String.fromCodePoint(b), b]), ...others.map((b, i) => [String.fromCodePoint(256 + i), b])]);
const toBytes = (symbols) => Buffer.from([...symbols].map((character) => byteOf.get(character)));

function trainRanks(pattern, count) {
  const preTokenizer = hf.Tokenizer.fromString(JSON.stringify({
    version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, post_processor: null, decoder: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
      { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }] },
    model: { type: 'BPE', vocab: {}, merges: [] },
  })).getPreTokenizer();
  const words = corpusLines().flatMap((line) => preTokenizer.preTokenizeString(line).map(([piece]) => [...piece]));
  const { merges } = trainMerges(words, byCodePoint);
  const ranks = [...printing, ...others].map((b) => Buffer.from([b]));
  const seen = new Set(ranks.map((token) => token.toString('base64')));
  for (const [left, right] of merges) {
    const token = toBytes([...left, ...right].join(''));
    if (seen.has(token.toString('base64'))) continue;          // two merges may spell the same bytes; a rank table holds them once
    seen.add(token.toString('base64'));
    ranks.push(token);
    if (ranks.length === 256 + count) break;
  }
  return ranks;
}

const list = (items) => '[\n' + items.map((item) => JSON.stringify(item)).join(',\n') + '\n]';
const write = (file, head, columns) => fs.writeFileSync(path.join(__dirname, 'vectors', file),
  '{\n' + [...Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`),
    ...Object.entries(columns).map(([key, items]) => `${JSON.stringify(key)}: ${list(items)}`)].join(',\n') + '\n}\n');

async function main() {
  fs.mkdirSync(path.join(__dirname, 'ranks'), { recursive: true });
  fs.mkdirSync(path.join(__dirname, 'vectors'), { recursive: true });
  const { GptEncoding } = require('gpt-tokenizer/GptEncoding');
  const gptPatterns = require(path.join(path.dirname(require.resolve('gpt-tokenizer/GptEncoding')), 'encodingParams', 'constants.js'));

  for (const [name, pattern] of Object.entries(patterns)) {
    const ranks = trainRanks(pattern, 700);
    fs.writeFileSync(path.join(__dirname, 'ranks', name + '.tiktoken'), ranks.map((token, rank) => `${token.toString('base64')} ${rank}\n`).join(''));
    const special = { '<|endoftext|>': ranks.length, '<|end of text|>': ranks.length + 3 };
    const tiktoken = new Tiktoken('! 0 ' + ranks.map((token) => token.toString('base64')).join(' '), special, pattern);
    const ids = inputs.map((text) => [...tiktoken.encode_ordinary(text)]);
    const withSpecialTokens = texts.written.map((text) => [...tiktoken.encode(text, 'all', [])]);
    inputs.forEach((text, i) => {
      const back = new TextDecoder('utf-8', { ignoreBOM: true }).decode(tiktoken.decode(new Uint32Array(ids[i])));
      if (back !== text) throw new Error(`${name}: ${JSON.stringify(text)} came back as ${JSON.stringify(back)}`);
    });

    // gpt-tokenizer has patterns of its own for the same encodings; note where they disagree.
    const gpt = new GptEncoding({
      tokenSplitRegex: gptPatterns[name.split('_')[0].toUpperCase() + '_TOKEN_SPLIT_REGEX'],
      bytePairRankDecoder: ranks.map((token) => {
        const text = token.toString('utf8');
        return Buffer.from(text, 'utf8').equals(token) ? text : [...token];
      }),
      specialTokensEncoder: new Map(Object.entries(special)),
    });
    const disagreements = [];
    inputs.forEach((text, i) => {
      const other = gpt.encode(text, { disallowedSpecial: new Set() });
      if (JSON.stringify(other) !== JSON.stringify(ids[i])) disagreements.push([i, ...other]);
    });
    console.log(name, ids.flat().length, 'tokens; gpt-tokenizer disagrees on', disagreements.map(([i]) => JSON.stringify(inputs[i])).join(' '));

    write(name + '.json', { library: 'tiktoken (npm) 1.0.22', ranks: `ranks/${name}.tiktoken`, pattern, special, texts: 'ids: all written, all random; withSpecialTokens: all written',
      differently: 'gpt-tokenizer 4.0.0: [index of the text, ids...] where its own pattern gives other ids' }, { ids, withSpecialTokens: withSpecialTokens.map((own, i) => JSON.stringify(own) === JSON.stringify(ids[i]) ? null : own), gptTokenizer: disagreements });
    tiktoken.free();
  }

  const columns = {};
  for (const name of Object.keys(patterns)) {
    const encoding = get_encoding(name);
    columns[name] = texts.written.map((text) => [...encoding.encode_ordinary(text)]);
    encoding.free();
  }
  write('production.json', { library: 'tiktoken (npm) 1.0.22', ranks: 'as published', texts: 'all written' }, columns);
}
main();
