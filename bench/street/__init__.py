"""A street at work: its real mix of requests on the whole house, at rising rates."""
