"""Positional encodings by NumPy and PyTorch, in double precision, straight from their formulas: loops over every query and key, no shifts, no gathers."""

import json
import math
import os

import numpy as np
import torch

torch.set_default_dtype(torch.float64)


def rounded(values):
    return [float(v) for v in np.asarray(values, dtype=np.float64).ravel()]


def numbers(count, seed):
    """Numbers between -1.5 and 1.5 that need no random generator."""
    i = np.arange(count, dtype=np.float64)
    return np.round(1.5 * np.sin(i * 1.7 + seed) * np.cos(i * i * 0.13 + 2 * seed), 3)


def sinusoidal(position, width):
    code = np.empty(width)
    for i in range(width // 2):
        angle = position / 10000 ** (2 * i / width)
        code[2 * i], code[2 * i + 1] = math.sin(angle), math.cos(angle)
    return code


def sinusoidal_cases():
    for width, positions in ((4, [0, 1, 2]), (32, list(range(7))), (64, [0, 1, 49, 2000, 2001, 10000]), (512, [3, 999])):
        yield {"width": width, "positions": positions, "codes": rounded([sinusoidal(p, width) for p in positions])}


def t5_bucket(distance, bidirectional, buckets, maximum):
    """The published formula with its logarithm in single precision, as torch computes it."""
    bucket = torch.zeros_like(distance)
    if bidirectional:
        buckets //= 2
        bucket += buckets * (distance > 0)
        distance = distance.abs()
    else:
        distance = (-distance).clamp(min=0)
    exact = buckets // 2
    share = torch.log(distance.clamp(min=1).to(torch.float32) / exact) / math.log(maximum / exact)
    far = (exact + (share * (buckets - exact)).long()).clamp(max=buckets - 1)
    return bucket + torch.where(distance < exact, distance, far)


def t5_cases():
    distances = torch.arange(-300, 301)
    for bidirectional, buckets, maximum in ((True, 32, 128), (False, 32, 128), (True, 64, 200), (False, 16, 100), (True, 8, 20)):
        found = t5_bucket(distances, bidirectional, buckets, maximum)
        yield {"bidirectional": bidirectional, "buckets": buckets, "maximum": maximum, "from": -300, "found": found.tolist()}


def slopes(heads):
    def power_of_two(h):
        return [2 ** (-8 * (k + 1) / h) for k in range(h)]

    below = 2 ** math.floor(math.log2(heads))
    return power_of_two(below) + power_of_two(2 * below)[0::2][: heads - below]


def rotary_cases():
    for width, rotary, base, offset in ((8, 8, 10000.0, 0), (8, 4, 10000.0, 5), (6, 6, 500.0, 1234), (64, 64, 10000.0, 99990)):
        x = torch.tensor(numbers(2 * 3 * width, width).reshape(2, 3, width))
        theta = torch.tensor([base ** (-2 * i / rotary) for i in range(rotary // 2)])
        turn = torch.polar(torch.ones(3, rotary // 2), torch.outer(torch.arange(offset, offset + 3).double(), theta))
        rest = x[..., rotary:]
        pairs = x[..., :rotary].reshape(2, 3, rotary // 2, 2)
        interleaved = torch.view_as_real(torch.view_as_complex(pairs.contiguous()) * turn).flatten(-2)
        turned = torch.complex(x[..., : rotary // 2], x[..., rotary // 2 : rotary]) * turn
        yield {
            "width": width, "rotary": rotary, "base": base, "offset": offset, "x": rounded(x),
            "interleaved": rounded(torch.cat([interleaved, rest], -1)), "halfSplit": rounded(torch.cat([turned.real, turned.imag, rest], -1)),
        }


def queries_and_keys(batch, heads, target, source, width):
    q = torch.tensor(numbers(batch * heads * target * width, 1).reshape(batch, heads, target, width), requires_grad=True)
    k = torch.tensor(numbers(batch * heads * source * width, 2).reshape(batch, heads, source, width), requires_grad=True)
    return q, k


def transformer_xl_cases():
    batch, heads, width, model = 2, 2, 3, 6
    for target, source, offset in ((4, 4, 0), (2, 5, 3), (5, 3, 0)):
        q, k = queries_and_keys(batch, heads, target, source, width)
        w = torch.tensor(numbers(heads * width * model, 3).reshape(heads * width, model), requires_grad=True)
        u = torch.tensor(numbers(heads * width, 4).reshape(heads, width), requires_grad=True)
        v = torch.tensor(numbers(heads * width, 5).reshape(heads, width), requires_grad=True)
        terms = torch.zeros(4, batch, heads, target, source)
        for b in range(batch):
            for h in range(heads):
                for i in range(target):
                    for j in range(source):
                        r = (w @ torch.tensor(sinusoidal(offset + i - j, model)))[h * width : (h + 1) * width]
                        terms[0, b, h, i, j] = q[b, h, i] @ k[b, h, j]
                        terms[1, b, h, i, j] = q[b, h, i] @ r
                        terms[2, b, h, i, j] = u[h] @ k[b, h, j]
                        terms[3, b, h, i, j] = v[h] @ r
        bias = terms[1:].sum(0) / math.sqrt(width)
        weight = torch.tensor(numbers(bias.numel(), 6)).reshape(bias.shape)
        (bias * weight).sum().backward()
        yield {
            "target": target, "source": source, "offset": offset, "q": rounded(q.detach()), "k": rounded(k.detach()), "w": rounded(w.detach()),
            "u": rounded(u.detach()), "v": rounded(v.detach()), "weight": rounded(weight), "terms": [rounded(t.detach()) for t in terms],
            "bias": rounded(bias.detach()), "gradients": [rounded(g.grad) for g in (q, k, w, u, v)],
        }


def shaw_cases():
    batch, heads, width, value_width = 2, 2, 3, 2
    for target, source, offset, maximum in ((5, 5, 0, 2), (2, 6, 4, 3), (4, 3, 0, 0)):
        q, k = queries_and_keys(batch, heads, target, source, width)
        a = torch.tensor(numbers((2 * maximum + 1) * width, 7).reshape(-1, width), requires_grad=True)
        c = torch.tensor(numbers((2 * maximum + 1) * value_width, 8).reshape(-1, value_width), requires_grad=True)
        distance = torch.arange(source)[None, :] - torch.arange(offset, offset + target)[:, None]
        rows = distance.clamp(-maximum, maximum) + maximum
        bias = torch.einsum("bhid,ijd->bhij", q, a[rows]) / math.sqrt(width)
        weights = (q @ k.transpose(-2, -1) / math.sqrt(width) + bias).softmax(-1)
        term = torch.einsum("bhij,ijd->bhid", weights, c[rows])
        weight = torch.tensor(numbers(term.numel(), 6)).reshape(term.shape)
        (term * weight).sum().backward()
        yield {
            "target": target, "source": source, "offset": offset, "maximum": maximum, "q": rounded(q.detach()), "k": rounded(k.detach()),
            "keys": rounded(a.detach()), "values": rounded(c.detach()), "weight": rounded(weight), "bias": rounded(bias.detach()),
            "term": rounded(term.detach()), "gradients": [rounded(g.grad) for g in (q, k, a, c)],
        }


def main():
    cases = {
        "sinusoidal": list(sinusoidal_cases()),
        "t5": list(t5_cases()),
        "alibi": [{"heads": h, "slopes": slopes(h)} for h in list(range(1, 21)) + [24, 32, 40, 64]],
        "rotary": list(rotary_cases()),
        "transformerXL": list(transformer_xl_cases()),
        "shaw": list(shaw_cases()),
    }
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectors.json")
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write("{\n")
        for n, (name, rows) in enumerate(cases.items()):
            file.write(f'"{name}": [\n' + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + ("\n],\n" if n + 1 < len(cases) else "\n]\n"))
        file.write("}\n")


main()
