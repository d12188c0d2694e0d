"""A courier as a process of its own, to be shot: `python -m tests.integrations.courier SECONDS`.

It carries what is due in the database that DATABASE_URL names, for so many seconds at most, and ends when nothing waits any
more. Leases last a second here, so that nobody waits for what the dead had in hand.
"""

import datetime as dt
import sys
import time

import django

django.setup()

from gridgov.core.errands import run_next  # noqa: E402
from integrations.models import Delivery  # noqa: E402
from integrations.queries import hooks  # noqa: E402

hooks.LEASE = dt.timedelta(seconds=1)
end = time.monotonic() + float(sys.argv[1])
print("ready", flush=True)
while time.monotonic() < end:
    if not run_next():
        if not Delivery.objects.waiting().exists():
            break
        time.sleep(0.02)
