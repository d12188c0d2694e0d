"""What is asked of mediation by more than one face."""
