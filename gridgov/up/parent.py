"""Whether who started us still wants us."""

import os
import signal
from pathlib import Path

ENDING = (1 << (signal.SIGINT - 1)) | (1 << (signal.SIGHUP - 1))


class Parent:
    """The process that started this one: usually make, or a shell."""

    def __init__(self) -> None:
        self.pid = os.getppid()
        self._is_make = self._read("comm").strip() in {"make", "gmake"}

    def _read(self, name: str) -> str:
        """A file of /proc about it; empty where there is none."""
        try:
            return Path(f"/proc/{self.pid}/{name}").read_text()
        except OSError:
            return ""

    def left_us(self) -> str | None:
        """In words, why there is no reason to go on; None while there is one."""
        if os.getppid() != self.pid:
            return "the process that started us is gone"
        if self._is_make and self._is_ending():
            return "make was told to stop"
        return None

    def _is_ending(self) -> bool:
        """Whether make is in the handler of SIGINT or SIGHUP, in which it blocks them.

        Signalled alone, not with its whole group as by Ctrl-C, make tells nobody: it only waits for us to end.
        """
        for line in self._read("status").splitlines():
            name, _, mask = line.partition(":")
            if name == "SigBlk":
                return bool(int(mask, 16) & ENDING)
        return False
