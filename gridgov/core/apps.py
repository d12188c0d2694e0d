from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "gridgov.core"
    label = "core"
    verbose_name = _("System")

    def ready(self) -> None:
        import_module("gridgov.core.deploy_checks")
        autodiscover_modules("jobs", "reactions", "checks", "checks_within", "standing", "leftovers")
        post_migrate.connect(_promise_standing_jobs, sender=self)


def _promise_standing_jobs(**kwargs: Any) -> None:
    from gridgov.core.jobs import promise_standing

    promise_standing()
