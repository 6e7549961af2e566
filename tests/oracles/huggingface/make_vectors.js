// Writes models/*.json (tokenizer.json files as Hugging Face's library saves them) and vectors/*.json (what it computes with them).
// Run: npm install && node make_vectors.js (then, for the files that we write, node read_written.js)
const fs = require('fs');
const path = require('path');
const hf = require('tokenizers');
const { trainMerges, byCodePoint, corpusLines } = require('./training.js');
const { toUtf16, write } = require('./vectors.js');

const texts = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'texts', 'texts.json'), 'utf8'));
const lines = corpusLines();
const patterns = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'tiktoken', 'patterns.json'), 'utf8'));

// --- the parts that a tokenizer is put together from

const word = { type: 'Whitespace' };
const wordSplit = { type: 'WhitespaceSplit' };
const bertWords = { type: 'BertPreTokenizer' };
const byteLevel = (add_prefix_space = false, use_regex = true, trim_offsets = true) => ({ type: 'ByteLevel', add_prefix_space, trim_offsets, use_regex });
const split = (pattern, behavior = 'Isolated', invert = false) => ({ type: 'Split', pattern: { Regex: pattern }, behavior, invert });
const digits = (individual_digits) => ({ type: 'Digits', individual_digits });
const punctuation = (behavior = 'Isolated') => ({ type: 'Punctuation', behavior });
const preTokenizers = (...pretokenizers) => ({ type: 'Sequence', pretokenizers });
const normalizers = (...normalizers) => ({ type: 'Sequence', normalizers });
const unicode = (type) => ({ type });
const bertNormalizer = (lowercase, strip_accents = null, handle_chinese_chars = true, clean_text = true) =>
  ({ type: 'BertNormalizer', clean_text, handle_chinese_chars, strip_accents, lowercase });
const added = (id, content, options = {}) =>
  ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true, ...options });

function tokenizerJson(parts) {
  return { version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, ...parts };
}
const fromParts = (parts) => hf.Tokenizer.fromString(JSON.stringify(tokenizerJson(parts)));
const emptyBpe = { type: 'BPE', dropout: null, unk_token: null, continuing_subword_prefix: null, end_of_word_suffix: null, fuse_unk: false, byte_fallback: false, ignore_merges: false, vocab: {}, merges: [] };

// PreTokenizers.Chinese as we write it into a file; the matches are the pieces.
const han = '\\u3005-\\u3007\\u3400-\\u4DBF\\u4E00-\\u9FFF\\uF900-\\uFAFF\\x{20000}-\\x{2A6DF}\\x{2A700}-\\x{2EE5F}\\x{2F800}-\\x{2FA1F}\\x{30000}-\\x{3347F}';
const marks = '[\\p{M}\\u200C\\u200D]';
const chinese = `[${han}]${marks}*|(?:(?![${han}])[\\p{L}\\p{N}_]${marks}*)+|(?!_)\\p{P}${marks}*|(?:[^\\s\\p{L}\\p{N}\\p{P}\\p{M}\\u200C\\u200D]${marks}*)+|${marks}+`;

// --- models trained on the corpus

const wordsOf = (preTokenizer, normalizer = null) => {
  const tokenizer = fromParts({ model: emptyBpe, pre_tokenizer: preTokenizer, normalizer });
  return lines.flatMap((line) => {
    const text = normalizer ? tokenizer.getNormalizer().normalizeString(line) : line;
    return tokenizer.getPreTokenizer().preTokenizeString(text).map(([piece]) => [...piece]);
  });
};
const withSuffix = (word, suffix) => word.map((symbol, i) => i === word.length - 1 ? symbol + suffix : symbol);
const withPrefix = (word, prefix) => word.map((symbol, i) => i > 0 ? prefix + symbol : symbol);
// Plain symbols before marked ones, each by code point.
const plainFirst = (isMarked) => (a, b) => isMarked(a) - isMarked(b) || byCodePoint(a, b);

// The text of a token: its symbols joined, with a prefix kept on the first one only.
function join(symbols, prefix = '') {
  return symbols[0] + symbols.slice(1).map((symbol) => symbol.slice(prefix.length)).join('');
}

