"""Writes vectors/*.json and vectors/*.bin for single operations: outputs and gradients, computed with PyTorch.

Run: /usr/bin/python3 ops.py [family ...]     (Debian: python3-torch; without OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE set)
Layers are in layers.py, optimisers and schedulers in optim.py.

FUNCTIONS says what an operation's name means where it is neither torch.NAME nor a method of a tensor of that name; FAMILIES has the cases.
An operation NAME_ works in place on a copy of its first tensor.
"""
import math
import sys

import torch
import torch.nn.functional as F

from oracle import C, DTYPES, Family, T

NAN, INFINITY = math.nan, math.inf
FLOATS = ["float32", "float64"]
INTEGERS = ["int64", "int32", "uint8"]
ALL = [*FLOATS, *INTEGERS, "bool"]


def lookup(op):
    if op in FUNCTIONS:
        return FUNCTIONS[op]
    if op.startswith("second_derivative_of_"):
        inner = lookup(op.removeprefix("second_derivative_of_"))

        def second(*tensors, **arguments):
            *inputs, weights = tensors
            output = inner(*inputs, **arguments)
            wanted = [tensor for tensor in inputs if tensor.requires_grad]
            return torch.autograd.grad(output, wanted, weights, create_graph=True)
        return second
    if op.endswith("_") and hasattr(torch.Tensor, op):
        return lambda x, *rest, **arguments: getattr(x.clone(), op)(*rest, **arguments)
    for place in (torch, torch.Tensor, F):
        if hasattr(place, op):
            return getattr(place, op)
    raise KeyError(op)


# ---- creation, conversion, promotion ----

def creation():
    for stop in (5, 5.0, 0):
        yield C("arange", stop=stop)
    for start, stop in ((2, 7), (-1.5, 3.0), (3, 3)):
        yield C("arange", start=start, stop=stop)
    for start, stop, step in ((0, 1.0, 0.25), (0, 10, 3), (10, 0, -3), (1.0, 0.0, -0.1), (0.0, 2.0, 0.3), (0, 7.0, 2)):
        yield C("arange", start=start, stop=stop, step=step)
    for dtype in ALL[:-1]:
        yield C("arange", start=1, stop=9, step=2, dtype=dtype)
    for start, end, steps in ((0.0, 1.0, 5), (-3.0, 7.0, 11), (1.0, 1.0, 3), (5.0, -5.0, 8), (0.0, 1.0, 1), (0.1, 0.9, 37), (0.0, 1.0, 0)):
        for dtype in FLOATS:
            yield C("linspace", start=start, end=end, steps=steps, dtype=dtype)
    for start, end, steps, base in ((0.0, 2.0, 5, 10.0), (-2.0, 2.0, 9, 2.0), (1.0, 1.0, 1, 10.0)):
        for dtype in FLOATS:
            yield C("logspace", start=start, end=end, steps=steps, base=base, dtype=dtype)
    for dtype in ALL:
        yield C("eye", rows=3, columns=5, dtype=dtype)
        yield C("full", size=[2, 3], value=7, dtype=dtype)
        yield C("zeros_like", T(2, 3, "transposed"), dtype=dtype)
        yield C("ones_like", T(2, 3, "transposed"), dtype=dtype)
        yield C("full_like", T(2, 3, "transposed"), value=3, dtype=dtype)
    yield C("eye", rows=4, columns=2, dtype="float32")
    yield C("full_like", T(2, 3), value=-2.5, dtype="float64")
    whole = {"float32": [0.0, 1.0, -2.75, 3.99, 100.5, -1.0, 127.0], "int": [0, 1, -2, 3, 100, -1, 255], "uint8": [0, 1, 254, 3, 100, 255, 7]}
    whole["float64"] = whole["float32"]
    whole["int64"], whole["int32"] = whole["int"], whole["int"]
    whole["bool"] = [False, True, True, False, True, False, False]
    for source in ALL:
        for target in ALL:
            values = [abs(value) for value in whole[source]] if target == "uint8" and source.startswith("float") else whole[source]
            yield C("to", T(7, source, values=values), dtype=target)
    yield C("to", T(4, "float64", values=[1 / 3, 1e300, -1e-300, 16777217.0]), dtype="float32", label="rounds")
    yield C("to", T(3, "int64", values=[2 ** 53 + 1, 2 ** 24 + 1, -2 ** 31 - 5]), dtype="float32", label="rounds")
    yield C("to", T(3, "int64", values=[2 ** 53 + 1, 2 ** 24 + 1, -2 ** 31 - 5]), dtype="int32", label="wraps")
    yield C("cartesian_prod", T(3), T(2))
    yield C("cartesian_prod", T(2, "int64"), T(3, "int64"), T(2, "int64"))
    for indexing in ("ij", "xy"):
        yield C("meshgrid", T(3), T(4), indexing=indexing)
        yield C("meshgrid", T(2), T(3), T(4), indexing=indexing)


PROMOTED = ["add", "sub", "mul", "div", "floor_divide", "remainder", "fmod", "pow", "eq", "lt", "maximum"]


def promotion():
    for op in PROMOTED:
        for left in ALL:
            values = {"bool": [True, False, True, True], "uint8": [3, 1, 7, 2]}.get(left, [3, -1, 7, -2])
            for right in ALL:
                others = {"bool": [True] * 4}.get(right, [2, 2, 3, 1])
                yield C(op, T(4, left, values=values), T(4, right, values=others), backward=False, condition=False)
                if op == "add":
                    yield C(op, T(4, left, values=values), T(right, values=others[:1]), backward=False, condition=False)
                    yield C(op, T(left, values=values[:1]), T(right, values=others[:1]), backward=False, condition=False)
            if op == "maximum":
                continue
            for scalar in (2, 2.5, True):
                yield C(op, T(4, left, values=values), other=scalar, backward=False, condition=False)
                if op in ("add", "mul"):
                    yield C(op, T(left, values=values[:1]), other=scalar, backward=False, condition=False)
    for left in ALL:
        for right in ALL:
            yield C("cat", T(2, left, values=[1, 0]), T(2, right, values=[1, 1]), backward=False, condition=False)
            yield C("where", T(2, "bool", values=[True, False]), T(2, left, values=[1, 0]), T(2, right, values=[1, 1]), backward=False, condition=False)
    for dtype in ALL:
        values = [True, False, True] if dtype == "bool" else [3, 1, 2]
        for op in ("sum", "prod", "cumsum_0", "exp", "sqrt", "sin", "sigmoid", "reciprocal", "neg", "abs", "sign", "square", "mean", "logical_not", "isnan"):
            yield C(op, T(3, dtype, values=values), backward=False, condition=False)


# ---- pointwise ----

UNARY = {
    "abs": {}, "neg": {}, "exp": {}, "expm1": {}, "log": {"signed": False}, "log1p": {"signed": False}, "log2": {"signed": False}, "log10": {"signed": False},
    "sqrt": {"signed": False}, "rsqrt": {"signed": False}, "reciprocal": {}, "square": {}, "sin": {}, "cos": {}, "tan": {"high": 1.4}, "asin": {"high": 0.95},
    "acos": {"high": 0.95}, "atan": {}, "sinh": {}, "cosh": {}, "tanh": {}, "sigmoid": {}, "erf": {}, "ceil": {}, "floor": {}, "round": {}, "trunc": {}, "frac": {},
    "sign": {}, "relu": {}, "logsigmoid": {}, "gelu": {}, "silu": {},
}


def unary():
    for op, options in UNARY.items():
        yield C(op, T(3, 5, **options))
        yield C(op, T(3, 5, "float64", **options))
        yield C(op, T(4, 3, "transposed", **options))
        yield C(op, T(2, 19, "stepped", **options))
        yield C(op, T(3, 5, "expanded", **options))
        yield C(op, T(61, "offset", **options))
        yield C(op, T(**options))
        yield C(op, T(0, 3, **options))
    special = [0.0, -0.0, INFINITY, -INFINITY, NAN, 1e-30, -1e-30, 1e-5, 20.0, -20.0, 88.0, -87.5, 100.0, -100.0, 1000.0, -1000.0, 0.5, 1.5, 2.5, -0.5, -1.5, 1.0, -1.0]
    for op in UNARY:
        # PyTorch's vectorised sigmoid is 0 where exp(-x) overflows; the true value is a small number.
        values = [x for x in special if op not in ("sigmoid", "silu") or not -1000 < x < -80]
        yield C(op, T(len(values), values=values, grad=False), condition=False, label="special")
        yield C(op, T(len(values), "float64", values=values, grad=False), condition=False, label="special")
    for op in ("abs", "relu", "sign"):
        yield C(op, T(4, values=[0.0, -0.0, 1.0, -1.0]), condition=False, label="kinks")
    for decimals in (1, 2, -1):
        yield C("round", T(6, values=[1.25, -1.35, 12.345, 15.0, 25.0, 0.05]), decimals=decimals, condition=False)
    for op in ("exp_", "sqrt_", "abs_", "neg_", "tanh_", "sigmoid_", "floor_", "ceil_", "round_", "sin_", "cos_", "log_", "reciprocal_", "rsqrt_", "erf_", "relu_"):
        yield C(op, T(3, 5, signed=False))


BINARY = {"add": {}, "sub": {}, "mul": {}, "div": {}, "pow": {"signed": False}, "atan2": {}, "maximum": {}, "minimum": {}}


