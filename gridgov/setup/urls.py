"""Addresses of the set-up pages within the admin."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from accounts.choices import ADMIN_HANDS, Role
from gridgov.setup import doctor, overview, roles
from gridgov.setup.steps_page import steps_view

KEEPERS = frozenset({Role.STREET, Role.SYSTEM_ADMIN})
BEGINNERS = KEEPERS | {Role.SECURITY_ADMIN}
View = Callable[[HttpRequest, AdminSite], HttpResponse]


def pages(site: AdminSite) -> list[URLPattern]:
    def page(address: str, view: View, name: str, roles: frozenset[str]) -> URLPattern:
        def guarded(request: HttpRequest) -> HttpResponse:
            if request.user.role not in roles:
                raise PermissionDenied
            return view(request, site)

        return path(address, site.admin_view(guarded), name=name)

    return [
        page("doctor/", _shown(doctor.page, "setup/doctor.html"), "doctor", KEEPERS),
        page("setup/", _shown(overview.page, "setup/overview.html"), "setup", KEEPERS),
        page("setup/roles/", _shown(roles.page, "setup/roles.html"), "setup_roles", KEEPERS | ADMIN_HANDS),
        page("first-steps/", steps_view, "first_steps", BEGINNERS),
    ]


def _shown(page: Callable[[HttpRequest], dict[str, Any]], template: str) -> View:
    """A view that only shows what PAGE answers."""

    def view(request: HttpRequest, site: AdminSite) -> HttpResponse:
        return TemplateResponse(request, template, {**site.each_context(request), **page(request)})

    return view
