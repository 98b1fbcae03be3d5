"""Real parts: a course folder that students hand in to, JupyterLab with nbgrader on a free port, Debian's Chromium.

What is seen on the way lies in build/screenshots afterwards; of a test that fails also the last state of the page and the
server's log.
"""

import contextlib
import dataclasses
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect, sync_playwright

from grader.quiz.bank import read_bank
from grader.quiz.sheet import make_sheet

KIT = Path(__file__).resolve().parents[2]
SCREENSHOTS = KIT / "build" / "screenshots"
EXERCISES = ("conv_output_size", "convolution2d")
PATIENCE = 60.0  # seconds; for a machine that has much else to do

# A parser of web addresses that one of nbgrader's libraries builds at each start takes longer than all the rest; it is an
# optional one.
_NBGRADER = "import sys; sys.modules['rfc3987_syntax'] = None; from nbgrader.apps.nbgraderapp import main; main()"
_GRADER = "from grader.cli.entry import run; run()"

# Written for these tests: no line of the private half stands in them.
SIZE = "def conv_output_size(n, k, padding=0, stride=1, dilation=1):\n    return {}\n"
PATCHES = """import numpy as np

def convolution2d(image, kernel, padding=0, stride=1):
    big = np.pad(np.asarray(image, dtype=float), padding{})
    windows = np.lib.stride_tricks.sliding_window_view(big, kernel.shape)[::stride, ::stride]
{}    return np.einsum("rcij,ij->rc", windows, kernel)
"""
RIGHT = {
    "conv_output_size": SIZE.format("len(range(0, n + 2 * padding - dilation * (k - 1), stride))"),
    "convolution2d": PATCHES.format("", ""),
}
WRONG = {
    "conv_output_size": RIGHT["conv_output_size"],
    "convolution2d": PATCHES.format(', mode="edge"', '    print("windows", windows.shape)\n'),
}


# -- the course ------------------------------------------------------------------------------------------------------------------


def environment(**more: str) -> dict[str, str]:
    """Our environment, with the programs of this Python first."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "GRADER"))}
    return {**kept, "PATH": path, "PYTHONPATH": str(KIT), "OMP_NUM_THREADS": "1", **more}


def run(code: str, *arguments: str, folder: Path) -> None:
    """A command of nbgrader or of ours, which has to succeed."""
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def make_course(folder: Path, language: str, *exercises: str) -> Path:
    """A course folder with its one assignment generated."""
    choice = ["--lang", language, "--exercises", ",".join(exercises), "--no-quizzes", "--course", str(KIT)]
    run(_GRADER, "nbgrader", "init", str(folder), *choice, folder=folder.parent)
    config, inbox = folder / "nbgrader_config.py", folder.parent / "exchange"
    inbox.mkdir(mode=0o777)
    inbox.chmod(0o777)  # nbgrader asks for it
    exchange = f"c.Exchange.root = {str(inbox)!r}\n"
    config.write_text(f"{config.read_text(encoding='utf-8')}\n{exchange}", encoding="utf-8")
    run(_NBGRADER, "generate_assignment", "convolution", folder=folder)
    return folder


def filled(course: Path, answers: Mapping[str, str]) -> str:
    """The released notebook with answers in its solution cells."""
    notebook = json.loads((course / "release/convolution/convolution.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        name = cell["metadata"]["nbgrader"]["grade_id"].removesuffix("-solution")
        if cell["metadata"]["nbgrader"]["solution"]:
            cell["source"] = answers[name]
    return json.dumps(notebook)


@pytest.fixture(scope="package")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An English course; three students have handed in: all right, zeros forgotten around the image, a file cut off."""
    folder = make_course(tmp_path_factory.mktemp("instructor") / "course", "en", *EXERCISES)
    handed_in = {"ada": filled(folder, RIGHT), "ben": filled(folder, WRONG), "cyd": filled(folder, RIGHT)[:-40]}
    for student, notebook in handed_in.items():
        place = folder / "submitted" / student / "convolution"
        place.mkdir(parents=True)
        place.joinpath("convolution.ipynb").write_text(notebook, encoding="utf-8")
    return folder


