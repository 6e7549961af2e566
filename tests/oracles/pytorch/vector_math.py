"""Writes vector_math.json: functions of doubles in 60-digit arithmetic, and trajectories of PyTorch's optimisers.

Usage: python3 vector_math.py [points per function] [file]. Needs mpmath, PyTorch 1.13 (without numpy would do). The same bytes in every run.
functions: name -> [argument, ..., result rounded to double, what the rounding left] as decimal strings, which round trip.
optimizers: [{name, options, parameters, gradients per step, parameters per step}], all float32, as the integers of their bits.
"""
import json
import os
import random
import struct
import sys

import mpmath as mp
import torch

mp.mp.dps = 60
points = int(sys.argv[1]) if len(sys.argv) > 1 else 60
path = sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "vector_math.json")
rng = random.Random(1)


def sized(low, high):
    """A number whose size is spread evenly over powers of 2."""
    return rng.choice([-1, 1]) * rng.uniform(1, 2) * 2.0 ** rng.randint(low, high)


def within(low, high):
    return rng.uniform(low, high) if rng.random() < 0.7 else max(low, min(high, sized(-30, 4)))


def positive():
    return rng.choice([abs(sized(-1060, 1020)), rng.uniform(0.5, 2), 1 + sized(-40, -2)])


def angle():
    return rng.choice([sized(-30, 1000), rng.uniform(-100, 100), rng.randint(1, 10**6) * 1.5707963267948966, rng.uniform(0, 2) * 2.0**30])


def power():
    x = positive()
    scale = 700 / max(1e-12, abs(mp.log(x)))
    return x, float(rng.uniform(-1, 1) * min(scale, 1e15)) if rng.random() < 0.7 else float(rng.randint(-20, 20))


FUNCTIONS = {
    "Exp": (lambda: within(-744, 709), mp.exp),
    "Expm1": (lambda: within(-60, 709), mp.expm1),
    "Log": (positive, mp.log),
    "Log2": (positive, lambda x: mp.log(x) / mp.log(2)),
    "Log10": (positive, lambda x: mp.log(x) / mp.log(10)),
    "Log1p": (lambda: max(-0.999999, rng.choice([sized(-60, 3), abs(sized(-60, 1000)), rng.uniform(-0.9, 3)])), lambda x: mp.log(1 + x)),
    "Tanh": (lambda: within(-20, 20), mp.tanh),
    "Sinh": (lambda: within(-710, 710) if rng.random() < 0.5 else within(-3, 3), mp.sinh),
    "Cosh": (lambda: within(-710, 710), mp.cosh),
    "Sigmoid": (lambda: within(-740, 40), lambda x: 1 / (1 + mp.exp(-x))),
    "Erf": (lambda: within(-6, 6), mp.erf),
    "Softplus": (lambda: within(-740, 20), lambda x: mp.log(1 + mp.exp(x))),
    "Sin": (angle, mp.sin),
    "Cos": (angle, mp.cos),
    "Tan": (angle, mp.tan),
    "Asin": (lambda: within(-1, 1), mp.asin),
    "Acos": (lambda: within(-1, 1), mp.acos),
    "Atan": (lambda: sized(-60, 60) if rng.random() < 0.5 else rng.uniform(-4, 4), mp.atan),
    "Atan2": (lambda: (sized(-3, 3), sized(-3, 3)), mp.atan2),
    "Pow": (power, mp.power),
}


def references(name):
    draw, function = FUNCTIONS[name]
    for _ in range(points):
        arguments = draw()
        arguments = arguments if isinstance(arguments, tuple) else (arguments,)
        mp.mp.dps = 400 if name in ("Sin", "Cos", "Tan", "Log1p", "Softplus") else 60
        exact = function(*[mp.mpf(a) for a in arguments])
        rounded = float(exact)
        yield [repr(v).replace("inf", "Infinity") for v in (*arguments, rounded, float(exact - rounded) if abs(rounded) != float("inf") else 0.0)]


def bits(tensor):
    return [struct.unpack("I", struct.pack("f", v))[0] for v in tensor.tolist()]


def trajectory(name, steps=12, n=19, **options):
    generator = torch.Generator().manual_seed(3)
    parameter = torch.randn(n, generator=generator).requires_grad_()
    start = bits(parameter.detach())
    optimizer = getattr(torch.optim, name)([parameter], **options)
    gradients, parameters = [], []
    for step in range(steps):
        parameter.grad = torch.randn(n, generator=generator) * 10.0 ** (step % 4 - 2)
        gradients.append(bits(parameter.grad))
        optimizer.step()
        parameters.append(bits(parameter.detach()))
    return {"name": name, "options": options, "start": start, "gradients": gradients, "parameters": parameters}


OPTIMIZERS = [
    ("SGD", dict(lr=0.1)),
    ("SGD", dict(lr=0.1, momentum=0.9, weight_decay=0.01)),
    ("SGD", dict(lr=0.1, momentum=0.9, dampening=0.3, maximize=True)),
    ("SGD", dict(lr=0.05, momentum=0.8, nesterov=True, weight_decay=0.1, maximize=True)),
    ("Adam", dict(lr=0.001)),
    ("Adam", dict(lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1)),
    ("Adam", dict(lr=0.01, amsgrad=True, maximize=True)),
    ("AdamW", dict(lr=0.001)),
    ("AdamW", dict(lr=0.02, betas=(0.7, 0.9), weight_decay=0.3, amsgrad=True)),
]

with open(path, "w") as file:
    json.dump({
        "functions": {name: list(references(name)) for name in FUNCTIONS},
        "optimizers": [trajectory(name, **options) for name, options in OPTIMIZERS],
    }, file, separators=(",", ":"))
    file.write("\n")
