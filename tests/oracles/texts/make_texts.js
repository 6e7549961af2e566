// Writes texts.json: the strings that every oracle encodes.
//   written  strings of our own, one for every thing that a tokenizer may get wrong, and every line of the corpus
//   random   short strings drawn with a fixed seed from code points that are awkward side by side
// Run: node make_texts.js
const fs = require('fs');
const path = require('path');

const written = [
  '', ' ', '  ', '   ', '\t', '\n', '\r', '\r\n', '\n\n', '\r\n\r\n', ' \n', '\n ', ' \r\n \r\n ', '\t\t\tx', 'x\t\t\t', ' \t \n \t ',
  'a', 'A', ' a', 'a ', ' a ', '  a', 'a  ', '  a  b   c    d ', 'a\nb', 'a\r\nb', 'a\n\nb\n\n\nc', 'a \n b', 'a\n  b', 'a  \n  b',
  'low', 'lower', 'lowest', 'newest', 'widest', 'low lower lowest newer newest wider widest', 'lowlowlow', 'slower slowest slowly',
  'hello world', 'Hello, world!', 'HELLO WORLD', 'hElLo WoRlD', 'Hello World.', 'hello  world', ' hello world', 'hello world ',
  "don't", "DON'T", "Don'T", "I'm", "we're", "they've", "she'll", "he'd", "it's", "IT'S", "rock'n'roll", "'s", "'S", "' s", " 's", "''s", "'''",
  "they'd've", "y'all'd've", "won't've", "'tis", "dogs' ears", 'it’s', 'don’t', "L'été", "l’homme", "'re", "'RE", "'ll'll", "x'm'y", "I'M'M",
  "'\u017f", "it'\u017f", "'\u212a", 'a"b"c', '"quoted"', '“quoted”', '‘quoted’', '«cité»', '(a)', '[b]', '{c}', '<d>', '...', '…', '!?!?', '--', '—', 'a--b', 'a-b', 'a - b',
  '0', '1', '12', '123', '1234', '12345', '123456', '1234567', '1234567890', '1,234,567.89', '3.14159', '-5', '+7', '1e-10', '0x1F', '50%', '$12.50', '€9', '2024-02-29', '12:34:56',
  'a1', '1a', 'a1b2c3', 'abc123def', '第1章', '第123章', 'x²', 'H₂O', '½', '½ cup', 'Ⅷ', '①②③', '٣٤٥', '१२३', '１２３', 'ＡＢＣ', 'ａｂｃ１２３', '㍿', '㎏', 'ﬁ', 'ﬀ', 'ﬂow', '™', '…ok',
  '我', '我爱学习', '我爱学习。', '我 爱 学习', '我love学习', 'love我', '你好，世界！', '机器学习和深度学习', '今天是2024年2月29日', '“等待”', '《风》', '中文English混排text测试', '一二三123四五六', '我\n爱', '我　爱', '。。。', '，', '、', '学习学习学习', '等待等待',
  'こんにちは', 'カタカナ', 'ひらがなカタカナ漢字', '한국어', '안녕하세요 세계', 'Привет, мир!', 'Γειά σου Κόσμε', 'مرحبا بالعالم', 'שלום עולם', 'नमस्ते', 'สวัสดีครับ', 'ไม่เป็นไร', 'İstanbul', 'ıI', 'ß', 'ẞ', 'straße', 'STRASSE', 'ΣΊΣΥΦΟΣ', 'ǅ', 'Ǆ ǅ ǆ', 'ŉ', 'ﬃ', 'ﷺ',
  'é', 'e\u0301', 'é e\u0301', 'café', 'cafe\u0301', 'naïve', 'naı\u0308ve', 'a\u0301\u0302\u0303', '\u0301', ' \u0301', 'Å', 'A\u030a', 'Å', 'ộ', 'o\u0302\u0323', 'o\u0323\u0302', 'ñandú', 'Ñ', 'résumé', 'über', 'ÜBER', 'Crème Brûlée', 'q\u0307\u0323', '각', '\u1100\u1161\u11a8', 'Ω', 'Ω', 'K',
  '🙂', '🙂🙂', 'a🙂b', ' 🙂 ', '🙂 ', '👍🏽', '👨‍👩‍👧‍👦', '👩🏻‍✈️', '🏴‍☠️', '🇨🇳', '🇨🇳🇩🇪', '🇨', '1️⃣', '☕', '☕️', '❤️', '❤', '🐕‍🦺', '🎉🎉🎉', 'happy🎉birthday', '天气☀️很好',
  '𠀀', '𠀀𠀁𠀂', '我𠀀爱', 'a𠀀', '𝒜𝓁𝓅𝒽𝒶', '𝟙𝟚𝟛', '𐐷', '𐐀𐐨', '\u{1F1E6}', '\u{10FFFF}', '\u{E000}', '\u{F0000}', '\uFFFD', '\uFFFD\uFFFD', '\uFFFE', '\uFFFF',
  '\u200b', 'a\u200bb', 'a\u200db', '\u200d', '\u200c', 'می\u200cخواهم', '\ufeff', '\ufeffhello', 'a\ufeffb', '\u2060', 'a\u00adb', '\u00a0', 'a\u00a0b', '\u2003', 'a\u2003b', '\u2028', 'a\u2028b', 'a\u2029b', '\u3000', 'a\u3000b', '\u0085', 'a\u0085b', '\u000b', 'a\u000bb\u000cc', '\u001c', 'a\u001fb', '\u180e', '\u200e\u200f', '\u202eabc',
  '\u0000', 'a\u0000b', '\u0001', '\u0007', '\u001b[31mred\u001b[0m', '\u007f', '\u0080\u0081', '\b',
  '<unk>', '<s>', '</s>', '<pad>', '[UNK]', '[CLS]', '[SEP]', '[MASK]', '[PAD]', '[CLS] hello [SEP]', 'hello[SEP]world', ' [MASK] ', 'a [MASK]. b', '<|endoftext|>', 'a<|endoftext|>b', 'a <|endoftext|> b', '<|endoftext|><|endoftext|>', '<|end of text|>', 'x<|end of text|>y', '<|im start|> user', '<|endofprompt|>', '<|endoftext|', '<s>hello</s>', '<S>', '<mask>', 'a <mask> b', 'a<mask>b', '</w>', 'low</w>', 'a</w>b', '##', '##ing', 'a##b', '@@', 'lo@@ w', 'Ġ', 'Ġhello', 'Ċ', 'Ã©', '▁', '▁hello',
  'tokenization', 'tokenizers', 'untokenizable', 'unhappiness', 'internationalization', 'antidisestablishmentarianism', 'Donaudampfschifffahrtsgesellschaftskapitän', 'supercalifragilisticexpialidocious',
  'aaaaaaaaaa', 'a'.repeat(100), 'ab'.repeat(60), 'the'.repeat(40), 'x'.repeat(101), '我'.repeat(101), ' '.repeat(50), ' '.repeat(33) + 'x', '\n'.repeat(20), '\n \n \n x', 'a' + ' '.repeat(17) + 'b', '-'.repeat(80), '='.repeat(41) + '>', '1'.repeat(50), '.'.repeat(10) + '\n', '🙂'.repeat(20), 'ha'.repeat(30) + '!', 'e\u0301'.repeat(15),
  'for (int i = 0; i < n; i++) { sum += a[i]; }', 'if (x == y) return;', '    return x;', '\treturn x;\r\n', '\t\tif x:\n\t\t\ty = 1\n', 'a_b_c', '__init__', 'camelCaseName', 'PascalCaseName', 'SCREAMING_SNAKE', 'HTTPServer2', 'x=>x+1', 'std::vector<int>', 'C#', 'F#', '.NET', 'a.b.c()', '#include <stdio.h>', '// comment', '/* comment */', '/**/', 'https://example.org/a?b=c&d=e#f', 'user@example.org', 'C:\\Temp\\file.txt', './a/../b', '$HOME', '{"a": [1, 2.5, null]}', "print('hi')", '`code`', '**bold** _it_', '# Title\n\ntext\n', '- a\n- b\n', '| a | b |', '\\n', '\\u00e9', '&amp;', '%20',
  'foo/bar/', 'foo/\n', 'foo;\n\n  bar', '!!\n', '!\r\n\r\nx', ' !', '  !', '!a', '!!a', '_a', ' _a', '.5', '$a', '\na', '\n\na', '\ta', 'a\tb', '\u00a0a', '\u3000我', 'A B', 'AB', 'ABc', 'aBC', 'ABcDEf', 'McDonald', 'iPhone', 'OpenAPI', 'XMLHttpRequest', "JOHN'S", "John's", "JOHN's", 'ÉCOLE', 'École', 'éCOLE', '我A我a', 'a我B', 'ʰello', 'ªº', 'नमस्तेABC', "ΑΒΓ's", 'e\u0301A', 'A\u0301b', 'a\u0301\'s',
  'The quick brown fox jumps over the lazy dog.', 'Pack my box with five dozen liquor jugs!', 'Is this a test? Yes, it is.', 'She said: "We need eleven words for waiting."', 'newer boats are lower and wider than older boats', 'A dictionary without words is an empty shelf.', 'Re-reading un-sent letters; mis-spelled, half-forgotten.',
  '天没亮渔船就离开了港口，祖母检查了每一根绳子。', '学习语言就是学习等待。', '他说：“没有风的日子最长。”', '我们明天（星期六）去集市，好吗？', '价格是￥25.80元/斤', '微信群里有3个人：Anna、小李和我。', '这句话有 空格 和\n换行。',
  'Mixed 中文 and English, 和 emoji 🙂, and code `x = 1`。', 'The café on the 灯塔 road costs €4.20…', 'Version 2.0.0-beta+build.17 ships on 2025/01/31 @ 09:05',
  'line one\nline two\r\nline three\rline four', ' leading and trailing ', '\ufeffThe file starts with a mark.\r\n', 'tab\tseparated\tvalues\n1\t2\t3\n', 'Zürich—Genève…Ålesund', 'x\u0301y\u0302z\u0303', 'ⅰⅱⅲ ⅳ', '①one②two', '㈱会社', 'ｶﾞ', 'ガ', 'カ\u3099', '\u1E9B\u0323', '２０２４年', 'ｈｅｌｌｏ　ｗｏｒｌｄ',
];

