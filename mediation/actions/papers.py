"""Scans and photos of papers come into a file, and are struck out with a reason; nothing is ever taken away."""

from mediation.actions.scans import keep, read_scan


def keep_picture(picture: bytes, of: str) -> str:
    """Check what was drawn or scanned of OF ("signature", "seal" …) and keep it; its name under MEDIA_ROOT. Raises Invalid."""
    return keep(read_scan(picture))
