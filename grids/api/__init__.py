"""The map's face to other systems: resources by GET, changes of meaning by POST verbs."""
