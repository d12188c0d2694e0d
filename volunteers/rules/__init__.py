"""Who may do what, and what can be, in volunteering."""
