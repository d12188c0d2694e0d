"""Pages of the phone for whoever mediates."""
