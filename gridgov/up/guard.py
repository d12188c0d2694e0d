"""Hold one command and everything it starts; let none of it outlive whoever started the guard.

Run as a script with nothing but the standard library: `python -I -S guard.py '{options}' command argument…`.

The starter keeps the write end of the guard's stdin open and never writes to it. Whatever ends the starter, also
kill -9, closes that pipe, and the guard takes the command down. PR_SET_PDEATHSIG alone would not do: it reaches the
command but not what the command started (gunicorn's workers, Celery's pool, PostgreSQL's backends, which even leave the
process group). So the guard is also a subreaper: orphans of the command become its children, and it ends only when it
has none.

SIGTERM asks the command to stop (a second one stops asking and kills). Exit code: the command's own; 128 + n if signal
n killed it; 127 if it could not be started.
"""

import contextlib
import ctypes
import json
import os
import select
import signal
import struct
import sys
import time
from typing import Any, NoReturn

LINUX = sys.platform == "linux"
PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_SET_CHILD_SUBREAPER, PR_CAP_AMBIENT = 1, 28, 36, 47
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522
# After the starter's death nobody waits for a graceful end any more.
GRACE_AFTER_DEATH = 3.0


def prctl(*arguments: int) -> None:
    """Call prctl(2) where there is one; raise OSError if it refuses."""
    if not LINUX:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(a) for a in (*arguments, 0, 0, 0, 0)[1:5]]
    if libc.prctl(ctypes.c_int(arguments[0]), *padded) != 0:
        raise OSError(ctypes.get_errno(), f"prctl{arguments}")


def become(uid: int, gid: int, *, reach: bool) -> None:
    """Stop being root. With REACH, keep the one capability that opens folders which only root may enter.

    A checkout in /root has such folders above it. (The bit also lets access(2) count the capability: initdb asks it.)
    """
    if reach:
        prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if reach:
        libc = ctypes.CDLL(None, use_errno=True)
        bit = 1 << CAP_DAC_OVERRIDE
        header = ctypes.create_string_buffer(struct.pack("=Ii", CAPABILITY_VERSION_3, 0))
        data = ctypes.create_string_buffer(struct.pack("=6I", bit, bit, bit, 0, 0, 0))
        if libc.capset(header, data) != 0:
            raise OSError(ctypes.get_errno(), "capset")
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE)


def run_command(options: dict[str, Any], argv: list[str], guard: int) -> NoReturn:
    """In the forked child: lay off the guard's ways and become the command."""
    try:
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if options.get("uid") is not None:
            become(options["uid"], options["gid"], reach=options.get("reach", False))
        # After setuid, which clears it. It fires only when the guard itself is killed.
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != guard:
            os._exit(128 + signal.SIGKILL)
        if options.get("cwd"):
            os.chdir(options["cwd"])
        os.execvp(argv[0], argv)
    except OSError as error:
        os.write(2, f"cannot start {argv[0]}: {error}\n".encode())
    os._exit(127)


def children() -> list[int]:
    """Pids of our direct children, orphans that fell to us included; [] where there is no /proc."""
    found, me = [], os.getpid()
    for name in os.listdir("/proc") if LINUX else ():
        if name.isdigit():
            with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as stat:
                if int(stat.read().rpartition(")")[2].split()[1]) == me:
                    found.append(int(name))
    return found


def kill(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def sweep() -> None:
    """Kill and reap until we have no child left. A killed child's own children fall to us, so this goes on down."""
    while True:
        for pid in children():
            kill(pid, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def watch(child: int, options: dict[str, Any], wakeup: int, orders: list[int]) -> int:
    """Wait for the command's end, passing on the order to stop; return its exit code."""
    stop, grace = options.get("stop", signal.SIGTERM), options.get("grace", 10.0)
    deadline: float | None = None
    sources = [0, wakeup]
    while True:
        while (reaped := os.waitpid(-1, os.WNOHANG))[0]:
            if reaped[0] == child:
                code = os.waitstatus_to_exitcode(reaped[1])
                return code if code >= 0 else 128 - code
        if orders and deadline is None:
            kill(child, stop)
            deadline = time.monotonic() + grace
        if len(orders) > 1 or (deadline is not None and time.monotonic() >= deadline):
            kill(child, signal.SIGKILL)
        wait = None if deadline is None else max(0.05, deadline - time.monotonic())
        ready, _, _ = select.select(sources, [], [], wait)
        if wakeup in ready:
            os.read(wakeup, 512)
        if 0 in ready and not os.read(0, 512):
            sources.remove(0)
            orders.append(0)
            grace = min(grace, GRACE_AFTER_DEATH)


def main() -> int:
    options, argv = json.loads(sys.argv[1]), sys.argv[2:]
    # The starter's lock: held for as long as anything of a run is alive, but not handed on to the command.
    for fd in options.get("hold", ()):
        os.set_inheritable(fd, False)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    wakeup, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    orders: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: orders.append(number))
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    guard = os.getpid()
    child = os.fork()
    if child == 0:
        run_command(options, argv, guard)
    code = watch(child, options, wakeup, orders)
    sweep()
    # Python takes its handlers away as it ends: an order that comes just then would end us by itself, and the code be lost.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return code


if __name__ == "__main__":
    sys.exit(main())
