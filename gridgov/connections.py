"""How the processes speak with PostgreSQL: connections that notice a dead end, and what changes behind a pool.

A machine that is cut off in the middle of a transaction holds its rows until PostgreSQL notices, which by its own usual takes two
hours; nobody else can take the jobs meanwhile. So each connection asks the server to look after half a minute of silence, and
those of web, worker and courier to end a transaction in which nothing happened for ten minutes.
"""

from collections.abc import Mapping
from typing import Any

import dj_database_url

# Seconds: silence before the first look, between looks, and looks without an answer.
LOOK_AFTER, LOOK_EVERY, LOOKS = 30, 10, 3
IDLE_TRANSACTION_SECONDS = 600
# Who serves all day and may be cut off; a command by hand may think for longer in the middle of its one transaction.
SERVING = frozenset({"web", "worker", "courier"})
# A database that takes the connection and says nothing is waited for so long.
CONNECT_SECONDS = 5


def database(url: str, environment: Mapping[str, str], *, pooled: bool) -> dict[str, Any]:
    """Django's DATABASES["default"] for URL. POOLED: through PgBouncer that gives a connection away with each transaction, so
    nothing may outlive one: no cursor on the server, no setting of a session; and a connection to it costs nothing to keep."""
    found: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
    options = found.setdefault("OPTIONS", {})
    options.setdefault("application_name", environment.get("GRIDGOV_ROLE", "gridgov"))
    options.setdefault("connect_timeout", CONNECT_SECONDS)
    # The same from this side: a database's machine that vanished is noticed, too.
    options |= {"keepalives_idle": LOOK_AFTER, "keepalives_interval": LOOK_EVERY, "keepalives_count": LOOKS}
    if pooled:
        found["DISABLE_SERVER_SIDE_CURSORS"] = True
        return found
    asked: dict[str, object] = {
        "tcp_keepalives_idle": LOOK_AFTER,
        "tcp_keepalives_interval": LOOK_EVERY,
        "tcp_keepalives_count": LOOKS,
    }
    if environment.get("GRIDGOV_ROLE") in SERVING:
        idle = int(environment.get("GRIDGOV_IDLE_TRANSACTION_SECONDS", IDLE_TRANSACTION_SECONDS))
        asked["idle_in_transaction_session_timeout"] = f"{idle}s"
    mine = " ".join(f"-c {name}={value}" for name, value in asked.items())
    options["options"] = " ".join(filter(None, (mine, options.get("options", ""))))
    return found
