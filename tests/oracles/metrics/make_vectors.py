"""BLEU and chrF by sacreBLEU itself, over texts of our own: tokens, statistics and scores. Usage: make_vectors.py FOLDER, a checkout of sacreBLEU 2.6.0 (its metrics need nothing but Python)."""

import json
import os
import random
import sys
import types

FOLDER = sys.argv[1]
package = types.ModuleType("sacrebleu")                              # without its command line, which imports more
package.__path__ = [os.path.join(FOLDER, "sacrebleu")]
version = types.ModuleType("sacrebleu.version")
version.__version__ = "2.6.0"
for name in ("portalocker", "colorama", "tabulate"):
    sys.modules.setdefault(name, types.ModuleType(name))
sys.modules.update({"sacrebleu": package, "sacrebleu.version": version})
utils = types.ModuleType("sacrebleu.utils")
source = open(os.path.join(FOLDER, "sacrebleu", "utils.py"), encoding="utf-8").read()
start, end = source.index("def my_log"), source.index("def args_to_dict")
exec("import math\nfrom typing import *\n" + source[start:end], utils.__dict__)
sys.modules["sacrebleu.utils"] = utils

from sacrebleu.metrics.bleu import BLEU                              # noqa: E402
from sacrebleu.metrics.chrf import CHRF                              # noqa: E402

AWKWARD = [
    "", " ", "\t", "\n", "\u3000", "\x1c", ".", "...", "-", "--", "a", "5", "''", "\"\"", "。", "？！", "𠀀", "😀", "é", "e\u0301",
    "Hello, world!", "It's 3.14, isn't it?", "1,000,000.50", "1,000, 2.", "3.", ".5", ",5,", "5,", "a.b", "a.5", "5.a", "..5", "a..b", "a,,b", "...and so on...",
    "well-known", "1990-1995", "5-", "-5", "a-5", "5-a", "e-mail", "--no-smoothing", "rock-\nand-roll", "two\nlines", "trailing \n", "  spaces   everywhere  ", "tab\there", "form\x0cfeed", "unit\x1fseparator", "next\x85line",
    "no\u00a0break", "thin\u2009space", "zero\u200bwidth", "ideographic\u3000space", "line\u2028separator", "<skipped>", "a <skipped> b", "&quot;quoted&quot;", "AT&amp;T", "&lt;b&gt;", "&amp;lt;", "& alone", "&nbsp;", "R&D", "a&b;",
    "(brackets) [and] {others}", "price: $5.00 (50% off)", "x=y+z*2/3", "user@example.com", "http://example.com/a_b?c=d#e", "C#, C++ & F#", "`code`", "~tilde~", "^caret^", "back\\slash", "under_score", "pipe|pipe", "'single'", "don't", "rock 'n' roll", "“curly” ‘quotes’", "dash – and — dash", "ellipsis…", "naïve café", "ÀÉÎ", "Straße", "ﬁ", "½", "m²", "№ 5", "€5", "£5.50", "5°",
    "好久不见", "好久不见。", "好久 不见", "我有3.5个苹果，你有1,000个。", "他说：“你好！”", "《红楼梦》（1791年）", "我在Google工作。", "Python3很好用", "二〇二四年", "GDP增长5.2%", "电话：010-12345678", "你好,世界!", "你好.世界", "5.好", "好.5", "A、B和C", "……", "——", "Ｆｕｌｌｗｉｄｔｈ１２３", "ﾊﾝｶｸ", "ひらがな", "カタカナ", "한국어", "ㄅㄆㄇ", "⼀⼁", "⺀⻳", "☀️☔", "✓✗", "㈠㊀㍿", "︰︱︐", "𠀀𪛖", "丽⼀", "豈﨨", "㐀䶵䶶", "龥龦龻龼", "\u2000|\u2001|\u2002", "ꙭ", "a\u2a6db", "a\u2a6eb", "Ⅷ①⑩", "→⇒", "π≈3.14",
    "α, β, γ.", "Привет, мир!", "مرحبا، بالعالم!", "สวัสดี", "नमस्ते।",
]
WORDS = "the a cat dog sat on mat he she it's they've 3 14 3.14 1,000 2024 in Beijing 's U.S. Mr. Smith well-known 5-year e-mail . , ! ? ; : ' \" ( ) - -- ... & &amp; &quot; yes no I am not here".split()
CHARACTERS = "好久不见我你他她在北京上海的了吗呢把比三个本书。，！？：“”《》…—3 5.2% a B C# é 😀 𠀀".split(" ")
CHARACTERS = [c for word in CHARACTERS for c in ([word] if word.isascii() else list(word))] + [" "]


def english(rng):
    words = [rng.choice(WORDS) for _ in range(rng.randrange(0, 14))]
    return "".join(word if i == 0 or rng.random() < 0.15 else " " + word for i, word in enumerate(words))


def chinese(rng):
    return "".join(rng.choice(CHARACTERS) for _ in range(rng.randrange(0, 16)))


