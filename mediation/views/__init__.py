"""Mediation on the phone, and the page of a party."""
