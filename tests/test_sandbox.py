"""Tests of `grader.sandbox.sandbox` with real submissions in the real bubblewrap sandbox."""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from conftest import QUICK

from grader.errors import SandboxUnavailable
from grader.guest.crossing.values import unpack
from grader.guest.crossing.wire import HEADER, Call, Load, Loaded, Raised, Returned
from grader.guest.process.limits import GuestLimits
from grader.sandbox import command, mounts, patience
from grader.sandbox.command import Isolation, environment
from grader.sandbox.failures import GuestDiedError, GuestGarbledError, GuestTimeoutError
from grader.sandbox.limits import Limits
from grader.sandbox.mounts import GUEST_CODE, SCRATCH
from grader.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.guest.crossing.wire import Reply
    from grader.sandbox.session import Session

PATIENCE_S = 60.0  # for what ends by itself
CALL = Call("answer", (), 0)

# what the next submission sees of the ones before it
LOOK = f"""
    import os

    def own_files(folder):  # and not what the sandbox itself shows there
        own = os.stat(folder).st_dev
        return [each.name for each in os.scandir(folder) if os.lstat(each).st_dev == own]

    def answer():
        processes = [name for name in os.listdir("/proc") if name.isdigit()]
        files = [name for folder in ("{SCRATCH}", "/dev/shm") for name in own_files(folder)]
        return {{"processes": len(processes), "files": files}}
"""
UNTOUCHED = {"processes": 2, "files": []}

# the line on which the child answers, as a submission finds it
REPLIES = """
    import os, struct, sys, time

    def replies():
        frame = sys._getframe()
        while "reply_fd" not in frame.f_locals:
            frame = frame.f_back
        return frame.f_locals["reply_fd"]
"""
RETURNED_NONE = b"\x93\xa8returned\xc0\x90"

# system calls by number, for what Python has no function
SYSTEM_CALL = """
    import ctypes, errno, os, platform

    libc = ctypes.CDLL(None, use_errno=True)

    def refused(on_x86, on_arm, *arguments):
        number = on_x86 if platform.machine() == "x86_64" else on_arm
        return libc.syscall(number, *arguments) == -1 and ctypes.get_errno() == errno.EPERM
"""


@contextmanager
def loaded(sandbox: Sandbox, *source: str, limits: Limits | None = None) -> Iterator[Session]:
    """Load a submission, and throw it away in the end."""
    session = sandbox.open(limits)
    try:
        code = "\n".join(map(dedent, source)).encode()
        reply = session.ask(Load("exercise", "exercise.py", code, False, "cpu"), PATIENCE_S)
        assert isinstance(reply, Loaded), reply
        yield session
    finally:
        session.end()


def reply_of(sandbox: Sandbox, *source: str, time_s: float = PATIENCE_S) -> Reply:
    """Load a submission and call its `answer()`."""
    with loaded(sandbox, *source) as session:
        return session.ask(CALL, time_s)


def answer_of(sandbox: Sandbox, *source: str) -> Any:
    """Return what a submission's `answer()` returns."""
    reply = reply_of(sandbox, *source)
    assert isinstance(reply, Returned), reply
    return unpack(reply.value)


