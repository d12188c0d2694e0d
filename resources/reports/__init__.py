"""What is near, what is on this month, and whether a resource lies where it says."""
