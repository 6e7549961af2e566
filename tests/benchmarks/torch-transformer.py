"""The peer of TransformerBenchmark: PyTorch's nn.Transformer with embeddings, sinusoidal positions and an output matrix, timed when asked.

A case is step-MODEL-DROPOUT (forward, loss with label smoothing 0.1, backward, Adam; the number is the loss of the third step) or greedy-MODEL-BATCH (32 tokens, all of them computed anew for each; the number is
the sum of the tokens' ids), with MODEL chapter, tiny or small. Every fourth sentence is as long as the batch, the others are one to three ids shorter.
"""
import math

import torch
from torch import nn

from torch_peer import causal, fixed, mixed, serve_cases

SIZES = {
    # d, heads, layers of each stack, feed-forward, vocabulary of each side, batch, source, target, whether the output matrix is the target's embedding
    "chapter": (64, 4, 2, 256, 2000, 80, 12, 13, True),
    "tiny": (64, 4, 2, 256, 1000, 32, 24, 24, False),
    "small": (256, 8, 3, 1024, 8000, 32, 32, 32, False),
}


class Translator(nn.Module):
    def __init__(self, size, dropout):
        super().__init__()
        d, heads, layers, hidden, vocabulary, _, _, _, tied = SIZES[size]
        self.scale = math.sqrt(d)
        self.source = nn.Embedding(vocabulary, d)
        self.target = nn.Embedding(vocabulary, d)
        self.transformer = nn.Transformer(d, heads, layers, layers, hidden, dropout, norm_first=True)
        self.output = nn.Linear(d, vocabulary, bias=False)
        self.dropout = nn.Dropout(dropout)
        if tied:
            self.output.weight = self.target.weight
        angles = torch.arange(64.0).unsqueeze(1) * torch.pow(10000.0, -torch.arange(0, d, 2) / d)
        self.register_buffer("codes", torch.stack([angles.sin(), angles.cos()], -1).flatten(1).unsqueeze(1))    # (64, 1, d)

    def embed(self, table, tokens):
        return self.dropout(table(tokens) * self.scale + self.codes[: tokens.shape[0]])

    def encode(self, source, padding):
        return self.transformer.encoder(self.embed(self.source, source), src_key_padding_mask=padding)

    def decode(self, memory, tokens, mask, padding):
        return self.transformer.decoder(self.embed(self.target, tokens), memory, tgt_mask=mask, memory_key_padding_mask=padding)


def sentences(first, vocabulary, batch, length):
    """(B, length): words from id 3 on, padding 0 behind the end of three in four."""
    ids = (mixed(first, batch * length) % (vocabulary - 3) + 3).reshape(batch, length)
    for row in range(batch):
        if row % 4:
            ids[row, length - row % 4:] = 0
    return ids


def prepare(case):
    """A function that runs the case once and returns a number of its result."""
    kind, size, last = case.split("-")
    _, _, _, _, vocabulary, batch, read, written, _ = SIZES[size]
    torch.manual_seed(1)
    model = fixed(Translator(size, float(last) if kind == "step" else 0.0))
    if kind == "step":
        optimiser = torch.optim.Adam(model.parameters(), lr=1e-4)
        source, target = sentences(0, vocabulary, batch, read), sentences(7, vocabulary, batch, written + 1)
        given, expected = target[:, :-1].t().contiguous(), target[:, 1:].t().contiguous()
        padding, turned, mask = source.eq(0), source.t().contiguous(), causal(written)

        def step():
            optimiser.zero_grad(set_to_none=True)
            logits = model.output(model.decode(model.encode(turned, padding), given, mask, padding))
            loss = nn.functional.cross_entropy(logits.reshape(-1, vocabulary), expected.reshape(-1), ignore_index=0, label_smoothing=0.1)
            loss.backward()
            optimiser.step()
            return loss.item()

        return step
    model.eval()
    source = sentences(0, vocabulary, int(last), 32)
    padding, turned = source.eq(0), source.t().contiguous()

    def greedy():
        with torch.no_grad():
            memory = model.encode(turned, padding)
            output = torch.ones(1, source.shape[0], dtype=torch.int64)
            for _ in range(32):
                logits = model.output(model.decode(memory, output, causal(output.shape[0]), padding)[-1:])
                output = torch.cat([output, logits.argmax(-1)])
            return output.sum().item()

    return greedy


serve_cases(prepare, repetitions=3)