def descendants(pid: int) -> set[int]:
    """Return a process and everything that it has started, at any depth."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        parents[int(stat.parent.name)] = int(fields[1])
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


@contextmanager
def watched(processes: set[int]) -> Iterator[list[int]]:
    """Open a handle to each process, which becomes readable when the process has ended."""
    handles = [os.pidfd_open(process) for process in processes]
    try:
        yield handles
    finally:
        for handle in handles:
            os.close(handle)


def still_running(handles: list[int]) -> list[int]:
    """Wait until all processes have ended; return those that have not."""
    running = set(handles)
    poll = select.poll()
    for handle in handles:
        poll.register(handle, select.POLLIN)
    while running and (ended := poll.poll(1000 * PATIENCE_S)):
        for handle, _ in ended:
            poll.unregister(handle)
            running.discard(handle)
    return sorted(running)


@pytest.fixture(scope="module")
def unprotected() -> Iterator[Sandbox]:
    """Return a warm fork server without a sandbox."""
    with Sandbox(Isolation.NONE, "cpu", QUICK) as warm:
        yield warm


def test_a_submission_answers(sandbox: Sandbox) -> None:
    """What a function returns comes back."""
    assert answer_of(sandbox, "def answer(): return [1, 2.5, 'three', None]") == [
        1,
        2.5,
        "three",
        None,
    ]


@pytest.mark.parametrize(
    ("death", "told"),
    [
        ("os._exit(0)", "ended itself with exit code 0"),
        ("os._exit(7)", "ended itself with exit code 7"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "was ended by signal SIGKILL"),
        ("ctypes.string_at(0)", "was ended by signal SIGSEGV"),
        ("os.abort()", "was ended by signal SIGABRT"),
        ("os.kill(os.getpid(), 40)", "was ended by signal 40"),
    ],
)
def test_a_death_is_told_in_words(sandbox: Sandbox, death: str, told: str) -> None:
    """A child that dies is no hang, and says nothing about success."""
    source = f"import ctypes, os, signal\ndef answer(): {death}"

    with pytest.raises(GuestDiedError, match=told):
        reply_of(sandbox, source)
    assert answer_of(sandbox, LOOK) == UNTOUCHED


@pytest.mark.parametrize(
    "idle",
    [
        "while True: pass",
        "os.kill(os.getpid(), signal.SIGSTOP)",
        "[signal.signal(n, signal.SIG_IGN) for n in (1, 2, 3, 15)]; time.sleep(1e6)",
        "sum(itertools.repeat(1))",  # never lets a signal handler run
    ],
)
def test_no_answer_is_a_timeout(sandbox: Sandbox, idle: str) -> None:
    """A loop, a stopped process, a sleeper and C code that never ends are all given up."""
    source = f"import itertools, os, signal, time\ndef answer():\n    {idle}"

    with pytest.raises(GuestTimeoutError):
        reply_of(sandbox, source, time_s=0.3)
    assert answer_of(sandbox, LOOK) == UNTOUCHED


@contextmanager
def busy_core(sandbox: Sandbox, neighbours: int) -> Iterator[None]:
    """Leave a sandbox one core, and let others compute there as well."""
    assert sandbox._process is not None
    family, cores = descendants(sandbox._process.pid), os.sched_getaffinity(0)
    command = [sys.executable, "-c", "print(flush=True)\nwhile True: pass"]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(neighbours)]
    bind([*family, *(each.pid for each in started)], {min(cores)})
    try:
        for each in started:
            assert each.stdout is not None
            each.stdout.readline()  # from now on it computes
        yield
    finally:
        for each in started:
            each.kill()
            each.communicate()
        bind(family, cores)


def bind(processes: Iterable[int], cores: set[int]) -> None:
    """Have processes run on some cores alone; one that has just ended is none."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.sched_setaffinity(process, cores)


COMPUTES = """
    import os, time

    def answer():
        start = time.monotonic()
        for _ in range({others}):
            if os.fork() == 0:
                while True: pass
        while {clock} < {time_s}: pass
        return "done"
"""


def test_time_in_which_others_had_the_core_does_not_count(sandbox: Sandbox) -> None:
    """Who is still computing after the limit has an answer, if others had the core meanwhile."""
    source = COMPUTES.format(others=0, clock="time.monotonic() - start", time_s=1.1)

    with busy_core(sandbox, neighbours=1):
        reply = reply_of(sandbox, source, time_s=1.0)

    assert reply == Returned("done")


def test_time_in_which_a_submission_had_the_core_itself_counts(sandbox: Sandbox) -> None:
    """Its own processes take nobody's time but its own."""
    source = COMPUTES.format(others=8, clock="time.thread_time()", time_s=0.6)

    with busy_core(sandbox, neighbours=0), pytest.raises(GuestTimeoutError):
        reply_of(sandbox, source, time_s=0.9)


class StandsStill:
    """A session's poll; while the judge is in it for the first time, a minute goes by."""

    def __init__(self, session: Session, patch: pytest.MonkeyPatch) -> None:
        self._poll, self._minutes = session._poll, 0
        patch.setattr(patience, "monotonic", lambda: time.monotonic() + 60 * self._minutes)
        patch.setattr(session, "_poll", self)
        patch.setattr(session, "_given_back_s", lambda: 0.0)  # as if nobody else had computed

    def poll(self, wanted_ms: float) -> list[tuple[int, int]]:
        """Find nothing at first."""
        if self._minutes:
            return self._poll.poll(wanted_ms)
        self._minutes = 1
        return []


