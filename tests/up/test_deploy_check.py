"""`manage.py check --deploy` with the environment that docker-compose.yml gives the web service: nothing to say; and the house's
own checks, each made to speak."""

import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from gridgov.core import deploy_checks
from tests.up.runs import ROOT
from tests.up.test_compose import SERVICES

LONG = "k8Yd3vQ0bTz5LmWc2RfXh7NpUj4Sg9AeZqIo1KwViBxDlCtMyGrHsEnPuJaFOV"


def environment_of(service: str, folder: Path) -> dict[str, str]:
    """As compose hands it to SERVICE, the secrets in FOLDER, its only host named."""
    given = {"GRIDGOV_HOSTS": "grid.example.gov.cn"}
    found: dict[str, str] = {}
    for name, value in SERVICES[service]["environment"].items():
        said = re.sub(
            r"\$\{(\w+)(?::?[-?]([^}]*))?\}",
            lambda match: given.get(match[1], "" if match[0].find(":?") > 0 else match[2] or ""), str(value),
        )  # fmt: skip
        found[name] = said.replace("/run/secrets", str(folder))
    return found


def test_check_deploy_is_silent_in_production(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text(LONG)
    (tmp_path / "database_password").write_text(LONG)
    (tmp_path / "media").mkdir(mode=0o700)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    given = {**kept, **environment_of("web", tmp_path), "GRIDGOV_MEDIA": str(tmp_path / "media")}
    command = [sys.executable, "-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    said = subprocess.run(command, check=False, cwd=ROOT, env=given, capture_output=True, text=True, timeout=120)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("System check identified no issues")


@pytest.mark.parametrize(
    ("check", "changed", "told"),
    [
        ("secrets_are_long", {"SECRET_KEYS": ["short"]}, "gridgov.E001"),
        ("secrets_are_long", {"SECRET_KEY_FALLBACKS": ["ab" * 40]}, "gridgov.E001"),
        ("hosts_are_named", {"ALLOWED_HOSTS": ["grid.example.gov.cn", "*"]}, "gridgov.E002"),
        ("hosts_are_named", {"ALLOWED_HOSTS": [""]}, "gridgov.E002"),
        ("hosts_are_named", {"HTTPS": True, "PROXIES": 0}, "gridgov.W003"),
    ],
)
def test_what_is_weak_is_named(settings: Any, check: str, changed: dict[str, Any], told: str) -> None:
    settings.ALLOWED_HOSTS = ["grid.example.gov.cn"]
    assert list(getattr(deploy_checks, check)(None)) == []
    for name, value in changed.items():
        setattr(settings, name, value)
    assert [one.id for one in getattr(deploy_checks, check)(None)] == [told]


def test_a_media_folder_that_others_enter_is_named(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir(mode=0o700)
    assert list(deploy_checks.files_are_ours_alone(None)) == []
    settings.MEDIA_ROOT.chmod(0o755)
    settings.STATIC_ROOT = tmp_path
    assert [one.id for one in deploy_checks.files_are_ours_alone(None)] == ["gridgov.E004", "gridgov.E005"]


class Registry(BaseHTTPRequestHandler):
    """Knows one fault, one that was withdrawn, and nothing of c."""

    SAYS = {
        "/pypi/a/2.0/json": [{"id": "PYSEC-1", "fixed_in": ["2.1"], "withdrawn": None}],
        "/pypi/b/1.0/json": [{"id": "PYSEC-2", "fixed_in": [], "withdrawn": "2026-01-01T00:00:00Z"}],
    }

    def do_GET(self) -> None:
        said = self.SAYS.get(self.path)
        self.send_response(404 if said is None else 200)
        self.end_headers()
        self.wfile.write(b"" if said is None else json.dumps({"vulnerabilities": said}).encode())

    def log_message(self, *_args: object) -> None:
        """Nobody reads it."""


def test_the_audit_says_what_is_known_and_what_was_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = importlib.util.spec_from_file_location("audit", ROOT / "deploy" / "audit.py")
    assert spec and spec.loader
    audit = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(audit)
    weak, well, unknown = ("a", "2.0"), ("b", "1.0"), ("c", "1.0")
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as registry:
        threading.Thread(target=registry.serve_forever, daemon=True).start()
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{registry.server_port}/simple/")
        found = audit.ask([weak, well, unknown], audit.address(), 30.0)
        silent = audit.ask([unknown, weak], audit.address(), 30.0)
        registry.shutdown()
    lines, bad = audit.told(found)
    assert bad
    assert lines[:2] == ["a 2.0: PYSEC-1, mended in 2.1", "2 packages asked about, 1 faults known."]
    assert lines[2].startswith("NOT ASKED: 1 packages;")
    assert audit.told(found, {"PYSEC-1": "never called"})[1] is False
    assert silent == {unknown: None, weak: None}
    assert audit.told(silent)[1] is False
    assert audit.ask([weak], "http://127.0.0.1:9/pypi", 30.0) == {weak: None}
