"""Read-only answers about volunteering: figures, matches, what stands on a paper."""
