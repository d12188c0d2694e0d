"""A city hotline for trying the exchange without one: a process of its own, never part of the house."""
