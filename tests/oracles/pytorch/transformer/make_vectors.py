"""Writes vectors.json: nn.Transformer with given weights, in double: outputs and gradients, computed with PyTorch.

Run: /usr/bin/python3 make_vectors.py     (Debian: python3-torch 1.13; without OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE set)

Two encoder layers and one decoder layer; source and target have different lengths; both are padded; the target's mask is causal. The factors of all norms are drawn around 2, since a missing norm hides where they are 1.
The loss is sum(output * outputGradient) over the words of the target. All cases have the same parameters. Tensors are {shape, values}, batch first.
"""
import json
import pathlib
import random

import torch
from torch import nn

B, S, T, D, H, F = 3, 6, 4, 8, 2, 10
SOURCE_LENGTHS, TARGET_LENGTHS = [6, 3, 5], [2, 4, 3]


def draw(generator, shape, middle=0.0, spread=0.8):
    count = 1
    for length in shape:
        count *= length
    values = [round(middle + generator.uniform(-spread, spread), 3) for _ in range(count)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def written(tensor):
    return {"shape": list(tensor.shape), "values": [float(f"{value:.11g}") for value in tensor.detach().reshape(-1).tolist()]}


def padding(lengths, longest):
    return torch.arange(longest).unsqueeze(0) >= torch.tensor(lengths).unsqueeze(1)


def main():
    generator = random.Random("transformer")
    new = lambda first, activation: nn.Transformer(D, H, 2, 1, F, dropout=0.0, activation=activation, batch_first=True, norm_first=first).double()
    state = {}
    for name, parameter in new(False, "relu").named_parameters():
        is_gain = "norm" in name and name.endswith("weight")
        state[name] = draw(generator, parameter.shape, 2.0 if is_gain else 0.0, 0.5)
    source, target = draw(generator, [B, S, D]), draw(generator, [B, T, D])
    output_gradient = draw(generator, [B, T, D])
    output_gradient[padding(TARGET_LENGTHS, T)] = 0
    hides = torch.triu(torch.ones(T, T, dtype=torch.bool), 1)
    cases = []
    for first in (False, True):
        for activation in ("relu", "gelu"):
            module = new(first, activation)
            module.load_state_dict(state)
            x, y = source.clone().requires_grad_(), target.clone().requires_grad_()
            output = module(x, y, tgt_mask=hides, src_key_padding_mask=padding(SOURCE_LENGTHS, S), memory_key_padding_mask=padding(SOURCE_LENGTHS, S), tgt_key_padding_mask=padding(TARGET_LENGTHS, T))
            (output * output_gradient).sum().backward()
            cases.append({
                "normFirst": first,
                "activation": activation,
                "output": written(output),
                "sourceGradient": written(x.grad),
                "targetGradient": written(y.grad),
                "gradients": {name: written(parameter.grad) for name, parameter in module.named_parameters()},
            })
    content = {
        "torch": torch.__version__,
        "heads": H,
        "sourceLengths": SOURCE_LENGTHS,
        "targetLengths": TARGET_LENGTHS,
        "source": written(source),
        "target": written(target),
        "outputGradient": written(output_gradient),
        "parameters": {name: written(value) for name, value in state.items()},
        "cases": cases,
    }
    path = pathlib.Path(__file__).with_name("vectors.json")
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n")


main()
