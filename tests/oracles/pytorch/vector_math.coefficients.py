"""Derives the polynomial coefficients of lib/TorchSharp.Managed/Kernels/VectorMath*.cs and prints them as C# constants.

Each polynomial is the minimax fit of a remainder, by Remez' exchange (E. Remez, 1934) in 60-digit arithmetic with the function's relative error as weight.
The coefficients are then rounded to the target precision; the error printed is that of the rounded polynomial.

Needs mpmath. Usage: python3 vector_math.coefficients.py [name ...]
"""
import struct
import sys

from mpmath import (asin, atan, cos, erf, erfc, exp, expm1, floor, lu_solve, log, matrix, mp, mpf, nstr, pi, sin, sinh, sqrt, tanh)

mp.dps = 60


def to_float(value):
    return struct.unpack("f", struct.pack("f", float(value)))[0]


def remez(function, weight, low, high, degree):
    """Coefficients of the polynomial with the least maximum of |weight (polynomial - function)|, and that maximum."""
    free = degree + 1
    points = 60 * (degree + 2)
    grid = [low + (high - low) * (1 - cos(pi * (i + mpf(1) / 2) / points)) / 2 for i in range(points)]
    targets = [function(x) for x in grid]
    weights = [weight(x) for x in grid]
    nodes = [int(points * (2 * i + 1) / (2 * (free + 1))) for i in range(free + 1)]
    for _ in range(30):
        system, right = matrix(free + 1, free + 1), matrix(free + 1, 1)
        for row, node in enumerate(nodes):
            for column in range(free):
                system[row, column] = weights[node] * grid[node] ** column
            system[row, free] = (-1) ** row
            right[row] = weights[node] * targets[node]
        solution = lu_solve(system, right)
        errors = []
        for x, target, w in zip(grid, targets, weights):
            value = mpf(0)
            for column in reversed(range(free)):
                value = value * x + solution[column]
            errors.append(w * (value - target))
        extrema, start = [], 0
        for i in range(1, points + 1):
            if i == points or (errors[i] > 0) != (errors[i - 1] > 0):
                extrema.append(max(range(start, i), key=lambda j: abs(errors[j])))
                start = i
        while len(extrema) > free + 1:
            extrema.pop(0 if abs(errors[extrema[0]]) < abs(errors[extrema[-1]]) else -1)
        if len(extrema) < free + 1:
            break
        if extrema == nodes:
            break
        nodes = extrema
    return [solution[i] for i in range(free)], max(abs(e) for e in errors)


def fit(function, weight, low, high, degree, rounding):
    coefficients, _ = remez(function, weight, mpf(low), mpf(high), degree)
    rounded = [mpf(rounding(c)) for c in coefficients]
    worst = 0
    for i in range(1, 2000):
        x = mpf(low) + (mpf(high) - mpf(low)) * i / 2000 + mpf(10) ** -25
        worst = max(worst, abs(weight(x) * (sum(c * x**i for i, c in enumerate(rounded)) - function(x))))
    return rounded, worst


def literal(value, rounding):
    if rounding is float:
        return repr(float(value))
    for digits in range(6, 12):
        text = f"{float(value):.{digits}g}"
        if to_float(float(text)) == to_float(value):
            return text.replace("e", "E") + "f"
    raise ValueError(value)


def erfcx_scaled(t):
    x = (mpf(2) + 2 * t) / (1 - t) if t != 1 else mpf("inf")
    return erfc(x) * exp(x * x) * (x + 2)


