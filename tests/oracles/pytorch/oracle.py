"""What ops.py, layers.py and optim.py share: how a case is described, computed with PyTorch, and written.

It does not know any operation. A family of cases becomes two files: vectors/NAME.json lists the cases, one a line, and vectors/NAME.bin holds the numbers,
little endian, in the order in which the lines name them.

    C("sum", T(3, 4, "transposed"), dim=[0])   ->   {"name": "sum 3x4 transposed dim=[0]", "op": "sum", "in": [...], "args": {"dim": [0]}, "out": [...], "grad": [...]}
"""
import json
import math
import pathlib
import random
import struct
import warnings
import zlib

import torch

warnings.filterwarnings("ignore")
torch.set_num_threads(1)

HERE = pathlib.Path(__file__).parent / "vectors"
DTYPES = {"float32": torch.float32, "float64": torch.float64, "int64": torch.int64, "int32": torch.int32, "uint8": torch.uint8, "bool": torch.bool}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
PACKED = {"float32": "f", "float64": "d", "int64": "q", "int32": "i", "uint8": "B", "bool": "?"}
PERTURBATION = 1e-7


class T:
    """A tensor that a case is given: the shape that the operation sees, its element type, and how it lies in memory.

    layout: contiguous, transposed (the last two axes), stepped (every second of the last axis), expanded (the first axis has stride 0), offset (a part of a larger one).
    Values are distinct and away from 0, so that nothing sits at a kink or ties; low and high bound their size, signed says whether half of them are negative.
    """

    def __init__(self, *shape, dtype="float32", layout="contiguous", low=0.15, high=2.0, signed=True, values=None, grad=True, parameter=None):
        shape = list(shape)
        while shape and isinstance(shape[-1], str):
            word = shape.pop()
            if word in DTYPES:
                dtype = word
            else:
                layout = word
        self.shape, self.dtype, self.layout, self.values, self.parameter = shape, dtype, layout, values, parameter
        self.low, self.high, self.signed = low, high, signed
        self.grad = grad and dtype.startswith("float")
        self.base, self.views = list(shape), []
        if layout == "transposed":
            self.base[-1], self.base[-2] = self.base[-2], self.base[-1]
            self.views = [["transpose", len(shape) - 2, len(shape) - 1]]
        elif layout == "stepped":
            self.base[-1] *= 2
            self.views = [["slice", len(shape) - 1, 1, self.base[-1], 2]]
        elif layout == "expanded":
            self.base[0] = 1
            self.views = [["expand", shape]]
        elif layout == "offset":
            self.base[0] += 2
            self.views = [["narrow", 0, 1, shape[0]]]
        elif layout != "contiguous":
            raise ValueError(layout)

    def text(self):
        shape = "x".join(map(str, self.shape)) or "scalar"
        return shape + ("" if self.dtype == "float32" else " " + self.dtype) + ("" if self.layout == "contiguous" else " " + self.layout)

    def draw(self, generator):
        count = math.prod(self.base)
        if self.values is not None:
            assert len(self.values) == count, (self.values, self.base)
            values = list(self.values)
        elif self.dtype == "bool":
            values = [generator.random() < 0.5 for _ in range(count)]
        elif self.dtype.startswith("float"):
            places = list(range(count))
            generator.shuffle(places)
            values = [self.low + (self.high - self.low) * (place + 0.25 + 0.5 * generator.random()) / count for place in places]
            if self.signed:
                values = [-value if generator.random() < 0.5 else value for value in values]
        else:
            low, high = int(math.ceil(self.low)), int(max(self.high, 9))
            values = [generator.randint(low, high) * (-1 if self.signed and self.dtype != "uint8" and generator.random() < 0.5 else 1) for _ in range(count)]
        return torch.tensor(values, dtype=DTYPES[self.dtype]).reshape(self.base)


def seen(tensor, views):
    for kind, *arguments in views:
        if kind == "slice":
            dim, start, stop, step = arguments
            tensor = tensor[(slice(None),) * dim + (slice(start, stop, step),)]
        else:
            tensor = getattr(tensor, kind)(*arguments)
    return tensor


class C:
    """One case: an operation's name, its tensors in order, and its other arguments by name. Double says whether the operation may be run in double to find its condition."""

    def __init__(self, op, *tensors, backward=True, condition=True, label="", **arguments):
        self.op, self.tensors, self.arguments, self.backward, self.condition, self.label = op, tensors, arguments, backward, condition, label

    def name(self):
        parts = [self.op, self.label, *(", ".join(t.text() for t in self.tensors if t.parameter is None),), *(f"{key}={value}" for key, value in self.arguments.items())]
        return " ".join(part for part in parts if part)


def flat(result):
    if isinstance(result, torch.Tensor):
        return [result]
    if isinstance(result, (int, float, bool)):
        return [torch.tensor(result)]
    return [tensor for item in result for tensor in flat(item)]


