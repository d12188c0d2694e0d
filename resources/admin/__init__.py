"""The library at the desk."""

from resources.admin.library import ResourceAdmin
from resources.admin.monthly import ServiceAdmin

__all__ = ["ResourceAdmin", "ServiceAdmin"]
