"""Addresses under /api/v1/, and `phone`, those under /m/."""

from django.urls import URLPattern
from rest_framework.routers import SimpleRouter

router = SimpleRouter()
urlpatterns = router.urls

phone: list[URLPattern] = []
