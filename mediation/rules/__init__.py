"""A yes, or the article that says why not."""
