"""The residents' door: whoever lives here reports without an account, follows by number and code, and says whether it is solved."""
