"""Drives Jupyter Notebook in headless Chromium, as a person would: `browser.py KERNEL [PICTURES]`. Pictures of what was seen go to the folder PICTURES."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from languages import Language, language_of
from workplace import prepare

PATIENCE = 90
T = TypeVar("T")


def wait_for(what: str, look: Callable[[], T], patience: float = PATIENCE) -> T:
    """What `look` returns as soon as it is true of something."""
    until = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.05)
    return found


class Server:
    """Jupyter Notebook, for one folder, on a port that nobody uses."""

    def __init__(self, folder: Path) -> None:
        self.token = secrets.token_hex(16)
        self._log = open(folder / "server.log", "w+")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        command = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}", f"--NotebookApp.token={self.token}", "--NotebookApp.quit_button=False", f"--notebook-dir={folder}"]
        self._process = subprocess.Popen([sys.executable, "-m", "notebook", *command], stdout=self._log, stderr=subprocess.STDOUT)
        self.url = wait_for("the server", self._find_url)

    def _find_url(self) -> str | None:
        assert self._process.poll() is None, self.log()
        # Had somebody taken the port meanwhile, the server has chosen another.
        for file in Path(os.environ["JUPYTER_RUNTIME_DIR"]).glob(f"nbserver-{self._process.pid}.json"):
            return json.loads(file.read_text() or "{}").get("url")
        return None

    def log(self) -> str:
        return Path(self._log.name).read_text(errors="replace")

    def stop(self) -> None:
        """The server ends its kernels, then itself."""
        self._process.terminate()
        self._process.wait(PATIENCE)


class Page:
    """One notebook in the browser."""

    def __init__(self, server: Server, profile: Path, path: str) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        switches = "headless no-sandbox disable-gpu disable-quic disable-dev-shm-usage no-first-run disable-background-networking disable-component-update disable-sync"
        for switch in [*switches.split(), "window-size=1100,1000", f"user-data-dir={profile}"]:
            options.add_argument(f"--{switch}")
        self.browser = webdriver.Chrome(service=Service(shutil.which("chromedriver"), log_path=os.devnull), options=options)
        self.browser.get(f"{server.url}notebooks/{path}?token={server.token}")
        wait_for("the kernel", lambda: self.ask("window.Jupyter && Jupyter.notebook && Jupyter.notebook._fully_loaded && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected() && Jupyter.notebook.kernel.info_reply.status === 'ok'"))

    def ask(self, expression: str) -> object:
        return self.browser.execute_script(f"return {expression};")

    def cells(self) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, "#notebook-container > .cell.code_cell")

    def prompt(self, cell: WebElement) -> str:
        return cell.find_element(By.CSS_SELECTOR, ".input_prompt").text

    def outputs(self, cell: WebElement) -> str:
        return "\n".join(area.text for area in cell.find_elements(By.CSS_SELECTOR, ".output_area .output_subarea"))

    def menu(self, menu: str, entry: str) -> None:
        self.browser.find_element(By.LINK_TEXT, menu).click()
        wait_for(entry, lambda: self.browser.find_element(By.ID, entry).is_displayed(), 10)
        self.browser.find_element(By.ID, entry).find_element(By.TAG_NAME, "a").click()

    def press(self, *keys: str, modifier: str | None = None) -> None:
        actions = ActionChains(self.browser)
        if modifier:
            actions.key_down(modifier)
        actions.send_keys(*keys)
        if modifier:
            actions.key_up(modifier)
        actions.perform()

    def new_cell(self, text: str) -> WebElement:
        """A code cell at the end, with the cursor behind the text."""
        self.browser.execute_script("Jupyter.notebook.select(Jupyter.notebook.ncells() - 1)")
        self.press(Keys.ESCAPE, "b", "y", Keys.ENTER)
        wait_for("a new cell", lambda: self.ask("Jupyter.notebook.mode === 'edit' && Jupyter.notebook.get_selected_cell().get_text() === ''"), 10)
        cell = self.browser.find_element(By.CSS_SELECTOR, "#notebook-container > .cell.selected")
        self.press(text)
        return cell

    def run(self, cell: WebElement) -> None:
        self.press(Keys.ENTER, modifier=Keys.CONTROL)
        wait_for("the cell to start", lambda: self.prompt(cell) != "In [ ]:", 60)

    def wait_until_done(self, cell: WebElement) -> None:
        wait_for("the cell to end", lambda: re.fullmatch(r"In \[\d+\]:", self.prompt(cell)))

    def picture(self, folder: Path | None, name: str, element: WebElement | None = None) -> None:
        if folder:
            if element:
                self.browser.execute_script("arguments[0].scrollIntoView(true);", element)
                time.sleep(0.5)
            self.browser.save_screenshot(str(folder / f"{name}.png"))


def run_all(page: Page, cells: Language, pictures: Path | None) -> None:
    shown = "Jupyter.notebook.get_cells().map(c => c.cell_type === 'code' && c.output_area.outputs.length > 0)"
    expected = page.ask(shown)
    page.browser.execute_script("Jupyter.notebook.clear_all_output()")
    page.menu("Cell", "run_all_cells")
    wait_for("all cells", lambda: not page.ask("Jupyter.notebook.get_cells().some(c => c.cell_type === 'code' && !(c.input_prompt_number > 0))"))
    errors = page.browser.find_elements(By.CSS_SELECTOR, ".output_error")
    assert not errors, errors[0].text
    if any(expected):
        assert page.ask(shown) == expected, "not the cells with outputs that had them in the file"
    drawings = page.browser.find_elements(By.CSS_SELECTOR, ".output_svg svg, .output_svg img") or page.browser.find_elements(By.CSS_SELECTOR, ".output_html b")
    assert drawings and all(drawing.is_displayed() for drawing in drawings), "no drawing is shown"
    page.picture(pictures, "run-all", drawings[0].find_element(By.XPATH, "ancestor::div[contains(@class, 'code_cell')]"))


def complete(page: Page, cells: Language, pictures: Path | None) -> None:
    cell = page.new_cell(cells.complete)
    page.press(Keys.TAB)

    def completed() -> bool:
        text = page.ask("Jupyter.notebook.get_selected_cell().get_text()")
        if text == cells.completed:
            return True
        listed = [option.text for option in page.browser.find_elements(By.CSS_SELECTOR, "#complete option")]
        if any(cells.completed.endswith(entry) for entry in listed if entry):
            page.picture(pictures, "completion")
            page.press(Keys.ENTER)
        return False

    wait_for(f"{cells.completed} by the Tab key", completed, 60)
    page.picture(pictures, "completed", cell)
    page.press(Keys.ESCAPE)


def interrupt(page: Page, cells: Language, pictures: Path | None) -> float:
    cell = page.new_cell(cells.loop)
    page.run(cell)
    wait_for("the kernel to be busy", lambda: page.ask("Jupyter.notebook.kernel_busy") or page.prompt(cell) == "In [*]:", 60)
    time.sleep(0.5)
    assert page.prompt(cell) == "In [*]:", "the loop has ended by itself"
    began = time.monotonic()
    page.browser.find_element(By.CSS_SELECTOR, "button[data-jupyter-action='jupyter-notebook:interrupt-kernel']").click()
    page.wait_until_done(cell)
    took = time.monotonic() - began
    wait_for("an error", lambda: cell.find_elements(By.CSS_SELECTOR, ".output_error"), 20)
    assert took < 5, f"the loop was stopped after {took:.1f} s"
    page.picture(pictures, "interrupted", cell)

    after = page.new_cell(cells.one_and_one)
    page.run(after)
    page.wait_until_done(after)
    wait_for("the result", lambda: page.outputs(after) == "2", 10)
    return took


def main() -> None:
    kernel = sys.argv[1]
    cells = language_of(kernel)
    pictures = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = prepare(Path(folder), cells)
        server = Server(Path(folder))
        try:
            page = Page(server, Path(folder) / "profile", f"notebooks/{path.name}")
            try:
                for check in run_all, complete, interrupt:
                    began = time.monotonic()
                    try:
                        check(page, cells, pictures)
                    except BaseException:
                        print(f"FAILED {check.__name__}")
                        page.picture(pictures, f"failed-{check.__name__}")
                        raise
                    print(f"ok    {check.__name__.replace('_', ' ')}, {time.monotonic() - began:.1f} s", flush=True)
            finally:
                page.browser.quit()
        except BaseException:
            print(server.log()[-3000:])
            raise
        finally:
            server.stop()


main()
