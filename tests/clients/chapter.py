"""Executes chapter 1 through nbclient and through nbconvert, and compares what comes with the outputs that are committed: `chapter.py KERNEL [nbclient]`.

With the second word, through nbclient alone, which nbconvert uses too.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from languages import language_of
from workplace import prepare

# Numbers and dates are written as where the outputs were made.
os.environ.update(LC_ALL="C.UTF-8", TZ="UTC")


def normal(outputs: list[dict]) -> list[tuple[str, object]]:
    """What a reader sees: pieces of one stream joined, lines that were written over gone."""
    seen: list[list] = []
    for output in outputs:
        if output["output_type"] == "stream":
            if seen and seen[-1][0] == output["name"]:
                seen[-1][1] += output["text"]
            else:
                seen.append([output["name"], output["text"]])
        elif output["output_type"] == "error":
            seen.append(["error", f"{output['ename']}: {output['evalue']}"])
        else:
            seen.append([output["output_type"], dict(output["data"])])
    return [(kind, "\n".join(line.rsplit("\r", 1)[-1] for line in what.split("\n")) if isinstance(what, str) else what) for kind, what in seen]


def compare(committed: nbformat.NotebookNode, executed: nbformat.NotebookNode) -> int:
    """Prints every difference; returns how many outputs are equal."""
    equal = 0
    different = []
    for before, after in zip(committed.cells, executed.cells, strict=True):
        if before.cell_type != "code":
            continue
        expected, actual = normal(before.outputs), normal(after.outputs)
        if "timing" in before.metadata.get("tags", []):
            expected, actual = [kind for kind, _ in expected], [kind for kind, _ in actual]
        if expected == actual:
            equal += len(expected)
        else:
            different.append(before.id)
            print(f"cell {before.id}:\n  expected {expected!s:.1000}\n  actual   {actual!s:.1000}")
    assert not different, f"other outputs than the committed ones: {', '.join(different)}"
    return equal


def main() -> None:
    kernel = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        path = prepare(Path(folder), language_of(kernel))
        committed = nbformat.read(path, as_version=4)
        if not any(cell.get("outputs") for cell in committed.cells):
            NotebookClient(committed, kernel_name=kernel, resources={"metadata": {"path": path.parent}}).execute()

        began = time.monotonic()
        executed = nbformat.read(path, as_version=4)
        NotebookClient(executed, kernel_name=kernel, timeout=120, resources={"metadata": {"path": path.parent}}).execute()
        nbformat.validate(executed)
        print(f"ok    nbclient, {compare(committed, executed)} outputs as committed, {time.monotonic() - began:.1f} s", flush=True)

        if sys.argv[2:] == ["nbclient"]:
            return

        began = time.monotonic()
        copy = path.with_name("converted.ipynb")
        convert = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", f"--ExecutePreprocessor.kernel_name={kernel}", "--output", copy.name, path.name]
        subprocess.run(convert, cwd=path.parent, check=True, stderr=subprocess.PIPE)
        print(f"ok    nbconvert --execute, {compare(committed, nbformat.read(copy, as_version=4))} outputs as committed, {time.monotonic() - began:.1f} s", flush=True)


main()
