"""Addresses under /api/v1/, and `phone`, those under /m/."""

from django.urls import URLPattern, path
from rest_framework.routers import SimpleRouter

from resources.api.views import ResourceViewSet, ServiceViewSet
from resources.views.phone import show_resources

router = SimpleRouter()
router.register("resources", ResourceViewSet)
router.register("resource-services", ServiceViewSet)
urlpatterns = router.urls

phone: list[URLPattern] = [path("resources/", show_resources, name="m-resources")]
