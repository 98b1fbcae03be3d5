"""Every backend keeps the same contract; the sandbox keeps the submission in besides."""

import contextlib
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.record.limits import Limits
from grader.sandbox.channel import Channel
from grader.sandbox.contract import Ended, Sandbox, Unavailable, describe_exit
from grader.sandbox.inprocess import InProcessSandbox
from grader.sandbox.plain import PlainSandbox
from grader.sandbox.warm import WarmProcess, WarmSandbox
from grader.testing import Failure, StudentError

Submit = Callable[..., Any]
# Wall clock is the subject of one test alone, and the machine may be busy.
PATIENT = Limits(call_seconds=90.0, submission_seconds=300.0)
MARK = "seen-only-outside"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits differ between systems")


@pytest.fixture(scope="module", params=["bubblewrap", "subprocess"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """Each backend, once."""
    if request.param == "bubblewrap":
        yield request.getfixturevalue("warm")
        return
    plain = PlainSandbox(["numpy"])
    yield plain
    plain.close()


def ending(work: Callable[[], object]) -> Ended:
    """How a process ended."""
    with pytest.raises(Ended) as caught:
        work()
    return caught.value


# -- answers -------------------------------------------------------------------------------------------------------------------


def test_a_call_and_its_answer(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "def f(a, b=1, *, c): return [a + b, c, {'n': None}]")
    assert talk.loaded["entries"]["f"] == {"exists": True, "callable": True, "kind": "function", "signature": "(a, b=1, *, c)"}
    got, text, nothing = talk.call(np.arange(3.0), b=2, c="ж")
    assert np.array_equal(got, [2.0, 3.0, 4.0])
    assert (text, nothing) == ("ж", {"n": None})


def test_a_submission_stays_loaded(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "seen = []\ndef f(x):\n    seen.append(x)\n    return seen")
    assert [talk.call(1), talk.call(2)] == [[1], [1, 2]]


def test_an_exception_tells_type_message_and_line(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(
        sandbox,
        """
        class Odd(ValueError):
            pass

        def g(x):
            raise Odd(f"not {x}")

        def f(x):
            return g(x)
        """,
    )
    with pytest.raises(StudentError) as caught:
        talk.call("ж")
    error = caught.value
    assert error.types[:2] == ["Odd", "ValueError"]
    assert error.message == "not ж"
    assert error.lines == [(9, "f"), (6, "g")]
    assert error.line == 6
    with pytest.raises(StudentError, match="not 2"):
        talk.call(2)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("raise SystemExit(0)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise BaseException", "BaseException"),
        ("import sys; sys.exit()", "SystemExit"),
        ("exit(3)", "NameError|SystemExit"),
        ("raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})", "E"),
        ("import no_such_module", "ModuleNotFoundError"),
        ("return f()", "RecursionError"),
    ],
)
def test_every_exception_is_an_answer(sandbox: Sandbox, submit: Submit, body: str, name: str) -> None:
    talk = submit(sandbox, f"def f():\n    {body}\ndef alive():\n    return 1\n")
    with pytest.raises(StudentError) as caught:
        talk.call()
    assert caught.value.name in name.split("|")
    assert talk.call(name="alive") == 1


def test_an_unreadable_submission_is_an_answer(sandbox: Sandbox, submit: Submit) -> None:
    with pytest.raises(StudentError, match="SyntaxError") as caught:
        submit(sandbox, "x = 1\ndef f(:\n")
    assert caught.value.line == 2


def test_refused_arguments_are_told_apart_from_errors_inside(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "def f(a):\n    return a + 'x'\n")
    with pytest.raises(Failure, match="argument") as caught:
        talk.call(1, 2)
    assert caught.value.cause == "signature"
    with pytest.raises(StudentError):
        talk.call(1)


# -- output --------------------------------------------------------------------------------------------------------------------


def test_output_is_captured(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(
        sandbox,
        """
        import os, sys

        def f():
            print("out ж \\ud800")
            print("err", file=sys.stderr)
            sys.stdout.flush()
            os.write(1, b"raw 1\\n")
            os.write(2, b"raw 2 \\xff\\n")
        """,
    )
    talk.call()
    _until(lambda: "raw 2" in talk.poll())
    for part in ("out ж \\ud800", "err", "raw 1", "raw 2 \\xff"):
        assert part in talk.output
    assert talk.process.output() == ""


def test_output_belongs_to_its_call(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "def f(n):\n    print(n)\n")
    for number in range(60):
        talk.conversation.output = ""
        talk.call(number)
        assert talk.conversation.output == f"{number}\n"


def _until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.02)


def test_output_is_cut(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "def f():\n    print('x' * 300_000)\n    return 5", replace(PATIENT, output_kb=2))
    assert talk.call() == 5
    _until(lambda: "more bytes of output" in talk.poll())
    assert 2048 <= talk.output.count("x") < 10_000


def test_too_much_output_ends_the_process(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "def f():\n    while True:\n        print('x' * 4096)\n", replace(PATIENT, output_mb=1))
    end = ending(talk.call)
    assert end.kind == "output_mb"
    assert "1 MB" in end.text


# -- limits --------------------------------------------------------------------------------------------------------------------


def test_wall_clock_of_a_call(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "import time\ndef f():\n    time.sleep(600)\n")
    started = time.monotonic()
    talk.conversation.limits = replace(PATIENT, call_seconds=0.3)
    end = ending(talk.call)
    assert end.kind == "call_seconds"
    assert "0.3 s" in end.text
    assert 0.3 <= time.monotonic() - started < 30


def test_wall_clock_of_a_submission(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "import time\ndef f(x):\n    time.sleep(x)\n")
    talk.conversation.limits = replace(PATIENT, submission_seconds=0.5)
    talk.conversation.begin(talk.conversation.limits)
    end = ending(lambda: [talk.call(0.1) for _ in range(60)])
    assert end.kind == "submission_seconds"


def test_processor_time(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "def f():\n    while True:\n        pass\n", replace(PATIENT, cpu_seconds=2))
    end = ending(talk.call)
    assert end.kind == "cpu_seconds"
    assert "2 s" in end.text


def test_memory(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(
        sandbox,
        "import numpy as np\ndef f(mb):\n    return int(np.ones(mb << 17).sum())\n",
        replace(PATIENT, memory_mb=200),
    )
    with pytest.raises(StudentError) as caught:
        talk.call(1_000)
    assert "MemoryError" in caught.value.types
    assert talk.call(10) == 10 << 17


def test_a_large_answer_is_refused_and_the_process_lives(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "import numpy as np\ndef f(n):\n    return np.zeros(n)\n", replace(PATIENT, reply_mb=1))
    with pytest.raises(Failure, match="too large"):
        talk.call((1 << 17) + 1)
    assert len(talk.call(1 << 17)) == 1 << 17


def test_an_answer_that_is_announced_too_large(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, SCRIBBLE + "def f():\n    scribble(b'GRW1' + b'\\xff' * 60)\n", replace(PATIENT, reply_mb=1))
    assert ending(talk.call).kind == "reply_mb"


def test_text_beyond_every_bound(sandbox: Sandbox, submit: Submit) -> None:
    source = "def f(n):\n    return ['x' * 190_000] * n\n"
    talk = submit(sandbox, source, replace(PATIENT, reply_mb=1))
    with pytest.raises(Failure, match="too large"):
        talk.call(200)
    assert len(talk.call(2)) == 2


def test_size_of_a_file(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(
        sandbox,
        """
        def f(mb):
            with open("file", "wb") as file:
                for _ in range(mb):
                    file.write(bytes(1 << 20))
            return "written"
        """,
        replace(PATIENT, file_mb=2),
    )
    assert talk.call(2) == "written"
    with pytest.raises(StudentError) as caught:
        talk.call(3)
    assert "OSError" in caught.value.types


def test_open_files(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(
        sandbox, "import os\ndef f(n):\n    return len([os.dup(1) for _ in range(n)])\n", replace(PATIENT, open_files=40)
    )
    assert talk.call(5) == 5
    with pytest.raises(StudentError) as caught:
        talk.call(40)
    assert "OSError" in caught.value.types


# -- ends ----------------------------------------------------------------------------------------------------------------------

SCRIBBLE = """
import os

def scribble(data):
    for fd in range(3, 200):
        try:
            os.write(fd, data)
        except OSError:
            continue

"""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("os._exit(0)", "exit status 0"),
        ("os._exit(7)", "exit status 7"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("os.abort()", "SIGABRT"),
        ("os.kill(os.getpid(), 9)", "SIGKILL"),
        ("import threading, time; threading.Thread(target=os._exit, args=(3,)).start(); time.sleep(90)", "exit status 3"),
    ],
)
def test_a_process_that_dies(sandbox: Sandbox, submit: Submit, body: str, told: str) -> None:
    talk = submit(sandbox, f"import os\ndef f():\n    {body}\n    return 1\n")
    end = ending(talk.call)
    assert end.kind == "died"
    assert told in end.text
    assert ending(talk.call).kind == "died"


def test_death_while_loading(sandbox: Sandbox, submit: Submit) -> None:
    assert ending(lambda: submit(sandbox, "import os\nos._exit(0)\ndef f(): return 1\n")).kind == "died"


def test_last_words_are_kept(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "import os\ndef f():\n    os.write(1, b'last words')\n    os._exit(1)\n")
    ending(talk.call)
    assert "last words" in talk.poll()


def test_garbage_on_every_descriptor(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, SCRIBBLE + "def f():\n    scribble(b'passed ' * 9)\n    return 1\n")
    assert ending(talk.call).kind == "garbled"


def test_an_answer_that_is_no_message(sandbox: Sandbox, submit: Submit) -> None:
    frame = "b'GRW1' + (4).to_bytes(4, 'big') + (0).to_bytes(8, 'big') + b'none'"
    talk = submit(sandbox, SCRIBBLE + f"def f():\n    scribble({frame})\n    import time; time.sleep(90)\n")
    assert ending(talk.call).kind == "garbled"


@pytest.mark.parametrize("first", [0, 3])
def test_closed_descriptors(sandbox: Sandbox, submit: Submit, first: int) -> None:
    talk = submit(sandbox, f"import os\ndef f():\n    os.closerange({first}, 256)\n    return 1\n")
    assert ending(talk.call).kind == "died"


def test_an_interruption_from_another_thread(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "def f():\n    while True:\n        pass", PATIENT)
    timer = threading.Timer(0.2, talk.process.interrupt)
    timer.start()
    assert ending(talk.call).kind == "died"
    timer.join()
    assert ending(talk.call).kind == "died"
    talk.process.close()
    talk.process.interrupt()
    assert submit(sandbox, "def f(): return 1").call() == 1


def test_the_dead_answer_no_more(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(
        sandbox,
        """
        import os, threading, time

        def late():
            time.sleep(0.4)
            frame = b'{"value":1}'
            for fd in range(3, 60):
                try:
                    os.write(fd, b"GRW1" + len(frame).to_bytes(4, "big") + bytes(8) + frame)
                except OSError:
                    continue

        def f():
            threading.Thread(target=late).start()
            time.sleep(90)
        """,
    )
    talk.conversation.limits = replace(PATIENT, call_seconds=0.2)
    assert ending(talk.call).kind == "call_seconds"
    time.sleep(0.5)
    talk.conversation.limits = PATIENT
    assert ending(talk.call).kind == "died"


def test_close_twice_and_after_an_end(sandbox: Sandbox, submit: Submit) -> None:
    talk = submit(sandbox, "import os\ndef f(): os._exit(1)\n")
    ending(talk.call)
    assert talk.process.close() == talk.process.close()
    fresh = submit(sandbox, "def f(): return 1\n")
    assert fresh.process.close() == fresh.process.close()
    assert ending(fresh.call).kind == "died"


def test_a_new_process_after_each_kind_of_end(sandbox: Sandbox, submit: Submit) -> None:
    for body in ("import os; os._exit(0)", "raise ValueError", "import ctypes; ctypes.string_at(0)", "return 1"):
        talk = submit(sandbox, f"def f():\n    {body}\n")
        if body == "return 1":
            assert talk.call() == 1
        else:
            with pytest.raises((Ended, StudentError)):
                talk.call()
        talk.process.close()


def test_what_was_used_is_told(warm: WarmSandbox, submit: Submit) -> None:
    talk = submit(warm, "def f():\n    return len(bytearray(b'x' * (60 << 20)))\n")
    talk.call()
    usage = talk.process.close()
    assert usage.memory_mb > 60
    assert usage.cpu_seconds > 0


# -- one after the other -------------------------------------------------------------------------------------------------------

LEAVES = """
import builtins, os, pathlib, random, sys
import numpy as np

def f():
    pathlib.Path("left").write_text("left")
    os.mkdir("folder")
    pathlib.Path("folder/left").write_text("left")
    os.chmod("folder", 0)
    os.symlink("/", "link")
    os.environ["LEFT"] = "left"
    builtins.left = np.left = sys.left = "left"
    np.ones = None
    os.umask(0o777)
    sys.path.insert(0, "left")
    sys.setrecursionlimit(77)
    os.chdir("/")
    return os.getcwd()
"""

LOOKS = """
import builtins, os, sys, tempfile
import numpy as np

def f():
    mask = os.umask(0o22)
    return {
        "files": os.listdir("."),
        "environment": os.environ.get("LEFT"),
        "names": [hasattr(holder, "left") for holder in (builtins, np, sys)],
        "numpy": np.ones(2),
        "mask": mask == 0o777,
        "path": "left" in sys.path,
        "recursion": sys.getrecursionlimit() == 77,
        "modules": [name for name in sys.modules if name.startswith("submission")],
        "temporary": tempfile.gettempdir() == os.getcwd(),
    }
"""


def test_submissions_see_nothing_of_each_other(sandbox: Sandbox, submit: Submit) -> None:
    first = submit(sandbox, LEAVES)
    assert first.call() == "/"
    first.process.close()
    seen = submit(sandbox, LOOKS).call()
    assert np.array_equal(seen.pop("numpy"), [1.0, 1.0])
    assert seen == {
        "files": [], "environment": None, "names": [False] * 3, "mask": False, "path": False, "recursion": False,
        "modules": ["submission"], "temporary": True,
    }  # fmt: skip


def test_nothing_is_left_after_a_kill(sandbox: Sandbox, submit: Submit) -> None:
    first = submit(sandbox, "def f():\n    open('left', 'w').write('x')\n    while True: pass\n")
    first.conversation.limits = replace(PATIENT, call_seconds=0.3)
    ending(first.call)
    assert submit(sandbox, LOOKS).call()["files"] == []


def test_variables_of_the_judge_stay_outside(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_COURSE_SECRET", MARK)
    plain = PlainSandbox(["numpy"])
    seen = submit(plain, "import os\ndef f(): return dict(os.environ)\n").call()
    assert MARK not in seen.values()
    assert "GRADER_COURSE_SECRET" not in seen


# -- what only the sandbox promises --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def marked() -> Iterator[WarmSandbox]:
    """A sandbox whose starter had a secret in its environment, and a folder of the installation to hide."""
    hidden = Path(pytest.__file__).parent
    before = dict(os.environ)
    os.environ["GRADER_COURSE_SECRET"] = MARK
    try:
        sandbox = WarmSandbox(["numpy"], [hidden])
    finally:
        os.environ.clear()
        os.environ.update(before)
    yield sandbox
    sandbox.close()


def refused(submit: Submit, sandbox: Sandbox, body: str, limits: Limits = PATIENT) -> str:
    """The exception in which an attempt ends inside."""
    source = "import os\n" + "def f():\n" + "".join(f"    {line}\n" for line in body.splitlines()) + "    return 'it worked'\n"
    with pytest.raises(StudentError) as caught:
        submit(sandbox, source, limits).call()
    return caught.value.name


def test_no_variables_of_the_judge_anywhere(marked: WarmSandbox, submit: Submit) -> None:
    seen = submit(
        marked,
        """
        import glob, os

        def f():
            texts = [repr(dict(os.environ)).encode()]
            for path in glob.glob("/proc/*/environ") + glob.glob("/proc/*/task/*/environ"):
                if path.split("/")[2] == "1":
                    continue
                try:
                    texts.append(open(path, "rb").read())
                except OSError:
                    continue
            return b"\\n".join(texts)
        """,
    ).call()
    assert MARK.encode() not in seen
    assert b"HOME" in seen


@pytest.mark.parametrize(
    "body",
    [
        "import socket; socket.create_connection(('127.0.0.1', {port}), 5)",
        "import socket; socket.socket()",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "import socket; socket.socket(socket.AF_UNIX)",
        "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}', timeout=5)",
        "import socket; socket.getaddrinfo('localhost', {port})[99]",
    ],
)
def test_no_network(warm: WarmSandbox, submit: Submit, body: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        name = refused(submit, warm, body.replace("{port}", str(server.getsockname()[1])))
    assert name in ("PermissionError", "URLError", "gaierror", "OSError")


@pytest.mark.parametrize("kind", ["net", "pid", "ipc", "uts", "user", "mnt"])
def test_namespaces_of_its_own(warm: WarmSandbox, submit: Submit, kind: str) -> None:
    """Behind the filter of system calls stands a second wall."""
    inside = submit(warm, "import os\ndef f(kind): return os.readlink(f'/proc/self/ns/{kind}')\n").call(kind)
    assert inside.startswith(kind)
    assert inside != os.readlink(f"/proc/self/ns/{kind}")


@pytest.mark.parametrize(
    "body",
    [
        "os.fork()",
        "os.forkpty()",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.execv('/bin/true', ['true'])",
        "import subprocess; subprocess.run(['/bin/true'], check=True)",
        "import subprocess; subprocess.run('true', shell=True, check=True)",
        "import multiprocessing; multiprocessing.get_context('fork').Process(target=print).start()",
        "import multiprocessing; multiprocessing.get_context('spawn').Process(target=print).start()",
        "import ctypes; assert ctypes.CDLL(None).vfork() >= 0",
        "import ctypes; assert ctypes.CDLL(None).syscall(57) >= 0",
        "import ctypes; assert ctypes.CDLL(None).syscall(56, 17, 0, 0, 0, 0) >= 0",
        "import ctypes; assert ctypes.CDLL(None).syscall(435, (ctypes.c_uint64 * 11)(), 88) >= 0",
    ],
)
def test_no_new_processes(warm: WarmSandbox, submit: Submit, body: str) -> None:
    assert refused(submit, warm, body) in ("PermissionError", "AssertionError", "OSError")


def test_threads_are_free(warm: WarmSandbox, submit: Submit) -> None:
    source = """
        import concurrent.futures

        def f():
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                return list(pool.map(abs, [-1, -2]))
    """
    assert submit(warm, source).call() == [1, 2]


REACHES = {
    "a signal": "for pid in (*others, 1, 0, -1): done(lambda: os.kill(pid, 0))",
    "a kill": "for pid in (*others, 1, 0, -1): done(lambda: os.kill(pid, 9))",
    "a kill of the group": "done(lambda: os.killpg(os.getpgid(os.getppid()), 9))",
    "memory": "for pid in others: done(lambda: os.open(f'/proc/{pid}/mem', os.O_RDONLY))",
    "the map of memory": "for pid in others: done(lambda: open(f'/proc/{pid}/maps', 'rb').read())",
    "the environment": "for pid in others: done(lambda: open(f'/proc/{pid}/environ', 'rb').read())",
    "descriptors": "for pid in others: done(lambda: os.readlink(f'/proc/{pid}/fd/0'))",
    "the root": "for pid in others: done(lambda: os.listdir(f'/proc/{pid}/root/'))",
    "a descriptor of it": "for pid in (*others, 1): done(lambda: os.pidfd_open(pid))",
    "tracing": "import ctypes\nfor pid in (*others, 1): done(lambda: ok(ctypes.CDLL(None).ptrace(16, pid, 0, 0)))",
    "its memory by call": (
        "import ctypes\nfor pid in (*others, 1): done(lambda: ok(ctypes.CDLL(None).process_vm_readv(pid, 0, 0, 0, 0, 0)))"
    ),
}
FIRST = {
    "memory": "done(lambda: os.open('/proc/1/mem', os.O_RDWR))",
    "the map of memory": "done(lambda: open('/proc/1/maps', 'rb').read(9))",
    "the environment": "done(lambda: open('/proc/1/environ', 'rb').read(9))",
    "descriptors": "done(lambda: os.readlink('/proc/1/fd/0'))",
}
SIDE_DOORS = {
    "its limits": (
        "import resource\n"
        "for pid in others: done(lambda: resource.prlimit(pid, resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE)))"
    ),
    "its priority": (
        "for pid in others: done(lambda: os.setpriority(os.PRIO_PROCESS, pid, os.getpriority(os.PRIO_PROCESS, pid)))"
    ),
    "its processors": "for pid in others: done(lambda: os.sched_setaffinity(pid, os.sched_getaffinity(0)))",
    "its scheduler": "for pid in others: done(lambda: os.sched_setscheduler(pid, os.SCHED_OTHER, os.sched_param(0)))",
    "signals of descriptors": (
        "import fcntl\nread, write = os.pipe()\nfor pid in others: done(lambda: fcntl.fcntl(read, fcntl.F_SETOWN, pid))"
    ),
}


def _attempts(body: str) -> str:
    return (
        "import os\n"
        "def ok(status):\n    if status < 0:\n        raise OSError(status)\n"
        "def f():\n    worked = []\n    others = [int(n) for n in os.listdir('/proc') if n.isdigit() and int(n) != os.getpid()]\n"
        "    def done(attempt):\n        try:\n            worked.append(str(attempt()))\n"
        "        except OSError:\n            pass\n"
        + "".join(f"    {line}\n" for line in body.splitlines())
        + "    return worked\n"
    )


@pytest.mark.parametrize("body", REACHES.values(), ids=REACHES.keys())
def test_other_processes_are_out_of_reach(warm: WarmSandbox, submit: Submit, body: str) -> None:
    assert submit(warm, _attempts(body)).call() == []
    assert submit(warm, "def f(): return 1").call() == 1


@pytest.mark.parametrize("body", FIRST.values(), ids=FIRST.keys())
def test_the_first_process_is_out_of_reach(warm: WarmSandbox, submit: Submit, body: str) -> None:
    assert submit(warm, _attempts(body)).call() == []


def test_no_variables_of_the_judge_in_the_first_process(marked: WarmSandbox, submit: Submit) -> None:
    talk = submit(marked, "def f():\n    return open('/proc/1/environ', 'rb').read()\n")
    try:
        seen = talk.call()
    except StudentError:
        return
    assert MARK.encode() not in seen


@pytest.mark.parametrize("body", SIDE_DOORS.values(), ids=SIDE_DOORS.keys())
def test_other_processes_are_out_of_reach_by_side_doors(warm: WarmSandbox, submit: Submit, body: str) -> None:
    assert submit(warm, _attempts(body)).call() == []


def test_files_of_other_processes_cannot_be_written(warm: WarmSandbox, submit: Submit) -> None:
    body = (
        "for pid in others:\n"
        "    for name in os.listdir(f'/proc/{pid}'):\n"
        "        if os.path.isfile(f'/proc/{pid}/{name}'): done(lambda: (name, os.open(f'/proc/{pid}/{name}', os.O_WRONLY)))"
    )
    assert submit(warm, _attempts(body)).call() == []


KILLS = {
    "a limit of the warm process": """
        import os, resource

        def f():
            for pid in (1, 2, os.getppid()):
                resource.prlimit(pid, resource.RLIMIT_NOFILE, (0, 0))
    """,
    "a kill by descriptor": """
        import fcntl, os, socket

        def f():
            for pid in (1, 2, os.getppid()):
                a, b = socket.socketpair()
                fcntl.fcntl(a, fcntl.F_SETOWN, pid)
                fcntl.fcntl(a, 10, 9)  # F_SETSIG
                fcntl.fcntl(a, fcntl.F_SETFL, fcntl.fcntl(a, fcntl.F_GETFL) | os.O_ASYNC)
                b.send(b"x")
    """,
}


@pytest.mark.parametrize("source", KILLS.values(), ids=KILLS.keys())
@pytest.mark.filterwarnings("ignore")  # what was broken inside is not closed in order
def test_the_next_submission_is_graded_whatever_the_last_one_did(submit: Submit, source: str) -> None:
    own = WarmSandbox(["numpy"])
    try:
        with contextlib.suppress(Ended, StudentError, Unavailable, OSError):
            first = submit(own, source)
            first.call()
            first.process.close()
        assert submit(own, "def f(): return 1").call() == 1
    finally:
        own.close()


def test_a_warm_process_that_dies_is_unavailable_and_nothing_else() -> None:
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    wire, wire_end = socket.socketpair()
    read, write = os.pipe()
    channel = Channel(wire, read, Limits())

    def die() -> None:
        select.select([theirs], [], [], 60)
        theirs.close()  # with the judge's command unread, as a killed process leaves it

    thread = threading.Thread(target=die)
    thread.start()
    try:
        with pytest.raises(Unavailable):
            WarmProcess(control, channel, Limits()).close()
    finally:
        thread.join()
        for end in (control, wire_end):
            end.close()
        os.close(write)
        with contextlib.suppress(OSError):
            channel.close()


def test_nothing_is_writable_but_the_working_folder(warm: WarmSandbox, submit: Submit) -> None:
    found = submit(
        warm,
        """
        import os, sys, tempfile

        def f():
            mounts = [line.split()[4] for line in open("/proc/self/mountinfo")]
            places = {*mounts, "/", "/usr", "/etc", "/var", "/run", "/home", "/root", "/opt", "/srv", "/mnt", "/dev/shm",
                      "/dev/mqueue", "/var/tmp", "/kit", "/kit/guest", sys.prefix, os.path.dirname(os.__file__),
                      os.path.dirname(sys.modules["numpy"].__file__)}
            written = []
            for place in sorted(places):
                try:
                    name = os.path.join(place, "written")
                    with open(name, "w") as file:
                        file.write("x")
                    os.unlink(name)
                    written.append(os.path.realpath(place))
                except OSError:
                    continue
            return [written, os.getcwd(), os.path.realpath(tempfile.gettempdir())]
        """,
    ).call()
    assert found == [["/submission"], "/submission", "/submission"]


def test_the_working_folder_is_bounded(warm: WarmSandbox, submit: Submit) -> None:
    source = "def f():\n    for n in range(99):\n        open(f'{n}', 'wb').write(bytes(8 << 20))\n"
    with pytest.raises(StudentError, match="No space left"):
        submit(warm, source).call()


def test_the_course_is_out_of_sight(warm: WarmSandbox, submit: Submit, repository: Path) -> None:
    names = ["exercises", "solutions", "grader", "tests", "docs", "pyproject.toml", "README.md"]
    found = submit(
        warm,
        """
        import os, sys

        def f(root, names):
            found = [name for name in names if os.path.lexists(os.path.join(root, name))]
            for folder, folders, files in os.walk("/"):
                skipped = ("/proc", "/sys", "/usr", "/lib", "/bin", sys.prefix, sys.base_prefix)
                folders[:] = [name for name in folders if os.path.join(folder, name) not in skipped]
                found += [os.path.join(folder, f) for f in (*folders, *files) if f in ("test_hidden.py", "mistakes.yaml")]
            return found
        """,
    ).call(str(repository), names)
    assert found == []
    with pytest.raises(StudentError, match="ModuleNotFoundError"):
        submit(warm, "from grader.testing import *\ndef f(): return 1")


def test_a_course_inside_the_installation_is_hidden(marked: WarmSandbox, submit: Submit) -> None:
    talk = submit(marked, "import os\ndef f(path): return os.listdir(path)\n")
    assert talk.call(str(Path(pytest.__file__).parent)) == []
    assert talk.call(str(Path(np.__file__).parent)) != []


def test_the_host_is_out_of_sight(warm: WarmSandbox, submit: Submit, tmp_path: Path) -> None:
    (tmp_path / "note").write_text("x")
    found = submit(
        warm,
        """
        import os

        def f(path):
            places = (path, "/etc/passwd", "/etc/hostname", "/etc/shadow", "/home")
            shown = [place for place in places if os.path.lexists(place)]
            return [shown, os.getuid(), os.uname().nodename, sorted(os.listdir("/proc"))[:1]]
        """,
    ).call(str(tmp_path / "note"))
    assert found[:3] == [[], 65534, "sandbox"]


def test_it_cannot_be_dumped(warm: WarmSandbox, submit: Submit) -> None:
    source = """
        import ctypes, resource

        def f():
            return [ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), ctypes.CDLL(None).prctl(39, 0, 0, 0, 0),
                    list(resource.getrlimit(resource.RLIMIT_CORE))]
    """
    assert submit(warm, source).call() == [0, 1, [0, 0]]


def test_limits_cannot_be_raised(warm: WarmSandbox, submit: Submit) -> None:
    body = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))"
    assert refused(submit, warm, body) in ("ValueError", "PermissionError", "OSError")


@pytest.mark.parametrize(
    ("number", "name"), [(165, "mount"), (272, "unshare"), (308, "setns"), (321, "bpf"), (425, "io_uring_setup"), (250, "keyctl")]
)
@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of another machine")
def test_the_kernel_is_kept_narrow(warm: WarmSandbox, submit: Submit, number: int, name: str) -> None:
    source = """
        import ctypes

        def f(number):
            libc = ctypes.CDLL(None, use_errno=True)
            return [libc.syscall(number, 0, 0, 0, 0, 0), ctypes.get_errno()]
    """
    assert submit(warm, source).call(number) == [-1, 1], name


# -- leftovers -----------------------------------------------------------------------------------------------------------------

DAEMON = """
import os, signal, time

def f():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            while True:
                time.sleep(0.01)
                open("beat", "a").write("x")
        os._exit(0)
    while not os.path.exists("beat"):
        time.sleep(0.01)
    return os.path.exists("beat")
"""


def _inside(sandbox: WarmSandbox, submit: Submit) -> list[int]:
    """The processes in the sandbox but the one that looks."""
    source = """
        import os

        def f():
            return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
    """
    talk = submit(sandbox, source)
    found: list[int] = talk.call()
    talk.process.close()
    return found


@pytest.mark.parametrize("end", ["close", "exit", "time"])
def test_daemons_are_gone_with_their_submission(warm: WarmSandbox, submit: Submit, end: str) -> None:
    before = _inside(warm, submit)
    talk = submit(warm, DAEMON + "\ndef end(): os._exit(0)\ndef hang(): time.sleep(99)\n", replace(PATIENT, processes=8))
    assert talk.call() is True
    if end == "exit":
        assert ending(lambda: talk.call(name="end")).kind == "died"
    elif end == "time":
        talk.conversation.limits = replace(PATIENT, call_seconds=0.2)
        assert ending(lambda: talk.call(name="hang")).kind == "call_seconds"
    talk.process.close()
    assert _inside(warm, submit) == before
    assert submit(warm, LOOKS).call()["files"] == []


def test_threads_are_gone_with_their_submission(warm: WarmSandbox, submit: Submit) -> None:
    before = _inside(warm, submit)
    talk = submit(
        warm,
        """
        import threading, time

        def f():
            def beat():
                while True:
                    time.sleep(0.01)
                    open("beat", "a").write("x")
            for _ in range(5):
                threading.Thread(target=beat).start()
        """,
    )
    talk.call()
    talk.process.close()
    assert _inside(warm, submit) == before
    assert submit(warm, LOOKS).call()["files"] == []


def test_the_number_of_processes_is_bounded(warm: WarmSandbox, submit: Submit) -> None:
    source = """
        import os, time

        def f():
            started = 0
            for _ in range(20):
                try:
                    if os.fork() == 0:
                        time.sleep(30)
                        os._exit(0)
                    started += 1
                except OSError:
                    break
            time.sleep(5)
            return started
    """
    # Not started by root, the rlimit refuses the fourth; started by root, the count of the warm process ends the submission.
    started, end = 0, None
    talk = submit(warm, source, replace(PATIENT, processes=3))
    try:
        started = talk.call()
    except Ended as ended:
        end = ended.kind
    assert started <= 3
    assert end in (None, "processes")


def test_what_the_plain_backend_started_is_gone(submit: Submit) -> None:
    talk = submit(
        PlainSandbox([]),
        """
        import os, time

        def f():
            pid = os.fork()
            if pid == 0:
                while True:
                    time.sleep(1)
            return [os.getpid(), pid, os.getcwd()]
        """,
    )
    own, child, folder = talk.call()
    talk.process.close()
    _until(lambda: not (_alive(own) or _alive(child)))
    assert not Path(folder).exists()


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except OSError:
        return False


def test_closing_the_sandbox_ends_everything_in_it(submit: Submit) -> None:
    own = WarmSandbox(["numpy"])
    talk = submit(own, "def f(): return 1")
    assert talk.call() == 1
    outside = own.process.pid
    talk.process.close()
    own.close()
    _until(lambda: not _alive(outside))


# -- the rest of the contract --------------------------------------------------------------------------------------------------


def test_without_bubblewrap_the_sandbox_is_unavailable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="bubblewrap"):
        WarmSandbox(["numpy"])


def test_a_broken_bubblewrap_is_unavailable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'no namespaces here' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    own = WarmSandbox(["numpy"])
    try:
        with pytest.raises(Unavailable, match="no namespaces here"):
            own.start((), PATIENT)
    finally:
        own.close()


@pytest.mark.parametrize(
    ("status", "kind", "told"),
    [
        (-signal.SIGXCPU, "cpu_seconds", "60 s of processor time"),
        (-signal.SIGSEGV, "died", "memory error"),
        (-signal.SIGKILL, "died", "SIGKILL"),
        (-99, "died", "99"),
        (0, "died", "exit status 0"),
        (5, "died", "exit status 5"),
    ],
)
def test_exit_statuses_in_words(status: int, kind: str, told: str) -> None:
    found = describe_exit(status, Limits())
    assert found[0] == kind
    assert told in found[1]


def test_the_backend_without_a_process(submit: Submit, capfd: pytest.CaptureFixture[str]) -> None:
    talk = submit(InProcessSandbox(), "def f(x):\n    print('printed')\n    return x * 2\n")
    assert np.array_equal(talk.call(np.ones(2)), [2.0, 2.0])
    assert talk.output == "printed\n"
    assert capfd.readouterr().out == ""
    with pytest.raises(StudentError, match="SystemExit"):
        submit(InProcessSandbox(), "def f(): raise SystemExit").call()
    assert not InProcessSandbox().isolated


def test_a_report_that_comes_too_late_is_nobody_elses(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Emptying the folder of one submission took too long; what ends the next one is told as it is."""
    sandbox = WarmSandbox(["numpy"], eager=False)
    try:
        slow = submit(sandbox, "import time\ndef f(): time.sleep(60)\n", replace(PATIENT, call_seconds=0.2))
        with monkeypatch.context() as patched:
            patched.setattr("grader.sandbox.warm._END_SECONDS", 0.0)
            with pytest.raises(Ended) as ended:
                slow.call()
        assert ended.value.kind == "call_seconds"
        with pytest.raises(Ended, match="exit status 5"):
            submit(sandbox, "import os\ndef f(): os._exit(5)\n").call()
    finally:
        sandbox.close()
