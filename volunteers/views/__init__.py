"""Pages of volunteers on the phone, and those for everybody."""
