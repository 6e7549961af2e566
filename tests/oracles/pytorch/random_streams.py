"""What PyTorch's CPU generator draws: programs of mixed calls, with the arguments and the result of each, as random_streams.json.

    /usr/bin/python3 random_streams.py        (Debian's python3-torch 1.13)

Each program starts from a seed and runs its steps one after the other, so a step that consumes too many or too few numbers spoils all that follow.
A program ends with the SHA-256 of the twister's part of the state (seed, place, words) and with the normal number that waits for the next call.
Results longer than 100 elements are cut to the first and last 40. A value is the shortest decimal that gives the same float or double back.
The name is not random.py: a script's folder comes first in Python's search path, and PyTorch imports the standard module of that name.
"""

import hashlib
import json
import os
import random
import struct
import warnings

import numpy
import torch

warnings.filterwarnings("ignore")
torch.set_num_threads(1)

SEEDS = [0, 1, 42, -1, 2**40 + 7]
SIZES = [1, 2, 15, 16, 17, 31, 32, 100, 1000]
DTYPES = {"float32": torch.float32, "float64": torch.float64, "int64": torch.int64, "int32": torch.int32, "uint8": torch.uint8, "bool": torch.bool}
FLOATS = ["float32", "float64"]
INTEGERS = [
    ("int64", 0, 10), ("int64", -5, 2**31), ("int64", 0, 2**32 - 1), ("int64", 0, 2**32), ("int64", -2**40, 2**50), ("int64", -2**63, 2**63 - 1),
    ("int32", -100, 100), ("int32", -2**31, 2**31 - 1), ("int32", -2**31, 2**31), ("uint8", 0, 256), ("uint8", 7, 9), ("bool", 0, 2), ("float32", 0, 10),
    ("float32", -2**24, 2**24), ("float32", 0, 2**25), ("float32", 2**26 + 1, 2**26 + 101), ("float32", 0, 2**33), ("float64", -3, 2**53), ("float64", 0, 2**60),
]


def numbers(tensor):
    """A tensor's elements in the order of memory, cut if there are many."""
    flat = tensor.detach().contiguous().view(-1)
    if flat.dtype.is_floating_point:
        values = [float(numpy.format_float_scientific(x, unique=True, trim="-")) if x.dtype == numpy.float64 else float(str(x)) for x in flat.numpy()]
    else:
        values = [int(x) for x in flat.tolist()]
    return values if len(values) <= 100 else values[:40] + values[-40:]


def weights(rows, categories, dtype):
    """Weights without a generator: some zero, the largest a hundred times the smallest."""
    grid = torch.arange(rows * categories, dtype=torch.float64).view(rows, categories)
    return torch.where(grid % 5 == 3, torch.zeros(()).double(), (grid * 7 % 11 + 1) / ((grid * 3 % 13) + 1)).to(dtype)


def probabilities(count, dtype):
    """0, 1 and what lies between."""
    return ((torch.arange(count, dtype=torch.float64) * 3 % 11) / 10).to(dtype)


def empty(size, dtype):
    return torch.empty(size, dtype=DTYPES[dtype])


def run(step):
    op, n, dtype = step["op"], step.get("count", 0), step.get("dtype", "")
    if op == "uniform":
        return empty(n, dtype).uniform_(step["from"], step["to"])
    if op == "normal":
        return empty(n, dtype).normal_(step["mean"], step["std"])
    if op == "normal_strided":
        return empty(2 * n, dtype)[::2].normal_(step["mean"], step["std"])
    if op == "random":
        return empty(n, dtype).random_(step["from"], step["to"])
    if op == "bernoulli":
        return empty(n, dtype).bernoulli_(step["p"])
    if op == "bernoulli_tensor":
        return empty(n, dtype).bernoulli_(probabilities(n, DTYPES[step["p_dtype"]]))
    if op == "exponential":
        return empty(n, dtype).exponential_(step["lambda"])
    if op == "randperm":
        return torch.randperm(n, dtype=DTYPES[dtype])
    if op == "multinomial":
        return torch.multinomial(weights(step["rows"], step["categories"], DTYPES[dtype]), step["samples"], step["replacement"])
    if op == "dropout":
        return torch.nn.functional.dropout(torch.ones(n, dtype=DTYPES[dtype]), step["p"])
    if op == "trunc_normal":
        return torch.nn.init.trunc_normal_(empty(n, dtype), step["mean"], step["std"], step["a"], step["b"])
    raise ValueError(op)