@pytest.fixture(scope="package")
def desk(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a student has: the released assignment in English and in Hindi, and nothing else of the course."""
    place = tmp_path_factory.mktemp("student")
    hindi = make_course(tmp_path_factory.mktemp("hindi") / "course", "hi", "convolution2d")
    shutil.copytree(course / "release/convolution", place / "english/convolution")
    shutil.copytree(hindi / "release/convolution", place / "hindi/convolution")
    return place


# -- JupyterLab ------------------------------------------------------------------------------------------------------------------


@dataclass
class Jupyter:
    """A running JupyterLab."""

    root: Path
    url: str
    token: str
    settings: Path
    log: Path

    def address(self, path: str) -> str:
        """An address on this server, signed in."""
        return f"{self.url}{path}?token={self.token}"

    def lab(self, notebook: str = "") -> str:
        """JupyterLab in an untouched workspace, with a notebook if one is named."""
        return self.address(f"lab/workspaces/w{secrets.token_hex(4)}{f'/tree/{notebook}' if notebook else ''}")

    def theme(self, name: str) -> None:
        """Choose a theme for pages that are opened from now on."""
        self.set("apputils-extension/themes", {"theme": name, "adaptive-theme": False})

    def set(self, plugin: str, values: Mapping[str, Any]) -> None:
        """Settings of a plugin of JupyterLab, as its settings editor saves them."""
        path = self.settings / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")


@contextlib.contextmanager
def jupyter(root: Path, own: Path) -> Iterator[Jupyter]:
    """JupyterLab, started in a folder as a person would, with all that it keeps in another; no process outlives the block."""
    places = ("HOME", "IPYTHONDIR", *(f"JUPYTER_{kind}_DIR" for kind in ("CONFIG", "DATA", "RUNTIME")))
    lab = ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    homes = {name: str(own / name.lower()) for name in (*places, *lab)}
    for home in homes.values():
        Path(home).mkdir(parents=True)
    token = secrets.token_hex(16)
    server = Jupyter(root, "", token, Path(homes["JUPYTERLAB_SETTINGS_DIR"]), own / "jupyter.log")
    server.set("apputils-extension/notification", {"fetchNews": "false", "checkForUpdates": False})  # both ask the network
    server.set("notebook-extension/tracker", {"windowingMode": "none"})  # cells out of sight stay in the page
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--ServerApp.port={_free_port()}"]
    if os.geteuid() == 0:
        command.append("--allow-root")
    with server.log.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=root,
            env=environment(JUPYTER_TOKEN=token, **homes),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        server.url = _started(process, server, Path(homes["JUPYTER_RUNTIME_DIR"]))
        yield server
    finally:
        left = _stopped(process)
    assert not left, f"processes outlive JupyterLab: {left}"


def _free_port() -> int:
    """A port that is free now; the server takes another one should it be taken by then."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _started(process: subprocess.Popen[bytes], server: Jupyter, runtime: Path) -> str:
    """Wait until the server answers; its address."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, ValueError, urllib.error.URLError):
            url = str(json.loads(next(runtime.glob("jpserver-*.json"), Path()).read_text(encoding="utf-8"))["url"])
            with urllib.request.urlopen(f"{url}api/status?token={server.token}", timeout=5):
                return url
        time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{server.log.read_text(encoding='utf-8', errors='replace')[-5000:]}")


def _stopped(process: subprocess.Popen[bytes]) -> dict[int, str]:
    """End a server as its user does; whatever of it is still there after a while is killed and told of."""
    family = _descendants(process.pid)
    process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(30)
    end = time.monotonic() + 30
    while (left := {pid: name for pid, name in family.items() if _alive(pid, name)}) and time.monotonic() < end:
        time.sleep(0.1)
    for pid in left:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    if process.poll() is None:
        process.kill()
        process.wait()
        left[process.pid] = "jupyterlab"
    return left


def _alive(pid: int, command: str) -> bool:
    with contextlib.suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
        return state != "Z" and _command(pid) == command
    return False


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")


def _descendants(pid: int) -> dict[int, str]:
    """The processes below one, with their command lines."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found: dict[int, str] = {}
    waiting = [pid]
    while waiting:
        for child in parents.get(waiting.pop(), []):
            waiting.append(child)
            with contextlib.suppress(OSError):
                found[child] = _command(child)
    return found


@pytest.fixture(scope="package")
def instructors(course: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """The instructor's JupyterLab, started in the course folder."""
    with jupyter(course, tmp_path_factory.mktemp("instructors")) as server:
        yield server


@pytest.fixture(scope="package")
def students(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """A student's JupyterLab, which sees no course folder."""
    with jupyter(desk, tmp_path_factory.mktemp("students")) as server:
        yield server


@pytest.fixture(scope="package")
def takers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """A student's JupyterLab with notebooks that show a quiz: graded, from its sheet, and for practice, with its keys."""
    desk = tmp_path_factory.mktemp("takers")
    bank = KIT / "tests/quiz/banks/sound.yaml"
    for name, language in (("graded", "en"), ("practice", "en"), ("hindi", "hi"), ("reading", "en")):
        place = desk / name
        place.mkdir()
        cell = {"cell_type": "code", "id": "quiz", "source": 'from grader import quiz\nquiz("sound")', "metadata": {}}
        metadata = {"grader": {"language": language}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
        notebook = {"cells": [{**cell, "execution_count": None, "outputs": []}], "metadata": metadata}
        place.joinpath(f"{name}.ipynb").write_text(json.dumps({**notebook, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
        if name == "practice":
            marker = place / "exercises/convolution/none/exercise.yaml"
            marker.parent.mkdir(parents=True)
            marker.touch()
            place.joinpath("quizzes").mkdir()
            shutil.copyfile(bank, place / "quizzes/sound.yaml")
        else:
            graded = dataclasses.replace(read_bank(bank), kind="graded")
            place.joinpath("quiz_sound.json").write_text(make_sheet(graded, "a secret").to_json(), encoding="utf-8")
    with jupyter(desk, tmp_path_factory.mktemp("takers-server")) as server:
        yield server


# -- the browser -----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, cut off from the network."""
    program = shutil.which("chromium")
    if program is None:
        pytest.fail("there is no program `chromium`: apt-get install chromium fonts-noto-core")
    options = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page, what it asks for elsewhere, and the means to look at it."""

    page: Page
    outside: set[str] = field(default_factory=set)

    def shoot(self, name: str, part: Locator | None = None) -> None:
        """Keep a picture of the page or of a part of it."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        (part or self.page).screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")

    def save(self, notebook: Path, text: str) -> None:
        """Save the notebook that is open and wait until a text of it stands in its file."""
        self.page.keyboard.press("Control+s")
        end = time.monotonic() + PATIENCE
        while text not in notebook.read_text(encoding="utf-8"):
            assert time.monotonic() < end, f"{notebook.name} was not saved with {text!r}"
            self.page.wait_for_timeout(100)

    def faint(self, part: Locator) -> list[dict[str, Any]]:
        """Texts within a part of the page whose contrast misses what WCAG 2.2 asks for at level AA."""
        script = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
        seen: dict[str, Any] = part.evaluate(script)
        assert seen["looked_at"] > 3
        return list(seen["faint"])

    def readable_without_eyes(self, feedback: Locator) -> None:
        """Heading, caption and header cells are what a screen reader takes them for."""
        exercise = feedback.locator("h3 code").inner_text()
        expect(feedback.get_by_role("heading", level=3)).to_have_count(1)
        table = feedback.get_by_role("table", name=exercise)
        expect(table).to_have_count(1)
        expect(table.get_by_role("columnheader").first).to_be_visible()
        assert table.get_by_role("rowheader").count() == feedback.locator("tr.gf-test").count() > 0
        # What a picture shows is told in words, too; signs that words stand beside are not read out.
        for sign in feedback.locator(".gf-mark > [aria-hidden], h3 > .gf-mark").all():
            expect(sign).to_have_attribute("aria-hidden", "true")

    def note(self, request: Request) -> None:
        """Remember what is asked for outside of this machine."""
        address = urllib.parse.urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname != "127.0.0.1":
            self.outside.add(address.hostname or request.url)


@pytest.fixture
def open_page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visit]]:
    """Opens pages, each in a context of its own; takes the options of a context, such as `color_scheme`."""
    visits: list[Visit] = []

    def opened(url: str, **options: Any) -> Visit:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en-US", **options})
        context.set_default_timeout(PATIENCE * 1000)
        visit = Visit(context.new_page())
        visits.append(visit)
        context.on("request", visit.note)
        visit.page.goto(url)
        return visit

    yield opened
    if request.node.stash.get(_FAILED, False):
        name = f"failed-{request.node.name}"
        for number, visit in enumerate(visits):
            with contextlib.suppress(Exception):  # what went wrong is told already
                visit.shoot(f"{name}-{number}")
        for server in (request.node.funcargs.get(who) for who in ("students", "instructors", "takers")):
            if server is not None:
                shutil.copyfile(server.log, SCREENSHOTS / f"{name}.log")
    for visit in visits:
        visit.page.context.close()


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note that a test has failed, for the pictures taken afterwards."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report
