"""Work of mediation that is promised for a moment."""

from mediation.jobs import deeds, limits, papers, people, volume

__all__ = ["deeds", "limits", "papers", "people", "volume"]
