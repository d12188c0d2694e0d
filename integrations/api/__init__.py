"""Resources and doors for other systems."""
