"""A simulated week under fire: what is due comes once, whoever falls over."""
