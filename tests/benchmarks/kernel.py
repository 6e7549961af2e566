#!/usr/bin/python3
"""Times our kernel against ipykernel through jupyter_client, by turns, and prints a table of medians and ratios.

    kernel.py [--runs N] [--installed JUPYTER_FOLDER] [--only start,round,notebook,memory]

Installs the kernel, as `install` does, into a temporary folder; or takes the one that lies in JUPYTER_FOLDER/kernels.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

OURS, PEER = ".net-csharp", "python3"
PATIENCE = 60

# Cells of the kind that notebooks are made of. The two do the same, each in its language.
NOTEBOOK = {
    OURS: [
        'var text = "the quick brown fox jumps over the lazy dog";', 'var words = text.Split(\' \');', "words.Length",
        "var lengths = words.Select(word => word.Length).ToArray();", "lengths.Sum()", "foreach (var word in words) Console.WriteLine(word);",
        "int Square(int x) => x * x;", "Enumerable.Range(1, 10).Select(Square).Sum()", "var counts = text.GroupBy(c => c).ToDictionary(group => group.Key, group => group.Count());",
        "counts['o']", "class Point { public double X, Y; public double Length => Math.Sqrt(X * X + Y * Y); }", "var point = new Point { X = 3, Y = 4 };", "point.Length",
        "var total = 0L; for (var i = 0; i < 100_000; i++) total += i;", "total", 'Console.WriteLine($"{total:N0}");', "var reversed = string.Concat(text.Reverse());", "reversed",
        "try { int.Parse(reversed); } catch (FormatException) { Console.WriteLine(\"no number\"); }", "words.OrderBy(word => word).First()",
    ],
    PEER: [
        'text = "the quick brown fox jumps over the lazy dog"', "words = text.split(' ')", "len(words)",
        "lengths = [len(word) for word in words]", "sum(lengths)", "for word in words: print(word)",
        "def square(x): return x * x", "sum(map(square, range(1, 11)))", "counts = {c: text.count(c) for c in set(text)}",
        "counts['o']", "class Point:\n    def __init__(self, x, y): self.x, self.y = x, y\n    def length(self): return (self.x ** 2 + self.y ** 2) ** 0.5", "point = Point(3, 4)", "point.length()",
        "total = 0\nfor i in range(100_000): total += i", "total", 'print(f"{total:,}")', "reversed_text = text[::-1]", "reversed_text",
        "try: int(reversed_text)\nexcept ValueError: print('no number')", "sorted(words)[0]",
    ],
}


class Session:
    """A kernel process and a client of it."""

    def __init__(self, kernel: str) -> None:
        self.manager = KernelManager(kernel_name=kernel)
        self.began = time.perf_counter()
        self.manager.start_kernel(stderr=subprocess.DEVNULL)
        self.client: BlockingKernelClient = self.manager.client()
        self.client.start_channels()

    def wait_until_ready(self) -> None:
        """As front ends do: what the kernel publishes before the client has subscribed is lost."""
        self.client.wait_for_ready(timeout=PATIENCE)

    def execute(self, code: str) -> None:
        """Returns when the reply and the last output have come."""
        request = self.client.execute(code)
        reply = self.reply(request)
        assert reply["content"]["status"] == "ok", reply["content"]
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == request and message["content"].get("execution_state") == "idle":
                return

    def reply(self, request: str) -> dict:
        while (reply := self.client.get_shell_msg(timeout=PATIENCE))["parent_header"].get("msg_id") != request:
            pass
        return reply

    def memory(self) -> int:
        """Kilobytes that the kernel's processes have in memory, a shared page counted once for each."""
        return sum(resident(process) for process in [self.manager.provisioner.process.pid, *children(self.manager.provisioner.process.pid)])

    def end(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel()


def children(process: int) -> list[int]:
    found = [int(child) for task in Path(f"/proc/{process}/task").iterdir() for child in (task / "children").read_text().split()]
    return found + [grandchild for child in found for grandchild in children(child)]


def resident(process: int) -> int:
    return next(int(line.split()[1]) for line in Path(f"/proc/{process}/status").read_text().splitlines() if line.startswith("VmRSS"))


def start(kernel: str) -> float:
    """Seconds from the start of the process to the reply to a first cell, which is asked for at once."""
    session = Session(kernel)
    session.reply(session.client.execute("1+1"))
    took = time.perf_counter() - session.began
    session.end()
    return took


def round_trip(kernel: str) -> float:
    """Milliseconds from sending a cell to its last output and its reply: median of 200 cells after 100."""
    session = Session(kernel)
    session.wait_until_ready()
    times = []
    for _ in range(300):
        began = time.perf_counter()
        session.execute("1+1")
        times.append(time.perf_counter() - began)
    session.end()
    return 1000 * statistics.median(times[100:])


def notebook(kernel: str) -> float:
    """Seconds that nbclient takes for a notebook of 20 cells, from start to shutdown."""
    cells = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code) for code in NOTEBOOK[kernel]])
    began = time.perf_counter()
    NotebookClient(cells, kernel_name=kernel, timeout=PATIENCE).execute()
    return time.perf_counter() - began


