"""Read-only answers of the room."""