@pytest.mark.parametrize(("body", "answers"), [("return 'done'", True), ("while 1: 1", False)])
def test_time_in_which_the_machine_stood_still_does_not_count(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, body: str, *, answers: bool
) -> None:
    """A machine that was paused has let nobody compute; a loop without an end has none then."""
    with loaded(sandbox, f"def answer():\n    {body}") as session:
        StandsStill(session, monkeypatch)
        if answers:
            assert session.ask(CALL, PATIENCE_S / 2) == Returned("done")
        else:
            with pytest.raises(GuestTimeoutError):
                session.ask(CALL, 0.3)


SOCKETS = """
    import os, signal, socket

    def answer():
        global ends
        seen, done = os.pipe()
        other = os.fork() == 0
        ends = [socket.socketpair() for _ in range(80)]
        if other:
            os.write(done, b"x")
            signal.pause()
        os.read(seen, 1)
        return "done"
"""


def test_an_answer_does_not_count_once_a_limit_is_exceeded(sandbox: Sandbox) -> None:
    """However soon it comes, there has been a look at what it took."""
    with pytest.raises(GuestDiedError, match="used more than 256 sockets"):
        reply_of(sandbox, SOCKETS)
    assert answer_of(sandbox, LOOK) == UNTOUCHED


DAEMON = """
    import os, signal, time

    def answer():
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
                    signal.signal(number, signal.SIG_IGN)
                time.sleep(1e6)
            os._exit(0)
        os.wait()
"""
STOPPED = """
    import os, signal

    def answer():
        child = os.fork()
        if child == 0:
            os.kill(os.getpid(), signal.SIGSTOP)
        os.waitpid(child, os.WUNTRACED)
"""
FILES = f"""
    import os

    def answer():
        for folder in ("{SCRATCH}", "/dev/shm"):
            os.chdir(folder)
            for number in range(2000):
                open(str(number), "w").close()
            open(".hidden", "w").close()
            os.symlink("/usr", "link")
            os.mkfifo("pipe")
"""
DEEP = """
    import os

    def answer():
        for _ in range(3000):  # far longer than a path may be
            os.mkdir("folder")
            os.chdir("folder")
"""
LOCKED = f"""
    import os

    def answer():
        for folder in ("{SCRATCH}", "/dev/shm"):
            os.chdir(folder)
            os.makedirs("locked/inner")
            open("locked/inner/file", "w").close()
            for name in ("locked/inner", "locked", folder):
                os.chmod(name, 0)
"""


@pytest.mark.parametrize("leave", [DAEMON, STOPPED, FILES, DEEP, LOCKED])
def test_nothing_is_left_for_the_next_submission(sandbox: Sandbox, leave: str) -> None:
    """Processes and files are gone, however they resist, and the server is the same one."""
    server = sandbox._process

    answer_of(sandbox, leave)

    assert answer_of(sandbox, LOOK) == UNTOUCHED
    assert sandbox._process is server


def test_two_calls_of_one_submission_share_their_files(sandbox: Sandbox) -> None:
    """A submission is cleaned up after its last call, not between two."""
    source = """
        import os

        def answer():
            open("mine", "a").write("x")
            return os.path.getsize("mine")
    """
    with loaded(sandbox, source) as session:
        replies = [session.ask(CALL, PATIENCE_S) for _ in range(2)]

    assert replies == [Returned(1), Returned(2)]


@pytest.mark.parametrize(
    "ask", ["bytearray(20 * 2**30)", "torch.ones(5 * 2**30)", "mmap.mmap(-1, 20 * 2**30)"]
)
def test_twenty_gigabytes_are_refused(sandbox: Sandbox, ask: str) -> None:
    """A submission that asks for more than there is gets an error of its own."""
    reply = reply_of(sandbox, f"import mmap, torch\ndef answer(): return len({ask})")

    assert isinstance(reply, Raised)
    assert reply.limit == "2 GB of memory"


