"""What gensim makes of word vectors: its files, neighbours, analogies and odd ones out. Writes word_vectors/*; see ../README.md."""

import json
import os
import struct

import gensim
import numpy as np
from gensim.models import KeyedVectors

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "word_vectors")
os.makedirs(HERE, exist_ok=True)
random = np.random.default_rng(5)

# Sixty words in twelve dimensions. Six groups lie around centres of their own; two words of each pair differ by nearly the same step, so that some analogies hold and some do not.
WORDS = ["king", "queen", "man", "woman", "Paris", "France", "東京", "日本", "naïve", "Ωmega", "😀", "it's", "atomic_energy", "</s>", "a", "1,5"]
WORDS += [f"word{i}" for i in range(60 - len(WORDS))]
centres = random.normal(size=(6, 12))
step = random.normal(size=12)
vectors = np.array([centres[i // 2 % 6] + (i % 2) * step + 0.4 * random.normal(size=12) for i in range(60)]).astype(np.float32)
vectors *= random.uniform(0.1, 5, size=(60, 1)).astype(np.float32)
vectors[3, :4] = [0.0, -0.0, 1.0, -1e-5]
vectors[4, :6] = [1e-4, 9.999e-5, 1e16, 123456789.0, 3.4028235e38, 1e-45]
vectors[4, 6:] *= np.float32(1e8)


def save(name, words, rows):
    table = KeyedVectors(rows.shape[1])
    table.add_vectors(words, rows)
    table.save_word2vec_format(os.path.join(HERE, f"{name}.txt"), binary=False)
    table.save_word2vec_format(os.path.join(HERE, f"{name}.bin"), binary=True)
    return table


save("layout", WORDS, vectors)

# Queries are asked of a table without the extremes, in which no similarity is decided by rounding.
plain = vectors.copy()
plain[3, :4] = random.normal(size=4)
plain[4] = random.normal(size=12)
table = save("table", WORDS, plain)
report = {"gensim": gensim.__version__, "numpy": np.__version__, "mostSimilar": [], "sums": [], "analogies": [], "doesNotMatch": [], "similarities": [], "evaluation": []}
for word in WORDS[:20]:
    report["mostSimilar"].append({"word": word, "found": table.most_similar(word, topn=8)})

for _ in range(10):
    chosen = [str(word) for word in random.choice(WORDS, size=int(random.integers(2, 7)), replace=False)]
    cut = int(random.integers(1, len(chosen) + 1))
    report["sums"].append({"positive": chosen[:cut], "negative": chosen[cut:], "found": table.most_similar(positive=chosen[:cut], negative=chosen[cut:], topn=5)})

for _ in range(20):
    a, b, c = [str(word) for word in random.choice(WORDS, size=3, replace=False)]
    report["analogies"].append({
        "a": a, "b": b, "c": c,
        "addition": table.most_similar(positive=[b, c], negative=[a], topn=4),
        "multiplication": table.most_similar_cosmul(positive=[b, c], negative=[a], topn=4),
    })

for _ in range(20):
    chosen = [str(word) for word in random.choice(WORDS, size=int(random.integers(3, 8)), replace=False)]
    report["doesNotMatch"].append({"words": chosen, "found": table.doesnt_match(chosen)})

for _ in range(20):
    a, b = [str(word) for word in random.choice(WORDS, size=2)]
    report["similarities"].append({"a": a, "b": b, "similarity": float(table.similarity(a, b))})

# Questions for the evaluation, in word2vec's file format; a fifth of them have words that the table lacks.
questions = []
for section in ["first", "second", "third"]:
    for _ in range(40):
        a, b = 2 * int(random.integers(0, 30)), 2 * int(random.integers(0, 30))
        words = [WORDS[a], WORDS[a + 1], WORDS[b], WORDS[b + 1]]
        if a != b:
            if random.uniform() < 0.2:
                words[int(random.integers(0, 4))] = "absent"
            questions.append([section] + words)

path = "/tmp/gensim-questions.txt"
with open(path, "w", encoding="utf-8") as file:
    section = None
    for question in questions:
        if question[0] != section:
            section = question[0]
            file.write(f": {section}\n")
        file.write(" ".join(question[1:]) + "\n")

# Only by addition: in gensim 4.2 the argument similarity_function has no effect.
for restrict in [60, 40]:
    _, sections = table.evaluate_word_analogies(path, restrict_vocab=restrict, case_insensitive=False)
    report["evaluation"].append({
        "firstRows": restrict,
        "sections": [[s["section"], [list(q) for q in s["correct"]], [list(q) for q in s["incorrect"]]] for s in sections],
    })
os.remove(path)
report["questions"] = questions

# How NumPy writes single floats: all kinds of bit patterns, and the neighbours of powers of ten.
patterns = [int(bits) for bits in random.integers(0, 2**32, size=1500, dtype=np.uint64)]
for power in range(-45, 39):
    bits = struct.unpack("<I", struct.pack("<f", 10.0**power))[0]
    patterns += [bits - 1 if bits else 0, bits, bits + 1]
patterns += [struct.unpack("<I", struct.pack("<f", float(value)))[0] for value in (random.normal(size=500) * 10.0 ** random.integers(-6, 18, size=500))]
floats = []
for bits in patterns:
    value = np.frombuffer(struct.pack("<I", bits), dtype=np.float32)[0]
    if np.isfinite(value):
        floats.append([bits, repr(value)])
report["floats"] = floats

with open(os.path.join(HERE, "queries.json"), "w", encoding="utf-8") as file:
    file.write("{\n")
    file.write(",\n".join(f"{json.dumps(key)}: " + ("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in value) + "\n]" if isinstance(value, list) else json.dumps(value)) for key, value in report.items()))
    file.write("\n}\n")