def changed(rng, text):
    """A text with a few places dropped, doubled or exchanged, so that hypotheses and references share much."""
    pieces = text.split(" ") if " " in text else list(text)
    for _ in range(rng.randrange(0, 4)):
        if not pieces:
            break
        i, j = rng.randrange(len(pieces)), rng.randrange(len(pieces))
        kind = rng.randrange(3)
        if kind == 0:
            del pieces[i]
        elif kind == 1:
            pieces.insert(j, pieces[i])
        else:
            pieces[i], pieces[j] = pieces[j], pieces[i]
    return (" " if " " in text else "").join(pieces)


def corpora(rng):
    """Each: hypotheses, and for each hypothesis its references."""
    yield ["the cat sat on the mat"], [["the cat sat on the mat"]]
    yield ["the the the the the the the"], [["the cat is on the mat", "there is a cat on the mat"]]        # Papineni et al. 2002, section 2.1
    yield ["It is a guide to action which ensures that the military always obeys the commands of the party."], [[
        "It is a guide to action that ensures that the military will forever heed Party commands.",
        "It is the guiding principle which guarantees the military forces always being under the command of the Party.",
        "It is the practical guide for the army always to heed the directions of the party."]]
    yield [""], [["a"]]
    yield ["a"], [[""]]
    yield [""], [[""]]
    yield ["a b c"], [["a b c"]]
    yield ["a b c", "x"], [["a b c d"], ["y"]]
    yield ["a b c d e"], [["d e f g", "a b"]]                                                               # the closest length: a tie
    yield ["x y z"], [["a b c"]]
    yield ["a b c d f", "e f g h"], [["a b c d e"], ["e f g", "h e f g h"]]                                  # one reference, then two
    for make, count in ((english, 12), (chinese, 12)):
        for size in (1, 1, 1, 2, 5, 12):
            for references in (1, 1, 3):
                truth = [[make(rng) for _ in range(references)] for _ in range(size)]
                yield [changed(rng, rng.choice(refs)) for refs in truth], truth
    yield [changed(rng, text) for text in AWKWARD], [[text] for text in AWKWARD]


def texts(rng):
    return list(dict.fromkeys(AWKWARD + [english(rng) for _ in range(110)] + [chinese(rng) for _ in range(110)]))


SETTINGS = [
    dict(tokenize="13a"), dict(tokenize="zh"), dict(tokenize="char"), dict(tokenize="none"),
    dict(tokenize="13a", effective_order=True), dict(tokenize="zh", effective_order=True),
    dict(tokenize="13a", smooth_method="none"), dict(tokenize="13a", smooth_method="floor"), dict(tokenize="char", smooth_method="floor", smooth_value=0.5),
    dict(tokenize="13a", smooth_method="add-k"), dict(tokenize="zh", smooth_method="add-k", smooth_value=0.25, effective_order=True), dict(tokenize="13a", max_ngram_order=2),
]
CHARACTER_SETTINGS = [dict(), dict(word_order=2), dict(word_order=1, beta=1), dict(char_order=3, beta=3)]


def columns(references):
    width = max(len(row) for row in references)
    return [[row[k] if k < len(row) else None for row in references] for k in range(width)]


def bleu(settings, hypotheses, references):
    metric = BLEU(**settings)
    found = metric.corpus_score(hypotheses, columns(references))
    row = {"score": found.score, "precisions": found.precisions, "bp": found.bp, "lengths": [found.sys_len, found.ref_len], "shown": str(found)}
    if settings.get("smooth_method") != "add-k":
        row["counts"] = [found.counts, found.totals]
    return row, str(metric.get_signature())


def chrf(settings, hypotheses, references):
    metric = CHRF(**settings)
    found = metric.corpus_score(hypotheses, columns(references))
    return {"score": found.score, "shown": str(found)}, str(metric.get_signature())


def main():
    rng = random.Random(7)
    lines = texts(rng)
    groups = list(corpora(rng))
    result = {"texts": lines, "tokens": {}, "corpora": [{"hypotheses": h, "references": r} for h, r in groups], "bleu": [], "chrf": []}
    for name in ("13a", "zh", "char"):
        metric = BLEU(tokenize=name)
        result["tokens"][name] = [" ".join(metric._preprocess_segment(line).split()) for line in lines]
    for kind, function, all_settings in (("bleu", bleu, SETTINGS), ("chrf", chrf, CHARACTER_SETTINGS)):
        for settings in all_settings:
            rows, signatures = zip(*(function(settings, h, r) for h, r in groups))
            result[kind].append({"settings": settings, "rows": list(rows), "signatures": sorted(set(signatures))})
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectors.json"), "w", encoding="utf-8") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(key)}: " + block(value) for key, value in result.items()) + "\n}\n")


def block(value):
    if isinstance(value, list):
        return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=True) for row in value) + "\n]"
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(row, ensure_ascii=True)}" for key, row in value.items()) + "\n}"


main()
