"""A job that takes a while and writes one row: whoever does it twice leaves two."""

import dataclasses
import datetime as dt
import os
import time
from typing import Any

from django.apps import AppConfig
from django.db import connection

KIND, SECONDS, LEASE = "bench.slow", 3.0, 6


class SeveralConfig(AppConfig):
    name = "bench.several"
    label = "bench_several"

    def ready(self) -> None:
        from gridgov.core import jobs

        @jobs.handler(KIND, lease=LEASE)
        def slow(batch: list[Any], at: dt.datetime) -> None:
            """Writes who does it, and takes its time before the end of the transaction."""
            with connection.cursor() as cursor:
                for job in batch:
                    row = [job.key, os.environ["MACHINE"]]
                    cursor.execute("INSERT INTO bench_done (key, machine) VALUES (%s, %s)", row)
            time.sleep(SECONDS)

        for name, kind in jobs._kinds.items():
            jobs._kinds[name] = dataclasses.replace(kind, lease=dt.timedelta(seconds=LEASE))
