"""What the room answers when those below ask, and does when it hears of something."""

from mediation.reactions import deeds, files, keeping, kept, people

__all__ = ["deeds", "files", "keeping", "kept", "people"]