def memory(kernel: str) -> float:
    """Kilobytes that each of 2,000 cells adds, after 200 others."""
    session = Session(kernel)
    session.wait_until_ready()
    define = "var v{0} = {0};" if kernel == OURS else "v{0} = {0}"
    for i in range(200):
        session.execute(define.format(i))
    before = session.memory()
    for i in range(200, 2200):
        session.execute(define.format(i))
    added = (session.memory() - before) / 2000
    session.end()
    return added


MEASUREMENTS: dict[str, tuple[str, Callable[[str], float], int, str]] = {
    "start": ("process start to the reply to the first cell, s", start, 1, ".2f"),
    "round": ("round trip of `1+1`, ms", round_trip, 1, ".2f"),
    "notebook": ("20 cells through nbclient, start and shutdown included, s", notebook, 1, ".2f"),
    "memory": ("memory that a cell leaves behind, over 2,000 cells, KB", memory, 3, ".0f"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--installed", metavar="JUPYTER_FOLDER")
    parser.add_argument("--only", default=",".join(MEASUREMENTS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.installed:
            os.environ["JUPYTER_PATH"] = options.installed
        else:
            project = Path(__file__).resolve().parents[2] / "lib" / "CSharpKernel"
            subprocess.run(["dotnet", "run", "--project", project, "-c", "Release", "--", "install", "--prefix", folder, "--name", OURS], check=True, stdout=sys.stderr)
            os.environ["JUPYTER_PATH"] = f"{folder}/share/jupyter"
        os.environ.update(IPYTHONDIR=f"{folder}/ipython", JUPYTER_RUNTIME_DIR=f"{folder}/runtime", CSHARP_KERNEL_HISTORY=f"{folder}/history.jsonl", PYDEVD_DISABLE_FILE_VALIDATION="1")

        print("| | ipykernel | ours | ours ÷ ipykernel | runs |\n|---|---|---|---|---|", flush=True)
        for name in options.only.split(","):
            what, measure, divisor, form = MEASUREMENTS[name]
            runs = max(1, options.runs // divisor)
            for kernel in PEER, OURS:
                measure(kernel) if divisor == 1 else None  # what is read first comes from the disk
            times: dict[str, list[float]] = {PEER: [], OURS: []}
            for turn in range(runs):
                for kernel in (PEER, OURS) if turn % 2 == 0 else (OURS, PEER):
                    times[kernel].append(measure(kernel))
            peer, ours = statistics.median(times[PEER]), statistics.median(times[OURS])
            print(f"| {what} | {peer:{form}} | {ours:{form}} | {ours / peer:.2f} | {runs} |", flush=True)


main()
