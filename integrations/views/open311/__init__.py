"""Open311 GeoReport v2: services, their definitions, requests."""

from integrations.views.open311.discovery import show_discovery
from integrations.views.open311.lost import show_nothing
from integrations.views.open311.matters import show_service, show_services
from integrations.views.open311.requests import show_request, show_requests, show_token

__all__ = [
    "show_discovery",
    "show_nothing",
    "show_request",
    "show_requests",
    "show_service",
    "show_services",
    "show_token",
]  # fmt: skip
