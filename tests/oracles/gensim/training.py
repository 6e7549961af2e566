"""What gensim learns where nothing is left to chance: hierarchical softmax, whole windows, no subsampling, one worker, a fixed rate, given first vectors; and what it makes of counts.
Writes training.json; see ../README.md."""

import json
import os

import numpy as np
from gensim.models import Word2Vec

HERE = os.path.dirname(os.path.abspath(__file__))
SIZE, SEED, RATE, EPOCHS = 16, 11, 0.05, 3
MASK = (1 << 64) - 1


def mix(value):
    """SplitMix64's output function."""
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def first_vectors(words, scale):
    """The first input vectors of our trainer, so that both begin at the same place: a linear congruential generator, seeded for pass -1, sentence 0."""
    state = mix((mix((mix(SEED) + MASK) & MASK) + 0) & MASK)
    rows = np.empty((words, SIZE), np.float32)
    for row in rows:
        for i in range(SIZE):
            state = (state * 6364136223846793005 + 1442695040888963407) & MASK
            row[i] = (np.float32(state >> 40) / np.float32(8388608) - np.float32(1)) * np.float32(scale) / np.float32(SIZE)
    return rows


def has_ties(counts):
    """Whether two of the lightest trees are ever equally heavy while Huffman's tree is built; then there are several such trees."""
    heap = sorted(counts)
    while len(heap) > 1:
        if len(set(heap)) < len(heap):
            return True
        heap = sorted(heap[2:] + [heap[0] + heap[1]])
    return False


# Thirty words, no two of them equally frequent; a word's neighbours come from its own half, so that there is something to learn.
random = np.random.default_rng(3)
while True:
    counts = [int(count) for count in random.choice(np.arange(5, 200), size=30, replace=False)]
    if not has_ties(counts):
        break
sentences = []
for half in range(2):
    words = [f"w{number:02}" for number in range(half, 30, 2) for _ in range(counts[number])]
    random.shuffle(words)
    while words:
        length = int(random.integers(1, 10))
        sentences.append(words[:length])
        words = words[length:]
random.shuffle(sentences)

result = {"sentences": [" ".join(sentence) for sentence in sentences], "size": SIZE, "seed": SEED, "rate": RATE, "epochs": EPOCHS, "window": 2, "models": []}
for architecture in ["Cbow", "SkipGram"]:
    model = Word2Vec(vector_size=SIZE, window=2, shrink_windows=False, min_count=1, sample=0, hs=1, negative=0, sg=int(architecture == "SkipGram"), workers=1, alpha=RATE, min_alpha=RATE)
    model.build_vocab(sentences)
    # Our order of words: equally frequent ones by name.
    order = sorted(range(len(model.wv)), key=lambda i: (-model.wv.get_vecattr(model.wv.index_to_key[i], "count"), model.wv.index_to_key[i]))
    rows = first_vectors(len(order), 1.5 if architecture == "Cbow" else 1)
    for place, i in enumerate(order):
        model.wv.vectors[i] = rows[place]
    model.train(sentences, total_examples=model.corpus_count, epochs=EPOCHS)
    words = [model.wv.index_to_key[i] for i in order]
    codes = ["".join(str(int(bit)) for bit in model.wv.get_vecattr(word, "code")) for word in words]
    result["models"].append({"architecture": architecture, "words": words, "codes": codes, "counts": [int(model.wv.get_vecattr(word, "count")) for word in words],
                             "input": [[round(float(x), 6) for x in model.wv.vectors[i]] for i in order]})

# What follows from counts: how often each word is kept, and how often it is drawn.
model = Word2Vec(vector_size=4, min_count=5, sample=0.01, negative=5, ns_exponent=0.75)
model.build_vocab(sentences)
words = model.wv.index_to_key
drawn = np.diff(np.concatenate([[0], model.cum_table.astype(np.float64)])) / (2**31 - 1)
result["sampling"] = {"minimum": 5, "sample": 0.01, "words": words, "kept": [float(model.wv.get_vecattr(word, "sample_int")) / 2**32 for word in words], "drawn": [float(x) for x in drawn]}
with open(os.path.join(HERE, "training.json"), "w", encoding="utf-8") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")
