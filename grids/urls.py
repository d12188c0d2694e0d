"""Addresses under /api/v1/, `phone`, those under /m/, and `public`, those for everybody."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from grids import views
from grids.api.duties import DutyViewSet
from grids.api.redrawing import RedrawingViewSet
from grids.api.released import AnnouncementViewSet, ContactCardViewSet, GroupViewSet, PublicPageViewSet
from grids.api.views import BindingViewSet, GridViewSet, PartyOrgViewSet, PostViewSet, UnitViewSet
from grids.views import phone as pages

router = SimpleRouter()
router.register("announcements", AnnouncementViewSet)
router.register("bindings", BindingViewSet)
router.register("contact-cards", ContactCardViewSet)
router.register("duties", DutyViewSet)
router.register("grids", GridViewSet)
router.register("groups", GroupViewSet)
router.register("posts", PostViewSet)
router.register("public-pages", PublicPageViewSet)
router.register("redrawings", RedrawingViewSet)
router.register("units", UnitViewSet)
router.register("party-orgs", PartyOrgViewSet)

urlpatterns = router.urls

phone = [
    path("grid/", pages.show_grid, name="m-grid"),
    path("grid/<str:code>/code/", pages.show_code, name="m-grid-code"),
    path("grid/<str:code>/households/", pages.suggest, name="m-grid-households"),
    path("grid/<str:code>/notices/", pages.show_notices, name="m-grid-notices"),
    path("grid/<str:code>/groups/", pages.show_groups, name="m-grid-groups"),
    path("notices/<int:pk>/withdraw/", pages.withdraw_notice, name="m-notice-withdraw"),
    path("groups/<int:pk>/", pages.show_group, name="m-group"),
    path("groups/<int:pk>/code.png", pages.show_group_picture, name="m-group-picture"),
    path("groups/<int:pk>/end/", pages.take_away, name="m-group-end"),
    path("card/", pages.show_cards, name="m-card"),
]

public = [
    path("g/<str:code>/", views.show_disclosure, name="grid-page"),
    path("g/<str:code>/group/<int:pk>/", views.show_group_code, name="grid-group-code"),
    path("card/<str:token>/", views.show_card, name="contact-card"),
    path("card/<str:token>/contact.vcf", views.save_contact, name="contact-card-file"),
]