def binary():
    pairs = [((3, 5), (3, 5)), ((3, 5), (5,)), ((3, 1), (1, 5)), ((2, 3, 4), (3, 1)), ((), (3, 2)), ((2, 1, 4), (3, 1)), ((33,), (33,)), ((0, 3), (1, 3)), ((), ())]
    for op, options in BINARY.items():
        for left, right in pairs:
            yield C(op, T(*left, **options), T(*right, **options))
        yield C(op, T(4, 3, "float64", **options), T(3, "float64", **options))
        yield C(op, T(4, 3, "transposed", **options), T(4, 3, "stepped", **options))
        yield C(op, T(4, 3, "expanded", **options), T(4, 3, "offset", **options))
        yield C(op, T(4, 37, **options), T(4, 37, "transposed", **options))
        yield C(op, T(4, 3, **options), T(2, **options))
    for op in ("add", "sub", "mul", "div"):
        for scalar in (2, -0.75, 0.1):
            yield C(op, T(3, 5), other=scalar)
            yield C(op, T(3, 5, "float64"), other=scalar)
        yield C("scalar_" + op, T(3, 5), other=2)
        yield C("scalar_" + op, T(3, 5), other=0.1)
        yield C("scalar_" + op, T(3, "int64"), other=7)
        yield C(op, T(17, "int64"), T(17, "int64"))
        yield C(op + "_", T(3, 5), T(5))
        yield C(op + "_", T(3, 5), other=0.3)
        yield C(op + "_", T(3, 5, "int64"), T(5, "int64"))
    for op in ("add", "sub"):
        for alpha in (2, -0.5):
            yield C(op, T(3, 5), T(5), alpha=alpha)
    yield C("add_", T(3, 5), T(3, 1), alpha=0.25)
    yield C("add_", T(3, 5), other=1.5, alpha=2.0)
    for mode in ("trunc", "floor"):
        for dtype in ("float32", "float64", "int64"):
            yield C("div", T(3, 5, dtype), T(3, 5, dtype), rounding_mode=mode)
            yield C("div", T(3, 5, dtype), other=2, rounding_mode=mode)
        yield C("div_", T(3, 5), other=0.3, rounding_mode=mode)
    for op in ("floor_divide", "remainder", "fmod"):
        for dtype in ("float32", "float64", "int64", "int32"):
            yield C(op, T(3, 5, dtype, high=20, grad=False), T(3, 5, dtype, high=3, grad=False), condition=False)
            yield C(op, T(3, 5, dtype, high=20, grad=False), other=3, condition=False)
            yield C(op, T(3, 5, dtype, high=20, grad=False), other=-3, condition=False)
        yield C(op, T(3, 5, high=20, grad=False), other=0.7, condition=False)
    for op in ("remainder", "fmod"):
        yield C(op, T(3, 5, high=20), T(3, 5, low=1), condition=False)
        yield C(op, T(7, values=[5.0, -5.0, 5.0, -5.0, 0.0, INFINITY, 1.0], grad=False), T(7, values=[3.0, 3.0, -3.0, -3.0, 3.0, 3.0, INFINITY], grad=False), condition=False, label="signs")
    for exponent in (2, 3, 0.5, -1, -2, 0, 1, 1.5, -0.5, 2.0, 10):
        yield C("pow", T(3, 5, signed=False), exponent=exponent)
    for exponent in (2, 3, -1, 0, 1):
        yield C("pow", T(3, 5, "float64"), exponent=exponent)
    yield C("pow", T(3, "int64"), exponent=3)
    yield C("pow", T(3, 5), T(5, "int64", low=0, high=4, values=[0, 1, 2, 3, 4]))
    special = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, INFINITY, -INFINITY, NAN, 0.5, -8.0]
    bases = [base for base in special for _ in special]
    exponents = [exponent for _ in special for exponent in special]
    for op in ("pow", "atan2", "div", "maximum", "minimum", "fmod", "remainder", "add", "mul"):
        yield C(op, T(len(bases), values=bases, grad=False), T(len(bases), values=exponents, grad=False), condition=False, label="special")
    ties = [1.0, 2.0, 3.0, 2.0]
    for op in ("maximum", "minimum"):
        yield C(op, T(4, values=ties), T(4, values=[1.0, 5.0, 2.0, 2.0]), condition=False, label="ties")
        yield C(op, T(4, "int64"), T(4, "int64"))
    for low, high in ((-0.5, 0.7), (None, 0.5), (0.2, None), (0.6, -0.6)):
        yield C("clamp", T(3, 7), min=low, max=high)
    yield C("clamp", T(3, 7, "int64"), min=-3, max=4)
    yield C("clamp_", T(3, 7), min=-0.5, max=0.5)
    yield C("clamp", T(4, 3), T(3, low=0.1, high=0.3, signed=False), T(3, low=0.5, high=0.9, signed=False))
    yield C("clamp", T(5, values=[1.0, -1.0, 0.5, NAN, INFINITY]), min=-1.0, max=1.0, condition=False, label="ties")
    yield C("lerp", T(3, 5), T(3, 5), T(3, 5, signed=False, high=1.0))
    yield C("lerp", T(3, 5), T(5), T(3, 1, signed=False, high=1.0))
    yield C("lerp", T(3, 5), T(5), weight=0.3)
    yield C("lerp_", T(3, 5), T(5), T(3, 5, signed=False, high=1.0))
    for value in (1, 0.5, -2):
        for op in ("addcmul", "addcdiv"):
            yield C(op, T(3, 5), T(3, 1), T(5), value=value)
            yield C(op + "_", T(3, 5, "float64"), T(3, 1, "float64"), T(5, "float64"), value=value)
    yield C("where", T(3, 5, "bool"), T(3, 5), T(5))
    yield C("where", T(3, 1, "bool"), T(3, 5), T())
    yield C("where", T(3, 5, "bool", "transposed"), T(3, 5, "stepped"), T(3, 5, "expanded"))
    for value in (-INFINITY, 0.5, 3):
        yield C("masked_fill", T(3, 5), T(5, "bool"), value=value, condition=False)
        yield C("masked_fill_", T(2, 3, 5), T(3, 1, "bool"), value=value, condition=False)
    yield C("masked_fill", T(3, 5, "int64"), T(3, 5, "bool"), value=9)
    special = [NAN, INFINITY, -INFINITY, 1.0, -2.0]
    yield C("nan_to_num", T(5, values=special, grad=False), condition=False)
    yield C("nan_to_num", T(5, values=special, grad=False), condition=False, nan=2.0, posinf=7.0, neginf=-3.0)
    yield C("nan_to_num", T(5, "float64", values=special, grad=False), condition=False, nan=1.0)


def comparison():
    operations = ["eq", "ne", "lt", "le", "gt", "ge"]
    special = [0.0, -0.0, 1.0, INFINITY, -INFINITY, NAN]
    for op in operations:
        for dtype in ALL:
            yield C(op, T(4, 3, dtype, values=[0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 0]), T(3, dtype, values=[1, 1, 0]))
            yield C(op, T(4, dtype, values=[0, 1, 1, 0]), other=1)
        yield C(op, T(36, values=[x for x in special for _ in special]), T(36, values=[y for _ in special for y in special]), label="special")
        yield C(op, T(3, 35, "transposed"), T(3, 35, "stepped"))
        yield C(op, T(4, "int64", values=[0, 1, 2, 3]), other=1.5)
    for op in ("logical_and", "logical_or", "logical_xor"):
        for dtype in ("bool", "int64", "float32"):
            yield C(op, T(4, dtype, values=[0, 1, 0, 1]), T(4, dtype, values=[0, 0, 1, 1]))
    for op in ("bitwise_and", "bitwise_or", "bitwise_xor"):
        yield C(op, T(4, "bool", values=[0, 1, 0, 1]), T(4, "bool", values=[0, 0, 1, 1]))
        yield C(op, T(4, "int64", values=[12, 5, -1, 7]), T(4, "int64", values=[10, 3, 6, -8]))
    yield C("bitwise_not", T(2, "bool", values=[0, 1]))
    yield C("bitwise_not", T(2, "int64", values=[0, 5]))
    yield C("logical_not", T(3, values=[0.0, 1.0, NAN]))
    for op in ("isnan", "isinf", "isfinite", "isposinf", "isneginf"):
        yield C(op, T(6, values=special))
    values, near = [1.0, 1.0, 1e-9, INFINITY, NAN, 100.0], [1.0 + 1e-6, 1.1, 0.0, INFINITY, NAN, 100.0009]
    yield C("isclose", T(6, values=values), T(6, values=near))
    yield C("isclose", T(6, values=values), T(6, values=near), rtol=1e-3, atol=0.2, equal_nan=True)
    yield C("allclose", T(3, values=[1.0, 2.0, 3.0]), T(3, values=[1.0, 2.0, 3.00001]))
    yield C("allclose", T(3, values=[1.0, 2.0, 3.0]), T(3, values=[1.0, 2.0, 3.1]))
    yield C("equal", T(3, values=[1.0, 2.0, 3.0]), T(3, values=[1.0, 2.0, 3.0]))
    yield C("equal", T(3, values=[1.0, 2.0, 3.0]), T(3, values=[1.0, 2.0, 4.0]))


# ---- reductions and orders ----

