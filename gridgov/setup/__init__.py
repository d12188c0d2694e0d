"""What a street sets up, how far it has come with it, and how the house is."""
