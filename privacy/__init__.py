"""What the house owes the people it keeps data about: an end to it, an account of who looked, and answers to what they ask."""