def test_scratch_folders_are_bounded(sandbox: Sandbox) -> None:
    """The folders in memory hold no more than their size."""
    source = f"""
        import os

        def fill(folder):
            os.chdir(folder)
            try:
                for number in range(8):
                    with open(str(number), "wb") as file:
                        file.write(bytes(60 * 2**20))
            except OSError as error:
                for name in map(str, range(8)):
                    if os.path.exists(name):
                        os.unlink(name)
                return error.strerror

        def answer():
            return [fill("{SCRATCH}"), fill("/dev/shm")]
    """
    assert answer_of(sandbox, source) == ["No space left on device"] * 2
    assert answer_of(sandbox, LOOK) == UNTOUCHED


def test_a_fork_bomb_is_bounded(sandbox: Sandbox) -> None:
    """A submission gets a few dozen processes and threads, and not one after that."""
    source = """
        import os, time

        def answer():
            for count in range(1000):
                try:
                    if os.fork() == 0:
                        time.sleep(1e6)
                except OSError:
                    return count
    """
    assert answer_of(sandbox, source) < 64
    assert answer_of(sandbox, LOOK) == UNTOUCHED


@pytest.fixture(scope="module")
def shown() -> Iterator[Path]:
    """Return a folder far below /tmp, with a file of Python's packages in it."""
    with tempfile.TemporaryDirectory(prefix="grader-", dir="/tmp") as folder:
        packages = Path(folder, "checkout", "packages")
        packages.mkdir(parents=True)
        (packages / "package.py").write_text("shown = True\n", encoding="utf-8")
        Path(folder).chmod(0o755)
        yield packages


def test_a_child_has_the_limits_that_it_is_opened_with(sandbox: Sandbox) -> None:
    """Those of its exercise: a file more says which; the next child has the usual ones again."""
    source = """
        def answer():
            return len([open("/dev/null") for _ in range(60)])
    """
    few = Limits(guest=GuestLimits(open_files=40))
    with loaded(sandbox, source, limits=few) as session:
        refused = session.ask(CALL, PATIENCE_S)

    assert isinstance(refused, Raised)
    assert refused.limit == "40 open files"
    assert answer_of(sandbox, source) == 60


@pytest.fixture(scope="module")
def tight(shown: Path) -> Iterator[Sandbox]:
    """Return a sandbox in which little may be used, and some of Python lies below /tmp."""
    little = GuestLimits(memory_bytes=200 * 2**20, cpu_s=1, disk_bytes=40 * 2**20, files=300)
    limits = msgspec.structs.replace(QUICK, guest=little)
    folders = mounts.outermost([*mounts.python_folders(), shown])
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:  # while this one starts, and no other
            for module in (mounts, command):
                patch.setattr(module, "python_folders", lambda: folders)
            warm = stack.enter_context(Sandbox(Isolation.BUBBLEWRAP, "cpu", limits))
        yield warm


def test_python_below_tmp_is_shown_there_and_tmp_is_scratch(tight: Sandbox, shown: Path) -> None:
    """What is shown there can be read, and neither moved, nor written to, nor cleaned away."""
    source = f"""
        import os, tempfile

        def refused(attempt, *arguments):
            try:
                attempt(*arguments)
            except OSError:
                return True
            return False

        def answer():
            roof = os.path.join("/tmp", {str(shown)!r}.split("/")[2])
            open("/tmp/left", "w").close()
            return {{
                "read": open({str(shown / "package.py")!r}).read(),
                "temporary": tempfile.gettempdir(),
                "scratch": os.path.samefile("/tmp", os.getcwd()),
                "moved": not refused(os.rename, roof, "/tmp/other"),
                "replaced": not refused(os.rename, {str(shown.parent)!r}, roof + "/other"),
                "written": not refused(open, roof + "/new.py", "w"),
                "unlocked": not refused(os.chmod, roof, 0o700),
            }}
    """
    for _ in range(2):
        assert answer_of(tight, source) == {
            "read": "shown = True\n",
            "temporary": "/tmp",
            "scratch": True,
            **dict.fromkeys(["moved", "replaced", "written", "unlocked"], False),
        }
        assert answer_of(tight, LOOK) == UNTOUCHED