function bpeModel({ alphabet, merges }, { count, specials = [], first = [], prefix = '', options = {} }) {
  const vocab = {};
  const add = (token) => { if (!(token in vocab)) vocab[token] = Object.keys(vocab).length; };
  specials.forEach(add);
  first.forEach(add);
  alphabet.forEach(add);
  const kept = [];
  for (const [left, right] of merges) {
    if (kept.length === count) break;
    const pair = [join(left, prefix), join(right, prefix)];
    const merged = join([...left, ...right], prefix);
    kept.push(pair);
    add(merged);
  }
  return { ...emptyBpe, ...options, vocab, merges: kept };
}

const suffixed = trainMerges(wordsOf(word).map((w) => withSuffix(w, '</w>')), plainFirst((s) => s.endsWith('</w>')));
const lowered = normalizers(unicode('NFKC'), { type: 'Lowercase' });
const loweredSuffixed = trainMerges(wordsOf(wordSplit, lowered).map((w) => withSuffix(w, '</w>')), plainFirst((s) => s.endsWith('</w>')));
const stripped = normalizers(unicode('NFD'), { type: 'StripAccents' });
const prefixed = trainMerges(wordsOf(bertWords, stripped).map((w) => withPrefix(w, '##')), plainFirst((s) => s.length > 2 && s.startsWith('##')));
const uncased = bertNormalizer(true);
const uncasedPieces = trainMerges(wordsOf(bertWords, uncased).map((w) => withPrefix(w, '##')), plainFirst((s) => s.length > 2 && s.startsWith('##')));
const cased = bertNormalizer(false);
const casedPieces = trainMerges(wordsOf(bertWords, cased).map((w) => withPrefix(w, '##')), plainFirst((s) => s.length > 2 && s.startsWith('##')));
const bytes = trainMerges(wordsOf(byteLevel()), byCodePoint);
const bytesWithPrefixSpace = trainMerges(wordsOf(byteLevel(true)), byCodePoint);
const bytesCl100k = trainMerges(wordsOf(preTokenizers(split(patterns.cl100k_base), byteLevel(false, false))), byCodePoint);

// GPT-2's table in its own order: the 188 bytes that print, then the others.
const byteAlphabet = [...hf.byteLevelAlphabet()].sort(byCodePoint);

// An alphabet without the symbols that the corpus shows only once, so that some characters stay unknown.
function frequent({ alphabet, merges }, words, atLeast) {
  const counts = new Map();
  for (const symbol of words.flat()) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  const kept = new Set(alphabet.filter((symbol) => counts.get(symbol) >= atLeast));
  return { alphabet: [...kept], merges: merges.filter(([left, right]) => [...left, ...right].every((symbol) => kept.has(symbol))) };
}

function wordPieceModel(trained, { count, specials, max_input_chars_per_word = 100 }) {
  const { vocab } = bpeModel(trained, { count, specials, prefix: '##' });
  return { type: 'WordPiece', unk_token: '[UNK]', continuing_subword_prefix: '##', max_input_chars_per_word, vocab };
}

const bertSpecials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const template = (before, after, ids) => ({
  type: 'TemplateProcessing',
  single: [...before.map((id) => ({ SpecialToken: { id, type_id: 0 } })), { Sequence: { id: 'A', type_id: 0 } }, ...after.map((id) => ({ SpecialToken: { id, type_id: 0 } }))],
  pair: [...before.map((id) => ({ SpecialToken: { id, type_id: 0 } })), { Sequence: { id: 'A', type_id: 0 } }, ...after.map((id) => ({ SpecialToken: { id, type_id: 0 } })),
    { Sequence: { id: 'B', type_id: 1 } }, ...after.map((id) => ({ SpecialToken: { id, type_id: 1 } }))],
  special_tokens: Object.fromEntries([...new Set([...before, ...after])].map((id) => [id, { id, ids: [ids[id]], tokens: [id] }])),
});

