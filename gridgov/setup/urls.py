"""Addresses of the set-up pages within the admin."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from accounts.choices import Role
from gridgov.setup import doctor

# A page answers what its template shows.
Page = Callable[[HttpRequest], dict[str, Any]]
KEEPERS = frozenset({Role.STREET, Role.SYSTEM_ADMIN})


def pages(site: AdminSite) -> list[URLPattern]:
    return [path("doctor/", site.admin_view(_view(site, doctor.page, "setup/doctor.html", KEEPERS)), name="doctor")]


def _view(site: AdminSite, page: Page, template: str, roles: frozenset[str]) -> Callable[[HttpRequest], HttpResponse]:
    """PAGE shown in TEMPLATE to those who have one of ROLES."""

    def view(request: HttpRequest) -> HttpResponse:
        if request.user.role not in roles:
            raise PermissionDenied
        return TemplateResponse(request, template, {**site.each_context(request), **page(request)})

    return view
