"""Work of mediation that is promised for a moment."""

from mediation.jobs import deeds, people, volume

__all__ = ["deeds", "people", "volume"]
