"""PgBouncer between the house and its database, set up as docs/scaling.md says (`GRIDGOV_POOLED`); Debian: `apt-get install pgbouncer`."""

import os
import shutil
import subprocess
import time
from pathlib import Path

NAME = "pgbouncer"
# The lines of docs/scaling.md, on sockets instead of addresses; whoever comes is gridgov.
CONFIG = """[databases]
{database} = host={target} port=5432 dbname={database} user=gridgov
[pgbouncer]
listen_addr =
listen_port = 5432
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 1000
ignore_startup_parameters = extra_float_digits
server_login_retry = 1
logfile = {folder}/log
"""


class Pool:
    """A PgBouncer on a socket in FOLDER that leads to DATABASE at the socket in TARGET, over SIZE connections at most."""

    def __init__(self, folder: Path, target: Path, database: str, size: int) -> None:
        """Raises FileNotFoundError where there is no PgBouncer, TimeoutError where it doesn't start."""
        program = shutil.which(NAME) or shutil.which(NAME, path="/usr/sbin")
        if program is None:
            raise FileNotFoundError("there is no pgbouncer here: apt-get install pgbouncer")
        folder.mkdir()
        config = folder / "pgbouncer.ini"
        config.write_text(CONFIG.format(database=database, target=target, folder=folder, size=size))
        as_nobody = []
        if os.geteuid() == 0:  # it refuses to run as root
            shutil.chown(folder, "nobody")
            as_nobody = ["-u", "nobody"]
        self._process = subprocess.Popen([program, "-q", *as_nobody, str(config)])
        end = time.monotonic() + 20
        while not (folder / ".s.PGSQL.5432").exists():
            if self._process.poll() is not None or time.monotonic() > end:
                self.close()
                raise TimeoutError(f"pgbouncer did not start: {folder / 'log'}")
            time.sleep(0.05)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)
