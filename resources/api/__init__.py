"""The library by API."""
