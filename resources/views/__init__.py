"""The library on the phone."""
