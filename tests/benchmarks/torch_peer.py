"""What PyTorch's sides of the benchmarks share: numbers that C# makes too (FixedNumbers.cs), and the answering of lines (PythonPeer.cs).

A script defines its cases and calls serve. It is started with the number of threads, reads lines from standard input and answers each with one line:
  check WORDS...          -> a number of the case's result, or what the script says
  time WORDS... SECONDS   -> seconds per repetition, best and median
"""
import math
import sys
import time

import torch


def mixed(first, count):
    """Fixed numbers of 32 bits that look random."""
    bits = (torch.arange(first, first + count, dtype=torch.int64) * 2654435761) & 0xFFFFFFFF
    bits = ((bits ^ (bits >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    return bits ^ (bits >> 16)


def numbers(first, *shape):
    """Between -1/2 and 1/2."""
    return ((mixed(first, math.prod(shape)) >> 8).to(torch.float32) / (1 << 24) - 0.5).reshape(shape)


def fixed(model):
    """Weights that the C# side can make too: its layers begin with other random numbers than Python's where C++ draws more of them."""
    with torch.no_grad():
        for i, (name, parameter) in enumerate(sorted(model.named_parameters())):
            if parameter.dim() > 1:
                parameter.copy_(numbers(i, *parameter.shape) * (2 / math.sqrt(parameter.shape[-1])))
            elif name.endswith("bias"):
                parameter.copy_(numbers(i, *parameter.shape))
    return model


def causal(length):
    """(T, T): nothing later is seen."""
    return torch.triu(torch.full((length, length), float("-inf")), diagonal=1)


def serve(answers):
    """Answers until the input ends; `answers` has a function of a line's further words for each first word."""
    torch.set_num_threads(int(sys.argv[1]))
    for line in sys.stdin:
        command, *words = line.split()
        print(answers[command](*words), flush=True)


def serve_cases(prepare, repetitions):
    """The same for cases with a name: `prepare` makes a function that runs one once and returns a number, and that number after so many repetitions is the one to check."""
    prepared = {}

    def check(case):
        run = prepare(case)
        return repr([run() for _ in range(repetitions)][-1])

    def measure(case, seconds):
        if case not in prepared:
            prepared[case] = prepare(case)
            prepared[case]()
            prepared[case]()
        run, times, end = prepared[case], [], time.perf_counter() + float(seconds)
        while time.perf_counter() < end or len(times) < 3:
            begin = time.perf_counter()
            run()
            times.append(time.perf_counter() - begin)
        return best_and_median(times)

    serve({"check": check, "time": measure})


def best_and_median(times):
    """As a line that C# reads."""
    times.sort()
    return f"{times[0]} {times[len(times) // 2]}"
