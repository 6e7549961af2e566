"""Writes vectors/layers.json and vectors/layers.bin: layers with given weights, their outputs and the gradients of inputs and weights, computed with PyTorch.

Run: /usr/bin/python3 layers.py     (Debian: python3-torch; without OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE set)

A case's tensors are the layer's inputs, then its parameters and buffers, which carry their names. MODULES says how a layer is made from the case's arguments;
arguments of the call are in CALLS. Dropout is 0 everywhere.
"""
import torch
from torch import nn
from torch.nn.utils.stateless import functional_call

from oracle import C, Family, T

PADDING = ("zeros", "reflect", "replicate", "circular")


def recurrent(kind):
    def make(size, hidden, layers=1, bias=True, batch_first=False, bidirectional=False, nonlinearity="tanh"):
        extra = {"nonlinearity": nonlinearity} if kind is nn.RNN else {}
        return kind(size, hidden, layers, bias=bias, batch_first=batch_first, bidirectional=bidirectional, **extra)
    return make


MODULES = {
    "Linear": lambda size, output, bias=True: nn.Linear(size, output, bias),
    "Bilinear": lambda size1, size2, output, bias=True: nn.Bilinear(size1, size2, output, bias),
    "Embedding": lambda count, size, padding_idx=None: nn.Embedding(count, size, padding_idx),
    "LayerNorm": lambda shape, eps=1e-5, affine=True: nn.LayerNorm(shape, eps, affine),
    "BatchNorm1d": lambda features, momentum=0.1, affine=True, tracking=True, training=True: nn.BatchNorm1d(features, 1e-5, momentum, affine, tracking).train(training),
    "BatchNorm2d": lambda features, momentum=0.1, affine=True, tracking=True, training=True: nn.BatchNorm2d(features, 1e-5, momentum, affine, tracking).train(training),
    "GroupNorm": lambda groups, channels, affine=True: nn.GroupNorm(groups, channels, affine=affine),
    "InstanceNorm1d": lambda features, affine=False: nn.InstanceNorm1d(features, affine=affine),
    "Conv1d": lambda channels, output, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True, mode="zeros": nn.Conv1d(channels, output, kernel, stride, padding, dilation, groups, bias, mode),
    "Conv2d": lambda channels, output, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True, mode="zeros": nn.Conv2d(channels, output, kernel, stride, padding, dilation, groups, bias, mode),
    "PReLU": lambda count: nn.PReLU(count),
    "RNN": recurrent(nn.RNN), "LSTM": recurrent(nn.LSTM), "GRU": recurrent(nn.GRU),
    "RNNCell": lambda size, hidden, bias=True, nonlinearity="tanh": nn.RNNCell(size, hidden, bias, nonlinearity),
    "LSTMCell": lambda size, hidden, bias=True: nn.LSTMCell(size, hidden, bias), "GRUCell": lambda size, hidden, bias=True: nn.GRUCell(size, hidden, bias),
    "MultiheadAttention": lambda size, heads, bias=True, kdim=None, vdim=None, bias_kv=False, zero_attn=False: nn.MultiheadAttention(size, heads, bias=bias, kdim=kdim, vdim=vdim, add_bias_kv=bias_kv, add_zero_attn=zero_attn),
    "TransformerEncoderLayer": lambda size, heads, inner, activation="relu": nn.TransformerEncoderLayer(size, heads, inner, 0.0, activation),
    "TransformerDecoderLayer": lambda size, heads, inner, activation="relu": nn.TransformerDecoderLayer(size, heads, inner, 0.0, activation),
    "TransformerEncoder": lambda size, heads, inner, layers, activation="relu": nn.TransformerEncoder(nn.TransformerEncoderLayer(size, heads, inner, 0.0, activation), layers),
    "TransformerDecoder": lambda size, heads, inner, layers, activation="relu": nn.TransformerDecoder(nn.TransformerDecoderLayer(size, heads, inner, 0.0, activation), layers),
    "Transformer": lambda size, heads, encoders, decoders, inner, activation="relu": nn.Transformer(size, heads, encoders, decoders, inner, 0.0, activation),
    "TwoLayers": lambda size, inner, output: nn.Sequential(nn.Linear(size, inner), nn.GELU(), nn.LayerNorm(inner), nn.Linear(inner, output)),
}


def masked(module, weights, *inputs, masks=()):
    """Which inputs are masks: the case's argument "masks" names them, in order, after the plain inputs."""
    plain, named = inputs[:len(inputs) - len(masks)], dict(zip(masks, inputs[len(inputs) - len(masks):]))
    return functional_call(module, weights, plain, named)


def recurrent_call(module, weights, *inputs):
    x, *state = inputs
    given = () if not state else (tuple(state),) if len(state) == 2 else (state[0],)
    if isinstance(module, nn.RNNBase):   # keeps a list of its weights, which functional_call does not reach
        module._flat_weights = [weights[name] for name in module._flat_weights_names]
        return module(x, *given)
    return functional_call(module, weights, (x, *given))


