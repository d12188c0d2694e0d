"""Words and limits of the room."""
