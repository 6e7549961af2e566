"""The peer of MatrixProductBenchmark: PyTorch's products, timed when asked.

A case is `KIND N`, KIND one of ab, abt, atb (N x N matrices), mv (matrix by vector), vm (vector by matrix), bmm (1,024 products of 24 x 16 by 16 x 24),
linear (N x 256 by the transpose of 1,024 x 256: a layer and N tokens).
  check KIND N PATH       writes the result as float32 to PATH                          -> done
  time KIND N SECONDS     repeats the product for so long, in bursts of about 2 ms      -> seconds per product, best burst and median burst
"""
import time

import torch

from torch_peer import best_and_median, numbers, serve


def case(kind, n):
    """A function that computes the product into its result, and the result."""
    if kind == "bmm":
        a, b, c = numbers(0, 1024, 24, 16), numbers(1000, 1024, 16, 24), torch.empty(1024, 24, 24)
        return (lambda: torch.bmm(a, b, out=c)), c
    if kind == "linear":
        a, w, c = numbers(0, n, 256), numbers(1000, 1024, 256), torch.empty(n, 1024)
        return (lambda: torch.mm(a, w.t(), out=c)), c
    a, b, v = numbers(0, n, n), numbers(1000, n, n), numbers(1000, n)
    c = torch.empty(n) if kind in ("mv", "vm") else torch.empty(n, n)
    at, bt = a.t(), b.t()
    return {
        "ab": lambda: torch.mm(a, b, out=c),
        "abt": lambda: torch.mm(a, bt, out=c),
        "atb": lambda: torch.mm(at, b, out=c),
        "mv": lambda: torch.mv(a, v, out=c),
        "vm": lambda: torch.mv(at, v, out=c),
    }[kind], c


def check(kind, n, path):
    multiply, result = case(kind, int(n))
    multiply()
    with open(path, "wb") as file:
        file.write(result.numpy().tobytes())
    return "done"


def measure(kind, n, seconds):
    multiply, _ = case(kind, int(n))
    multiply()
    repeats, elapsed = 1, 0.0
    while elapsed < 0.002:
        begin = time.perf_counter()
        for _ in range(repeats):
            multiply()
        elapsed = time.perf_counter() - begin
        repeats = repeats if elapsed >= 0.002 else repeats * 2
    bursts, end = [], time.perf_counter() + float(seconds)
    while time.perf_counter() < end:
        begin = time.perf_counter()
        for _ in range(repeats):
            multiply()
        bursts.append((time.perf_counter() - begin) / repeats)
    return best_and_median(bursts)


serve({"check": check, "time": measure})