def normalising(module, weights, *inputs):
    buffers = {name: weight.clone() for name, weight in weights.items() if name.startswith("running")}
    y = functional_call(module, {**weights, **buffers}, inputs)
    return (y, *buffers.values())


CALLS = {"BatchNorm1d": normalising, "BatchNorm2d": normalising, "RNN": recurrent_call, "LSTM": recurrent_call, "GRU": recurrent_call, "LSTMCell": recurrent_call,
         **{name: masked for name in ("TransformerEncoderLayer", "TransformerDecoderLayer", "TransformerEncoder", "TransformerDecoder", "Transformer", "MultiheadAttention")}}


def layer(op, *inputs, masks=(), dtype="float32", label="", **arguments):
    module = MODULES[op](**arguments)
    weights = [T(*parameter.shape, dtype, parameter=name, low=0.05, high=0.6) for name, parameter in module.named_parameters()]
    buffers = [T(*buffer.shape, dtype, parameter=name, low=0.5, high=1.5, signed=False, grad=False) for name, buffer in module.named_buffers() if name.startswith("running")]
    if masks:
        arguments["masks"] = list(masks)
    return C(op, *inputs, *weights, *buffers, label=label, **arguments), len(inputs), [t.parameter for t in (*weights, *buffers)]


def function(op, count, names):
    def compute(*tensors, masks=(), **arguments):
        module = MODULES[op](**arguments)
        weights = dict(zip(names, tensors[count:]))
        call = CALLS.get(op, lambda module, weights, *inputs: functional_call(module, weights, inputs))
        return call(module, weights, *tensors[:count], **({"masks": masks} if masks else {}))
    return compute


def causal(n, kind="bool"):
    later = [[column > row for column in range(n)] for row in range(n)]
    flat = [item for row in later for item in row]
    return T(n, n, "bool", values=flat) if kind == "bool" else T(n, n, values=[float("-inf") if item else 0.0 for item in flat], grad=False)


