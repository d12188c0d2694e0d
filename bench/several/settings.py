"""The house's settings with a job of the bench's own, and leases of seconds instead of minutes, so that one need not wait."""

from gridgov.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "bench.several.apps.SeveralConfig"]  # noqa: F405
