"""What may be done with other systems."""