@pytest.mark.parametrize(
    ("greed", "told"),
    [
        ("many(lambda: [bytearray(b'x') * 2**20 * 40, time.sleep(1e6)])", "200 MB of memory"),
        ("many(lambda: [mapped(2**20 * 40), time.sleep(1e6)])", "200 MB of memory"),
        ("many(lambda: sum(itertools.repeat(1)))", "1 s of CPU time"),
        ("sum(itertools.repeat(1))", "1 s of CPU time"),
        ("[open(f'{number}', 'w').close() for number in itertools.count()]", "300 files"),
        ("[open(f'/dev/shm/{n}', 'w').close() for n in itertools.count()]", "300 files"),
        ("stored('/tmp', '/dev/shm')", "40 MB of files"),
        (
            "many(lambda: [[socket.socketpair() for _ in range(50)], time.sleep(1e6)])",
            "256 sockets",
        ),
    ],
)
def test_what_all_processes_use_together_is_limited(tight: Sandbox, greed: str, told: str) -> None:
    """Memory in many pieces, CPU time of many processes and empty files add up."""
    source = f"""
        import itertools, mmap, os, socket, time

        def stored(*folders):
            for folder in folders:
                with open(folder + "/large", "wb") as file:
                    file.write(bytes(2**20 * 25))
            time.sleep(1e6)

        def mapped(size):
            memory = mmap.mmap(-1, size)
            memory.write(b"x" * size)
            return memory

        def many(work):
            for _ in range(8):
                if os.fork() == 0:
                    work()
            time.sleep(1e6)

        def answer():
            {greed}
    """
    with pytest.raises(GuestDiedError, match=f"^used more than {told} and was ended$"):
        reply_of(tight, source)
    assert answer_of(tight, LOOK) == UNTOUCHED


def test_memory_that_processes_share_counts_once(tight: Sandbox) -> None:
    """A loader's workers have what their parent has, and that is no use of their own."""
    source = """
        import os, time

        def answer():
            data = bytearray(b"x") * 2**20 * 90
            children = [os.fork() or time.sleep(0.3) or os._exit(0) for _ in range(4)]
            return [os.waitpid(child, 0)[1] for child in children]
    """
    assert answer_of(tight, source) == [0, 0, 0, 0]


def test_many_lines_are_kept_up_to_a_limit(sandbox: Sandbox) -> None:
    """Whoever prints a lot is answered all the same, and the judge keeps little of it."""
    source = """
        def answer():
            for number in range(200_000):
                print("line", number)
            return "done"
    """
    with loaded(sandbox, source) as session:
        reply = session.ask(CALL, PATIENCE_S)

        assert reply == Returned("done", printed=True)
        printed = session.take_printed()
        assert len(printed) == QUICK.output_bytes
        assert printed.startswith(b"line 0\nline 1\n")
        assert session.take_printed() == b""


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        (b"\xff\xff\xff\xff", GuestGarbledError),
        (b"GET / HTTP/1.1\r\n\r\n" * 1000, GuestGarbledError),
        (HEADER.pack(9) + b"\xc1" * 9, GuestGarbledError),
        (HEADER.pack(3) + b"\x91\xa1x", GuestGarbledError),
        (HEADER.pack(9000) + b"\x91" * 9000, GuestGarbledError),
        (HEADER.pack(100) + b"half", GuestTimeoutError),
        (b"\0", GuestTimeoutError),
    ],
)
def test_what_is_no_reply_is_no_hang(
    sandbox: Sandbox, sent: bytes, problem: type[Exception]
) -> None:
    """Bytes that are no frame are told apart from an answer, half a frame is waited for."""
    source = f"""
        def answer():
            os.write(replies(), {sent!r})
            time.sleep(1e6)
    """
    with pytest.raises(problem):
        reply_of(sandbox, REPLIES, source, time_s=0.3)
    assert answer_of(sandbox, LOOK) == UNTOUCHED


