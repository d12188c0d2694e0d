"""The front door: settings, addresses and processes; it wires every room and owns no word of the field."""
