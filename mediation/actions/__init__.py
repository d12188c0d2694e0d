"""The verbs of mediation."""