def test_a_reply_that_trickles_in_does_not_move_the_deadline(sandbox: Sandbox) -> None:
    """A byte now and then is no answer."""
    source = """
        def answer():
            os.write(replies(), struct.pack(">I", 1_000_000))
            while True:
                os.write(replies(), b"x")
    """
    with pytest.raises(GuestTimeoutError):
        reply_of(sandbox, REPLIES, source, time_s=0.3)


def test_a_reply_that_nobody_asked_for_is_noticed(sandbox: Sandbox) -> None:
    """A second reply to one question does not answer the next."""
    source = f"""
        def answer():
            one = struct.pack(">I", {len(RETURNED_NONE)}) + {RETURNED_NONE!r}
            os.write(replies(), one + one)
            time.sleep(1e6)
    """
    with loaded(sandbox, REPLIES, source) as session:
        assert session.ask(CALL, PATIENCE_S) == Returned(None)
        with pytest.raises(GuestGarbledError, match="was not asked for"):
            session.ask(CALL, PATIENCE_S)


def test_a_closed_pipe_is_no_hang(sandbox: Sandbox) -> None:
    """A child that hangs up and lives on counts as dead."""
    source = """
        def answer():
            os.close(replies())
            time.sleep(1e6)
    """
    with pytest.raises(GuestDiedError, match="closed its answers"):
        reply_of(sandbox, REPLIES, source)
    assert answer_of(sandbox, LOOK) == UNTOUCHED


def test_a_large_request_to_a_deaf_child_is_no_hang(sandbox: Sandbox) -> None:
    """A child that reads nothing and dies does not block the judge's writing."""
    big = Load("exercise", "exercise.py", b"#" * 8 * 2**20, False, "cpu")
    source = """
        def answer():
            os.closerange(3, replies())
            time.sleep(1e6)
    """
    with loaded(sandbox, REPLIES, source) as session:
        with pytest.raises(GuestTimeoutError):
            session.ask(CALL, 0.3)
        with pytest.raises((GuestDiedError, GuestTimeoutError)):
            session.ask(big, 0.3)


def test_a_submission_has_its_own_file_descriptors_only(sandbox: Sandbox) -> None:
    """Nothing of the judge's is open in the child: three streams and its two lines."""
    source = """
        import os

        def answer():
            places = [f"/proc/self/fd/{fd}" for fd in range(1000)]
            return [os.readlink(each).split(":")[0] for each in places if os.path.exists(each)]
    """
    assert answer_of(sandbox, source) == ["/dev/null", *["pipe"] * 3, "socket"]


def test_a_submission_has_no_environment_of_the_judges(sandbox: Sandbox) -> None:
    """No variable of the judge's reaches a submission, and no home folder is there."""
    source = """
        import os

        def answer():
            return [dict(os.environ), os.path.exists(os.path.expanduser("~root/.bashrc"))]
    """
    variables, has_home = answer_of(sandbox, source)
    given = environment(device="cpu", scratch=SCRATCH)

    assert given.items() <= variables.items()
    assert variables.keys() - given.keys() <= {"PWD", "TORCHINDUCTOR_CACHE_DIR"}
    assert not has_home


def test_garbage_of_a_submission_is_collected(sandbox: Sandbox) -> None:
    """The server does without while it loads torch; its children do not."""
    source = """
        import gc

        def answer():
            return gc.isenabled(), gc.get_threshold()
    """
    assert answer_of(sandbox, source) == (True, gc.get_threshold())


def test_a_compiled_model_computes_as_it_is(sandbox: Sandbox) -> None:
    """Nothing is compiled, which would take longer than a call may, and needs a compiler."""
    source = """
        import torch

        @torch.compile
        def twice(x):
            return 2 * x

        def answer():
            model = torch.compile(torch.nn.Linear(1, 1, bias=False))
            return [type(model).__name__, twice(torch.ones(1)).item()]
    """
    assert answer_of(sandbox, source) == ["Linear", 2.0]


