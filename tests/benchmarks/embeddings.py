"""gensim's word2vec for one line of the benchmark: trains, prints `speed=` (words read per second of training) and, if a folder is named, leaves its vectors there.

embeddings.py TEXT cbow|skip-gram WORKERS memory|file EPOCHS SEED [FOLDER]
"""
import pathlib
import sys
import time

from gensim.models import Word2Vec, word2vec

assert word2vec.FAST_VERSION >= 0, "gensim runs without its compiled loops"
text, architecture, workers, mode, epochs, seed, *folder = sys.argv[1:]
model = Word2Vec(vector_size=100, window=5, negative=5, sample=1e-3, min_count=5, epochs=int(epochs), workers=int(workers), sg=int(architecture == "skip-gram"), seed=int(seed))
if mode == "file":
    corpus = {"corpus_file": text}
    model.build_vocab(**corpus)
    corpus["total_words"] = model.corpus_total_words
else:
    with open(text, encoding="utf-8") as lines:
        corpus = {"corpus_iterable": [line.split() for line in lines]}
    model.build_vocab(**corpus)
start = time.perf_counter()
_, words = model.train(**corpus, total_examples=model.corpus_count, epochs=model.epochs)
print(f"speed={words / (time.perf_counter() - start):.0f}")
if folder:
    place = pathlib.Path(folder[0])
    place.mkdir(exist_ok=True)
    (place / "words.txt").write_text("\n".join(model.wv.index_to_key), "utf-8")
    model.wv.vectors.astype("<f4").tofile(place / "input.bin")
    model.syn1neg.astype("<f4").tofile(place / "output.bin")
