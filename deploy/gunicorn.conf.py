"""gunicorn's settings, for production (docker-compose.yml) and `make run` alike.

Threads, because a request mostly waits for the database; two processes by default, because a small machine has two cores.
"""

import gc
import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("GRIDGOV_THREADS", "4"))
timeout = 60
graceful_timeout = 10
keepalive = 5
# Of what comes before the body: longer lines and more headers than ours are refused before anybody reads them.
limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190
# Connections that one process holds open; a thread waits as long as a request drips in, so the proxy in front takes it whole
# first (docs/threats.md).
worker_connections = 200
# The heartbeat files: in memory, so that neither a slow disk nor a read-only root file system matters.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# Docker and systemd send signals; nobody asks for a socket that takes orders.
control_socket_disable = True
# The house writes one of its own, which names nobody (gridgov.core.access).
accesslog = None
# Django is imported once and shared by the workers: less memory, and the first page comes sooner.
preload_app = True


def when_ready(server: object) -> None:
    """What was imported lives as long as the process: the collector of garbage needn't walk over it again and again, and
    what nobody touches stays shared by the workers."""
    gc.collect()
    gc.freeze()


def pre_fork(server: object, worker: object) -> None:
    """A connection opened while importing would be shared by all workers, and garble: part with it before each fork."""
    from django.db import connections

    connections.close_all()