def test_a_submission_finds_nothing_of_the_graders(sandbox: Sandbox) -> None:
    """No suite, solution, submission or table of mistakes is on its disk, under any name."""
    source = """
        import os, re

        LARGE = {"proc", "torch", "nvidia", "triton", "__pycache__", "perl", "doc"}

        def secret(folder, name):
            named = re.match(r"ex\\d\\d_|mistakes.toml", name)
            read = name.endswith(".py") and "/site-packages" not in folder
            path = os.path.join(folder, name)
            if not (named or read) or not os.access(path, os.R_OK):
                return False
            with open(path, "rb") as file:
                return named or b"grader.judge" in file.read()

        def answer():
            seen, found = 0, []
            for folder, folders, files in os.walk("/"):
                folders[:] = [name for name in folders if name not in LARGE]
                seen += len(files)
                found += [name for name in files if secret(folder, name)]
            return [seen > 1000, found, os.listdir("/lab/code/grader")]
    """
    seen, found, code = answer_of(sandbox, source)

    assert seen
    assert found == []
    assert sorted(code) == ["__init__.py", "guest"]


def test_a_submission_has_no_network(sandbox: Sandbox) -> None:
    """There is no interface but the loopback one, and no way out."""
    source = """
        import socket

        def attempt(family, address):
            try:
                socket.socket(family, socket.SOCK_STREAM).connect(address)
            except OSError as error:
                return error.strerror
            return "connected"

        def answer():
            return [
                [line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]],
                attempt(socket.AF_INET, ("192.0.2.1", 80)),
                attempt(socket.AF_UNIX, "/run/dbus/system_bus_socket"),
            ]
    """
    assert answer_of(sandbox, source) == [
        ["lo"],
        "Network is unreachable",
        "No such file or directory",
    ]


def test_a_submission_writes_to_its_scratch_folders_only(sandbox: Sandbox) -> None:
    """Every other folder that can be listed is read-only."""
    source = f"""
        import os, sys

        def answer():
            written = []
            places = ["/", "/usr", "/usr/lib", "/dev", "/proc", "/proc/sys/kernel", "/lab",
                      "{GUEST_CODE}/grader/guest", sys.prefix, os.path.dirname(os.__file__),
                      os.path.dirname(sys.executable), "{SCRATCH}", "/dev/shm"]
            for place in places:
                try:
                    open(f"{{place}}/left_behind.py", "w").close()
                    written.append(place)
                except OSError:
                    pass
            return written
    """
    assert answer_of(sandbox, source) == [SCRATCH, "/dev/shm"]


def test_a_submission_can_not_reach_the_server(sandbox: Sandbox) -> None:
    """Signals, limits, priorities and memory of PID 1 are out of its reach."""
    source = """
        import os, resource, signal

        ATTEMPTS = {
            "signal": lambda: os.kill(1, signal.SIGINT),
            "limits": lambda: resource.prlimit(1, resource.RLIMIT_CPU, (1, 1)),
            "priority": lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
            "priorities": lambda: os.setpriority(os.PRIO_USER, 0, 19),
            "affinity": lambda: os.sched_setaffinity(1, {0}),
            "scheduler": lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)),
            "memory": lambda: open("/proc/1/mem", "rb"),
            "environment": lambda: open("/proc/1/environ").read(),
            "map": lambda: open("/proc/1/maps").read(),
            "files": lambda: os.listdir("/proc/1/fd"),
            "root": lambda: os.listdir("/proc/1/root"),
            "victim": lambda: open("/proc/1/oom_score_adj", "w").write("1000"),
        }

        def succeeds(attempt):
            try:
                attempt()
            except PermissionError:
                return False
            return True

        def answer():
            return [name for name, attempt in ATTEMPTS.items() if succeeds(attempt)]
    """
    assert answer_of(sandbox, source) == []


def test_the_kernel_refuses_what_the_filter_names(sandbox: Sandbox) -> None:
    """No new namespace, no mount, no trace, nothing that outlives its process, no terminal."""
    source = """
        import fcntl, socket, tempfile

        def terminal():
            try:
                fcntl.ioctl(0, 0x5412, b"x")
            except PermissionError:
                return True
            return False

        def answer():
            return {
                "unshare": refused(272, 97, 0x10000000),
                "clone": refused(56, 220, 0x10000011, 0, 0, 0, 0),
                "mount": refused(165, 40, b"none", b"/tmp", b"tmpfs", 0, 0),
                "ptrace": refused(101, 117, 16, 1, 0, 0),
                "read": refused(310, 270, 1, 0, 0, 0, 0, 0),
                "shared memory": refused(29, 194, 1234, 4096, 0o1666),
                "message queue": refused(68, 186, 1234, 0o1666),
                "key": refused(248, 217, b"user", b"name", b"left", 4, -4),
                "memory file": refused(319, 279, b"name", 0),
                "core": refused(203, 122, 0, 8, b"\1" + bytes(7)),
                "terminal": terminal(),
            }
    """
    answer = answer_of(sandbox, SYSTEM_CALL, source)

    assert [name for name, is_refused in answer.items() if not is_refused] == []


