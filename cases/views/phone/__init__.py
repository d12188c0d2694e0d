"""Pages of the telephone, under /m/."""
