"""Mediation for other systems and for apps of mediators."""
