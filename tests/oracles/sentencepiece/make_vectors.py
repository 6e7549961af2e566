"""Writes vectors.json: a BPE model that sentencepiece trained on our corpus, and how sentencepiece cuts words with it.

Run: /usr/bin/python3 make_vectors.py     (Debian: python3-sentencepiece)
"""
import io
import json
import pathlib
import random

import sentencepiece

here = pathlib.Path(__file__).parent
lines = [line for file in sorted((here.parent / "corpus").glob("*.txt")) for line in file.read_text("utf-8").split("\n") if line]

model = io.BytesIO()
sentencepiece.SentencePieceTrainer.train(
    sentence_iterator=iter(lines), model_writer=model, model_type="bpe", vocab_size=1200, character_coverage=1.0, num_threads=1,
    normalization_rule_name="identity", add_dummy_prefix=False, remove_extra_whitespaces=False, split_by_unicode_script=True,
    split_by_number=True, split_by_whitespace=True, minloglevel=2)
processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
pieces = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
ranks = {piece: rank for rank, piece in enumerate(pieces)}

# sentencepiece merges any two neighbours whose union is a piece, the best-ranked piece first; a merge list says which two. Every way to cut a piece in two
# pieces becomes one merge, in the order of the pieces.
merges = []
for piece in pieces:
    if processor.is_control(ranks[piece]) or processor.is_unknown(ranks[piece]):
        continue
    for cut in range(1, len(piece)):
        if piece[:cut] in ranks and piece[cut:] in ranks:
            merges.append([piece[:cut], piece[cut:]])

# Words: every word of the corpus, words that it does not contain, and random strings over its alphabet.
generator = random.Random(20240229)
corpus_words = sorted({word for line in lines for word in line.split()})
alphabet = sorted({character for word in corpus_words for character in word})
lowercase = [character for character in alphabet if "a" <= character <= "z"]
made_up = [generator.choice(corpus_words) + generator.choice(corpus_words) for _ in range(200)]
made_up += ["".join(generator.choices(lowercase, k=generator.randint(2, 15))) for _ in range(300)]
made_up += ["".join(generator.choices("eesttao", k=generator.randint(2, 30))) for _ in range(200)]
made_up += ["".join(generator.choices(alphabet, k=generator.randint(2, 8))) for _ in range(200)]
words = list(dict.fromkeys(corpus_words + made_up))
ids = [processor.encode("▁" + word if i % 2 else word) for i, word in enumerate(words)]

def rows(items):
    return "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in items) + "\n]"

(here / "vectors.json").write_text(
    "{\n" + f'"library": "sentencepiece {sentencepiece.__version__}",\n' +
    '"note": "pieces in the order of their ids; every second word (index 1, 3, ...) was encoded with ▁ before it",\n' +
    f'"pieces": {rows(pieces)},\n"merges": {rows(merges)},\n"words": {rows(words)},\n"ids": {rows(ids)}\n' + "}\n", "utf-8")
print(len(pieces), "pieces", len(merges), "merges", len(words), "words", sum(map(len, ids)), "tokens", sum(0 in row for row in ids), "with unknowns")