const corpus = path.join(__dirname, '..', 'corpus');
for (const file of fs.readdirSync(corpus).sort())
  for (const line of fs.readFileSync(path.join(corpus, file), 'utf8').split('\n'))
    if (line.length > 0) written.push(line);

// A linear congruential generator (Knuth's MMIX constants), so that the same strings come out of any version of Node.
let state = 20240229n;
function next(bound) {
  state = (state * 6364136223846793005n + 1442695040888963407n) & 0xFFFFFFFFFFFFFFFFn;
  return Number((state >> 33n) % BigInt(bound));
}
const pools = [
  [...'abcdefghijklmnopqrstuvwxyz'], [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'], [...'eeeettaaoinshr'], [...'0123456789'],
  [' ', ' ', ' ', '\n', '\r', '\t', '\r\n', '\u00a0', '\u3000', '\u2009'], [...'.,;:!?\'"-_/\\()[]{}<>|@#$%^&*+=~`'],
  [...'我你他学习等待风海船词语言的了一二三'], [...'éàüñçøåßÉÀÜŁžćſıİ'], [...'🙂🎉👍🏽🌊☕❤🇨🇳'], ['\u0301', '\u0308', '\u0323', '\u200d', '\ufe0f', '\u200b', '\u3099'],
  [...'ΑΒΓαβγςДЖдж'], [...'אבגعربहिन्दीกขค'], [...'𠀀𝒜𐐷'], [...'½²Ⅷ①٣१１Ａａ'], ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'LL"],
  ['the', 'low', 'est', 'ing', 'er', 'new', 'word', 'wait', 'un', 'tion'], [...'，。！？、：“”（）《》'],
];
function randomText() {
  const few = [next(pools.length), next(pools.length), next(pools.length)];   // three pools a string: neighbours that matter meet often
  let text = '';
  for (let length = 1 + next(14); length > 0; length--) {
    const pool = pools[few[next(3)]];
    text += pool[next(pool.length)];
  }
  return text;
}
const random = new Set();
while (random.size < 1000) random.add(randomText());

const unique = [...new Set(written)];
const line = (s) => '  ' + JSON.stringify(s).replace(/[\u007f-\u009f\u00a0\u00ad\u0300-\u036f\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\u3099\ufe0f\ufeff\ufffe\uffff]/g,
  (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
fs.writeFileSync(path.join(__dirname, 'texts.json'),
  '{\n"written": [\n' + unique.map(line).join(',\n') + '\n],\n"random": [\n' + [...random].map(line).join(',\n') + '\n]\n}\n');
console.log(`${unique.length} written, ${random.size} random`);
