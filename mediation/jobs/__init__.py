"""Work of mediation that is promised for a moment."""

from mediation.jobs import deeds

__all__ = ["deeds"]