LOG2 = log(mpf(2))
half = LOG2 / 2
# name: (remainder, relative weight, interval, degree, precision)
FITS = {
    "ExpFloat": (lambda r: (exp(r) - 1 - r) / r**2, lambda r: r**2 / exp(r), -half * 1.01, half * 1.01, 4, to_float),
    "LogFloat": (lambda f: (log(1 + f) - f + f * f / 2) / f**3, lambda f: f**3 / log(1 + f), sqrt(mpf(1) / 2) - 1, sqrt(mpf(2)) - 1, 9, to_float),
    "TanhFloat": (lambda z: (tanh(sqrt(z)) / sqrt(z) - 1) / z, lambda z: z * sqrt(z) / tanh(sqrt(z)), mpf(10) ** -20, mpf("0.626") ** 2, 5, to_float),
    "ErfSmallFloat": (lambda z: erf(sqrt(z)) / sqrt(z) - 1, lambda z: sqrt(z) / erf(sqrt(z)), mpf(10) ** -20, mpf("0.93") ** 2, 6, to_float),
    "ErfLargeFloat": (lambda x: -log(erfc(x)) / x, lambda x: x * erfc(x) / erf(x), mpf("0.92"), mpf("4.0"), 8, to_float),
    "ExpDouble": (lambda r: (exp(r) - 1 - r) / r**2, lambda r: r**2 / exp(r), -half * 1.01, half * 1.01, 10, float),
    "Expm1Double": (lambda r: (exp(r) - 1 - r - r * r / 2) / r**3, lambda r: r**3 / (exp(r) - 1), -half * 1.01, half * 1.01, 10, float),
    "LogDouble": (lambda z: (2 * atanh_over(z) - 2) / z, lambda z: z, mpf(10) ** -20, (3 - 2 * sqrt(mpf(2))) ** 2 * 1.01, 6, float),
    "LogTailDouble": (lambda z: ((2 * atanh_over(z) - 2) / z - mpf(2) / 3) / z, lambda z: z * z, mpf(10) ** -20, (3 - 2 * sqrt(mpf(2))) ** 2 * 1.01, 7, float),
    "SinDouble": (lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, lambda z: z * sqrt(z) / sin(sqrt(z)), mpf(10) ** -20, (pi / 4) ** 2 * 1.01, 6, float),
    "CosDouble": (lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, lambda z: z * z, mpf(10) ** -20, (pi / 4) ** 2 * 1.01, 6, float),
    "AtanDouble": (lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, lambda z: z, mpf(10) ** -20, (sqrt(mpf(2)) - 1) ** 2 * 1.01, 11, float),
    "AsinDouble": (lambda z: (asin(sqrt(z)) / sqrt(z) - 1) / z, lambda z: z, mpf(10) ** -20, mpf("0.2501"), 12, float),
    "SinhDouble": (lambda z: (sinh(sqrt(z)) / sqrt(z) - 1) / z, lambda z: z, mpf(10) ** -20, mpf("1.01"), 7, float),
    "ErfSmallDouble": (lambda z: erf(sqrt(z)) / sqrt(z) - 1, lambda z: 1, mpf(10) ** -20, mpf("1.01"), 13, float),
    "ErfcDouble": (erfcx_scaled, lambda t: 1, mpf("-0.3334"), mpf("0.51"), 18, float),
}


def atanh_over(z):
    s = sqrt(z)
    return (log(1 + s) - log(1 - s)) / (2 * s)


def split(value, bits, parts):
    """A number as a sum of doubles of so many bits each, the last one full."""
    result = []
    for part in range(parts):
        if part == parts - 1 or bits == 53:
            head = mpf(float(value))
        else:
            scale = mpf(2) ** (bits - 1 - int(floor(log(value, 2))))
            head = floor(value * scale) / scale
        result.append(repr(float(head)))
        value -= head
    return result


if __name__ == "__main__":
    for name, (function, weight, low, high, degree, rounding) in FITS.items():
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        coefficients, error = fit(function, weight, low, high, degree, rounding)
        print(f"// {name}: maximum relative error 2^{nstr(log(error, 2), 4)}")
        print("    " + ", ".join(literal(c, rounding) for c in coefficients), flush=True)
    if len(sys.argv) == 1 or "constants" in sys.argv:
        print("// ln 2 (32 bits, rest)", split(LOG2, 32, 2))
        print("// log10 2 (32 bits, rest)", split(LOG2 / log(mpf(10)), 32, 2))
        print("// log10 e, log2 e (two parts)", split(1 / log(mpf(10)), 53, 2), split(1 / LOG2, 53, 2))
        print("// pi / 2 (three parts)", split(pi / 2, 53, 3), " pi / 4", split(pi / 4, 53, 2), " 2 / pi", repr(float(2 / pi)))
        mp.dps = 400
        bits = floor(2 / pi * mpf(2) ** 1216)
        words = [int(floor(bits / mpf(2) ** (64 * i))) % 2**64 for i in reversed(range(19))]
        print("// 2 / pi, 1,216 bits", ", ".join(f"0x{w:016X}" for w in words))
