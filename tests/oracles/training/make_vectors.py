"""Training's parts by PyTorch: learning rates through its LambdaLR and CosineAnnealingLR, smoothed cross-entropy that ignores padding with its gradient, gradients of several parts added up, and clipping."""

import json
import os

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def numbers(count, seed):
    """Numbers between -1.5 and 1.5 that need no random generator."""
    i = np.arange(count, dtype=np.float64)
    return np.round(1.5 * np.sin(i * 1.7 + seed) * np.cos(i * i * 0.13 + 2 * seed), 3)


def flat(tensor):
    return [float(v) for v in tensor.detach().reshape(-1)]


def rates(schedule, steps, initial):
    """The rates of steps 1 to so many: PyTorch counts from 0."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=initial)
    scheduler = schedule(optimizer)
    result = []
    for _ in range(steps):
        result.append(scheduler.get_last_lr()[0])
        optimizer.step()
        scheduler.step()
    return result


def noam(width, warm_up, factor):
    def multiplier(index):
        step = index + 1
        return factor * width ** -0.5 * min(step ** -0.5, step * warm_up ** -1.5)
    return lambda optimizer: torch.optim.lr_scheduler.LambdaLR(optimizer, multiplier)


def cosine(steps, lowest):
    return lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps, eta_min=lowest)


def losses():
    cases = []
    for seed, (batch, time, words, smoothing, padding) in enumerate([(2, 3, 5, 0.0, 0), (2, 3, 5, 0.1, 0), (3, 4, 7, 0.3, 2), (1, 1, 4, 1.0, 0), (4, 2, 6, 0.05, 1)]):
        logits = torch.tensor(3 * numbers(batch * time * words, seed).reshape(batch, time, words), requires_grad=True)
        expected = torch.tensor([(3 * i + seed) % words for i in range(batch * time)]).reshape(batch, time)
        if expected.numel() > 1:
            expected[-1, -1] = padding
        results = {}
        for reduction in ("sum", "mean"):
            loss = F.cross_entropy(logits.reshape(-1, words), expected.reshape(-1), ignore_index=padding, label_smoothing=smoothing, reduction=reduction)
            (gradient,) = torch.autograd.grad(loss, logits)
            results[reduction] = float(loss)
            results[reduction + "Gradient"] = flat(gradient)
        cases.append({"batch": batch, "time": time, "words": words, "smoothing": smoothing, "padding": padding, "logits": flat(logits), "expected": expected.reshape(-1).tolist(), **results})
    return cases


def clipping():
    cases = []
    for seed, longest in enumerate([0.5, 1.0, 100.0]):
        first, second = (torch.nn.Parameter(torch.zeros(n)) for n in (4, 3))
        first.grad, second.grad = torch.tensor(numbers(4, seed)), torch.tensor(numbers(3, seed + 10))
        before = flat(first.grad), flat(second.grad)
        length = float(torch.nn.utils.clip_grad_norm_([first, second], longest))
        cases.append({"longest": longest, "before": before[0] + before[1], "length": length, "after": flat(first.grad) + flat(second.grad)})
    return cases


result = {
    "noam": [{"width": w, "warmUp": u, "factor": f, "rates": rates(noam(w, u, f), 60, 1.0)} for w, u, f in [(512, 20, 1.0), (128, 7, 2.5), (64, 100, 0.5)]],
    "cosine": [{"highest": h, "steps": n, "lowest": low, "rates": rates(cosine(n, low), n, h)} for h, n, low in [(0.001, 40, 0.0), (0.5, 25, 0.01)]],
    "losses": losses(),
    "clipping": clipping(),
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectors.json")
with open(path, "w", encoding="utf-8") as file:
    json.dump(result, file, separators=(",", ":"))
    file.write("\n")
print(f"{os.path.getsize(path)} bytes, PyTorch {torch.__version__}")
