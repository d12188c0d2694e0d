"""The organisers' pages at the desk."""
