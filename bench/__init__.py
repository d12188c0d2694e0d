"""Measures gridgov as it runs in production, each figure beside a floor measured in the same run: `make bench`."""
