"""The set-up by API: how the house is, and which days work."""
