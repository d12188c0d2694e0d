"""What stands between the house and PostgreSQL's socket: it lets through, delays, holds or cuts off."""

import asyncio
import contextlib
import threading
from pathlib import Path


class Proxy:
    """A Unix socket in FOLDER that leads to TARGET. `delay`: seconds that each answer takes longer; `held`: nothing goes
    through in either direction; `shut`: whoever comes is sent away."""

    def __init__(self, folder: Path, target: Path) -> None:
        self.path, self.target = folder / ".s.PGSQL.5432", target / ".s.PGSQL.5432"
        self.delay, self.held, self.shut = 0.0, False, False
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="proxy")
        self._thread.start()
        self._ready.wait(10)

    def close(self) -> None:
        """Part with all, and end."""
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def cut(self) -> None:
        """Part with all who are connected, without a word."""
        self._loop.call_soon_threadsafe(self._cut)

    def _cut(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_unix_server(self._serve, str(self.path), backlog=256))
        self.path.chmod(0o777)
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0.1))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self.shut:
                raise ConnectionRefusedError
            far_reader, far_writer = await asyncio.open_unix_connection(str(self.target))
        except OSError:
            writer.transport.abort()
            return
        self._open |= {writer, far_writer}
        await asyncio.gather(self._pump(reader, far_writer, slow=False), self._pump(far_reader, writer, slow=True))
        self._open -= {writer, far_writer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, slow: bool) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(1 << 16):
                if slow and self.delay:
                    await asyncio.sleep(self.delay)
                while self.held:
                    await asyncio.sleep(0.02)
                writer.write(chunk)
                await writer.drain()
        with contextlib.suppress(OSError, RuntimeError):
            writer.close()
