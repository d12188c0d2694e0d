"""Volunteering by API."""