def reductions():
    dims = ([0], [1], [-1], [0, 2], [0, 1, 2])
    for op in ("sum", "mean", "amax", "amin", "std", "var", "logsumexp", "prod", "argmax", "argmin", "max_dim", "min_dim", "all_dim", "any_dim", "count_nonzero", "std_mean", "var_mean"):
        single = op in ("prod", "argmax", "argmin", "max_dim", "min_dim", "all_dim", "any_dim", "logsumexp")
        for dim in dims:
            if single and len(dim) > 1:
                continue
            for keepdim in (False, True):
                arguments = {} if op == "count_nonzero" else {"keepdim": keepdim}
                if op == "count_nonzero" and keepdim:
                    continue
                data = "bool" if op in ("all_dim", "any_dim") else "float32"
                yield C(op, T(3, 4, 5, data), dim=dim[0] if single else dim, **arguments)
                if dim in ([1], [-1]) and not keepdim:
                    for layout in ("transposed", "stepped", "expanded"):
                        if op not in ("amax", "amin", "max_dim", "min_dim", "argmax", "argmin") or layout != "expanded":
                            yield C(op, T(3, 4, 5, data, layout), dim=dim[0] if single else dim, **arguments)
    for op in ("sum", "mean", "std", "var", "prod", "max", "min", "argmax", "argmin", "norm", "median", "std_mean", "var_mean"):
        yield C(op, T(3, 4, 5))
        yield C(op, T(37))
        yield C(op, T(3, 4, "float64"))
        yield C(op, T(3, 4, "transposed"))
        if op not in ("std", "var", "std_mean", "var_mean"):
            yield C(op, T())
    for op in ("sum", "mean", "logsumexp_last", "var", "norm"):
        yield C(op, T(4097))
        yield C(op, T(1001, "float64"))
    for op in ("sum", "prod", "max", "min", "argmax", "argmin"):
        for dtype in INTEGERS:
            yield C(op, T(3, 4, dtype, low=1, high=3))
    for op in ("max_dim", "min_dim"):
        for dtype in INTEGERS:
            yield C(op, T(3, 4, dtype, values=[4, 2, 9, 1, 3, 7, 5, 6, 8, 11, 10, 12]), dim=1, keepdim=False)
    for dtype in ("float64", "int64"):
        yield C("sum", T(3, 4, grad=dtype == "float64"), dim=[0], keepdim=False, dtype=dtype, condition=False)
        yield C("sum", T(3, 4, grad=dtype == "float64"), dtype=dtype, condition=False)
    yield C("mean", T(3, 4, "int64"), dim=[0], keepdim=False, dtype="float32", condition=False)
    yield C("mean", T(3, "int64"))
    yield C("prod", T(3, 4), dim=1, keepdim=False, dtype="float64", condition=False)
    for unbiased in (False, True):
        for op in ("std", "var"):
            yield C(op, T(3, 4, 5), unbiased=unbiased)
            yield C(op, T(3, 4, 5), dim=[1, 2], unbiased=unbiased, keepdim=True)
    for op in ("std", "var"):
        yield C(op, T(100, low=1000, high=1001, signed=False), label="far from zero")
        yield C(op, T(1, grad=False), label="one element", condition=False)
    for dtype in ALL:
        for op in ("all", "any"):
            yield C(op, T(3, dtype, values=[0, 1, 0]))
            yield C(op, T(3, dtype, values=[1, 1, 1]))
            yield C(op, T(3, dtype, values=[0, 0, 0]))
            yield C(op, T(0, dtype))
        yield C("count_nonzero", T(3, dtype, values=[0, 1, 0]))
    yield C("prod", T(2, 3, values=[1.0, 0.0, 2.0, 3.0, 4.0, 5.0]), condition=False, label="one zero")
    yield C("prod", T(4, values=[1.0, 0.0, 0.0, 3.0]), condition=False, label="two zeros")
    yield C("prod", T(2, 3, values=[1.0, 0.0, 2.0, 3.0, 4.0, 5.0]), dim=1, keepdim=False, condition=False, label="one zero")
    for p in (1, 2, 3, 0, INFINITY):
        yield C("norm", T(3, 4), p=float(p))
        for dim in (0, 1):
            yield C("norm", T(3, 4), dim=dim, keepdim=False, p=float(p))
    yield C("norm", T(3, 4), dim=1, keepdim=True, p=2.0)
    yield C("norm", T(3, values=[0.0, 0.0, 0.0]), p=2.0, condition=False, label="zero")
    for dim in (0, 1, -1):
        for keepdim in (False, True):
            yield C("mode", T(3, 5, "int64", values=[1, 2, 2, 3, 1, 4, 4, 4, 1, 0, 7, 8, 9, 9, 9]), dim=dim, keepdim=keepdim)
            if dim >= 0:
                yield C("quantile", T(3, 5), T(3, values=[0.1, 0.5, 0.9], grad=False), dim=dim, keepdim=keepdim)   # TorchSharp: -1 is all dimensions
    special = [1.0, NAN, 3.0, INFINITY, -INFINITY, 3.0]
    for op in ("sum", "mean", "max", "min", "argmax", "argmin", "norm", "prod"):
        yield C(op, T(6, values=special, grad=False), condition=False, label="special")
        yield C(op, T(5, values=[2.0, 5.0, 5.0, 1.0, 1.0]), condition=False, label="ties")
    for op in ("max_dim", "min_dim"):
        yield C(op, T(2, 3, values=[1.0, NAN, 3.0, INFINITY, 2.0, -INFINITY], grad=False), dim=1, keepdim=False, condition=False, label="special")
        yield C(op, T(2, 3, values=[5.0, 5.0, 1.0, 1.0, 1.0, 5.0]), dim=1, keepdim=False, condition=False, label="ties")
    for op in ("amax", "amin"):
        yield C(op, T(2, 3, values=[5.0, 5.0, 1.0, 1.0, 1.0, 5.0]), dim=[1], keepdim=False, condition=False, label="ties")
        yield C(op, T(2, 3, values=[1.0, NAN, 3.0, INFINITY, 2.0, -INFINITY], grad=False), dim=[1], keepdim=False, condition=False, label="special")
    yield C("logsumexp", T(4, 3, values=[-INFINITY] * 3 + [INFINITY, 1.0, 2.0, 1000.0, 1000.0, 999.0, -1000.0, -1000.0, -INFINITY], grad=False), dim=1, keepdim=False, condition=False, label="special")
    yield C("logsumexp", T(2, 3, values=[-INFINITY, 1.0, 2.0, 3.0, -INFINITY, -INFINITY]), dim=1, keepdim=False, condition=False, label="masked")
    yield C("sum", T(0, 3), dim=[0], keepdim=False)
    yield C("sum", T(0, 3))
    yield C("mean", T(0, 3))
    yield C("prod", T(0))
    for correction in (0, 1):
        yield C("cov", T(3, 6), correction=correction)
    yield C("corrcoef", T(3, 6))
    yield C("trace", T(4, 3))
    yield C("cosine_similarity", T(3, 5), T(3, 5), dim=1)
    yield C("cosine_similarity", T(3, 5), T(5), dim=-1)
    yield C("normalize", T(3, 5), p=2.0, dim=1)
    yield C("normalize", T(3, 5), p=1.0, dim=0)


def orders():
    for op in ("cumsum", "cumprod"):
        for dim in (0, 1, -1):
            yield C(op, T(3, 4, 5), dim=dim)
            yield C(op, T(3, 4, 5, "transposed"), dim=dim)
        yield C(op, T(5, "int64", low=1, high=4), dim=0)
        yield C(op, T(5, "bool"), dim=0)
        yield C(op, T(7, "float64"), dim=0)
        yield C(op, T(5, "int32", low=1, high=4), dim=0, dtype="float64")
    yield C("cumsum", T(200), dim=0)
    yield C("cumprod", T(5, values=[1.0, 2.0, 0.0, 3.0, 4.0]), dim=0, condition=False, label="zero")
    for descending in (False, True):
        for dim in (0, 1, -1):
            yield C("sort", T(4, 5), dim=dim, descending=descending)
            yield C("argsort", T(4, 5), dim=dim, descending=descending)
        yield C("sort", T(4, 5, "transposed"), dim=1, descending=descending)
        yield C("sort", T(40, "float64"), dim=0, descending=descending)
        yield C("sort", T(6, "int64", values=[3, 9, -1, 0, 5, 4]), dim=0, descending=descending)
        yield C("stable_sort", T(12, values=[3.0, 1.0, 2.0, 1.0, 3.0, NAN, INFINITY, -INFINITY, 2.0, 1.0, NAN, 0.0], grad=False), dim=0, descending=descending, condition=False)
        yield C("stable_sort", T(8, "int64", values=[3, 1, 2, 1, 3, 2, 2, 1]), dim=0, descending=descending)
        yield C("stable_sort", T(8, "bool", values=[1, 0, 1, 1, 0, 0, 1, 0]), dim=0, descending=descending)
    yield C("sort", T(0, 3), dim=0, descending=False)
    for largest in (True, False):
        for k in (1, 3, 5):
            yield C("topk", T(4, 5), k=k, dim=1, largest=largest)
        yield C("topk", T(4, 5), k=2, dim=0, largest=largest)
        yield C("topk", T(50), k=7, dim=-1, largest=largest)
        yield C("topk", T(6, "int64", values=[3, 9, -1, 0, 5, 4]), k=3, dim=0, largest=largest)
        yield C("topk", T(5, values=[1.0, NAN, 3.0, INFINITY, -INFINITY], grad=False), k=3, dim=0, largest=largest, condition=False, label="special")
    yield C("unique", T(8, "int64", values=[3, 1, 2, 1, 3, 7, 2, 1]))
    yield C("unique", T(8, values=[3.0, 1.5, 2.0, 1.5, 3.0, 7.0, 2.0, 1.5], grad=False))
    yield C("unique", T(2, 4, "int64", values=[3, 1, 2, 1, 3, 7, 2, 1]))
    yield C("unique_dim", T(4, 2, "int64", values=[3, 1, 2, 1, 3, 1, 2, 0]), dim=0)
    yield C("bincount", T(6, "int64", values=[0, 3, 3, 1, 5, 3]))
    yield C("bincount", T(3, "int64", values=[0, 3, 1]), minlength=8)
    yield C("bincount", T(6, "int64", values=[0, 3, 3, 1, 5, 3]), T(6, "float64", grad=False))
    yield C("bincount", T(6, "int64", values=[0, 3, 3, 1, 5, 3]), T(6, grad=False))
    yield C("histc", T(40, grad=False), bins=7, min=-2, max=2)
    yield C("histc", T(40, grad=False), bins=5, min=0, max=0)
    yield C("histc", T(6, values=[0.0, 1.0, 2.0, 3.0, 4.0, 9.0], grad=False), bins=4, min=0, max=4, condition=False, label="edges")


# ---- products ----