def test_torch_works_with_threads_and_loaders(sandbox: Sandbox) -> None:
    """What the sandbox refuses is not what a submission needs: threads, worker processes."""
    source = """
        import torch
        from torch.utils.data import DataLoader, TensorDataset

        def answer():
            torch.set_num_threads(2)
            layer = torch.nn.Linear(200, 200)
            layer(torch.ones(300, 200)).sum().backward()
            loader = DataLoader(TensorDataset(torch.arange(6.0)), batch_size=2, num_workers=1)
            return sum(batch.sum().item() for (batch,) in loader)
    """
    assert answer_of(sandbox, source) == 15.0


def test_without_isolation_the_protocol_is_the_same(unprotected: Sandbox) -> None:
    """A submission answers, dies in words and times out as it does in the sandbox."""
    with pytest.raises(GuestDiedError, match="exit code 3"):
        reply_of(unprotected, "import os\ndef answer(): os._exit(3)")
    with pytest.raises(GuestTimeoutError):
        reply_of(unprotected, "def answer():\n    while True: pass", time_s=0.3)
    assert answer_of(unprotected, "def answer(): return 5") == 5


def test_without_isolation_daemons_and_files_are_removed(unprotected: Sandbox) -> None:
    """Processes that it left are gone, and so are files in its own folder."""
    source = """
        def answer():
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(1e6)
                os._exit(0)
            os.wait()
            open("left.txt", "w").close()
            return os.getcwd()
    """
    with loaded(unprotected, "import os, time", source) as session:
        reply = session.ask(CALL, PATIENCE_S)
        assert isinstance(reply, Returned)
        server = unprotected._process
        assert server is not None
        started = descendants(server.pid) - {server.pid}
        with watched(started) as handles:
            session.end()

            assert still_running(handles) == []
            unprotected.settle()
            assert list(Path(str(reply.value)).iterdir()) == []


def test_a_server_that_ends_while_cleaning_costs_nobody_anything() -> None:
    """A server that hangs up instead of saying "clean" is ended; that is no error."""
    sandbox = Sandbox(Isolation.NONE, "cpu", QUICK)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        sandbox._control, sandbox._dirty = ours, True
        theirs.shutdown(socket.SHUT_WR)

        sandbox.settle()

        assert vars(sandbox)["_control"] is None
        sandbox.close()


def test_a_sandbox_that_can_not_start_says_why_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last line of what bubblewrap said is told, and the scratch folder is deleted."""
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho creating a namespace is not permitted >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()

    with (
        pytest.raises(SandboxUnavailable, match=r"is not permitted.*--sandbox none"),
        Sandbox(Isolation.BUBBLEWRAP, "cpu", QUICK),
    ):
        pass

    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_server_that_is_gone_is_replaced(sandbox: Sandbox) -> None:
    """The next submission is answered by a new server."""
    process = sandbox._process
    assert process is not None

    with watched(descendants(process.pid)) as handles:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert still_running(handles) == []

    assert answer_of(sandbox, LOOK) == UNTOUCHED


@pytest.mark.parametrize("isolation", list(Isolation))
def test_no_process_is_left_after_kill(
    tight: Sandbox, unprotected: Sandbox, isolation: Isolation
) -> None:
    """Server, child and daemon end with the sandbox, in the middle of a call too."""
    running = tight if isolation is Isolation.BUBBLEWRAP else unprotected
    with loaded(running, DAEMON) as session:
        session.ask(CALL, PATIENCE_S)
        server = running._process
        assert server is not None
        family = descendants(server.pid)
        with watched(family) as handles:
            running.kill()

            assert len(family) >= 3
            assert still_running(handles) == []
