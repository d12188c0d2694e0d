"""The admin's start, without the pages that packages bring along."""

from importlib import import_module

from django.apps import apps
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import module_has_submodule

# leaflet.admin imports GeoDjango and with it GDAL, which a street's server doesn't have; authtoken's shows tokens.
LEFT_OUT = {"leaflet", "rest_framework.authtoken", "django.contrib.auth"}


class HouseAdminConfig(SimpleAdminConfig):
    default = False

    def ready(self) -> None:
        super().ready()
        for app in apps.get_app_configs():
            if app.name not in LEFT_OUT and module_has_submodule(app.module, "admin"):
                import_module(f"{app.name}.admin")
