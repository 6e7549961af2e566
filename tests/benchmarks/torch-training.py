"""The peer of TrainingBenchmark: PyTorch on models of tutorial size, timed when asked.

A case is step-MODEL-DROPOUT (forward, loss, backward, Adam), forward-MODEL, greedy-MODEL-BATCH (32 tokens, no cache), with MODEL tiny or small;
attention, layer-norm, cross-entropy (forward and backward), adam (one step over 11.7 million parameters).
"""
import math

import torch
from torch import nn

from torch_peer import causal, fixed, mixed, numbers, serve_cases

SIZES = {
    # d, heads, layers of each stack, feed-forward, vocabulary, batch, length
    "tiny": (64, 4, 2, 256, 1000, 32, 24),
    "small": (256, 8, 3, 1024, 8000, 32, 32),
}


class Translator(nn.Module):
    def __init__(self, size, dropout):
        super().__init__()
        d, heads, layers, hidden, vocabulary, _, length = SIZES[size]
        self.scale = math.sqrt(d)
        self.source = nn.Embedding(vocabulary, d)
        self.target = nn.Embedding(vocabulary, d)
        self.position = nn.Embedding(64, d)
        self.transformer = nn.Transformer(d, heads, layers, layers, hidden, dropout)
        self.output = nn.Linear(d, vocabulary)
        self.dropout = nn.Dropout(dropout)

    def embed(self, table, tokens):
        places = torch.arange(tokens.shape[0]).unsqueeze(1)
        return self.dropout(table(tokens) * self.scale + self.position(places))

    def decode(self, memory, tokens, mask):
        return self.transformer.decoder(self.embed(self.target, tokens), memory, tgt_mask=mask)

    def forward(self, source, target, mask):
        memory = self.transformer.encoder(self.embed(self.source, source))
        return self.output(self.decode(memory, target, mask))


def tokens(first, vocabulary, *shape):
    count = shape[0] * shape[1]
    return (mixed(first, count) % vocabulary).reshape(shape)


def prepare(case):
    """A function that runs the case once and returns a number of its result."""
    words = case.split("-")
    torch.manual_seed(1)
    if words[0] in ("step", "forward", "greedy"):
        size = words[1]
        _, _, _, _, vocabulary, batch, length = SIZES[size]
        if words[0] == "greedy":
            batch, length = int(words[2]), 32
        model = fixed(Translator(size, float(words[2]) if words[0] == "step" else 0.1))
        source = tokens(0, vocabulary, length, batch)
        target = tokens(7, vocabulary, length + 1, batch)
        mask = causal(length)
        if words[0] == "step":
            optimiser = torch.optim.Adam(model.parameters(), lr=1e-4)

            def step():
                optimiser.zero_grad(set_to_none=True)
                logits = model(source, target[:-1], mask)
                loss = nn.functional.cross_entropy(logits.reshape(-1, vocabulary), target[1:].reshape(-1))
                loss.backward()
                optimiser.step()
                return loss.item()

            return step
        model.eval()
        if words[0] == "forward":

            def forward():
                with torch.no_grad():
                    return model(source, target[:-1], mask).sum().item()

            return forward

        def greedy():
            with torch.no_grad():
                memory = model.transformer.encoder(model.embed(model.source, source))
                output = target[:1]
                for _ in range(32):
                    logits = model.output(model.decode(memory, output, causal(output.shape[0]))[-1:])
                    output = torch.cat([output, logits.argmax(-1)])
                return output.sum().item()

        return greedy
    if case == "attention":
        attention = fixed(nn.MultiheadAttention(256, 8))
        x = numbers(0, 64, 32, 256).requires_grad_()
        g = numbers(5, 64, 32, 256)

        def attend():
            attention.zero_grad(set_to_none=True)
            x.grad = None
            y, _ = attention(x, x, x, need_weights=False)
            y.backward(g)
            return x.grad.abs().sum().item()

        return attend
    if case == "layer-norm":
        norm = nn.LayerNorm(256)
        x = numbers(0, 2048, 256).requires_grad_()
        g = numbers(5, 2048, 256)

        def normalise():
            norm.zero_grad(set_to_none=True)
            x.grad = None
            norm(x).backward(g)
            return x.grad[0, 0].item()

        return normalise
    if case == "cross-entropy":
        x = numbers(0, 1024, 8000).requires_grad_()
        classes = tokens(3, 8000, 1, 1024)[0]

        def entropy():
            x.grad = None
            loss = nn.functional.cross_entropy(x, classes)
            loss.backward()
            return loss.item()

        return entropy
    parameters = [nn.Parameter(numbers(i, 1000, 975)) for i in range(12)]
    for i, parameter in enumerate(parameters):
        parameter.grad = numbers(i + 99, 1000, 975)
    adam = torch.optim.Adam(parameters, lr=1e-4)

    def move():
        adam.step()
        return parameters[0][0, 0].item()

    return move


serve_cases(prepare, repetitions=1)
