"""Rows of the room, and who sees them."""
