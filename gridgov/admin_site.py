"""The admin's start, without the pages that packages bring along."""

from http import HTTPStatus
from importlib import import_module
from typing import Any, cast

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.module_loading import module_has_submodule
from unfold.sites import UnfoldAdminSite

from gridgov.core.onward import safe_next

# leaflet.admin imports GeoDjango and with it GDAL, which a street's server doesn't have; authtoken's shows tokens.
LEFT_OUT = {"leaflet", "rest_framework.authtoken", "django.contrib.auth"}


class HouseSite(UnfoldAdminSite):
    """The one site; where Django would save a password by itself, the action does it and records it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Pages that are about no model, as the rooms' admin modules add them.
        self.pages: list[URLPattern] = []

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The pages of no model come first: behind them stands the admin's own "no such page"."""
        from gridgov.setup.urls import pages
        from gridgov.signing.urls import desk_pages

        return [*pages(self), *desk_pages(self), *self.pages, *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Of one application, for its page. The list of all, which Django makes for every page, nobody would see: the
        sidebar and the workbench are ours."""
        return list(super().get_app_list(request, app_label)) if app_label else []

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The theme's, and where one is in the words of the sidebar."""
        from gridgov.desk import way

        context = super().each_context(request)
        found = way(context["sidebar_navigation"], request.path)
        return {**context, "way": found, "is_line": bool(found) and not found[-1][1]}

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Tries count here as on the phone and in the API."""
        from accounts.api.door import half_in, way_back, way_on
        from accounts.api.tries import too_many

        if busy := too_many(request) if request.method == "POST" else None:
            return busy
        if request.method == "GET" and half_in(request) is not None:
            return HttpResponseRedirect(way_back(request, safe_next(request)))
        answer = cast(HttpResponse, super().login(request, extra_context))
        if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
            return HttpResponseRedirect(way_on(request, answer["Location"]))
        return answer

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        from django.contrib.auth.views import PasswordChangeView

        from accounts.forms import OwnPasswordForm

        request.current_app = self.name  # type: ignore[attr-defined]
        view = PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=reverse(f"{self.name}:password_change_done"),
            template_name="registration/password_change_form.html",
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return cast(HttpResponse, view(request))


class HouseAdminConfig(SimpleAdminConfig):
    default = False

    def ready(self) -> None:
        super().ready()
        admin.site = admin.sites.site = HouseSite()
        for app in apps.get_app_configs():
            if app.name not in LEFT_OUT and module_has_submodule(app.module, "admin"):
                import_module(f"{app.name}.admin")
