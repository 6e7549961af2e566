"""Principal components, Procrustes, PPMI with truncated SVD and t-SNE, by NumPy, SciPy and scikit-learn. Writes vectors.json; see ../README.md."""

import json
import os
import random
from collections import Counter

import numpy as np
import scipy
import sklearn
from scipy.linalg import orthogonal_procrustes
from scipy.spatial.distance import pdist, squareform
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.manifold._t_sne import _joint_probabilities, _kl_divergence

HERE = os.path.dirname(os.path.abspath(__file__))
source = np.random.default_rng(7)


def rounded(values, digits=12):
    return [float(f"{value:.{digits}g}") for value in np.asarray(values).ravel()]


def principal_components():
    cases = []
    for rows, columns in [(40, 6), (5, 9), (30, 30), (3, 2), (200, 4)]:
        points = source.normal(size=(rows, columns)) @ source.normal(size=(columns, columns)) + 3 * source.normal(size=columns)
        points = points.round(6)
        fitted = PCA().fit(points)

        # Centred points have rank N - 1 at most; what lies behind is no direction of theirs.
        rank = min(rows - 1, columns)
        components = fitted.components_[:rank]
        signs = np.sign(components[np.arange(rank), np.abs(components).argmax(1)])
        cases.append({
            "rows": rows, "columns": columns, "points": rounded(points), "rank": rank, "mean": rounded(fitted.mean_), "components": rounded(components * signs[:, None]),
            "variance": rounded(fitted.explained_variance_[:rank]), "ratio": rounded(fitted.explained_variance_ratio_[:rank]),
            "coordinates": rounded(fitted.transform(points)[:, :rank] * signs),
        })
    return cases


def procrustes():
    cases = []
    for rows, columns, noise in [(20, 5, 0.1), (8, 8, 0.5), (50, 3, 2.0), (12, 1, 0.1)]:
        a = source.normal(size=(rows, columns)).round(6)
        turn = np.linalg.qr(source.normal(size=(columns, columns)))[0]
        b = (a @ turn * 1.7 + 0.5 + noise * source.normal(size=(rows, columns))).round(6)
        plain, singular_values = orthogonal_procrustes(a, b)
        a0, b0 = a - a.mean(0), b - b.mean(0)
        centred, total = orthogonal_procrustes(a0, b0)
        scale = total / (a0**2).sum()
        cases.append({
            "rows": rows, "columns": columns, "source": rounded(a), "target": rounded(b), "rotation": rounded(plain), "error": float(np.linalg.norm(a @ plain - b) / np.linalg.norm(b)),
            "centredRotation": rounded(centred), "scale": float(scale), "moved": rounded(scale * (a - a.mean(0)) @ centred + b.mean(0)),
        })
    return cases


def mutual_information():
    draw = random.Random(3)
    words = [f"w{i}" for i in range(14)]
    sentences = [[draw.choices(words, weights=range(1, 15))[0] for _ in range(draw.randint(0, 9))] for _ in range(60)]
    result = {"sentences": sentences, "cases": []}
    for window, minimum, weighted, k, smoothing, exponent in [(2, 1, False, 1, 0.75, 0.5), (5, 1, True, 1.2, 1, 1), (1, 12, False, 2, 0.5, 0), (3, 1, True, 1, 0.75, 0.5)]:
        frequency = Counter(word for sentence in sentences for word in sentence)
        vocabulary = sorted((word for word in frequency if frequency[word] >= minimum), key=lambda word: (-frequency[word], word))
        index = {word: i for i, word in enumerate(vocabulary)}
        counts = np.zeros((len(vocabulary), len(vocabulary)))
        for sentence in sentences:
            kept = [word for word in sentence if word in index]
            for i, word in enumerate(kept):
                for j in range(max(0, i - window), min(len(kept), i + window + 1)):
                    if j != i:
                        counts[index[word], index[kept[j]]] += (window + 1 - abs(i - j)) / window if weighted else 1
        word_share = counts.sum(1) / counts.sum()
        context_share = counts.sum(0) ** smoothing
        context_share /= context_share.sum()
        with np.errstate(divide="ignore"):
            information = np.log(counts / counts.sum() / np.outer(word_share, context_share))
        positive = np.maximum(information - np.log(k), 0)
        u, s, vh = np.linalg.svd(positive)
        dimensions = 4
        result["cases"].append({
            "window": window, "minimum": minimum, "weighted": weighted, "k": k, "smoothing": smoothing, "exponent": exponent, "words": vocabulary, "frequency": [frequency[word] for word in vocabulary],
            "counts": rounded(counts), "positive": rounded(positive), "singularValues": rounded(s), "gram": rounded((u[:, :dimensions] * s[:dimensions] ** exponent) @ (u[:, :dimensions] * s[:dimensions] ** exponent).T, 9),
        })
    return result


def t_sne():
    cases = []
    for rows, columns, perplexity, groups in [(25, 4, 5, 3), (60, 10, 12, 4), (10, 3, 3, 1), (45, 6, 10, 1)]:
        centres = 4 * source.normal(size=(groups, columns))
        points = (centres[np.arange(rows) % groups] + source.normal(size=(rows, columns))).round(4)
        distances = squareform(pdist(points, "sqeuclidean"))
        joint = squareform(_joint_probabilities(distances, perplexity, 0))
        positions = source.normal(size=(rows, 2)).round(4)
        divergence, gradient = _kl_divergence(positions.ravel(), squareform(joint), 1, rows, 2)
        reached = max(TSNE(perplexity=perplexity, method="exact", init="random", learning_rate="auto", random_state=seed, n_iter=1000).fit(points).kl_divergence_ for seed in range(5))
        cases.append({
            "rows": rows, "columns": columns, "perplexity": perplexity, "groups": groups, "points": rounded(points), "joint": rounded(joint, 7), "positions": rounded(positions),
            "divergence": float(divergence), "gradient": rounded(gradient, 7), "reached": float(reached),
        })
    return cases


report = {
    "versions": f"NumPy {np.__version__}, SciPy {scipy.__version__}, scikit-learn {sklearn.__version__}",
    "principalComponents": principal_components(), "procrustes": procrustes(), "mutualInformation": mutual_information(), "tSne": t_sne(),
}
with open(os.path.join(HERE, "vectors.json"), "w", encoding="utf-8") as file:
    json.dump(report, file, separators=(",", ":"))
    file.write("\n")