const charSpecials = ['<unk>', '<s>', '</s>', '<pad>', '<|end of text|>'];
const gpt2 = bpeModel(bytes, { count: 500, first: byteAlphabet });
const roberta = bpeModel(bytesWithPrefixSpace, { count: 500, specials: ['<s>', '<pad>', '</s>', '<unk>'], first: byteAlphabet });
const llama = bpeModel(bytesCl100k, { count: 500, first: byteAlphabet, options: { ignore_merges: true } });
llama.vocab['Ġlighthouse'] ??= Object.keys(llama.vocab).length;      // reached by no merge: only ignore_merges can produce it
llama.vocab['我爱学习'] ??= Object.keys(llama.vocab).length;          // not in byte form: nothing may produce it
const size = (model) => Object.keys(model.vocab).length;
const casedWords = wordsOf(bertWords, cased).map((w) => withPrefix(w, '##'));

const definitions = {
  'char-bpe': {
    model: bpeModel(suffixed, { count: 450, specials: charSpecials, options: { unk_token: '<unk>', end_of_word_suffix: '</w>' } }),
    added_tokens: charSpecials.map((token, id) => added(id, token)),
    pre_tokenizer: word, decoder: { type: 'BPEDecoder', suffix: '</w>' },
  },
  'char-bpe-normalized': {
    model: bpeModel(frequent(loweredSuffixed, wordsOf(wordSplit, lowered).map((w) => withSuffix(w, '</w>')), 3),
      { count: 300, specials: ['<unk>'], options: { unk_token: '<unk>', end_of_word_suffix: '</w>', fuse_unk: true } }),
    added_tokens: [added(0, '<unk>')],
    normalizer: lowered, pre_tokenizer: wordSplit, decoder: { type: 'BPEDecoder', suffix: '</w>' },
  },
  'char-bpe-prefix': {
    model: bpeModel(prefixed, { count: 500, specials: ['<unk>'], prefix: '##', options: { unk_token: '<unk>', continuing_subword_prefix: '##' } }),
    added_tokens: [added(0, '<unk>')],
    normalizer: stripped, pre_tokenizer: bertWords, decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
  },
  'byte-level': {
    model: gpt2,
    added_tokens: [added(size(gpt2), '<|endoftext|>'), added(size(gpt2) + 1, '<|end of text|>')],
    pre_tokenizer: byteLevel(), decoder: byteLevel(true, true, true), post_processor: byteLevel(true, true, false),
  },
  'byte-level-prefix-space': {
    model: roberta,
    added_tokens: [...['<s>', '<pad>', '</s>', '<unk>'].map((token, id) => added(id, token, { normalized: true })), added(size(roberta), '<mask>', { lstrip: true })],
    pre_tokenizer: byteLevel(true), decoder: byteLevel(true),
    post_processor: { type: 'RobertaProcessing', sep: ['</s>', 2], cls: ['<s>', 0], trim_offsets: true, add_prefix_space: true },
  },
  'byte-level-cl100k': {
    model: llama,
    added_tokens: [added(size(llama), '<s>'), added(size(llama) + 1, '<|endoftext|>')],
    pre_tokenizer: preTokenizers(split(patterns.cl100k_base), byteLevel(false, false)), decoder: byteLevel(),
    post_processor: template(['<s>'], [], { '<s>': size(llama) }),
  },
  'byte-level-digits': {
    model: gpt2,
    added_tokens: [added(size(gpt2), '<|endoftext|>')],
    normalizer: unicode('NFC'), pre_tokenizer: preTokenizers(digits(true), punctuation('Contiguous'), byteLevel()), decoder: byteLevel(),
  },
  'wordpiece-uncased': {
    model: wordPieceModel(uncasedPieces, { count: 700, specials: bertSpecials }),
    added_tokens: bertSpecials.map((token, id) => added(id, token)),
    normalizer: uncased, pre_tokenizer: bertWords, decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    post_processor: template(['[CLS]'], ['[SEP]'], { '[CLS]': 2, '[SEP]': 3 }),
  },
  'wordpiece-cased': {
    model: wordPieceModel(frequent(casedPieces, casedWords, 2), { count: 500, specials: bertSpecials, max_input_chars_per_word: 12 }),
    added_tokens: bertSpecials.map((token, id) => added(id, token)),
    normalizer: cased, pre_tokenizer: bertWords, decoder: { type: 'WordPiece', prefix: '##', cleanup: false },
    post_processor: { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] },
  },
  'wordpiece-added': {
    model: wordPieceModel(casedPieces, { count: 500, specials: ['[UNK]'] }),
    added_tokens: [added(0, '[UNK]'), ...[
      ['[MASK]', { lstrip: true }], ['[SEP]', { rstrip: true }], ['[CLS]', { lstrip: true, rstrip: true }],
      ['low', { special: false, single_word: true }], ['学习', { special: false }], ['hello', { special: false, normalized: true }],
      ['<|end of text|>', {}]].map(([content, options], i) => added(-1, content, options))],
    normalizer: { type: 'Lowercase' }, pre_tokenizer: word, decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  },
};
definitions['wordpiece-added'].added_tokens.forEach((token, i) => { if (token.id < 0) token.id = size(definitions['wordpiece-added'].model) + i - 1; });