def every_step():
    for n in SIZES:
        for dtype in FLOATS:
            yield {"op": "uniform", "dtype": dtype, "count": n, "from": 0.0, "to": 1.0}
            yield {"op": "uniform", "dtype": dtype, "count": n, "from": -0.3, "to": 1.3}
            yield {"op": "normal", "dtype": dtype, "count": n, "mean": 0.0, "std": 1.0}
            yield {"op": "normal", "dtype": dtype, "count": n, "mean": 0.5, "std": 0.02}
            yield {"op": "normal_strided", "dtype": dtype, "count": n, "mean": -1.0, "std": 3.0}
            yield {"op": "exponential", "dtype": dtype, "count": n, "lambda": 1.0}
            yield {"op": "exponential", "dtype": dtype, "count": n, "lambda": 2.5}
            yield {"op": "dropout", "dtype": dtype, "count": n, "p": 0.1}
            yield {"op": "dropout", "dtype": dtype, "count": n, "p": 0.5}
            yield {"op": "trunc_normal", "dtype": dtype, "count": n, "mean": 0.0, "std": 1.0, "a": -2.0, "b": 2.0}
            yield {"op": "trunc_normal", "dtype": dtype, "count": n, "mean": 0.1, "std": 0.02, "a": 0.07, "b": 0.2}
        for dtype in DTYPES:
            for p in [0.0, 0.3, 0.9, 1.0]:
                yield {"op": "bernoulli", "dtype": dtype, "count": n, "p": p}
            for p_dtype in FLOATS:
                yield {"op": "bernoulli_tensor", "dtype": dtype, "count": n, "p_dtype": p_dtype}
        for dtype, low, high in INTEGERS:
            yield {"op": "random", "dtype": dtype, "count": n, "from": low, "to": high}
        for dtype in ["int64", "int32", "float32"]:
            yield {"op": "randperm", "dtype": dtype, "count": n}
    for n in [2048, 5000]:
        for dtype in FLOATS:
            yield {"op": "uniform", "dtype": dtype, "count": n, "from": -0.3, "to": 1.3}
            yield {"op": "normal", "dtype": dtype, "count": n, "mean": 0.5, "std": 0.02}
            yield {"op": "exponential", "dtype": dtype, "count": n, "lambda": 2.5}
            yield {"op": "dropout", "dtype": dtype, "count": n, "p": 0.1}
            yield {"op": "trunc_normal", "dtype": dtype, "count": n, "mean": 0.0, "std": 1.0, "a": -2.0, "b": 2.0}
        for dtype in ["uint8", "int64"]:
            yield {"op": "bernoulli", "dtype": dtype, "count": n, "p": 0.3}
            yield {"op": "random", "dtype": dtype, "count": n, "from": 3, "to": 101}
    yield {"op": "dropout", "dtype": "float32", "count": 7, "p": 1.0}
    yield {"op": "dropout", "dtype": "float64", "count": 7, "p": 1.0}
    for dtype in FLOATS:
        for rows, categories, samples in [(1, 2, 1), (1, 10, 1), (1, 10, 8), (3, 7, 1), (3, 7, 5), (4, 100, 1), (2, 100, 20), (1, 1000, 1)]:
            for replacement in [False, True]:
                yield {"op": "multinomial", "dtype": dtype, "rows": rows, "categories": categories, "samples": samples, "replacement": replacement}


def program(seed, steps):
    torch.manual_seed(seed)
    done = [dict(step, out=numbers(run(step))) for step in steps]
    state = bytes(torch.get_rng_state().tolist())
    waiting = struct.unpack_from("<d", state, 5024)[0] if struct.unpack_from("<i", state, 5040)[0] else None
    return {"seed": seed, "steps": done, "twister_sha256": hashlib.sha256(state[:5016]).hexdigest(), "waiting_normal": waiting}


def main():
    steps = list(every_step())
    programs = []
    for seed in SEEDS:
        order = random.Random(seed)
        chosen = [step for step in steps if step.get("count", 0) <= 32 or order.random() < 0.3]
        programs.append(program(seed, order.sample(chosen, 220)))
    # Every step once, from one more seed, in the order above.
    programs.append(program(1234, steps))
    torch.manual_seed(5)
    fresh = bytes(torch.get_rng_state().tolist())
    torch.randn(3)
    used = bytes(torch.get_rng_state().tolist())
    states = {"fresh_sha256": hashlib.sha256(fresh).hexdigest(), "used_twister_sha256": hashlib.sha256(used[:5016]).hexdigest(), "used_rest": used[5016:].hex()}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "random_streams.json")
    with open(path, "w") as file:
        file.write('{"torch": "%s", "states": %s, "programs": [\n' % (torch.__version__, json.dumps(states)))
        for number, one in enumerate(programs):
            head = {key: value for key, value in one.items() if key != "steps"}
            file.write(json.dumps(head)[:-1] + ', "steps": [\n')
            file.write(",\n".join(json.dumps(step, separators=(",", ":")) for step in one["steps"]))
            file.write("\n]}" + (",\n" if number < len(programs) - 1 else "\n"))
        file.write("]}\n")


main()
