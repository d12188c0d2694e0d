"""Links from the set-up pages: only to where the reader may go."""

from django.contrib import admin
from django.urls import reverse

from accounts.models import User
from gridgov.desk import pages_of


def link_of(user: User, page: str, query: str = "") -> str:
    """The address of the admin page named PAGE; '' where USER may not go there."""
    return reverse(f"admin:{page}") + (f"?{query}" if query else "") if page and _may_see(user, page) else ""


def _may_see(user: User, page: str) -> bool:
    """The page of a model is for its viewers; every other stands in the sidebar of those it is for."""
    for model, face in admin.site._registry.items():
        if page.startswith(f"{model._meta.app_label}_{model._meta.model_name}_"):
            return user.role in getattr(face, "viewers", ())
    return page in pages_of(user.role)
