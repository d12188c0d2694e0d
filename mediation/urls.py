"""Addresses of mediation: `router` and `urlpatterns` under /api/v1/, `phone` under /m/, `public` (a party's own link) under /t/."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

router = SimpleRouter()
urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
phone: list[URLPattern] = []
public: list[URLPattern] = []
