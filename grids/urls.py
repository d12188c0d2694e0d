"""Addresses under /api/v1/, and those of the phone under /m/."""

from django.urls import URLPattern
from rest_framework.routers import SimpleRouter

from grids.api.views import BindingViewSet, GridViewSet, PartyOrgViewSet, PostViewSet, UnitViewSet

router = SimpleRouter()
router.register("bindings", BindingViewSet)
router.register("grids", GridViewSet)
router.register("posts", PostViewSet)
router.register("units", UnitViewSet)
router.register("party-orgs", PartyOrgViewSet)

urlpatterns = router.urls

phone: list[URLPattern] = []
