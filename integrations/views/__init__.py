"""Pages that other systems call outside of the API."""
