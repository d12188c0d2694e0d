"""The one-command start: embedded engines and the processes around them."""
