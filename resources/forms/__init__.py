"""What the faces ask about resources."""
