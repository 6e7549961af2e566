"""Works with a kernel through jupyter_client, as front ends do: `client.py KERNEL`. Ends with an AssertionError at the first thing that is wrong."""

import os
import sys
import time
from pathlib import Path
from queue import Empty

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from languages import Language, language_of

PATIENCE = 60


class Conversation:
    """A kernel process, a client, and what the last cell did."""

    def __init__(self, kernel: str) -> None:
        self.manager = KernelManager(kernel_name=kernel)
        self.manager.start_kernel()
        self.connect()

    def connect(self) -> None:
        self.client: BlockingKernelClient = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def execute(self, code: str, **options: object) -> tuple[dict, list[dict]]:
        """The reply and the outputs. Nothing of another request may come between them."""
        return self.conclude(self.client.execute(code, **options))

    def conclude(self, request: str, answers: tuple[str, ...] = ()) -> tuple[dict, list[dict]]:
        outputs: list[dict] = []
        states: list[str] = []
        answers = list(answers)
        deadline = time.monotonic() + PATIENCE
        while states[-1:] != ["idle"]:
            assert time.monotonic() < deadline, f"the cell did not end; the kernel is {states}"
            if answers:
                try:
                    question = self.client.get_stdin_msg(timeout=0.05)
                    assert question["msg_type"] == "input_request", question["msg_type"]
                    self.client.input(answers.pop(0))
                except Empty:
                    pass

            try:
                message = self.client.get_iopub_msg(timeout=0.05 if answers else PATIENCE)
            except Empty:
                assert answers, "the kernel fell silent"
                continue

            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "status":
                # A kernel that answered something else meanwhile may say once more that it is busy with this.
                if states[-1:] != [message["content"]["execution_state"]]:
                    states.append(message["content"]["execution_state"])
            elif message["msg_type"] != "execute_input":
                assert states == ["busy"], f"{message['msg_type']} came while the kernel was {states}"
                outputs.append(message)

        assert states == ["busy", "idle"], states
        reply = self.reply_to(request)
        return reply["content"], outputs

    def reply_to(self, request: str) -> dict:
        deadline = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < deadline, "there was no reply"
            reply = self.client.get_shell_msg(timeout=PATIENCE)
            if reply["parent_header"].get("msg_id") == request:
                return reply

    def text(self, outputs: list[dict], stream: str = "stdout") -> str:
        return "".join(o["content"]["text"] for o in outputs if o["msg_type"] == "stream" and o["content"]["name"] == stream)

    def result(self, code: str) -> str:
        reply, outputs = self.execute(code)
        assert reply["status"] == "ok", reply
        return [o for o in outputs if o["msg_type"] == "execute_result"][0]["content"]["data"]["text/plain"]


def check_kernel_info(talk: Conversation, cells: Language) -> None:
    for channel in talk.client.shell_channel, talk.client.control_channel:
        message = talk.client.session.msg("kernel_info_request")
        channel.send(message)
        get = talk.client.get_shell_msg if channel is talk.client.shell_channel else talk.client.get_control_msg
        while (reply := get(timeout=PATIENCE))["parent_header"]["msg_id"] != message["header"]["msg_id"]:
            pass
        info = reply["content"]
        assert info["status"] == "ok"
        assert tuple(map(int, info["protocol_version"].split("."))) >= (5, 3), info["protocol_version"]
        assert (info["language_info"]["name"], info["language_info"]["file_extension"]) == (cells.name, cells.extension)


def check_execution(talk: Conversation, cells: Language) -> None:
    reply, outputs = talk.execute(cells.write_to_stdout)
    assert reply["status"] == "ok" and talk.text(outputs) == "hello, world\n", (reply, outputs)
    reply, outputs = talk.execute(cells.write_to_stderr)
    assert talk.text(outputs, "stderr") == "oh dear\n", outputs
    talk.execute(cells.define_forty_two)
    assert talk.result(cells.use_forty_two) == "43"
    first, second = talk.execute(cells.one_and_one)[0], talk.execute(cells.one_and_one)[0]
    assert second["execution_count"] == first["execution_count"] + 1


def check_error(talk: Conversation, cells: Language) -> None:
    reply, outputs = talk.execute(cells.throw)
    assert reply["status"] == "error", reply
    (error,) = [o for o in outputs if o["msg_type"] == "error"]
    assert cells.error_name in error["content"]["ename"] and cells.throw_text in error["content"]["evalue"], error["content"]
    assert any(cells.throw_text in line for line in error["content"]["traceback"])

    # The cells that wait behind a failed one are given up, those that come later are not.
    failing, waiting = talk.client.execute(cells.throw_slowly), talk.client.execute(cells.one_and_one)
    assert talk.reply_to(failing)["content"]["status"] == "error"
    assert talk.reply_to(waiting)["content"]["status"] == "aborted"
    time.sleep(0.3)  # ipykernel gives up what comes right behind an error
    assert talk.result(cells.one_and_one) == "2"


def check_output_comes_while_the_cell_runs(talk: Conversation, cells: Language) -> None:
    request = talk.client.execute(cells.count_to_three)
    times = []
    while True:
        message = talk.client.get_iopub_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "stream":
            times.append(time.monotonic())
        elif message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            break
    talk.reply_to(request)
    assert len(times) >= 3 and times[-1] - times[0] > 0.8, times


