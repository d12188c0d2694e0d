"""Mediation at the desk."""

from mediation.admin.files import MediationAdmin

__all__ = ["MediationAdmin"]
