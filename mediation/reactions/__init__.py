"""What the room answers when those below ask, and does when it hears of something."""

from mediation.reactions import deeds

__all__ = ["deeds"]
