"""What the room does when Django says that somebody signed in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

from accounts.actions import note_sign_in
from accounts.models import User


@receiver(user_logged_in, dispatch_uid="accounts.signed_in")
def signed_in(user: User, **_more: Any) -> None:
    """Every session begins with a record (handbook 1.9: the audit covers every user)."""
    note_sign_in(user=user, at=timezone.now())
