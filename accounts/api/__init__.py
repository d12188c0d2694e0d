"""Signing in, the own account and inbox; and how another system comes in by key."""
