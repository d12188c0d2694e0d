"""What the phone and the desk ask for about the worker's day."""