def run(function, case, leaves, out_grads):
    """Outputs and the gradients of the leaves that want one; None where a leaf does not take part."""
    arguments = {key: DTYPES[value] if key == "dtype" and isinstance(value, str) else value for key, value in case.arguments.items()}
    outputs = flat(function(*[seen(leaf, t.views) for leaf, t in zip(leaves, case.tensors)], **arguments))
    differentiable = [output for output in outputs if output.requires_grad]
    grads = [None] * len(leaves)
    if differentiable and case.backward:
        chosen = out_grads(differentiable)
        torch.autograd.backward(differentiable, chosen)
        grads = [leaf.grad for leaf in leaves]
    else:
        chosen = []
    return [output.detach() for output in outputs], grads, chosen


def as_double(tensor):
    return tensor.detach().to(torch.float64) if tensor.dtype.is_floating_point else tensor


def conditions(function, case, leaves, out_grads, outputs, grads):
    """How far a result moves, at most, when every input moves by one relative unit: for each tensor of results one number, its largest element's.

    Found by computing in double and moving the inputs by 1e-7, eight times. A result's error is then stated in units of the last place of this number or, where
    that is larger, of the result's own largest element.
    """
    generator = torch.Generator().manual_seed(1)

    def moved(tensor, amount):
        double = as_double(tensor)
        if not double.dtype.is_floating_point:
            return double
        factor = 2 * torch.rand(double.shape, generator=generator, dtype=torch.float64) - 1
        return torch.where(double.isfinite(), double * (1 + amount * factor.sign() * factor.abs().sqrt()), double)

    def compute(amount):
        copies = [moved(leaf, amount).requires_grad_(leaf.requires_grad) for leaf in leaves]
        moved_grads = [moved(grad, amount) for grad in out_grads]
        results, gradients, _ = run(function, case, copies, lambda _: moved_grads)
        return results + [gradient for gradient in gradients if gradient is not None]

    reference = outputs + [grad for grad in grads if grad is not None]
    largest = [0.0] * len(reference)
    try:
        exact = compute(0)
        for _ in range(8):
            for i, (one, other) in enumerate(zip(compute(PERTURBATION), exact)):
                if one.dtype.is_floating_point and one.numel():
                    distance = (one - other).abs()
                    distance = distance[distance.isfinite()]
                    if distance.numel():
                        largest[i] = max(largest[i], float(distance.max()) / PERTURBATION)
    except (RuntimeError, IndexError, AssertionError) as failure:
        print("no condition:", case.name(), failure)
    return largest


class Family:
    """A family of cases on its way into two files."""

    def __init__(self, name):
        self.name, self.lines, self.blob, self.names = name, [], bytearray(), set()

    def put(self, tensor):
        dtype = NAMES[tensor.dtype]
        values = tensor.contiguous().reshape(-1).tolist()
        while len(self.blob) % 8:
            self.blob.append(0)
        entry = {"dtype": dtype, "shape": list(tensor.shape), "at": len(self.blob)}
        self.blob += struct.pack(f"<{len(values)}{PACKED[dtype]}", *values)
        return entry

    def add(self, case, function):
        name, count = case.name(), 1
        while name in self.names:
            count += 1
            name = f"{case.name()} ({count})"
        self.names.add(name)
        generator = random.Random(zlib.crc32(name.encode()))
        leaves = [t.draw(generator).requires_grad_(t.grad) for t in case.tensors]
        line = {"name": name, "op": case.op, "in": []}
        for leaf, t in zip(leaves, case.tensors):
            entry = self.put(leaf.detach())
            if t.views:
                entry["views"] = t.views
            if t.grad:
                entry["grad"] = True
            if t.parameter:
                entry["parameter"] = t.parameter
            line["in"].append(entry)
        if case.arguments:
            line["args"] = {key: str(value) if isinstance(value, float) and not math.isfinite(value) else value for key, value in case.arguments.items()}

        def out_grads(outputs):
            return [T(*output.shape, NAMES[output.dtype], low=0.2, high=1.5).draw(generator) for output in outputs]

        try:
            outputs, grads, chosen = run(function, case, leaves, out_grads)
        except (RuntimeError, IndexError, ValueError, TypeError) as failure:
            line["error"] = str(failure).split("\n")[0][:100]
            print("throws:", name, "|", line["error"])
            self.lines.append(line)
            return
        found = conditions(function, case, leaves, chosen, outputs, grads) if case.condition else [0.0] * 100
        found = iter(found)
        line["out"] = [dict(self.put(output), condition=rounded(next(found))) if output.dtype.is_floating_point else (next(found), self.put(output))[1] for output in outputs]
        if chosen:
            line["out_grad"] = [self.put(grad) for grad in chosen]
            line["grad"] = [None if grad is None else dict(self.put(grad), condition=rounded(next(found))) for grad in grads]
        self.lines.append(line)

    def write(self):
        HERE.mkdir(exist_ok=True)
        text = json.dumps
        lines = ",\n".join(text(line, separators=(",", ":"), ensure_ascii=False) for line in self.lines)
        (HERE / f"{self.name}.json").write_text(f'{{"library":"PyTorch {torch.__version__}","cases":[\n{lines}\n]}}\n', "utf-8")
        (HERE / f"{self.name}.bin").write_bytes(bytes(self.blob))
        print(f"{self.name}: {len(self.lines)} cases, {len(self.blob)} bytes")


def rounded(number):
    return float(f"{number:.2g}")
