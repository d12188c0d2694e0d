"""Helpers: volunteers and squads, projects and shifts, hours and points in two ledgers, and what they are thanked by."""
