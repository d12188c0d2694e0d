"""What is kept and for how long, who looked, what there is about somebody, and which processing was assessed."""
