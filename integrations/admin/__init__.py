"""The desk's pages of other systems."""
