"""Links from the set-up pages: only to where the reader may go."""

from django.urls import reverse

from accounts.models import User
from gridgov.desk import pages_of


def link_of(user: User, page: str, query: str = "") -> str:
    """The address of the admin page named PAGE, '' where USER's sidebar has none such."""
    if page not in pages_of(user.role):
        return ""
    return reverse(f"admin:{page}") + (f"?{query}" if query else "")
