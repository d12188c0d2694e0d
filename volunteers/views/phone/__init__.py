"""Pages of volunteers on the phone."""
