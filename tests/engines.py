"""pytest plugin: throw-away PostgreSQL and Valkey for one test session.

Loaded with `-p tests.engines` (pyproject.toml), because pytest-django reads the settings before any conftest.py is. The
controller starts the engines; xdist's workers find them in their environment. So does whoever sets DATABASE_URL and
REDIS_URL to servers of their own.
"""

import gc
import os
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gridgov.up.engines import Engines
from tests import migrated

_open = ExitStack()
_ours: list[Engines] = []


def start() -> bool:
    """Put DATABASE_URL and REDIS_URL into the environment, starting servers if one is not there; whether PostgreSQL is ours."""
    folder = Path(_open.enter_context(tempfile.TemporaryDirectory(prefix="gridgov-tests-")))
    folder.chmod(0o711)  # root's engines run as `nobody`, who must pass
    os.environ["GRIDGOV_TEST_FOLDER"] = str(folder)
    ours = "DATABASE_URL" not in os.environ
    if not {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
        engines = _open.enter_context(Engines(folder, durable=False))
        _ours.append(engines)
        os.environ.setdefault("DATABASE_URL", engines.database_url)
        os.environ.setdefault("REDIS_URL", engines.redis_url)
    return ours


def own_corner(worker: str) -> None:
    """Give an xdist worker (`gw1`) a Valkey database of its own; pytest-django does so with PostgreSQL's."""
    number = int(worker.removeprefix("gw")) + 1
    os.environ["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{number}").geturl()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, None, None]:
    """A wrapper, and so before pytest-django's own implementation, which reads the settings."""
    options = early_config.known_args_namespace
    ours = False
    if not (options.help or options.version):
        worker = os.environ.get("PYTEST_XDIST_WORKER")
        if worker:
            own_corner(worker)
        else:
            ours = start()
        os.environ["GRIDGOV_DATA"] = tempfile.mkdtemp(prefix="data-", dir=os.environ["GRIDGOV_TEST_FOLDER"])
    os.environ["GRIDGOV_SECRET_KEY"] = "only for tests"
    os.environ["GRIDGOV_STATIC_FROM_SOURCE"] = "1"
    # Administrators come in without a second factor, as with `make run`; tests of signing in ask for it (tests/signing.py).
    os.environ["GRIDGOV_EASY_SIGN_IN"] = "1"
    # No verb of a test pays the look whether there are webhooks; tests of webhooks look themselves.
    os.environ["GRIDGOV_HOOKS_LOOK_AGAIN"] = "86400"
    os.environ.pop("GRIDGOV_DEBUG", None)
    if ours:
        migrated.begin(_open)
    return (yield)


def pytest_collection_finish() -> None:
    """The house, its packages and all tests stay as long as the process: nothing to look through again and again. What tests leave in
    circles is collected less often, too: half a minute of a core in a whole run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """An engine that ended on the way: what failed after it failed by it."""
    for words in (words for engines in _ours for words in engines.fallen()):
        terminalreporter.section("an engine ended before the tests did", red=True)
        terminalreporter.write_line(words)


def pytest_unconfigure() -> None:
    _open.close()
