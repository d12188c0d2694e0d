"""Several machines, one of them cut off in the middle of its work."""
