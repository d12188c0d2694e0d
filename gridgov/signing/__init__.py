"""Between the password and the house: the second factor and a password of one's own; and the page of one's own factor and sessions."""
