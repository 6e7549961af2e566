"""Writes vectors.json: multi-head attention with given weights, in double: outputs, each head's weights, and gradients, computed with PyTorch.

Run: /usr/bin/python3 make_vectors.py     (Debian: python3-torch 1.13; without OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE set)

The loss is sum(output * outputGradient) + sum(weights * weightsGradient), so that gradients flow through both. Tensors are {shape, values}; inputs are batch first.
"""
import json
import pathlib
import random

import torch
from torch import nn

B, T, D, H = 2, 4, 6, 3


def draw(generator, *shape, low=-1.2):
    count = 1
    for length in shape:
        count *= length
    values = [round(generator.uniform(low, 1.2), 3) for _ in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def written(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{value:.12g}") for value in tensor.detach().reshape(-1).tolist()]}


def case(name, keys=T, kdim=None, vdim=None, bias=True, same=True, attn_mask=None, key_padding_mask=None):
    generator = random.Random(name)
    module = nn.MultiheadAttention(D, H, bias=bias, kdim=kdim, vdim=vdim, batch_first=True).double()
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(draw(generator, *parameter.shape))
    query = draw(generator, B, T, D).requires_grad_()
    key = query if same else draw(generator, B, keys, kdim or D).requires_grad_()
    value = key if vdim is None or vdim == kdim else draw(generator, B, keys, vdim).requires_grad_()
    output, weights = module(query, key, value, attn_mask=attn_mask, key_padding_mask=key_padding_mask, average_attn_weights=False)
    output_gradient, weights_gradient = draw(generator, *output.shape), draw(generator, *weights.shape)
    ((output * output_gradient).sum() + (weights * weights_gradient).sum()).backward()
    inputs = {"query": query, **({} if key is query else {"key": key}), **({} if value is key else {"value": value})}
    masks = {"attn_mask": attn_mask, "key_padding_mask": key_padding_mask}
    return {
        "name": name, "width": D, "heads": H, "kdim": kdim, "vdim": vdim, "bias": bias,
        "inputs": {key: written(tensor) for key, tensor in inputs.items()},
        "parameters": {key: written(tensor) for key, tensor in module.named_parameters()},
        "masks": {key: {"shape": list(mask.shape), "values": ["-inf" if value == -float("inf") else value for value in mask.reshape(-1).tolist()]} for key, mask in masks.items() if mask is not None},
        "output": written(output), "weights": written(weights),
        "outputGradient": written(output_gradient), "weightsGradient": written(weights_gradient),
        "gradients": {**{key: written(tensor.grad) for key, tensor in inputs.items()}, **{key: written(tensor.grad) for key, tensor in module.named_parameters()}},
    }


def main():
    generator = random.Random(9)
    causal = torch.ones(T, T, dtype=torch.bool).triu(1)
    padding = torch.tensor([[False] * T, [False, False, True, True]])
    added = torch.zeros(T, T, dtype=torch.float64).masked_fill(causal, -float("inf"))
    by_head = torch.tensor([[[column > 0 and generator.random() < 0.4 for column in range(T)] for _ in range(T)] for _ in range(B * H)])
    memory_padding = torch.tensor([[False] * 5, [False, False, False, True, True]])
    cases = [
        case("self, bias"),
        case("self, no bias", bias=False),
        case("causal, bools", attn_mask=causal),
        case("causal, numbers", attn_mask=added),
        case("padding", bias=False, key_padding_mask=padding),
        case("causal and padding", attn_mask=causal, key_padding_mask=padding),
        case("a mask for each sentence and head", attn_mask=by_head),
        case("a bias of numbers", attn_mask=draw(generator, T, T)),
        case("cross, same width", same=False, keys=5, key_padding_mask=memory_padding),
        case("cross, another width", same=False, keys=5, kdim=4, vdim=4, key_padding_mask=memory_padding),
        case("cross, other widths, no bias", same=False, keys=5, kdim=4, vdim=7, bias=False),
    ]
    lines = ",\n".join(json.dumps(one, separators=(",", ":")) for one in cases)
    path = pathlib.Path(__file__).with_name("vectors.json")
    path.write_text(f'{{"library":"PyTorch {torch.__version__}","generateSquareSubsequentMask":{json.dumps([["-inf" if value == -float("inf") else value for value in row] for row in nn.Transformer.generate_square_subsequent_mask(5).tolist()])},"cases":[\n{lines}\n]}}\n', "utf-8")
    print(len(cases), "cases,", path.stat().st_size, "bytes")


main()