def check_stdin(talk: Conversation, cells: Language) -> None:
    reply, outputs = talk.conclude(talk.client.execute(cells.ask, allow_stdin=True), answers=("你好 🙂",))
    assert reply["status"] == "ok" and talk.text(outputs) == "[你好 🙂]\n", (reply, outputs)
    reply, _ = talk.execute(cells.ask, allow_stdin=False)
    assert reply["status"] == "error", reply


def check_completion(talk: Conversation, cells: Language) -> None:
    for prefix in "", "/* 🙂 */ " if cells.name == "C#" else "'🙂'; ":
        code = prefix + cells.complete
        reply = talk.reply_to(talk.client.complete(code, len(code)))["content"]
        assert reply["status"] == "ok", reply
        whole = [code[: reply["cursor_start"]] + match + code[reply["cursor_end"] :] for match in reply["matches"]]
        assert prefix + cells.completed in whole, whole


def check_inspection(talk: Conversation, cells: Language) -> None:
    reply = talk.reply_to(talk.client.inspect(cells.inspect, len(cells.inspect)))["content"]
    assert reply["found"] and cells.inspected in reply["data"]["text/plain"], reply
    reply = talk.reply_to(talk.client.inspect("nothing_of_that_name", 5))["content"]
    assert reply["status"] == "ok" and not reply["found"], reply


def check_completeness(talk: Conversation, cells: Language) -> None:
    for code, status in (cells.complete_cell, "complete"), (cells.incomplete_cell, "incomplete"), (cells.invalid_cell, "invalid"):
        reply = talk.reply_to(talk.client.is_complete(code))["content"]
        assert reply["status"] == status, (code, reply)


def check_history(talk: Conversation, cells: Language) -> None:
    talk.execute(cells.define_forty_two)
    talk.execute(cells.use_forty_two)
    reply = talk.reply_to(talk.client.history(hist_access_type="tail", n=2, raw=True, output=False))["content"]
    assert [entry[2] for entry in reply["history"]] == [cells.define_forty_two, cells.use_forty_two], reply


def check_interrupt(talk: Conversation, cells: Language) -> None:
    talk.execute(cells.define_forty_two)
    for code in cells.loop, cells.sleep:
        request = talk.client.execute(code)
        while (message := talk.client.get_iopub_msg(timeout=PATIENCE))["msg_type"] != "execute_input" or message["parent_header"]["msg_id"] != request:
            pass
        time.sleep(0.3)
        began = time.monotonic()
        talk.manager.interrupt_kernel()
        reply = talk.reply_to(request)["content"]
        took = time.monotonic() - began
        assert reply["status"] == "error", reply
        assert took < 5, f"{code} was stopped after {took:.1f} s"
        print(f"      {code!r} stopped after {took * 1000:.0f} ms")
        time.sleep(0.3)  # ipykernel gives up what comes right behind an error
        assert talk.result(cells.use_forty_two) == "43", "a variable is gone"

    interrupt_idle(talk)
    assert talk.result(cells.one_and_one) == "2"


def interrupt_idle(talk: Conversation) -> None:
    """Waits for the reply where there is one: nothing orders what comes over two sockets, and the interrupt could meet the next cell."""
    if talk.manager.kernel_spec.interrupt_mode != "message":
        talk.manager.interrupt_kernel()
        return

    message = talk.client.session.msg("interrupt_request")
    talk.client.control_channel.send(message)
    while talk.client.get_control_msg(timeout=PATIENCE)["parent_header"].get("msg_id") != message["header"]["msg_id"]:
        pass


def check_death(talk: Conversation, cells: Language) -> None:
    if cells.name != "C#":
        return
    reply, outputs = talk.execute(cells.end_process)
    assert reply["status"] == "error" and [o["msg_type"] for o in outputs if o["msg_type"] == "error"] == ["error"], (reply, outputs)
    assert talk.result(cells.one_and_one) == "2"


def check_restart(talk: Conversation, cells: Language) -> None:
    talk.execute(cells.define_forty_two)
    talk.client.stop_channels()
    talk.manager.restart_kernel()
    talk.connect()
    assert talk.execute(cells.use_forty_two)[0]["status"] == "error", "a variable has outlived a restart"
    assert talk.result(cells.one_and_one) == "2"


def check_shutdown(talk: Conversation, _: Language) -> None:
    children = descendants(os.getpid())
    assert children
    talk.client.stop_channels()
    began = time.monotonic()
    talk.manager.shutdown_kernel()
    took = time.monotonic() - began
    assert took < 5, f"the shutdown took {took:.1f} s"
    while (left := [child for child in children if Path(f"/proc/{child}").exists() and "Z" not in Path(f"/proc/{child}/stat").read_text().rsplit(")")[-1]]) and time.monotonic() - began < 10:
        time.sleep(0.05)
    assert not left, f"processes {left} still run"


def descendants(process: int) -> list[int]:
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            pass  # it has ended meanwhile
    found = [process]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[1:]


def main() -> None:
    kernel = sys.argv[1]
    cells = language_of(kernel)
    talk = Conversation(kernel)
    checks = [value for name, value in globals().items() if name.startswith("check_")]
    try:
        for check in checks:
            began = time.monotonic()
            check(talk, cells)
            print(f"ok    {check.__name__[6:].replace('_', ' ')}, {time.monotonic() - began:.2f} s", flush=True)
    except BaseException:
        print(f"FAILED {check.__name__}", flush=True)
        talk.manager.shutdown_kernel(now=True)
        raise


main()
