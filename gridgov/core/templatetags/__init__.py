"""Tags of the house's own pages."""
