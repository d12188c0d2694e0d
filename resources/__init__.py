"""What a street can call upon: venues, shops, firms, organisations, talents, service points, and what they do each month."""
