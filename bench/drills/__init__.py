"""Fault drills: a house under load, one fault after the other, and a count of what was lost, doubled and late."""