def products():
    pairs = [((5,), (5,)), ((3, 5), (5,)), ((5,), (5, 4)), ((3, 5), (5, 4)), ((2, 3, 5), (5,)), ((5,), (2, 5, 4)), ((2, 3, 5), (5, 4)), ((3, 5), (2, 5, 4)), ((2, 3, 5), (2, 5, 4)),
             ((2, 1, 3, 5), (4, 5, 2)), ((1, 3, 5), (4, 5, 2)), ((3, 0), (0, 4)), ((0, 5), (5, 4)), ((2, 3, 4, 5), (2, 3, 5, 1)), ((17, 33), (33, 19)), ((1, 70), (70, 1)), ((64, 24), (24, 40))]
    for left, right in pairs:
        yield C("matmul", T(*left), T(*right))
    for layout in ("transposed", "stepped", "expanded", "offset"):
        yield C("matmul", T(6, 7, layout), T(7, 5))
        yield C("matmul", T(6, 7), T(7, 5, layout))
        yield C("matmul", T(6, 7, layout), T(7, 5, layout))
        yield C("matmul", T(2, 6, 7, layout), T(2, 7, 5, layout))
    yield C("matmul", T(6, 7, "float64"), T(7, 5, "float64"))
    yield C("matmul", T(3, 6, 7, "float64", "transposed"), T(7, 5, "float64", "transposed"))
    yield C("matmul", T(3, 4, "int64"), T(4, 2, "int64"))
    yield C("matmul", T(2, 3, 4, "int64"), T(2, 4, 2, "int64"))
    yield C("mm", T(4, 6), T(6, 3))
    yield C("bmm", T(3, 4, 6), T(3, 6, 2))
    yield C("bmm", T(3, 4, 6, "transposed"), T(3, 6, 2, "transposed"))
    yield C("mv", T(4, 6), T(6))
    yield C("mv", T(4, 6, "transposed"), T(6, "stepped"))
    yield C("dot", T(50), T(50))
    yield C("dot", T(7, "stepped"), T(7, "float32"))
    yield C("outer", T(4), T(6))
    for beta, alpha in ((1.0, 1.0), (0.5, -2.0), (0.0, 1.5)):
        yield C("addmm", T(4, 3), T(4, 6), T(6, 3), beta=beta, alpha=alpha)
        yield C("addmm", T(3), T(4, 6), T(6, 3), beta=beta, alpha=alpha)
        yield C("baddbmm", T(2, 4, 3), T(2, 4, 6), T(2, 6, 3), beta=beta, alpha=alpha)
        yield C("baddbmm", T(3), T(2, 4, 6), T(2, 6, 3), beta=beta, alpha=alpha)
        yield C("addbmm", T(4, 3), T(2, 4, 6), T(2, 6, 3), beta=beta, alpha=alpha)
    for equation, *shapes in (("ij,jk->ik", (3, 4), (4, 5)), ("ij,jk", (3, 4), (4, 5)), ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)), ("bhqd,bhkd->bhqk", (2, 2, 3, 4), (2, 2, 5, 4)),
                              ("ij->ji", (3, 4)), ("ij->i", (3, 4)), ("ij->", (3, 4)), ("ii->i", (4, 4)), ("ii", (4, 4)), ("i,j->ij", (3,), (4,)), ("i,i->", (5,), (5,)),
                              ("bn,anm,bm->ba", (2, 3), (4, 3, 5), (2, 5)), ("...ij,...jk->...ik", (2, 1, 3, 4), (5, 4, 2)), ("...i->...", (2, 3, 4)), ("ijk,ikl,lj->i", (2, 3, 4), (2, 4, 5), (5, 3)),
                              ("bld,hdk->bhlk", (2, 3, 4), (2, 4, 5)), ("ij,ij->ij", (3, 4), (3, 4)), ("ba", (2, 3)), ("i...,i...->...", (3, 2), (3, 2))):
        yield C("einsum", *[T(*shape) for shape in shapes], equation=equation)
    yield C("einsum", T(3, 4, "transposed"), T(4, 5, "stepped"), equation="ij,jk->ik")
    for dims in (0, 1, 2):
        yield C("tensordot", T(3, 4, 5), T(*((3, 4, 5)[3 - dims:] + (2,) if dims else (2,))), dims=dims)
    yield C("tensordot_lists", T(3, 4, 5), T(4, 3, 2), dims1=[1, 0], dims2=[0, 1])
    yield C("kron", T(2, 3), T(3, 2))
    yield C("kron", T(2), T(2, 3))
    for p in (2.0, 1.0, 3.0, INFINITY):
        yield C("cdist", T(4, 3), T(5, 3), p=p)
    yield C("cdist", T(2, 4, 3), T(2, 5, 3), p=2.0)
    yield C("linear", T(4, 6), T(3, 6))
    yield C("linear", T(2, 4, 6), T(3, 6), T(3))
    yield C("linear", T(6), T(3, 6), T(3))
    yield C("linear", T(5, 6, "transposed"), T(3, 6, "transposed"), T(3))
    yield C("linear", T(2, 4, 6, "float64"), T(3, 6, "float64"), T(3, "float64"))
    yield C("attention", T(2, 3, 4), T(2, 5, 4), T(2, 5, 6))
    yield C("attention", T(2, 2, 4, 8), T(2, 2, 4, 8), T(2, 2, 4, 8), is_causal=True)
    yield C("attention", T(2, 2, 3, 8), T(2, 2, 5, 8), T(2, 2, 5, 8), T(3, 5, "bool", values=[1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1]))
    yield C("attention", T(2, 2, 3, 8), T(2, 2, 5, 8), T(2, 2, 5, 8), T(2, 1, 3, 5))
    yield C("attention", T(2, 3, 4, "float64"), T(2, 5, 4, "float64"), T(2, 5, 6, "float64"))


# ---- views, indices ----

