"""Writes vectors/optimisers.* and vectors/schedulers.*: 50 steps of optimisers and learning rates, and clipped gradients, computed with PyTorch.

Run: /usr/bin/python3 optim.py     (Debian: python3-torch; without OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE set)

An optimiser's case has four tensors: two parameters, how steep the valley is along each number, and a force that changes from step to step. The loss at step t is
sum(steepness * p * p / 2 + force[t] * p); the result has one row a step: the first parameter's numbers, then the second's.
A scheduler's result is the learning rate before the first step and after each.
"""
import torch

from oracle import C, Family, T

STEPS = 50
OPTIMISERS = {"SGD": torch.optim.SGD, "Adam": torch.optim.Adam, "AdamW": torch.optim.AdamW}


def trajectory(op):
    def function(first, second, steepness, force, **arguments):
        betas = {"betas": (arguments.pop("beta1", 0.9), arguments.pop("beta2", 0.999))} if op != "SGD" else {}
        parameters = [first.detach().clone().requires_grad_(), second.detach().clone().requires_grad_()]
        optimiser = OPTIMISERS[op](parameters, **betas, **arguments)
        rows = []
        for step in range(STEPS):
            optimiser.zero_grad()
            p = torch.cat([parameter.reshape(-1) for parameter in parameters])
            (steepness * p * p / 2 + force[step] * p).sum().backward()
            optimiser.step()
            rows.append(torch.cat([parameter.detach().reshape(-1) for parameter in parameters]))
        return torch.stack(rows)
    return function


def optimiser(op, dtype="float32", **arguments):
    return C(op, T(2, 3, dtype, grad=False), T(2, dtype, grad=False), T(8, dtype, grad=False, signed=False, high=3.0), T(STEPS, 8, dtype, grad=False, low=0.01, high=0.3), **arguments)


def optimisers():
    yield optimiser("SGD", lr=0.1)
    yield optimiser("SGD", lr=0.1, dtype="float64")
    for momentum in (0.9, 0.5):
        for weight_decay in (0.0, 0.01):
            for nesterov in (False, True):
                yield optimiser("SGD", lr=0.02, momentum=momentum, weight_decay=weight_decay, nesterov=nesterov)
    yield optimiser("SGD", lr=0.02, momentum=0.9, dampening=0.3)
    yield optimiser("SGD", lr=0.002, maximize=True)
    for op in ("Adam", "AdamW"):
        for weight_decay in (0.0, 0.1):
            for amsgrad in (False, True):
                yield optimiser(op, lr=0.01, weight_decay=weight_decay, amsgrad=amsgrad)
        yield optimiser(op, lr=0.01, dtype="float64")
        yield optimiser(op, lr=0.003, beta1=0.8, beta2=0.95, eps=1e-4)
        yield optimiser(op, lr=0.003, maximize=True)


def clipping(*gradients, max_norm, norm_type):
    parameters = [torch.zeros_like(gradient, requires_grad=True) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm, norm_type)
    return [norm, *[parameter.grad for parameter in parameters]]


def clip_value(*gradients, clip_value):
    parameters = [torch.zeros_like(gradient, requires_grad=True) for gradient in gradients]
    for parameter, gradient in zip(parameters, gradients):
        parameter.grad = gradient.clone()
    torch.nn.utils.clip_grad_value_(parameters, clip_value)
    return [parameter.grad for parameter in parameters]


LAMBDAS = {"inverse_root": lambda step: min((step + 1) ** -0.5, (step + 1) * 10 ** -1.5), "shrink": lambda step: 0.95}
METRICS = [1.0, 0.9, 0.8, 0.8, 0.8, 0.79999, 0.7, 0.7, 0.71, 0.72, 0.7, 0.7, 0.69, 0.7, 0.7, 0.7, 0.7, 0.7, 0.6] + [0.6] * 31


def rates(op):
    def function(**arguments):
        base = arguments.pop("base")
        parameter = torch.zeros(1, requires_grad=True)
        optimiser = torch.optim.SGD([parameter], lr=base, momentum=0.9)
        if "lr_lambda" in arguments:
            arguments["lr_lambda"] = LAMBDAS[arguments["lr_lambda"]]
        scheduler = getattr(torch.optim.lr_scheduler, op)(optimiser, **arguments)
        steps = STEPS if op != "OneCycleLR" else arguments["total_steps"] - 1
        values = [optimiser.param_groups[0]["lr"]]
        for step in range(steps):
            optimiser.step()
            scheduler.step(*([METRICS[step]] if op == "ReduceLROnPlateau" else []))
            values.append(optimiser.param_groups[0]["lr"])
        return torch.tensor(values, dtype=torch.float64)
    return function


def schedulers():
    yield C("LambdaLR", base=0.5, lr_lambda="inverse_root")
    yield C("MultiplicativeLR", base=0.5, lr_lambda="shrink")
    yield C("StepLR", base=0.1, step_size=7, gamma=0.5)
    yield C("StepLR", base=0.1, step_size=1, gamma=0.9)
    yield C("MultiStepLR", base=0.1, milestones=[3, 10, 11, 40], gamma=0.3)
    yield C("ExponentialLR", base=0.1, gamma=0.93)
    yield C("CosineAnnealingLR", base=0.1, T_max=50.0, eta_min=0.001)
    yield C("CosineAnnealingLR", base=0.1, T_max=20.0, eta_min=0.0)
    yield C("LinearLR", base=0.1, start_factor=0.25, end_factor=1.0, total_iters=10)
    yield C("LinearLR", base=0.1, start_factor=1.0, end_factor=0.1, total_iters=50)
    yield C("ConstantLR", base=0.1, factor=0.5, total_iters=8)
    yield C("PolynomialLR", base=0.1, total_iters=20, power=2.0)
    yield C("OneCycleLR", base=0.1, max_lr=0.5, total_steps=50)
    yield C("OneCycleLR", base=0.1, max_lr=0.5, total_steps=40, pct_start=0.2, anneal_strategy="linear", div_factor=10.0, final_div_factor=100.0)
    yield C("OneCycleLR", base=0.1, max_lr=0.5, total_steps=30, three_phase=True)
    yield C("ReduceLROnPlateau", base=0.1, factor=0.5, patience=2, threshold=1e-3)
    yield C("ReduceLROnPlateau", base=0.1, factor=0.1, patience=3, cooldown=2, threshold_mode="abs", threshold=0.005)
    yield C("ReduceLROnPlateau", base=0.1, mode="max", factor=0.5, patience=4)


if __name__ == "__main__":
    family = Family("optimisers")
    for case in optimisers():
        family.add(case, trajectory(case.op))
    for norm_type in (2.0, 1.0, 3.0, float("inf")):
        for max_norm in (1.0, 100.0):
            family.add(C("clip_grad_norm_", T(3, 4, grad=False), T(5, grad=False), max_norm=max_norm, norm_type=norm_type), clipping)
    family.add(C("clip_grad_value_", T(3, 4, grad=False), T(5, grad=False), clip_value=0.5), clip_value)
    family.write()
    family = Family("schedulers")
    for case in schedulers():
        family.add(case, rates(case.op))
    family.write()