// --- what Hugging Face computes with them

async function main() {
  fs.mkdirSync(path.join(__dirname, 'models'), { recursive: true });
  fs.mkdirSync(path.join(__dirname, 'vectors'), { recursive: true });

  const random = 500;
  const inputs = [...texts.written, ...texts.random.slice(0, random)];
  for (const [name, definition] of Object.entries(definitions)) {
    const file = path.join(__dirname, 'models', name + '.json');
    fromParts(definition).save(file);
    const tokenizer = hf.Tokenizer.fromFile(file);
    const ids = [], offsets = [], decoded = [], processed = [];
    for (const text of inputs) {
      const encoding = await tokenizer.encode(text, null, { addSpecialTokens: false });
      ids.push(encoding.getIds());
      offsets.push(toUtf16(text, encoding.getOffsets()));
      const back = encoding.getIds().length === 0 ? '' : await tokenizer.decode(encoding.getIds(), false);
      decoded.push(back === text ? null : back);       // null: the text itself
      if (definition.post_processor && processed.length < 40) processed.push((await tokenizer.encode(text)).getIds());
    }
    write(name + '.json', { library: 'Hugging Face tokenizers (npm) 0.23.2', model: `models/${name}.json`, texts: `all written, the first ${random} random` },
      { ids, offsets, decoded, ...(processed.length ? { withSpecialTokens: processed } : {}) });
    console.log(name, tokenizer.getVocabSize(true), ids.flat().length, 'tokens');
  }

  // The parts alone.
  const alone = {
    Whitespace: word, WhitespaceSplit: wordSplit, BertPreTokenizer: bertWords, 'Digits individual': digits(true), 'Digits together': digits(false),
    Punctuation: punctuation(), 'Split r50k': split(patterns.r50k_base), 'Split cl100k': split(patterns.cl100k_base), 'Split o200k': split(patterns.o200k_base),
    'Split removed': split('\\s+', 'Removed'), 'Split merged with previous': split('[aeiou]', 'MergedWithPrevious'),
    'Split merged with next': split('[aeiou]', 'MergedWithNext'), 'Split contiguous': split('[aeiou]', 'Contiguous'), 'Split inverted': split('\\w+', 'Removed', true), Chinese: split(chinese, 'Removed', true),
  };
  const columns = {};
  for (const [name, part] of Object.entries(alone)) {
    const preTokenizer = fromParts({ model: emptyBpe, pre_tokenizer: part }).getPreTokenizer();
    columns[name] = inputs.map((text) => text === '' ? [] : toUtf16(text, preTokenizer.preTokenizeString(text).map(([, offset]) => offset)));
  }
  write('pre-tokenizers.json', { library: 'Hugging Face tokenizers (npm) 0.23.2', texts: `all written, the first ${random} random`, parts: alone }, columns);

  const normal = {
    NFC: unicode('NFC'), NFD: unicode('NFD'), NFKC: unicode('NFKC'), NFKD: unicode('NFKD'), Lowercase: unicode('Lowercase'), StripAccents: unicode('StripAccents'),
    'NFD, StripAccents': stripped, 'NFKC, Lowercase': lowered, 'Bert uncased': uncased, 'Bert cased': cased,
    'Bert accents kept': bertNormalizer(true, false), 'Bert nothing': bertNormalizer(false, false, false, false), 'Strip': { type: 'Strip', strip_left: true, strip_right: true },
    'Replace': { type: 'Replace', pattern: { String: 'est' }, content: 'EST' }, 'Replace pattern': { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' }, 'Prepend': { type: 'Prepend', prepend: '_' },
  };
  const outputs = {};
  for (const [name, part] of Object.entries(normal)) {
    const normalizer = fromParts({ model: emptyBpe, normalizer: part }).getNormalizer();
    outputs[name] = inputs.map((text) => { const result = normalizer.normalizeString(text); return result === text ? null : result; });   // null: unchanged
  }
  write('normalizers.json', { library: 'Hugging Face tokenizers (npm) 0.23.2', texts: `all written, the first ${random} random`, parts: normal }, outputs);

  // The decoders, given tokens.
  const tokens = [['hello'], ['hello', 'world'], ['hel', '##lo', 'wor', '##ld'], ['##lo', '##ld'], ['he', "'s", 'here', '.'], ['they', "'ve", 'gone', ',', 'we', "'re", 'not', '!'],
    ['do', "n't", '?'], ['i', "'m"], ['do not', 'go'], ["'", 'a', "'", 'b'], ['a', " ' ", 'b'], ['.', ',', '!'], ['a', '.b', '?!'], ['[CLS]', 'a', '##b', '[SEP]'], ['low</w>', 'er</w>'], ['lo', 'w</w>', 'est'],
    ['</w>'], ['a</w>b', '</w></w>'], ['Ġhello', 'Ġworld', '!'], ['ðŁ', 'Ļ', 'Ĥ'], ['ðŁ', 'Ļ'], ['Ã', '©', 'é'], ['<|end of text|>', 'Ġa'], ['我', 'æĪĳ'], ['é', 'Ċ'], ['', 'a', '']];
  const decoders = { 'WordPiece clean': { type: 'WordPiece', prefix: '##', cleanup: true }, WordPiece: { type: 'WordPiece', prefix: '##', cleanup: false },
    BPEDecoder: { type: 'BPEDecoder', suffix: '</w>' }, ByteLevel: byteLevel(), Fuse: { type: 'Fuse' } };
  write('decoders.json', { library: 'Hugging Face tokenizers (npm) 0.23.2', parts: decoders },
    { tokens, ...Object.fromEntries(Object.entries(decoders).map(([name, part]) => [name, tokens.map((list) => fromParts({ model: emptyBpe, decoder: part }).getDecoder().decode(list))])) });

  // What the trainer merged. "paper": the words of Sennrich, Haddow and Birch (2016), low 5, lower 2, newest 6, widest 3, with `</w>` as a symbol of its own
  // (separate) and on the last character (suffix).
  const trained = (result, count) => result.merges.slice(0, count).map(([left, right]) => [join(left), join(right)]);
  const endOfWordLast = plainFirst((s) => s === '</w>');
  const separate = trainMerges(wordsOf(word).map((w) => [...w, '</w>']), endOfWordLast);
  const paperWords = Object.entries({ low: 5, lower: 2, newest: 6, widest: 3 }).flatMap(([text, count]) => Array(count).fill([...text]));
  const paperSeparate = trainMerges(paperWords.map((w) => [...w, '</w>']), endOfWordLast);
  const paperSuffix = trainMerges(paperWords.map((w) => withSuffix(w, '</w>')), plainFirst((s) => s.endsWith('</w>')));
  write('training.json', { library: 'Hugging Face tokenizers (npm) 0.23.2', rule: 'most frequent pair first; ties to the pair with the smallest ids; ids: alphabet in the order given, then the merges' },
    { 'end of word alphabet': suffixed.alphabet, 'end of word merges': trained(suffixed, 500),
      'separate end of word alphabet': separate.alphabet, 'separate end of word merges': trained(separate, 500),
      'paper separate merges': trained(paperSeparate), 'paper suffix merges': trained(paperSuffix),
      'byte level alphabet': bytes.alphabet, 'byte level merges': trained(bytes, 500) });
}
main();
