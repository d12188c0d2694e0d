"""The worker's day by API."""
