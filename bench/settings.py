"""The house's settings with the floor's addresses added."""

from gridgov.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
