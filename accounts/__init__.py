"""Who signs in: people with one role each, the system's own account, and everybody's inbox."""
