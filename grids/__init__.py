"""The map: the grid tree with its borders, the posts on it, units and party organisations; sole author of row scope."""
