"""What the person at the terminal reads: one stream, each line with the name of who says it."""

import contextlib
import os
import sys
import threading

COLOURS = {"up": "1", "postgres": "34", "valkey": "35", "setup": "36", "demo": "36", "web": "32", "worker": "33"}
NAME_WIDTH = 8


class Console:
    """Prints `name | line`. When the terminal is gone, it remembers that in `gone` and stays silent."""

    def __init__(self) -> None:
        self.gone = False
        self._lock = threading.Lock()
        self._colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def say(self, name: str, line: str) -> None:
        label = f"{name:>{NAME_WIDTH}} |"
        if self._colour:
            label = f"\033[{COLOURS.get(name, '0')}m{label}\033[0m"
        self.show(f"{label} {line}")

    def show(self, text: str) -> None:
        """Print TEXT as it is. Never raises: threads that listen to children call this."""
        with self._lock:
            if self.gone:
                return
            try:
                print(text, flush=True)
            except (OSError, ValueError):  # closed pipe, terminal hung up, or closed by Python itself
                self.gone = True
                let_go()


def let_go() -> None:
    """Empty Python's buffers, into nowhere if the terminal is gone: else Python tries again at its end, and ends with 120."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)
