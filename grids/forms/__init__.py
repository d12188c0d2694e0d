"""What people fill in: borders on a map, lists as files, and the admin's forms."""
