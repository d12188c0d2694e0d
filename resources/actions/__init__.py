"""What is done with resources and their services."""

from resources.actions.importing import ResourceLine, Taken, import_resources
from resources.actions.keeping import (
    add_resource,
    change_resource,
    end_resource,
    reveal_contact,
    take_up_resource,
)
from resources.actions.monthly import add_service, end_service

__all__ = [
    "ResourceLine",
    "Taken",
    "add_resource",
    "add_service",
    "change_resource",
    "end_resource",
    "end_service",
    "import_resources",
    "reveal_contact",
    "take_up_resource",
]
