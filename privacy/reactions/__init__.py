"""What the room answers when those below ask."""

from privacy.reactions import keeping, notices

__all__ = ["keeping", "notices"]
