"""The phone's pages of the worker's day."""
