"""Addresses under /api/v1/, and those of partners' messages."""

from django.urls import URLPattern, URLResolver, path

from integrations.views.hotline import exchange

urlpatterns: list[URLPattern | URLResolver] = []

public: list[URLPattern | URLResolver] = [
    path("exchange/<slug:partner>/<slug:operation>", exchange, name="exchange"),
]
