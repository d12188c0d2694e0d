"""Keep a few processes running in the foreground: start, watch, restart, and stop them all together."""

import math
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from gridgov.up.console import Console
from gridgov.up.guard import PR_SET_CHILD_SUBREAPER, children, kill, prctl
from gridgov.up.parent import Parent
from gridgov.up.process import Command, Process, how_it_ended

TICK = 0.1
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
# A process that ran this long had a good start: its next end is a new story.
GOOD_RUN = 20.0
# So often may a process end before it was ever ready; then the whole start has failed.
START_ATTEMPTS = 3
STILL_EVERY = 10.0
# make and timeout pass a signal on that the terminal has sent to us as well: one wish, heard twice.
ECHO_SECONDS = 1.0
LONGEST_STOP = 40.0


class StopRequested(Exception):
    """Somebody wants the run to end; the text says who."""


class StartFailed(Exception):
    """A process did not get ready or a step failed; the text says which and how."""


@dataclass
class Service:
    """A process to be kept: what to run, asked anew at each start, and how to know that it does its work.

    FLOOR orders the stopping: engines stand on 0, what uses them on 1.
    """

    name: str
    command: Callable[[], Command]
    ready: Callable[[], bool]
    floor: int = 0
    process: Process | None = None
    up: bool = False
    ends: int = 0
    began: float = 0.0
    due: float | None = None


class Supervisor:
    """Runs services in the order they are started and stops them in the reverse one.

    Everything that waits goes through pause(), which also watches: a service that ended is restarted after a pause that
    doubles, and a wish to stop (signal, closed terminal, our own parent gone) is raised as StopRequested.
    """

    def __init__(self, console: Console, *, hold: tuple[int, ...] = ()) -> None:
        self.console = console
        self._hold = hold
        self._services: list[Service] = []
        self._steps: list[Process] = []
        self._signals: list[int] = []
        self._parent = Parent()
        # What a killed guard leaves behind falls to us instead of to init.
        prctl(PR_SET_CHILD_SUBREAPER, 1)

    def say(self, line: str) -> None:
        self.console.say("up", line)

    def listen_to_signals(self) -> None:
        """SIGINT explicitly, as shells start background jobs deaf to it; SIGHUP only where nohup did not ask."""
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals.append(number)

    def start(self, service: Service) -> None:
        self._services.append(service)
        self._launch(service)

    def _launch(self, service: Service) -> None:
        service.due, service.up, service.began = None, False, time.monotonic()
        service.process = Process(service.command(), self.console.say, hold=self._hold)

    def wait_ready(self, service: Service, *, seconds: float = math.inf) -> None:
        """Return once SERVICE is ready; raise StartFailed if it keeps ending before, or is not ready in SECONDS."""
        said = time.monotonic()
        while not service.up:
            self.pause()
            if service.ends >= START_ATTEMPTS:
                raise StartFailed(f"{service.name} does not start; its last words are above")
            if time.monotonic() - service.began >= seconds:
                raise StartFailed(f"{service.name} runs but does not do its work after {seconds:.0f} s")
            if time.monotonic() - said >= STILL_EVERY:
                said = time.monotonic()
                self.say(f"still waiting for {service.name} ({said - service.began:.0f} s)")

    def run_step(self, command: Command) -> None:
        """Run COMMAND to its end; raise StartFailed if it fails."""
        self.finish_step(self.begin_step(command))

    def begin_step(self, command: Command) -> Process:
        process = Process(command, self.console.say, hold=self._hold)
        self._steps.append(process)
        return process

    def finish_step(self, process: Process) -> None:
        began = said = time.monotonic()
        while (code := process.exit_code()) is None:
            self.pause()
            if time.monotonic() - said >= STILL_EVERY:
                said = time.monotonic()
                self.say(f"still at {process.command.name} ({said - began:.0f} s)")
        process.wait()
        self._steps.remove(process)
        if code:
            raise StartFailed(f"{process.command.name} {how_it_ended(code)}; its last words are above")

    def pause(self) -> None:
        """Let a moment pass, looking after everything meanwhile; raise StopRequested when it is time to go."""
        if self._signals:
            raise StopRequested(signal.Signals(self._signals[0]).name)
        if self.console.gone:
            raise StopRequested("the terminal is gone")
        if reason := self._parent.left_us():
            raise StopRequested(reason)
        for service in self._services:
            self._look_after(service)
        time.sleep(TICK)

    def _look_after(self, service: Service) -> None:
        if service.due is not None:
            if time.monotonic() >= service.due:
                self._launch(service)
            return
        assert service.process is not None
        code = service.process.exit_code()
        if code is not None:
            self._mourn(service, service.process, code)
        elif not service.up and service.ready():
            service.up = True
            if service.ends:
                self.say(f"{service.name} is back")

    def _mourn(self, service: Service, process: Process, code: int) -> None:
        """Clear away what is left of a service that ended by itself and set the time of its next start."""
        self._reap_strays()
        process.wait()
        if service.up and time.monotonic() - service.began >= GOOD_RUN:
            service.ends = 0
        pause = min(FIRST_PAUSE * 2**service.ends, LONGEST_PAUSE)
        service.ends += 1
        service.up, service.due = False, time.monotonic() + pause
        self.say(f"{service.name} {how_it_ended(code)}: starting it again in {pause:g} s")

    def _ours(self) -> list[Process]:
        return [*self._steps, *(service.process for service in self._services if service.process is not None)]

    def _reap_strays(self) -> None:
        """Kill what a killed guard held. It fell to us, and a new PostgreSQL would refuse to start beside it."""
        known = {process.pid for process in self._ours()}
        while strays := [pid for pid in children() if pid not in known]:
            for pid in strays:
                kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)

    def watch(self) -> None:
        """Look after the services until StopRequested is raised."""
        while True:
            self.pause()

    def stop(self) -> None:
        """Stop everything, the highest floor first, each floor together."""
        floors = sorted({service.floor for service in self._services}, reverse=True)
        self._stop_together(self._steps)
        for floor in floors:
            self._stop_together([s.process for s in self._services if s.floor == floor and s.process is not None])
        self._services.clear()
        self._steps.clear()
        self._reap_strays()

    def _stop_together(self, processes: list[Process]) -> None:
        """Ask all, then wait for all. A Ctrl-C that comes later than the first one's echoes kills instead of asking."""
        for process in processes:
            process.ask_to_stop()
        began, heard = time.monotonic(), 0
        while any(process.exit_code() is None for process in processes):
            since = time.monotonic() - began
            if since < ECHO_SECONDS:
                heard = len(self._signals)
            elif len(self._signals) > heard:
                heard = len(self._signals)
                self.say("once more: killing what is left")
                for process in processes:
                    process.ask_to_stop()
            elif since >= LONGEST_STOP:
                break
            time.sleep(TICK / 2)
        for process in processes:
            process.wait()
