"""What the doctor says of the insides of the engines, and of settings: each state, of numbers; and the checks for real, in order."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone

from gridgov.core.checks_within import by_https, connections_left, memory_of, open_since, rows_left_behind
from gridgov.core.doctor import State, ask


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (connections_left(10, 97), State.OK),
        (connections_left(80, 97), State.WARN),
        (connections_left(95, 97), State.BAD),
        (open_since(7, 5.0, "web"), State.OK),
        (open_since(7, 1200.0, "web"), State.WARN),
        (open_since(7, 9000.0, "web"), State.BAD),
        (rows_left_behind(150_000_000, None, True), State.OK),
        (rows_left_behind(500_000_000, None, True), State.WARN),
        (rows_left_behind(1_500_000_000, None, True), State.BAD),
        (rows_left_behind(1, None, False), State.WARN),
        (rows_left_behind(1, ("core_job", 90_000, 4), True), State.WARN),
        (memory_of(1 << 20, 0, "noeviction"), State.OK),
        (memory_of(90, 100, "noeviction"), State.WARN),
        (memory_of(1, 100, "allkeys-lru"), State.BAD),
        (by_https(secure=True, debug=False, origins=["https://a"], proxies=1), State.OK),
        (by_https(secure=True, debug=False, origins=["https://a"], proxies=0), State.WARN),
        (by_https(secure=True, debug=False, origins=["http://a"], proxies=1), State.BAD),
        (by_https(secure=False, debug=False, origins=[], proxies=0), State.WARN),
        (by_https(secure=True, debug=True, origins=[], proxies=1), State.BAD),
    ],
)
def test_what_numbers_mean(found: Any, state: State) -> None:
    assert found.state == state
    assert (found.advice or found.code) if state != State.OK else found.said


@pytest.mark.django_db
def test_engines_that_run_are_in_order_inside() -> None:
    now = timezone.now()
    names = ("connections", "transactions", "vacuum", "database_disk", "valkey_memory", "static")
    found = {name: ask(name, at=now).state for name in names}
    # Another worker's tests may be vacuumed late; nothing of it is broken or bad.
    assert set(found.values()) <= {State.OK, State.UNKNOWN, State.WARN}, found
    assert (found["static"], found["valkey_memory"]) == (State.OK, State.OK)


@pytest.mark.django_db
def test_static_files_that_were_not_collected_are_told(tmp_path: Path) -> None:
    backend = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    stores = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": backend}
    (tmp_path / "from").mkdir()
    (tmp_path / "from" / "a.css").write_text("a { color: red }" * 200)
    with override_settings(
        WHITENOISE_USE_FINDERS=False, STATIC_ROOT=tmp_path / "to", STORAGES=stores, STATICFILES_DIRS=[tmp_path / "from"],
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
    ):  # fmt: skip
        assert ask("static", at=timezone.now()).state == State.BAD
        call_command("collectstatic", "--no-input", verbosity=0)
        assert ask("static", at=timezone.now()).state == State.OK
        file = next(path.name for path in (tmp_path / "to").glob("a.*.css"))
        for asked, packed in (("gzip, deflate, br", "br"), ("gzip", "gzip")):
            sent = Client(headers={"Accept-Encoding": asked}).get(f"/static/{file}")
            assert (sent.status_code, sent["Content-Encoding"], sent["Vary"]) == (200, packed, "Accept-Encoding")
            assert sent["Cache-Control"] == "max-age=315360000, public, immutable"
            sent.close()
        next(path for path in (tmp_path / "to").glob("a.*.css")).unlink()
        assert ask("static", at=timezone.now()).state == State.BAD