def cases():
    yield layer("Linear", T(3, 6), size=6, output=4)
    yield layer("Linear", T(2, 3, 6, "transposed"), size=6, output=4, bias=False)
    yield layer("Linear", T(3, 6, "float64"), size=6, output=4, dtype="float64")
    yield layer("Bilinear", T(3, 4), T(3, 5), size1=4, size2=5, output=2)
    yield layer("Embedding", T(2, 4, "int64", values=[0, 1, 4, 1, 2, 2, 0, 4]), count=5, size=3)
    yield layer("Embedding", T(2, 4, "int64", values=[0, 1, 4, 1, 2, 2, 0, 4]), count=5, size=3, padding_idx=1)
    yield layer("LayerNorm", T(2, 3, 8), shape=[8])
    yield layer("LayerNorm", T(2, 3, 4), shape=[3, 4], eps=1e-3)
    yield layer("LayerNorm", T(2, 8), shape=[8], affine=False)
    for training in (True, False):
        for affine in (True, False):
            yield layer("BatchNorm1d", T(6, 4), features=4, affine=affine, training=training)
            yield layer("BatchNorm1d", T(3, 4, 5), features=4, affine=affine, training=training, momentum=0.3)
            yield layer("BatchNorm2d", T(2, 4, 3, 5), features=4, affine=affine, training=training)
        yield layer("BatchNorm1d", T(6, 4), features=4, tracking=False, training=training)
    yield layer("GroupNorm", T(2, 6, 5), groups=3, channels=6)
    yield layer("GroupNorm", T(2, 6, 3, 4), groups=2, channels=6, affine=False)
    yield layer("InstanceNorm1d", T(2, 4, 6), features=4)
    yield layer("InstanceNorm1d", T(2, 4, 6), features=4, affine=True)
    for mode in PADDING:
        yield layer("Conv1d", T(2, 3, 9), channels=3, output=4, kernel=3, padding=2, mode=mode)
        yield layer("Conv2d", T(2, 3, 6, 7), channels=3, output=4, kernel=3, padding=1, mode=mode)
    yield layer("Conv1d", T(2, 4, 10), channels=4, output=6, kernel=3, stride=2, dilation=2, groups=2, bias=False)
    yield layer("Conv2d", T(2, 4, 8, 8), channels=4, output=4, kernel=3, stride=2, padding=1, groups=4)
    yield layer("Conv1d", T(2, 3, 9), channels=3, output=4, kernel=3, padding="same")
    yield layer("Conv2d", T(2, 3, 6, 7), channels=3, output=4, kernel=3, padding="same", dilation=2)
    yield layer("PReLU", T(2, 3, 4), count=3)
    for op, states in (("RNN", 1), ("GRU", 1), ("LSTM", 2)):
        yield layer(op, T(5, 2, 3), size=3, hidden=4)
        yield layer(op, T(5, 2, 3), *[T(1, 2, 4) for _ in range(states)], size=3, hidden=4, label="given state")
        yield layer(op, T(2, 5, 3), *[T(2, 2, 4) for _ in range(states)], size=3, hidden=4, layers=2, batch_first=True)
        yield layer(op, T(5, 2, 3), size=3, hidden=4, layers=2, bidirectional=True)
        yield layer(op, T(5, 2, 3), *[T(2, 2, 4) for _ in range(states)], size=3, hidden=4, bidirectional=True, bias=False)
        yield layer(op, T(1, 1, 3), size=3, hidden=4, label="one step")
        yield layer(op, T(5, 2, 3, "float64"), size=3, hidden=4, dtype="float64")
        yield layer(op + "Cell", T(2, 3), *[T(2, 4) for _ in range(states)], size=3, hidden=4)
        yield layer(op + "Cell", T(2, 3), *[T(2, 4) for _ in range(states)], size=3, hidden=4, bias=False)
    yield layer("RNN", T(5, 2, 3), size=3, hidden=4, nonlinearity="relu")
    yield layer("RNNCell", T(2, 3), T(2, 4), size=3, hidden=4, nonlinearity="relu")
    padding = T(2, 5, "bool", values=[0, 0, 0, 1, 1, 0, 0, 0, 0, 1])
    q, k = T(4, 2, 8), T(5, 2, 8)
    yield layer("MultiheadAttention", q, k, T(5, 2, 8), size=8, heads=2)
    yield layer("MultiheadAttention", q, k, T(5, 2, 8), size=8, heads=1, bias=False)
    yield layer("MultiheadAttention", q, k, T(5, 2, 8), padding, masks=("key_padding_mask",), size=8, heads=4)
    yield layer("MultiheadAttention", q, T(4, 2, 8), T(4, 2, 8), causal(4), masks=("attn_mask",), size=8, heads=2)
    yield layer("MultiheadAttention", q, T(4, 2, 8), T(4, 2, 8), causal(4, "float"), masks=("attn_mask",), size=8, heads=2)
    yield layer("MultiheadAttention", q, k, T(5, 2, 8), padding, T(4, 5, "bool", values=[0, 0, 1, 0, 0] * 4), masks=("key_padding_mask", "attn_mask"), size=8, heads=2)
    yield layer("MultiheadAttention", q, T(5, 2, 6), T(5, 2, 3), size=8, heads=2, kdim=6, vdim=3)
    yield layer("MultiheadAttention", q, k, T(5, 2, 8), size=8, heads=2, bias_kv=True)
    yield layer("MultiheadAttention", q, k, T(5, 2, 8), size=8, heads=2, zero_attn=True)
    yield layer("MultiheadAttention", T(4, 2, 8, "float64"), T(5, 2, 8, "float64"), T(5, 2, 8, "float64"), size=8, heads=2, dtype="float64")
    for activation in ("relu", "gelu"):
        yield layer("TransformerEncoderLayer", T(5, 2, 8), size=8, heads=2, inner=12, activation=activation)
        yield layer("TransformerDecoderLayer", T(4, 2, 8), T(5, 2, 8), size=8, heads=2, inner=12, activation=activation)
    yield layer("TransformerEncoderLayer", T(5, 2, 8), causal(5), padding, masks=("src_mask", "src_key_padding_mask"), size=8, heads=2, inner=12)
    yield layer("TransformerDecoderLayer", T(4, 2, 8), T(5, 2, 8), causal(4), padding, masks=("tgt_mask", "memory_key_padding_mask"), size=8, heads=2, inner=12)
    yield layer("TransformerEncoder", T(5, 2, 8), causal(5, "float"), padding, masks=("mask", "src_key_padding_mask"), size=8, heads=2, inner=12, layers=2)
    yield layer("TransformerDecoder", T(4, 2, 8), T(5, 2, 8), causal(4, "float"), masks=("tgt_mask",), size=8, heads=2, inner=12, layers=2)
    yield layer("Transformer", T(5, 2, 8), T(4, 2, 8), size=8, heads=2, encoders=1, decoders=1, inner=12)
    yield layer("Transformer", T(5, 2, 8), T(4, 2, 8), causal(4, "float"), padding, T(2, 4, "bool", values=[0, 0, 0, 1, 0, 0, 0, 0]), padding,
                masks=("tgt_mask", "src_key_padding_mask", "tgt_key_padding_mask", "memory_key_padding_mask"), size=8, heads=2, encoders=2, decoders=2, inner=12, activation="gelu")
    yield layer("Transformer", T(5, 2, 8, "float64"), T(4, 2, 8, "float64"), causal(4), masks=("tgt_mask",), size=8, heads=2, encoders=1, decoders=2, inner=12, dtype="float64")
    yield layer("TwoLayers", T(3, 6), size=6, inner=8, output=4)


if __name__ == "__main__":
    family = Family("layers")
    for case, count, names in cases():
        family.add(case, function(case.op, count, names))
    family.write()
