"""The cells that the checks run, in C# and in Python: the same checks hold for our kernel and for ipykernel, which vouches for the checks."""

from dataclasses import dataclass

from jupyter_client.kernelspec import KernelSpecManager


@dataclass(frozen=True)
class Language:
    """One language's cells. Each does what its name says."""

    name: str
    extension: str
    write_to_stdout: str  # writes "hello, world" and a line end
    write_to_stderr: str
    define_forty_two: str  # the variable `answer`
    use_forty_two: str  # its value plus 1, as the cell's result
    one_and_one: str
    throw: str
    throw_slowly: str  # the same, half a second later
    error_name: str
    throw_text: str  # part of the error's message
    loop: str
    sleep: str
    ask: str  # asks for a line and writes it in brackets
    count_to_three: str  # three lines, half a second apart
    end_process: str
    complete: str  # ends where a member is begun
    completed: str  # the same with one of the members
    members: frozenset[str]  # all that it could be
    inspect: str
    inspected: str  # part of what is said about it
    complete_cell: str
    incomplete_cell: str
    invalid_cell: str
    display: str
    display_type: str
    clear_output: str
    results: tuple[tuple[str, str], ...]
    history_operations: tuple[str, ...] = ("tail", "range", "search")


CSHARP = Language(
    name="C#",
    extension=".cs",
    write_to_stdout='Console.WriteLine("hello, world");',
    write_to_stderr='Console.Error.WriteLine("oh dear");',
    define_forty_two="var answer = 42;",
    use_forty_two="answer + 1",
    one_and_one="1+1",
    throw='throw new InvalidOperationException("it broke");',
    throw_slowly='await Task.Delay(500); throw new InvalidOperationException("it broke");',
    error_name="InvalidOperationException",
    throw_text="it broke",
    loop="while (true) { }",
    sleep="await Task.Delay(60_000);",
    ask='Console.WriteLine($"[{Console.ReadLine()}]");',
    count_to_three="for (var i = 1; i <= 3; i++) { Console.WriteLine(i); await Task.Delay(500); }",
    end_process="Environment.Exit(3);",
    complete="Console.WriteL",
    completed="Console.WriteLine",
    members=frozenset({"WriteLine"}),
    inspect="Console.WriteLine",
    inspected="WriteLine",
    complete_cell="1 + 1",
    incomplete_cell="if (true) {",
    invalid_cell="int ) = 3;",
    display='using Microsoft.DotNet.Interactive;\nKernel.HTML("<b>bold</b>").Display();',
    display_type="text/html",
    clear_output="using Microsoft.DotNet.Interactive;\nKernel.ClearOutput();",
    results=(("6*7", "42"), ('"a" + "b"', "ab"), ("new[] { 1, 2 }.Sum()", "3")),
)

PYTHON = Language(
    name="python",
    extension=".py",
    write_to_stdout='print("hello, world")',
    write_to_stderr='import sys; print("oh dear", file=sys.stderr)',
    define_forty_two="answer = 42",
    use_forty_two="answer + 1",
    one_and_one="1+1",
    throw='raise ValueError("it broke")',
    throw_slowly='import time; time.sleep(0.5); raise ValueError("it broke")',
    error_name="ValueError",
    throw_text="it broke",
    loop="while True: pass",
    sleep="import time; time.sleep(60)",
    ask='print(f"[{input()}]")',
    count_to_three="import time\nfor i in 1, 2, 3: print(i, flush=True); time.sleep(0.5)",
    end_process="import os; os._exit(3)",
    complete="import os; os.getcw",
    completed="import os; os.getcwd",
    members=frozenset({"getcwd", "getcwdb"}),
    inspect="print",
    inspected="print",
    complete_cell="1 + 1",
    incomplete_cell="def f():\n",
    invalid_cell="import = 3",
    display='from IPython.display import HTML, display; display(HTML("<b>bold</b>"))',
    display_type="text/html",
    clear_output="from IPython.display import clear_output; clear_output()",
    results=(("6*7", "42"), ("1j", "1j"), ("sum([1, 2])", "3")),
    history_operations=("tail", "search"),  # it calls its present session 0 when asked for a range
)


def language_of(kernel: str) -> Language:
    """The cells for an installed kernel."""
    language = KernelSpecManager().get_kernel_spec(kernel).language
    return {"C#": CSHARP, "python": PYTHON}[language]
