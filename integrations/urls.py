"""Addresses under /api/v1/, those of partners' messages, and those of Open311."""

from django.urls import URLPattern, URLResolver, path, re_path
from rest_framework.routers import SimpleRouter

from integrations.api.feed import (
    ChangeStreamView,
    ChangesView,
    CsvView,
    EventStreamView,
    EventsView,
    FeedView,
    NdjsonView,
)
from integrations.api.geo import CaseSequenceView, CasesGeoView, GridsGeoView
from integrations.api.hooks import DeliveryViewSet, WebhookViewSet
from integrations.views import open311 as views
from integrations.views import own
from integrations.views.hotline import exchange

router = SimpleRouter()
router.register("webhooks", WebhookViewSet)
router.register("webhook-deliveries", DeliveryViewSet)

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("grids.geojson", GridsGeoView.as_view(), name="geo-grids"),
    path("cases.geojson", CasesGeoView.as_view(), name="geo-cases"),
    path("cases.geojsons", CaseSequenceView.as_view(), name="geo-case-sequence"),
    path("feed/", FeedView.as_view(), name="feed"),
    path("feed/events/", EventsView.as_view(), name="feed-events"),
    path("feed/events.ndjson", EventStreamView.as_view(), name="feed-event-stream"),
    path("feed/<slug:resource>.ndjson", NdjsonView.as_view(), name="feed-ndjson"),
    path("feed/<slug:resource>.csv", CsvView.as_view(), name="feed-csv"),
    path("feed/<slug:resource>/changes/", ChangesView.as_view(), name="feed-changes"),
    path("feed/<slug:resource>/changes.ndjson", ChangeStreamView.as_view(), name="feed-change-stream"),
]

public: list[URLPattern | URLResolver] = [
    path("exchange/<slug:partner>/<slug:operation>", exchange, name="exchange"),
]

# Under /m/.
phone: list[URLPattern] = [
    path("me/channels/", own.show_own, name="m-own"),
    path("me/channels/<int:pk>/code/", own.prove, name="m-own-prove"),
    path("me/channels/<int:pk>/send/", own.send_code, name="m-own-code"),
    path("me/channels/<int:pk>/want/", own.want, name="m-own-want"),
    path("me/channels/<int:pk>/drop/", own.drop, name="m-own-drop"),
]

# Under /open311/. Discovery stands beside the versions and, for clients that look there, in each.
_FORMAT = r"\.(?P<format>xml|json)$"
open311 = [
    re_path(rf"^(?:v2/)?discovery{_FORMAT}", views.show_discovery, name="open311-discovery"),
    re_path(rf"^v2/services{_FORMAT}", views.show_services, name="open311-services"),
    re_path(rf"^v2/services/(?P<code>[^/]+){_FORMAT}", views.show_service, name="open311-service"),
    re_path(rf"^v2/requests{_FORMAT}", views.show_requests, name="open311-requests"),
    re_path(rf"^v2/requests/(?P<number>[^/]+){_FORMAT}", views.show_request, name="open311-request"),
    re_path(rf"^v2/tokens/(?P<token>[^/]+){_FORMAT}", views.show_token, name="open311-token"),
    re_path(r"^.*\.(?P<format>json)$", views.show_nothing, name="open311-lost-json"),
    path("", views.show_nothing, name="open311-root"),
    path("<path:path>", views.show_nothing, name="open311-lost"),
]
