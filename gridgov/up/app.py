"""The command lines of gridgov's own processes."""

import sys
from dataclasses import dataclass

PYTHON = sys.executable
CELERY = (PYTHON, "-m", "celery", "-A", "gridgov.up.pulse", "--quiet")
WORKER = (*CELERY, "worker", "--without-gossip", "--without-mingle", "--loglevel", "INFO")


@dataclass(frozen=True)
class App:
    """What a stack runs on its engines. `{fd}` stands for the listening socket, `{data}` for the data folder.

    MIGRATE and FILL (which must leave a filled database alone) end by themselves. WEB answers 200 at READY; WORKER,
    COURIER (who waits for other systems) and BEAT touch the file named by GRIDGOV_PULSE once they do their work.
    """

    migrate: tuple[str, ...]
    fill: tuple[str, ...]
    web: tuple[str, ...]
    worker: tuple[str, ...]
    courier: tuple[str, ...]
    beat: tuple[str, ...]
    ready: str


GRIDGOV = App(
    migrate=(PYTHON, "manage.py", "migrate", "--no-input"),
    fill=(PYTHON, "manage.py", "load_demo", "--if-empty"),
    web=(PYTHON, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--bind", "fd://{fd}", "gridgov.wsgi"),
    worker=(*WORKER, "--hostname", "worker@%h", "--concurrency", "2"),
    # It mostly waits: threads do.
    courier=(*WORKER, "--hostname", "courier@%h", "--queues", "errands", "--pool", "threads", "--concurrency", "8"),
    beat=(*CELERY, "beat", "--schedule", "{data}/beat-schedule", "--pidfile=", "--loglevel", "WARNING"),
    ready="/readyz",
)
