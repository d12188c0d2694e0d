"""Other systems: hotline and platforms both ways, Open311, webhooks, channels of notices."""
