"""Work of mediation that is promised for a moment."""