def views():
    for layout in ("contiguous", "transposed", "stepped", "expanded"):
        x = T(4, 6, layout)
        yield C("reshape", x, shape=[3, 8])
        yield C("reshape", x, shape=[-1])
        yield C("reshape", x, shape=[2, -1, 4])
        yield C("transpose", x, dim0=0, dim1=1)
        yield C("permute", T(2, 3, 4, layout), dims=[2, 0, 1])
        yield C("flatten", T(2, 3, 4, layout), start_dim=1, end_dim=-1)
        yield C("contiguous", x)
        yield C("clone", x)
        yield C("narrow", x, dim=1, start=2, length=3)
        yield C("select", x, dim=0, index=-1)
        yield C("select", x, dim=1, index=2)
        yield C("flip", x, dims=[0])
        yield C("flip", x, dims=[0, 1])
        yield C("roll", x, shifts=[2], dims=[1])
        yield C("roll", x, shifts=[1, -2], dims=[0, 1])
        yield C("roll_flat", x, shifts=5)
        yield C("repeat", x, sizes=[2, 3])
        yield C("repeat", x, sizes=[2, 1, 2])
        yield C("tile", x, dims=[2])
        yield C("tril", x, diagonal=0)
        yield C("triu", x, diagonal=1)
        yield C("tril", x, diagonal=-1)
        yield C("diagonal", x, offset=0, dim1=0, dim2=1)
    yield C("view", T(4, 6), shape=[2, 2, 6])
    yield C("view", T(4, 6), shape=[-1, 3])
    yield C("unsqueeze", T(3, 4), dim=0)
    yield C("unsqueeze", T(3, 4), dim=-1)
    yield C("squeeze", T(1, 3, 1, 4))
    yield C("squeeze", T(1, 3, 1, 4), dim=0)
    yield C("squeeze", T(1, 3, 1, 4), dim=1)
    yield C("expand", T(3, 1), sizes=[2, 3, 4])
    yield C("expand", T(3, 1), sizes=[-1, 4])
    yield C("broadcast_to", T(3, 1), shape=[2, 3, 4])
    yield C("unflatten", T(2, 12), dim=1, sizes=[3, 4])
    yield C("movedim", T(2, 3, 4), source=[0, 1], destination=[2, 0])
    yield C("swapaxes", T(2, 3, 4), axis0=0, axis1=2)
    yield C("t", T(3, 4))
    yield C("matrix_transpose", T(2, 3, 4))
    yield C("diagonal", T(2, 3, 4), offset=1, dim1=1, dim2=2)
    yield C("diagonal", T(3, 4, 2), offset=-1, dim1=0, dim2=1)
    yield C("diag", T(4), diagonal=0)
    yield C("diag", T(4), diagonal=-2)
    yield C("diag", T(4, 5), diagonal=1)
    for diagonal in (0, 2, -1):
        yield C("tril_", T(2, 4, 5), diagonal=diagonal)
        yield C("triu_", T(2, 4, 5), diagonal=diagonal)
    yield C("triu", T(4, 5, "int64"), diagonal=0)
    yield C("tril", T(4, 5, "bool"), diagonal=0)
    for dim in (0, 1, -1):
        yield C("cat", T(2, 3), T(2, 3), T(2, 3, "transposed"), dim=dim)
        yield C("stack", T(2, 3), T(2, 3, "stepped"), dim=dim)
        yield C("unbind", T(2, 3), dim=dim)
        yield C("split", T(5, 7), size=2, dim=dim)
        yield C("chunk", T(5, 7), chunks=3, dim=dim)
    yield C("cat", T(2, 3), T(0), T(1, 3), dim=0)
    yield C("split_sizes", T(5, 7), sizes=[3, 4], dim=1)
    yield C("hstack", T(2, 3), T(2, 2))
    yield C("hstack", T(3), T(2))
    yield C("vstack", T(2, 3), T(1, 3))
    yield C("vstack", T(3), T(3))
    for dim in (0, 1):
        yield C("repeat_interleave", T(3, 4), repeats=3, dim=dim)
    yield C("repeat_interleave", T(3, 4), repeats=2)
    yield C("repeat_interleave_each", T(3, 4), T(3, "int64", values=[2, 0, 1]), dim=0)
    for mode in ("constant", "reflect", "replicate", "circular"):
        yield C("pad", T(2, 3, 5), pad=[2, 1], mode=mode)
        yield C("pad", T(1, 2, 4, 5), pad=[2, 1, 1, 2], mode=mode)
    yield C("pad", T(2, 3), pad=[1, 2, 0, 1], mode="constant", value=-1.5)
    yield C("pad", T(2, 5), pad=[-1, 2], mode="constant", value=0.5)
    for kernel, dilation, padding, stride in ((2, 1, 0, 1), (3, 1, 1, 2), (2, 2, 1, 1)):
        yield C("unfold", T(2, 3, 5, 6), kernel=kernel, dilation=dilation, padding=padding, stride=stride)
        blocks = [(size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1 for size in (5, 5)]
        yield C("fold", T(2, 3 * kernel * kernel, blocks[0] * blocks[1]), output_size=5, kernel=kernel, dilation=dilation, padding=padding, stride=stride)
    yield C("one_hot", T(2, 3, "int64", values=[0, 2, 1, 4, 4, 0]), num_classes=-1)
    yield C("one_hot", T(3, "int64", values=[0, 2, 1]), num_classes=5)


def indexing():
    for form in ("1", "-1", "1:", ":,1", ":,-2:", "...,1", "None", ":,None", "1,2,3", "::2", ":,1:3,::2", "1:,:,0", "...,None,1:", "0,:,1"):
        yield C("index", T(3, 4, 5), form=form)
        yield C("index", T(3, 4, 5, "transposed"), form=form)
    rows = T(4, "int64", values=[2, 0, 2, 1])
    yield C("index_rows", T(3, 5), rows)
    yield C("index_rows", T(3, 5), T(2, 2, "int64", values=[2, 0, -1, 1]))
    yield C("index_rows", T(3, 5, "transposed"), rows)
    yield C("index_columns", T(3, 5), rows)
    yield C("index_pairs", T(3, 5), rows, T(4, "int64", values=[4, 3, 2, 1]))
    yield C("index_pairs", T(3, 5), T(2, 1, "int64", values=[2, 0]), T(3, "int64", values=[4, 3, 1]))
    yield C("index_pairs", T(3, 5, 2), rows, T(4, "int64", values=[4, 3, 2, 1]))
    yield C("index_outer", T(3, 4, 5), T(2, "int64", values=[2, 0]), T(2, "int64", values=[4, 1]))
    yield C("index_mask", T(3, 5), T(3, 5, "bool"))
    yield C("index_mask", T(3, 5), T(3, "bool", values=[1, 0, 1]))
    for form in ("1", ":,1", "1:,::2", "...,-1", "1,2"):
        yield C("set_scalar", T(3, 4), form=form, value=0.5)
    yield C("set_row", T(3, 4), T(4))
    yield C("set_columns", T(3, 4), T(3, 2))
    yield C("set_columns", T(3, 4), T(3, 1))
    yield C("set_rows", T(3, 4), T(2, "int64", values=[2, 0]), T(2, 4))
    yield C("set_mask_scalar", T(3, 4), T(3, 4, "bool"), value=-1.0)
    yield C("set_mask", T(3, 4), T(3, 4, "bool", values=[1, 0, 0, 1] * 3), T(6))
    for dim in (0, 1, -1):
        yield C("index_select", T(3, 5), T(4, "int64", values=[2, 0, 2, 1]), dim=dim)
        yield C("gather", T(3, 5), T(2, 3, "int64", values=[0, 1, 2, 2, 1, 0]), dim=dim)
        yield C("scatter", T(3, 5), T(2, 3, "int64", values=[0, 1, 2, 2, 0, 1]), T(2, 3), dim=dim)
        yield C("scatter_", T(3, 5), T(2, 3, "int64", values=[0, 1, 2, 2, 0, 1]), T(2, 3), dim=dim)
        yield C("scatter_add", T(3, 5), T(2, 3, "int64", values=[0, 1, 1, 0, 1, 1]), T(2, 3), dim=dim)
        yield C("scatter_add_", T(3, 5), T(2, 3, "int64", values=[0, 1, 1, 0, 1, 1]), T(2, 3, "transposed"), dim=dim)
    yield C("gather", T(2, 3, 4, "transposed"), T(2, 3, 2, "int64", values=[0, 1, 2, 3, 3, 0, 1, 1, 2, 2, 0, 3]), dim=2)
    for alpha in (1, 0.5):
        yield C("index_add", T(3, 5), T(4, "int64", values=[2, 0, 2, 1]), T(4, 5), dim=0, alpha=alpha)
        yield C("index_add_", T(3, 5), T(2, "int64", values=[4, 1]), T(3, 2), dim=1, alpha=alpha)
    yield C("index_copy_", T(3, 5), T(2, "int64", values=[2, 0]), T(2, 5), dim=0)
    yield C("index_copy_", T(3, 5), T(2, "int64", values=[3, 0]), T(3, 2), dim=1)
    for accumulate in (False, True):
        yield C("index_put", T(3, 5), T(3, "int64", values=[2, 0, 1]), T(3, "int64", values=[4, 1, 1]), T(3), accumulate=accumulate)
    yield C("index_put", T(3, 5), T(3, "int64", values=[2, 0, 2]), T(3, "int64", values=[4, 1, 4]), T(3), accumulate=True, label="twice the same place")
    yield C("take", T(3, 5), T(2, 3, "int64", values=[0, 14, 7, 7, 3, -1]))
    yield C("masked_select", T(3, 5), T(3, 5, "bool"))
    yield C("masked_select", T(3, 5, "transposed", grad=False), T(5, "bool"))   # PyTorch 1.13 puts the gradient of a transposed tensor in the wrong places
    for dtype in ("bool", "float32", "int64"):
        yield C("nonzero", T(2, 3, dtype, values=[0, 1, 1, 0, 0, 1]))
        yield C("where_indices", T(2, 3, dtype, values=[0, 1, 1, 0, 0, 1]))
    yield C("fill_", T(3, 5), value=2.5)
    yield C("zero_", T(3, 5))
    yield C("copy_", T(3, 5), T(5))
    yield C("copy_", T(3, 5), T(3, 5, "float64"))


# ---- linear algebra ----

def spread(n, dtype="float64", batch=()):
    """A well-conditioned matrix without symmetry."""
    return T(*batch, n, n, dtype, low=0.1, high=1.0)


def linear_algebra():
    for dtype in FLOATS:
        for n in (1, 2, 3, 5):
            yield C("det", spread(n, dtype))
            yield C("slogdet", spread(n, dtype))
            yield C("inverse", spread(n, dtype))
            yield C("solve", spread(n, dtype), T(n, 2, dtype))
            yield C("cholesky", spread(n, dtype))
        yield C("solve", spread(4, dtype), T(4, dtype))
        yield C("solve", spread(3, dtype, (2,)), T(2, 3, 2, dtype))
        yield C("inverse", spread(3, dtype, (2,)))
        yield C("det", spread(3, dtype, (2,)))
        for shape in ((4, 4), (5, 3), (3, 5), (2, 4, 3)):
            yield C("svd", T(*shape, dtype))
            yield C("svdvals", T(*shape, dtype))
            yield C("qr", T(*shape, dtype), backward=shape[-2] >= shape[-1])
        for n in (2, 3, 6):
            yield C("eigh", spread(n, dtype))
            yield C("eigvalsh", spread(n, dtype))
            yield C("eig_symmetric", spread(n, dtype))
        yield C("eigvals_sorted", T(3, 3, dtype, grad=False, values=[2.0, 1.0, 0.5, 0.0, -1.0, 3.0, 0.25, 0.0, 4.0]))
        yield C("pinv", T(4, 3, dtype))
        yield C("pinv", T(3, 4, dtype))
        yield C("lstsq", T(5, 3, dtype, grad=False), T(5, 2, dtype, grad=False))
        yield C("matrix_rank", T(3, 3, dtype, values=[1.0, 2.0, 3.0, 2.0, 4.0, 6.0, 1.0, 0.0, 1.0], grad=False))
        for order in ("fro", "nuc", 1.0, INFINITY, -1.0, 2.0):
            yield C("matrix_norm", T(3, 4, dtype), ord=order)
        for order in (2.0, 1.0, 3.0, INFINITY, -INFINITY, 0.5):
            yield C("vector_norm", T(3, 4, dtype), ord=order)
        for upper in (False, True):
            yield C("solve_triangular", spread(4, dtype), T(4, 2, dtype), upper=upper)
        yield C("matrix_exp", spread(3, dtype))
        yield C("cross", T(4, 3, dtype), T(4, 3, dtype))
        yield C("vecdot", T(4, 3, dtype), T(4, 3, dtype))
        yield C("multi_dot", T(4, 3, dtype), T(3, 5, dtype), T(5, 2, dtype))
    yield C("inverse", T(2, 2, "float64", values=[1.0, 2.0, 2.0, 4.0]), label="singular")
    yield C("cholesky_plain", T(2, 2, "float64", values=[1.0, 2.0, 2.0, 1.0]), label="indefinite")


# ---- convolutions and pooling ----

def convolutions():
    for stride, padding, dilation, groups in ((1, 0, 1, 1), (2, 1, 1, 1), (1, 2, 2, 1), (1, 1, 1, 2), (3, 1, 2, 2), (1, 1, 1, 4)):
        arguments = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        yield C("conv1d", T(2, 4, 11), T(8, 4 // groups, 3), T(8), **arguments)
        yield C("conv2d", T(2, 4, 7, 8), T(4, 4 // groups, 3, 2), T(4), **arguments)
    yield C("conv1d", T(2, 4, 11), T(8, 4, 3), stride=1, padding=1, dilation=1, groups=1)
    yield C("conv1d", T(2, 4, 11, "float64"), T(8, 4, 3, "float64"), stride=1, padding=1, dilation=1, groups=1)
    yield C("conv1d", T(2, 4, 11, "transposed"), T(8, 4, 3, "transposed"), stride=1, padding=1, dilation=1, groups=1)
    yield C("conv1d", T(4, 11), T(8, 4, 1), T(8), stride=1, padding=0, dilation=1, groups=1)
    yield C("conv2d", T(2, 3, 6, 6, "float64"), T(5, 3, 3, 3, "float64"), T(5, "float64"), stride=1, padding=1, dilation=1, groups=1)
    yield C("conv2d", T(2, 3, 6, 6, "transposed"), T(5, 3, 3, 3, "stepped"), T(5), stride=1, padding=1, dilation=1, groups=1)
    yield C("conv2d", T(1, 1, 5, 5), T(1, 1, 5, 5), stride=1, padding=0, dilation=1, groups=1)
    for kernel, stride, padding, dilation, ceil in ((2, 2, 0, 1, False), (3, 1, 1, 1, False), (3, 2, 1, 1, True), (2, 2, 0, 2, False), (3, 3, 1, 1, True)):
        arguments = {"kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil}
        yield C("max_pool1d", T(2, 3, 11), **arguments)
        yield C("max_pool2d", T(2, 3, 7, 8), **arguments)
        yield C("max_pool2d", T(2, 3, 7, 8, "transposed"), **arguments)
        if dilation == 1:
            for count in (True, False):
                arguments = {"kernel": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil, "count_include_pad": count}
                yield C("avg_pool1d", T(2, 3, 11), **arguments)
                yield C("avg_pool2d", T(2, 3, 7, 8), **arguments)
    yield C("max_pool2d", T(1, 1, 3, 3, values=[1.0, 1.0, 0.0, 1.0, NAN, 2.0, 2.0, 2.0, 2.0], grad=False), kernel=2, stride=1, padding=0, dilation=1, ceil_mode=False, condition=False, label="ties")
    for size in (1, 3, 4):
        yield C("adaptive_avg_pool1d", T(2, 3, 10), size=size)
        yield C("adaptive_avg_pool2d", T(2, 3, 7, 9), size=size)


def normalisation():
    for shape, normalized in (((3, 5), [5]), ((2, 3, 4), [4]), ((2, 3, 4), [3, 4]), ((2, 64), [64]), ((2, 100), [100])):
        for affine in (False, True):
            yield C("layer_norm", T(*shape), *([T(*normalized), T(*normalized)] if affine else []), normalized=normalized, eps=1e-5)
    yield C("layer_norm", T(3, 8), T(8), normalized=[8], eps=1e-5)
    yield C("layer_norm", T(3, 8, "float64"), T(8, "float64"), T(8, "float64"), normalized=[8], eps=1e-3)
    yield C("layer_norm", T(3, 8, "transposed"), T(8, "stepped"), T(8), normalized=[8], eps=1e-5)
    yield C("layer_norm", T(3, 8, low=100, high=101, signed=False), T(8), T(8), normalized=[8], eps=1e-5, label="far from zero")
    yield C("layer_norm", T(2, 4, values=[3.0] * 4 + [1.0, 2.0, 3.0, 4.0]), normalized=[4], eps=1e-5, condition=False, label="constant row")
    for shape in ((6, 4), (3, 4, 5), (2, 4, 3, 5)):
        for affine in (False, True):
            parameters = [T(4), T(4)] if affine else []
            yield C("batch_norm_training", T(*shape), T(4, grad=False), T(4, grad=False, signed=False), *parameters, momentum=0.1, eps=1e-5)
            yield C("batch_norm_inference", T(*shape), T(4, grad=False), T(4, grad=False, signed=False), *parameters, eps=1e-5)
            yield C("group_norm", T(*shape), *parameters, groups=2 if len(shape) > 2 else 1, eps=1e-5)
    yield C("batch_norm_training", T(3, 4, 5, "float64"), T(4, "float64", grad=False), T(4, "float64", grad=False, signed=False), T(4, "float64"), T(4, "float64"), momentum=0.3, eps=1e-5)


def activations():
    for dtype in FLOATS:
        for dim in (0, 1, -1):
            yield C("softmax", T(4, 5, dtype), dim=dim)
            yield C("log_softmax", T(4, 5, dtype), dim=dim)
    for layout in ("transposed", "stepped", "expanded"):
        yield C("softmax", T(4, 5, layout), dim=1)
        yield C("log_softmax", T(4, 5, layout), dim=1)
    for width in (24, 64, 67, 300):
        yield C("softmax", T(2, width, high=8), dim=-1)
        yield C("log_softmax", T(2, width, high=8), dim=-1)
    yield C("softmax", T(2, 3, 4), dim=1)
    yield C("softmax", T(), dim=0)
    yield C("softmax", T(4, 5), dim=1, dtype="float64", condition=False)
    masked = [-INFINITY, 1.0, 2.0, 3.0, -INFINITY, -INFINITY, 0.5, 0.25, 0.125]
    for op in ("softmax", "log_softmax"):
        yield C(op, T(3, 3, values=masked), dim=1, condition=False, label="masked")
        yield C(op, T(2, 3, values=[-INFINITY] * 3 + [1000.0, 999.0, -1000.0], grad=False), dim=1, condition=False, label="special")
    for slope in (0.01, 0.3):
        yield C("leaky_relu", T(3, 7), slope=slope)
    for alpha in (1.0, 0.5):
        yield C("elu", T(3, 7), alpha=alpha)
    for beta, threshold in ((1.0, 20.0), (2.0, 1.0), (0.5, 20.0)):
        yield C("softplus", T(3, 7, high=3), beta=beta, threshold=threshold)
    yield C("softplus", T(6, values=[-100.0, -20.0, 0.0, 19.9, 20.5, 100.0]), beta=1.0, threshold=20.0, condition=False, label="wide")
    for low, high in ((-1.0, 1.0), (-0.5, 0.25)):
        yield C("hardtanh", T(3, 7), low=low, high=high)
    for op in ("relu6", "hardsigmoid", "hardswish", "selu", "celu", "mish"):
        yield C(op, T(3, 7, high=4))
    yield C("prelu", T(3, 4, 5), T(4))
    yield C("prelu", T(3, 4), T(1))
    wide = [-30.0, -10.0, -5.0, -1.0, -1e-3, 0.0, 1e-3, 1.0, 5.0, 10.0, 30.0, 80.0, -80.0]
    for op in ("gelu", "silu", "sigmoid", "tanh", "logsigmoid", "erf"):
        yield C(op, T(len(wide), values=wide), condition=False, label="wide")
        yield C(op, T(len(wide), "float64", values=wide), condition=False, label="wide")
    yield C("dropout", T(3, 7), p=0.5, training=False)
    yield C("dropout", T(3, 7), p=0.0, training=True)
    yield C("dropout", T(3, 7), p=1.0, training=True)


def losses():
    reductions = ("none", "mean", "sum")
    targets = T(4, "int64", values=[2, 0, 4, 1])
    for reduction in reductions:
        for op in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"):
            yield C(op, T(3, 5), T(3, 5), reduction=reduction)
        yield C("mse_loss", T(3, 5, "transposed"), T(3, 5, "float32"), reduction=reduction, label="strided")
        chance = {"low": 0.05, "high": 0.95, "signed": False}
        yield C("binary_cross_entropy", T(3, 5, **chance), T(3, 5, grad=False, **chance), reduction=reduction)
        yield C("binary_cross_entropy", T(3, 5, **chance), T(3, 5, grad=False, **chance), T(5, grad=False, signed=False), reduction=reduction)
        yield C("bce_with_logits", T(3, 5, high=4), T(3, 5, grad=False, **chance), reduction=reduction)
        yield C("bce_with_logits", T(3, 5, high=4), T(3, 5, grad=False, **chance), T(5, grad=False, signed=False), reduction=reduction)
        yield C("bce_with_positive_weights", T(3, 5, high=4), T(3, 5, grad=False, **chance), T(5, grad=False, signed=False), reduction=reduction)
        for log_target in (False, True):
            yield C("kl_div", T(3, 5), T(3, 5, signed=log_target), log_target=log_target, reduction=reduction)
        yield C("nll_loss", T(4, 5), targets, reduction=reduction)
        yield C("nll_loss", T(4, 5), targets, T(5, grad=False, signed=False), reduction=reduction)
        for smoothing in (0.0, 0.1):
            for ignored in (-100, 4):
                arguments = {"reduction": reduction, "label_smoothing": smoothing, "ignore_index": ignored}
                yield C("cross_entropy", T(4, 5), targets, **arguments)
                yield C("cross_entropy", T(4, 5), targets, T(5, grad=False, signed=False), **arguments)
            arguments = {"reduction": reduction, "label_smoothing": smoothing, "ignore_index": -100}
            yield C("cross_entropy", T(4, 5), T(4, 5, grad=False, signed=False, high=1.0), label="class probabilities", **arguments)
            yield C("cross_entropy", T(4, 5), T(4, 5, grad=False, signed=False, high=1.0), T(5, grad=False, signed=False), label="class probabilities", **arguments)
            yield C("cross_entropy", T(2, 5, 3), T(2, 3, "int64", values=[0, 1, 4, 2, 2, 0]), **arguments)
        yield C("cosine_embedding_loss", T(3, 5), T(3, 5), T(3, values=[1.0, -1.0, 1.0], grad=False), margin=0.2, reduction=reduction)
    arguments = {"reduction": "mean", "label_smoothing": 0.0, "ignore_index": -100}
    yield C("cross_entropy", T(4, 5, "float64"), targets, **arguments)
    yield C("cross_entropy", T(4, 5, "transposed"), targets, **arguments)
    yield C("cross_entropy", T(5), T("int64", values=[3]), **arguments)
    yield C("cross_entropy", T(3, 300, high=6), T(3, "int64", values=[0, 299, 17]), **arguments)
    yield C("cross_entropy", T(2, 5), T(2, "int64", values=[1, 1]), reduction="mean", label_smoothing=0.0, ignore_index=1, condition=False, label="all ignored")
    yield C("cross_entropy", T(2, 3, values=[1000.0, 0.0, -1000.0, 5.0, -INFINITY, 1.0]), T(2, "int64", values=[0, 2]), condition=False, label="wide", **arguments)
    yield C("binary_cross_entropy", T(4, values=[0.0, 1.0, 0.0, 1.0], grad=False), T(4, values=[0.0, 1.0, 1.0, 0.0], grad=False), reduction="none", condition=False, label="edges")
    yield C("bce_with_logits", T(4, values=[-100.0, 100.0, -100.0, 100.0]), T(4, values=[0.0, 1.0, 1.0, 0.0], grad=False), reduction="none", condition=False, label="wide")


# ---- autograd ----

def shared_subgraph(x):
    y = x * x
    z = y.exp()
    return (y * z + z).sum() + y.sum()


def used_twice(x):
    return x * x + x


def in_place_on_view(x):
    y = x * 1
    y[0].mul_(2)
    y[:, 1] = y[:, 0] * 3
    return y


def in_place_on_base(x):
    y = x * 1
    view = y[1:]
    y.mul_(3)
    return view * view


def in_place_chain(x):
    y = x.clone()
    y.add_(1).mul_(2).sub_(0.5)
    return y * x


def through_detach(x):
    return x * x.detach()


def retained_graph(x):
    y = (x * x).sum()
    first, = torch.autograd.grad(y, x, retain_graph=True)
    second, = torch.autograd.grad(y, x)
    return first.detach() + second.detach() + x


def accumulated(x):
    leaf = x.detach().clone().requires_grad_()
    (leaf * leaf).sum().backward()
    (leaf.exp()).sum().backward()
    return leaf.grad + x * 0


def unused_input(x, y):
    first, second = torch.autograd.grad((x * x).sum(), [x, y], allow_unused=True)
    assert second is None
    return first.detach() + y


def non_leaf_gradient(x):
    y = x.exp()
    gradient, = torch.autograd.grad((y * y * x).sum(), y)
    return gradient.detach() + x


def retained_non_leaf(x):
    leaf = x.detach().clone().requires_grad_()
    y = leaf * 3
    y.retain_grad()
    (y * y).sum().backward()
    return torch.cat([y.grad, leaf.grad]) + torch.cat([x, x])


def gradient_penalty(x, w):
    y = torch.tanh(x @ w).sum()
    gradient, = torch.autograd.grad(y, x, create_graph=True)
    return ((gradient.square().sum(1) + 1e-3).sqrt() - 1).square().mean()


def hessian_vector(x, v):
    y = (x.sin() * x.square()).sum()
    gradient, = torch.autograd.grad(y, x, create_graph=True)
    product, = torch.autograd.grad((gradient * v.detach()).sum(), x, create_graph=True)
    return product + v * 0


def third_derivative(x):
    y = x.pow(4).sum()
    for _ in range(2):
        gradient, = torch.autograd.grad(y, x, create_graph=True)
        y = gradient.sum()
    return gradient


def no_grad_part(x):
    with torch.no_grad():
        y = x * 5
    return x * y


def expanded_accumulation(x):
    return x.expand(4, *x.shape[1:]) * torch.arange(4.0, dtype=x.dtype).reshape(4, 1)


def diamond(x):
    a, b = x.sin(), x.cos()
    c = a * b
    return c * a + c * b + x


def split_outputs(x):
    first, second, third = x.chunk(3, 1)
    return first * third + second.exp()


def unused_output(x):
    values, _ = x.sort(1)
    first, _ = x.chunk(2, 1)
    return values.sum(0), first


def several_outputs(x):
    return x.exp(), x.sum(0), (x * x).mean()


SCENARIOS = [shared_subgraph, used_twice, in_place_on_view, in_place_on_base, in_place_chain, through_detach, retained_graph, accumulated, non_leaf_gradient,
             no_grad_part, diamond, several_outputs]
SECOND = {
    "mul": (T(3, 4), T(4)), "div": (T(3, 4), T(4)), "add": (T(3, 4), T(4)), "sub": (T(3, 4), T(4)), "matmul": (T(3, 4), T(4, 2)), "bmm": (T(2, 3, 4), T(2, 4, 2)),
    "exp": (T(3, 4),), "log": (T(3, 4, signed=False),), "sin": (T(3, 4),), "cos": (T(3, 4),), "tanh": (T(3, 4),), "sigmoid": (T(3, 4),), "sqrt": (T(3, 4, signed=False),),
    "rsqrt": (T(3, 4, signed=False),), "square": (T(3, 4),), "reciprocal": (T(3, 4),), "gelu": (T(3, 4),), "silu": (T(3, 4),), "log1p": (T(3, 4, signed=False),), "erf": (T(3, 4),),
    "pow_cubed": (T(3, 4),), "softmax_last": (T(3, 4),), "log_softmax_last": (T(3, 4),), "logsumexp_last": (T(3, 4),), "norm": (T(3, 4),), "prod": (T(4),), "var": (T(3, 4),), "std": (T(3, 4),),
    "layer_norm_last": (T(3, 4),), "linear": (T(3, 4), T(2, 4), T(2)), "expm1": (T(3, 4),), "softplus_plain": (T(3, 4),), "index_select_first": (T(3, 4),), "cumsum_0": (T(3, 4),),
    "mse_mean": (T(3, 4), T(3, 4)), "tan": (T(3, 4, high=1.3),), "atan": (T(3, 4),),
}


def autograd():
    for scenario in SCENARIOS:
        yield C(scenario.__name__, T(3, 4))
        yield C(scenario.__name__, T(3, 4, "float64", "transposed"))
    yield C("retained_non_leaf", T(3, 4))
    yield C("unused_input", T(3, 4), T(3, 4))
    yield C("gradient_penalty", T(3, 4), T(4, 2))
    yield C("hessian_vector", T(3, 4), T(3, 4))
    yield C("third_derivative", T(3, 4))
    yield C("expanded_accumulation", T(1, 3))
    yield C("split_outputs", T(2, 6))
    yield C("unused_output", T(3, 6))
    for op, tensors in SECOND.items():
        output = lookup(op)(*[torch.ones(t.shape) for t in tensors])
        yield C("second_derivative_of_" + op, *tensors, T(*output.shape))


def index(form):
    def part(text):
        if text == "...":
            return Ellipsis
        if text == "None":
            return None
        if ":" in text:
            return slice(*[int(number) if number else None for number in text.split(":")])
        return int(text)
    return tuple(part(text) for text in form.split(","))


def assign(x, place, value):
    y = x.clone()
    y[place] = value
    return y


def attention(query, key, value, mask=None, is_causal=False):
    """softmax(Q K^T / sqrt(d)) V (Vaswani et al., 2017, section 3.2.1); PyTorch 1.13 has no public function for it."""
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.size(-1))
    if is_causal:
        mask = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf) if mask.dtype == torch.bool else scores + mask
    return scores.softmax(-1) @ value


def symmetric(x):
    return (x + x.mT) / 2


def positive(x):
    return x @ x.mT + torch.eye(x.size(-1), dtype=x.dtype)


def svd(x):
    u, s, vh = torch.linalg.svd(x, full_matrices=False)
    return s, (u * s.unsqueeze(-2)) @ vh


def qr(x):
    q, r = torch.linalg.qr(x)
    return (q @ r, q.mT @ q) if x.size(-2) >= x.size(-1) else (q @ r,)


def eigh(x):
    values, vectors = torch.linalg.eigh(symmetric(x))
    return values, (vectors * values.exp().unsqueeze(-2)) @ vectors.mT


def eig_symmetric(x):
    values, vectors = torch.linalg.eig(symmetric(x.detach()))
    order = values.real.argsort()
    return values.real[order], ((vectors * values.unsqueeze(-2)) @ torch.linalg.inv(vectors)).real


def eigvals_sorted(x):
    values = torch.linalg.eigvals(x)
    assert values.imag.abs().max() == 0
    return values.real.sort().values


def batch_norm_training(x, mean, var, weight=None, bias=None, momentum=0.1, eps=1e-5):
    mean, var = mean.clone(), var.clone()
    y = F.batch_norm(x, mean, var, weight, bias, training=True, momentum=momentum, eps=eps)
    return y, mean, var


def pad(x, pad, mode, value=0.0):
    return F.pad(x, pad, mode) if mode != "constant" else F.pad(x, pad, mode, value)


def either(op):
    """A two-sided operation whose second side may be a number."""
    def function(x, y=None, other=None, **arguments):
        return getattr(torch, op)(x, other if y is None else y, **arguments)
    return function


def either_in_place(op):
    def function(x, y=None, other=None, **arguments):
        return getattr(x.clone(), op)(other if y is None else y, **arguments)
    return function


def arange(stop, start=None, step=1, dtype=None):
    return torch.arange(0 if start is None else start, stop, step, dtype=dtype)


FUNCTIONS = {
    **{op: either(op) for op in (*PROMOTED, "eq", "ne", "lt", "le", "gt", "ge")},
    **{op + "_": either_in_place(op + "_") for op in ("add", "sub", "mul", "div")},
    **{scenario.__name__: scenario for scenario in SCENARIOS},
    "retained_non_leaf": retained_non_leaf, "unused_input": unused_input, "gradient_penalty": gradient_penalty, "hessian_vector": hessian_vector, "third_derivative": third_derivative,
    "expanded_accumulation": expanded_accumulation, "split_outputs": split_outputs, "unused_output": unused_output,
    "pow": lambda x, y=None, other=None, exponent=None: torch.pow(x, y if y is not None else other if other is not None else exponent),
    "arange": arange,
    "eye": lambda rows, columns, dtype: torch.eye(rows, columns, dtype=dtype),
    "full": lambda size, value, dtype: torch.full(size, value, dtype=dtype),
    "full_like": lambda x, value, dtype: torch.full_like(x, value, dtype=dtype),
    "zeros_like": lambda x, dtype: torch.zeros_like(x, dtype=dtype), "ones_like": lambda x, dtype: torch.ones_like(x, dtype=dtype),
    "to": lambda x, dtype: x.to(dtype),
    "meshgrid": lambda *x, indexing: torch.meshgrid(*x, indexing=indexing),
    "cat": lambda *x, dim=0: torch.cat(x, dim), "stack": lambda *x, dim: torch.stack(x, dim), "hstack": lambda *x: torch.hstack(x), "vstack": lambda *x: torch.vstack(x),
    "cumsum_0": lambda x: x.cumsum(0), "logsumexp_last": lambda x: x.logsumexp(-1), "softmax_last": lambda x: x.softmax(-1), "log_softmax_last": lambda x: x.log_softmax(-1),
    "pow_cubed": lambda x: x.pow(3), "layer_norm_last": lambda x: F.layer_norm(x, x.shape[-1:]), "softplus_plain": lambda x: F.softplus(x),
    "index_select_first": lambda x: x.index_select(0, torch.tensor([2, 0, 2])), "mse_mean": lambda x, y: F.mse_loss(x, y),
    **{"scalar_" + op: (lambda op: lambda x, other: {"add": other + x, "sub": other - x, "mul": other * x, "div": other / x}[op])(op) for op in ("add", "sub", "mul", "div")},
    "clamp": lambda x, low=None, high=None, min=None, max=None: torch.clamp(x, min if low is None else low, max if high is None else high),
    "lerp": lambda x, y, w=None, weight=None: torch.lerp(x, y, weight if w is None else w),
    "where": torch.where, "where_indices": lambda x: torch.where(x),
    "max_dim": lambda x, dim, keepdim: torch.max(x, dim, keepdim), "min_dim": lambda x, dim, keepdim: torch.min(x, dim, keepdim),
    "all_dim": lambda x, dim, keepdim: torch.all(x, dim, keepdim), "any_dim": lambda x, dim, keepdim: torch.any(x, dim, keepdim),
    "norm": lambda x, p=2.0, dim=None, keepdim=False: torch.norm(x, p, dim, keepdim),
    "prod": lambda x, **arguments: torch.prod(x, **arguments),
    "stable_sort": lambda x, dim, descending: torch.sort(x, dim=dim, descending=descending, stable=True),
    "unique": lambda x: torch.unique(x, True, True, True), "unique_dim": lambda x, dim: torch.unique(x, True, True, True, dim),
    "einsum": lambda *x, equation: torch.einsum(equation, *x),
    "tensordot_lists": lambda x, y, dims1, dims2: torch.tensordot(x, y, dims=(dims1, dims2)),
    "attention": attention,
    "roll_flat": lambda x, shifts: torch.roll(x, shifts), "repeat": lambda x, sizes: x.repeat(*sizes), "expand": lambda x, sizes: x.expand(*sizes), "view": lambda x, shape: x.view(*shape),
    "tile": lambda x, dims: x.tile(dims), "split": lambda x, size, dim: x.split(size, dim), "split_sizes": lambda x, sizes, dim: x.split(sizes, dim),
    "broadcast_to": lambda x, shape: torch.broadcast_to(x, shape), "matrix_transpose": lambda x: x.mT, "unflatten": lambda x, dim, sizes: torch.nn.Unflatten(dim, sizes)(x),
    "repeat_interleave_each": lambda x, repeats, dim: torch.repeat_interleave(x, repeats, dim), "pad": pad,
    "unfold": lambda x, kernel, dilation, padding, stride: F.unfold(x, kernel, dilation, padding, stride),
    "fold": lambda x, output_size, kernel, dilation, padding, stride: F.fold(x, (output_size, output_size), kernel, dilation, padding, stride),
    "one_hot": F.one_hot,
    "index": lambda x, form: x[index(form)], "index_rows": lambda x, i: x[i], "index_columns": lambda x, i: x[:, i], "index_pairs": lambda x, i, j: x[i, j], "index_outer": lambda x, i, j: x[i, :, j],
    "index_mask": lambda x, mask: x[mask],
    "set_scalar": lambda x, form, value: assign(x, index(form), value), "set_row": lambda x, y: assign(x, 1, y), "set_columns": lambda x, y: assign(x, (slice(None), slice(1, 3)), y),
    "set_rows": lambda x, i, y: assign(x, i, y), "set_mask": lambda x, mask, y: assign(x, mask, y), "set_mask_scalar": lambda x, mask, value: assign(x, mask, value),
    "index_select": lambda x, i, dim: x.index_select(dim, i), "gather": lambda x, i, dim: x.gather(dim, i),
    "scatter": lambda x, i, y, dim: x.scatter(dim, i, y), "scatter_": lambda x, i, y, dim: x.clone().scatter_(dim, i, y),
    "scatter_add": lambda x, i, y, dim: x.scatter_add(dim, i, y), "scatter_add_": lambda x, i, y, dim: x.clone().scatter_add_(dim, i, y),
    "index_add": lambda x, i, y, dim, alpha: x.index_add(dim, i, y, alpha=alpha), "index_add_": lambda x, i, y, dim, alpha: x.clone().index_add_(dim, i, y, alpha=alpha),
    "index_copy_": lambda x, i, y, dim: x.clone().index_copy_(dim, i, y), "index_put": lambda x, i, j, y, accumulate: x.clone().index_put_((i, j), y, accumulate),
    "relu_": lambda x: x.clone().relu_(),
    "solve": torch.linalg.solve, "det": torch.linalg.det, "slogdet": lambda x: tuple(torch.linalg.slogdet(x)), "inverse": torch.linalg.inv,
    "cholesky": lambda x: torch.linalg.cholesky(positive(x)), "cholesky_plain": torch.linalg.cholesky, "svd": svd, "svdvals": torch.linalg.svdvals, "qr": qr, "eigh": eigh,
    "eigvalsh": lambda x: torch.linalg.eigvalsh(symmetric(x)), "eig_symmetric": eig_symmetric, "eigvals_sorted": eigvals_sorted, "pinv": torch.linalg.pinv,
    "lstsq": lambda a, b: torch.linalg.lstsq(a, b).solution, "matrix_rank": torch.linalg.matrix_rank, "matrix_norm": lambda x, ord: torch.linalg.matrix_norm(x, ord),
    "vector_norm": lambda x, ord: torch.linalg.vector_norm(x, ord), "matrix_exp": torch.linalg.matrix_exp, "cross": torch.linalg.cross, "vecdot": torch.linalg.vecdot,
    "solve_triangular": lambda a, b, upper: torch.linalg.solve_triangular(a + 2 * torch.eye(a.size(-1), dtype=a.dtype), b, upper=upper),
    "multi_dot": lambda *x: torch.linalg.multi_dot(x),
    "conv1d": lambda x, w, b=None, **arguments: F.conv1d(x, w, b, **arguments), "conv2d": lambda x, w, b=None, **arguments: F.conv2d(x, w, b, **arguments),
    **{op: (lambda op: lambda x, kernel, **arguments: getattr(F, op)(x, kernel, **arguments))(op) for op in ("max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d")},
    "adaptive_avg_pool1d": lambda x, size: F.adaptive_avg_pool1d(x, size), "adaptive_avg_pool2d": lambda x, size: F.adaptive_avg_pool2d(x, size),
    "layer_norm": lambda x, w=None, b=None, normalized=None, eps=1e-5: F.layer_norm(x, normalized, w, b, eps),
    "group_norm": lambda x, w=None, b=None, groups=1, eps=1e-5: F.group_norm(x, groups, w, b, eps),
    "batch_norm_training": batch_norm_training,
    "batch_norm_inference": lambda x, mean, var, w=None, b=None, eps=1e-5: F.batch_norm(x, mean, var, w, b, False, 0.1, eps),
    "leaky_relu": lambda x, slope: F.leaky_relu(x, slope), "hardtanh": lambda x, low, high: F.hardtanh(x, low, high), "prelu": F.prelu, "dropout": F.dropout,
    "elu": F.elu, "softplus": F.softplus, "relu": F.relu, "celu": F.celu, "selu": F.selu,
    "binary_cross_entropy": lambda x, y, w=None, reduction="mean": F.binary_cross_entropy(x, y, w, reduction=reduction),
    "bce_with_logits": lambda x, y, w=None, reduction="mean": F.binary_cross_entropy_with_logits(x, y, w, reduction=reduction),
    "bce_with_positive_weights": lambda x, y, w, reduction: F.binary_cross_entropy_with_logits(x, y, reduction=reduction, pos_weight=w),
    "kl_div": F.kl_div, "nll_loss": lambda x, y, w=None, reduction="mean": F.nll_loss(x, y, w, reduction=reduction),
    "cross_entropy": lambda x, y, w=None, **arguments: F.cross_entropy(x, y, w, **arguments),
    "cosine_embedding_loss": F.cosine_embedding_loss, "cosine_similarity": lambda x, y, dim: F.cosine_similarity(x, y, dim), "normalize": F.normalize,
    "bincount": lambda x, w=None, minlength=0: torch.bincount(x, w, minlength),
    "equal": torch.eq, "mode": torch.mode, "tril_": lambda x, diagonal: x.clone().tril_(diagonal), "triu_": lambda x, diagonal: x.clone().triu_(diagonal),
    "quantile": lambda x, q, dim, keepdim: torch.quantile(x, q.to(x.dtype), dim, keepdim),
    "copy_": lambda x, y: x.clone().copy_(y), "bitwise_not": torch.bitwise_not, "mse_loss": F.mse_loss, "l1_loss": F.l1_loss,
    "linear": lambda x, w, b=None: F.linear(x, w, b),
}

FAMILIES = [creation, promotion, unary, binary, comparison, reductions, orders, products, views, indexing, linear_algebra, convolutions, normalisation, activations, losses, autograd]

if __name__ == "__main__":
    for family in FAMILIES:
        if len(sys.argv) == 1 or family.__name__ in sys.argv[1:]:
            result = Family(family.__name__)
            for case in family():
                result.add(case, lookup(case.op))
            result.write()
