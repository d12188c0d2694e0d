"""The phone's frame under /m/: its addresses, signing in, the inbox, how it looks, and what it can do without a network."""
