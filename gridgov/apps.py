from django.apps import AppConfig


class FrontConfig(AppConfig):
    """The front door itself: makes the house's Celery the current one, also for `manage.py` and the web server."""

    name = "gridgov"

    def ready(self) -> None:
        import gridgov.celery  # noqa: F401 - importing it is what makes it current
