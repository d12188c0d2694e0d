"""Work of mediation that is promised for a moment."""

from mediation.jobs import deeds, people

__all__ = ["deeds", "people"]
