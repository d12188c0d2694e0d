"""What phone, desk and public pages ask for about volunteering."""
