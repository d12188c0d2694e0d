"""The engines themselves: how text compares, what is durable, and what they say to an unfit folder."""

import os
import signal
from contextlib import closing
from pathlib import Path

import dj_database_url
import psycopg2
import pytest
import redis

from gridgov.up.engines import EngineFailed, Engines
from gridgov.up.postgres import SOCKET_FOLDER_LIMIT, Postgres, WrongVersion
from tests.up.runs import eventually


def ask(engines: Engines, *questions: str) -> list[object]:
    database = dj_database_url.parse(engines.database_url)
    connection = psycopg2.connect(host=database["HOST"], user=database["USER"], dbname=database["NAME"])
    with closing(connection), connection.cursor() as cursor:
        answers = []
        for question in questions:
            cursor.execute(question)
            answers.append(cursor.fetchone()[0])
        return answers


def test_a_durable_pair_keeps_what_it_was_told(tmp_path: Path) -> None:
    with Engines(tmp_path) as engines:
        assert ask(engines, "SHOW fsync", "SHOW synchronous_commit", "SHOW full_page_writes") == ["on"] * 3
        assert ask(engines, "SELECT upper('ärger') || ('B' < 'a')", "SHOW listen_addresses") == ["ÄRGERtrue", ""]
        store = redis.Redis.from_url(engines.redis_url)
        assert store.config_get("appendonly") == {"appendonly": "yes"}
        store.set("kept", "yes")
        store.close()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=engines.valkey.port).ping()
    with Engines(tmp_path) as engines:
        store = redis.Redis.from_url(engines.redis_url)
        assert store.get("kept") == b"yes"
        store.close()


def test_an_engine_that_ends_on_the_way_is_said_with_its_last_words(tmp_path: Path) -> None:
    with Engines(tmp_path, durable=False) as engines:
        assert engines.fallen() == []
        os.kill(int((engines.valkey.data / "valkey.pid").read_text()), signal.SIGTERM)
        eventually(lambda: "Received SIGTERM" in "".join(engines.fallen()), "the end of Valkey")
        (words,) = engines.fallen()
        assert words.startswith("valkey exited with code 0\n")


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("长" * 40)
    folder.mkdir()
    socket = Postgres(folder).socket
    assert len(str(socket).encode()) <= SOCKET_FOLDER_LIMIT
    assert socket == Postgres(folder).socket != Postgres(tmp_path).socket


def test_a_half_made_cluster_is_made_anew(tmp_path: Path) -> None:
    postgres = Postgres(tmp_path)
    postgres.initdb()
    (tmp_path / "postgres.new" / "PG_VERSION").touch()
    assert not postgres.exists()
    postgres.initdb()
    assert list((tmp_path / "postgres.new").iterdir()) == []


def test_another_versions_cluster_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("11\n")
    with pytest.raises(WrongVersion, match=r"was made by PostgreSQL 11, and the installed one is 18\.\d+"):
        Engines(tmp_path).start()


def test_an_engine_that_does_not_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18\n")
    with pytest.raises(EngineFailed, match=r"(?s)postgres exited with code \d+.*postgresql.conf"):
        Engines(tmp_path).start()


def test_these_tests_run_on_their_own_engines_or_on_named_ones() -> None:
    assert os.environ["DATABASE_URL"].startswith("postgres")
    assert os.environ["REDIS_URL"].startswith("redis")
